"""Programs inside programs: a small static starter that unpacks, and then loads, something else."""

from __future__ import annotations

from staticgo.binary.elf_image import PF_W, PF_X, PT_INTERP, PT_LOAD, Image

_UPX = b"UPX!"
_APPIMAGE = (b"AI\x01", b"AI\x02")
_HEAD, _TAIL = 64, 64
# A first segment of less is none that a whole program could be unpacked to.
_EMPTY_LIMIT = 0x10000


def packer(image: Image) -> str:
    """What packed this file, or "": its program headers describe the starter alone.

    UPX leaves no PT_INTERP on a packed dynamic program; its starter calls ld.so by itself.
    """
    # AppImage specification, "Image format": the magic stands in e_ident from byte 8.
    if image.cursor.up_to(8, 3) in _APPIMAGE:
        return "an AppImage"
    header = image.header
    # UPX, src/stub/src/include/linux.h: l_info follows the program headers, its magic second;
    # src/packhead.cpp: the pack header ends the file.
    after_headers = header.phoff + header.phnum * header.phentsize
    if _UPX in image.cursor.up_to(after_headers, _HEAD):
        return "packed by UPX"
    if _UPX in image.cursor.up_to(max(0, image.cursor.size - _TAIL), _TAIL):
        return "packed by UPX"
    return _unmarked(image)


def _unmarked(image: Image) -> str:
    """A packer's traces where its mark was taken off: the room that the program inside needs.

    No linker makes these but on request (ld -N): code and what is written to are kept apart.
    """
    loads = image.of_type(PT_LOAD)
    if not loads or image.of_type(PT_INTERP):
        return ""
    if any(load.flags & PF_W and load.flags & PF_X for load in loads):
        return "code that can write to itself, as packed programs do"
    # UPX, src/p_lx_elf.cpp: the first PT_LOAD reserves the addresses of the program inside.
    if loads[0].filesz == 0 and loads[0].memsz >= _EMPTY_LIMIT:
        return "a program whose first segment is empty, as that of packed programs is"
    return ""
