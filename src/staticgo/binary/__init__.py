"""Bytes to a `BinaryReport`. Pure: opens nothing, executes nothing, believes nothing."""

from __future__ import annotations

from staticgo.binary.cursor import Buffer, Cursor
from staticgo.binary.elf import read_elf
from staticgo.errors import FormatError
from staticgo.model.binary import BinaryReport

__all__ = ["Buffer", "read"]

_LATER = "only Linux and other ELF binaries can be read by this version"
_UNPACK = "unpack it first, and give the program that is in it"
_BUILT = "give the path of a program that has been built"

# The first bytes of what people hand over by mistake; the first that fits wins.
_OTHERS = (
    (b"#!", "a script ('#!'): what it needs is its interpreter and more", _BUILT),
    (b"MZ", "a Windows program (PE), which a later version will read", _LATER),
    (b"\xfe\xed\xfa\xce", "a macOS program (Mach-O), which a later version will read", _LATER),
    (b"\xfe\xed\xfa\xcf", "a macOS program (Mach-O), which a later version will read", _LATER),
    (b"\xce\xfa\xed\xfe", "a macOS program (Mach-O), which a later version will read", _LATER),
    (b"\xcf\xfa\xed\xfe", "a macOS program (Mach-O), which a later version will read", _LATER),
    (b"\xca\xfe\xba\xbf", "a macOS program (Mach-O), which a later version will read", _LATER),
    (b"\0asm", "a WebAssembly module, which runs in no operating system by itself", _LATER),
    (b"!<arch>\n", "an archive of object files or packages", _UNPACK),
    (b"\x1f\x8b", "a gzip archive", _UNPACK),
    (b"PK\x03\x04", "a zip archive", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", _UNPACK),
    (b"\xfd7zXZ\0", "an xz archive", _UNPACK),
)
_FAT = b"\xca\xfe\xba\xbe"
_SNIFFED = 512


def read(data: Buffer) -> BinaryReport:
    """What the binary in `data` needs from a machine, and what of it could not be read.

    `data` may be an `mmap`: only the bytes that matter are touched, and no reference is kept.
    Raises FormatError where `data` is no binary that this version reads.
    """
    head = Cursor(data).up_to(0, _SNIFFED)
    if head.startswith(b"\x7fELF"):
        return read_elf(data)
    what, hint = _other(head)
    raise FormatError(what, hint=hint)


def _other(head: bytes) -> tuple[str, str]:
    if not head:
        return "an empty file", "make or fetch it again: what should have written it failed"
    for magic, what, hint in _OTHERS:
        if head.startswith(magic):
            return what, hint
    # Java classes begin alike; there the next word is the version, 45 or more (see file(1)).
    if head.startswith(_FAT):
        if int.from_bytes(head[4:8], "big") < 45:
            return "a macOS program (fat Mach-O), which a later version will read", _LATER
        return "a Java class", _BUILT
    if _is_text(head):
        return "a text file", _BUILT
    return "a file of no known binary format", _LATER


def _is_text(head: bytes) -> bool:
    # A character may be cut at the end of what was looked at.
    text = head.decode("utf-8", "replace").rstrip("\ufffd")
    return all(character.isprintable() or character in "\t\n\r\f" for character in text) and (
        "\ufffd" not in text
    )
