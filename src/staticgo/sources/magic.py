"""What a file is by its first bytes. Names are never asked."""

from __future__ import annotations

from enum import StrEnum

from staticgo.facts.macho import is_fat

HEAD = 4096
"""How many first bytes are looked at: enough for the PE header behind every usual DOS stub."""

START = 12
"""How many of them tell most files apart from binaries and archives."""
SMALLEST = 28
"""The header of a Mach-O file without commands; an ELF file has 52 bytes, a PE file more."""
TAR_BLOCK = 512


class Nature(StrEnum):
    """How a file is to be read."""

    BINARY = "binary"
    TAR = "tar"
    ZIP = "zip"
    DEB = "deb"
    GZIP = "gzip"
    XZ = "xz"
    BZIP2 = "bzip2"
    ZSTD = "zstd"
    OTHER = "other"


COMPRESSED = frozenset({Nature.GZIP, Nature.XZ, Nature.BZIP2, Nature.ZSTD})

_ELF = b"\x7fELF"
_MACHO = (  # mach-o/loader.h
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
)
_DOS = b"MZ"
_FARTHEST_PE = 256 << 20
"""Windows takes no PE header behind that (RtlImageNtHeaderEx); text is always farther."""
_PERHAPS = (_ELF, *_MACHO, _DOS)

_ARCHIVES = (
    (b"\x1f\x8b\x08", Nature.GZIP),  # RFC 1952; 8 is deflate, the only method
    (b"\xfd7zXZ\0", Nature.XZ),
    (b"BZh", Nature.BZIP2),
    (b"\x28\xb5\x2f\xfd", Nature.ZSTD),  # RFC 8878
    (b"PK\x03\x04", Nature.ZIP),
    (b"PK\x05\x06", Nature.ZIP),  # without entries
    (b"!<arch>\ndebian-binary", Nature.DEB),  # deb(5); other `ar` archives hold objects
)
_STARTS = tuple(magic[:START] for magic, _ in _ARCHIVES)


def nature(head: bytes) -> Nature:
    """The nature of a file that begins with `head`, at most `HEAD` bytes."""
    if is_binary(head):
        return Nature.BINARY
    for magic, kind in _ARCHIVES:
        if head.startswith(magic):
            return kind
    return Nature.TAR if is_tar(head) else Nature.OTHER


def may_be_binary(start: bytes) -> bool:
    """Whether more than these first bytes, `START` of them, must be looked at to know."""
    return start.startswith(_PERHAPS) or is_fat(start)


def may_be_archive(start: bytes, size: int) -> bool:
    """The same for an archive of that size: a tar is made of blocks, and has no magic there."""
    return start.startswith(_STARTS) or (size > TAR_BLOCK and size % TAR_BLOCK == 0)


def is_binary(head: bytes) -> bool:
    """Whether an ELF, Mach-O or PE file begins with `head`."""
    return may_be_binary(head) and (not head.startswith(_DOS) or _may_be_pe(head))


def is_tar(head: bytes) -> bool:
    """Whether a tar begins here: by the header's checksum, as the oldest tars have no magic."""
    block = head[:TAR_BLOCK]
    return len(block) == TAR_BLOCK and block[0] != 0 and tar_checksum_holds(block)


def tar_checksum_holds(block: bytes) -> bool:
    """Whether a header's bytes add up to its checksum, signed or not (POSIX pax, ustar format)."""
    try:
        stated = int(block[148:156].strip(b" \0") or b"x", 8)
    except ValueError:
        return False
    total = sum(block) - sum(block[148:156]) + 8 * ord(" ")
    if stated == total:
        return True
    negative = sum(byte > 127 for byte in block[:148]) + sum(byte > 127 for byte in block[156:])
    return stated == total - 256 * negative


def _may_be_pe(head: bytes) -> bool:
    """Whether a PE header can follow the DOS one: other `MZ` files are for DOS, or are text."""
    at = int.from_bytes(head[0x3C:0x40], "little")
    if at + 4 <= HEAD or len(head) < HEAD:
        return at > 0 and head[at : at + 4] == b"PE\0\0"
    return at < _FARTHEST_PE
