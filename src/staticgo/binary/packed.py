"""Programs inside programs: a small static starter that unpacks, and then loads, something else."""

from __future__ import annotations

from staticgo.binary.elf_image import Image

_UPX = b"UPX!"
_APPIMAGE = (b"AI\x01", b"AI\x02")
_HEAD, _TAIL = 64, 64


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
    return ""
