"""Bytes to a `BinaryReport`. Pure: opens nothing, executes nothing, believes nothing."""

from __future__ import annotations

from staticgo.binary.cursor import Buffer, Cursor
from staticgo.errors import FormatError
from staticgo.model.binary import BinaryReport

__all__ = ["Buffer", "read"]

_OTHER = "give an ELF, Mach-O or PE file"
_UNPACK = "unpack it first, and give the program that is in it"
_BUILT = "give the path of a program that has been built"

_PE = b"MZ"
_MACHO = (
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xca\xfe\xba\xbe",
    b"\xca\xfe\xba\xbf",
)

# The first bytes of what people hand over by mistake; the first that fits wins.
_OTHERS = (
    (b"#!", "a script ('#!'): what it needs is its interpreter and more", _BUILT),
    (b"\0asm", "a WebAssembly module, which runs in no operating system by itself", _OTHER),
    (b"!<arch>\n", "an archive of object files or packages", _UNPACK),
    (b"\x1f\x8b", "a gzip archive", _UNPACK),
    (b"PK\x03\x04", "a zip archive", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", _UNPACK),
    (b"\xfd7zXZ\0", "an xz archive", _UNPACK),
)
_SNIFFED = 512


def read(data: Buffer) -> BinaryReport:
    """What the binary in `data` needs from a machine, and what of it could not be read.

    `data` may be an `mmap`: only the bytes that matter are touched, and no reference is kept.
    Raises FormatError where `data` is no binary.
    """
    head = Cursor(data).up_to(0, _SNIFFED)
    if head.startswith(b"\x7fELF"):
        from staticgo.binary.elf import read_elf

        return read_elf(data)
    if head.startswith(_MACHO):
        from staticgo.binary.macho import read_macho

        return read_macho(data)
    if head.startswith(_PE):
        from staticgo.binary.pe import read_pe

        return read_pe(data)
    what, hint = _other(head)
    raise FormatError(what, hint=hint)


def _other(head: bytes) -> tuple[str, str]:
    if not head:
        return "an empty file", "make or fetch it again: what should have written it failed"
    for magic, what, hint in _OTHERS:
        if head.startswith(magic):
            return what, hint
    if _is_text(head):
        return "a text file", _BUILT
    return "a file of no known binary format", _OTHER


def _is_text(head: bytes) -> bool:
    # A character may be cut at the end of what was looked at.
    text = head.decode("utf-8", "replace").rstrip("\ufffd")
    return all(character.isprintable() or character in "\t\n\r\f" for character in text) and (
        "\ufffd" not in text
    )
