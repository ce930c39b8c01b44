"""A Mach-O code signature: whether there is one, and who vouches for it.

Layouts: xnu, osfmk/kern/cs_blobs.h. Everything in it is big-endian, whatever the CPU.
"""

from __future__ import annotations

from typing import NamedTuple

from staticgo.binary.cursor import Cursor, Unreadable
from staticgo.binary.macho_commands import Commands
from staticgo.binary.macho_image import MH_EXECUTE, Header
from staticgo.binary.macho_seal import Signed, read_seal
from staticgo.facts.macho import CPU_TYPE_ARM64
from staticgo.model.binary import Clue, Gap

WHAT = "code signature"

_SUPERBLOB, _CODE_DIRECTORY, _BLOB_WRAPPER = 0xFADE0CC0, 0xFADE0C02, 0xFADE0B01
_CODE_DIRECTORY_SLOT, _CMS_SLOT = 0, 0x10000
_CS_ADHOC, _CS_RUNTIME, _CS_LINKER_SIGNED = 0x2, 0x10000, 0x20000
_BLOBS_LIMIT = 64  # a CodeDirectory, its alternates, requirements, entitlements, the CMS
_IDENTIFIER_LIMIT = 128
_WRAPPER_SIZE = 8


class Signature(NamedTuple):
    """The answer, and whether it asks for the hardened runtime; None where it cannot be read."""

    clue: Clue
    hardened: bool | None
    gap: Gap | None = None
    seal: Clue = Clue()
    """Whether its hashes fit the file."""


def read_signature(cursor: Cursor, header: Header, commands: Commands) -> Signature:
    """Read LC_CODE_SIGNATURE, and compare its hashes with the file."""
    if not commands.signatures:
        evidence = "no LC_CODE_SIGNATURE"
        if header.cputype == CPU_TYPE_ARM64 and header.filetype == MH_EXECUTE:
            # xnu, bsd/kern/mach_loader.c: on arm64 code without a signature is not executed.
            evidence += ": the kernel of a Mac with arm64 refuses to start it"
        return Signature(Clue(value="none", evidence=evidence), hardened=False)
    try:
        if len(commands.signatures) > 1:
            raise Unreadable(WHAT, "there are several LC_CODE_SIGNATURE")
        return _read(cursor, commands, *commands.signatures[0])
    except Unreadable as error:
        return Signature(Clue(evidence=str(error)), hardened=None, gap=error.gap)


def _read(cursor: Cursor, commands: Commands, offset: int, size: int) -> Signature:
    magic, length, count = _integers(cursor, offset, 3)
    if magic != _SUPERBLOB or not 12 <= length <= size or offset + size > cursor.size:
        raise Unreadable(WHAT, f"{size} bytes at {offset:#x} are no SuperBlob")
    if count > _BLOBS_LIMIT or 12 + 8 * count > length:
        raise Unreadable(WHAT, f"a SuperBlob of {count} blobs in {length} bytes")
    index = _integers(cursor, offset + 12, 2 * count)
    blobs = dict(zip(index[::2], index[1::2], strict=True))
    if _CODE_DIRECTORY_SLOT not in blobs:
        raise Unreadable(WHAT, "it has no CodeDirectory")
    at = blobs[_CODE_DIRECTORY_SLOT]
    if at + 24 > length:
        raise Unreadable(WHAT, "its CodeDirectory lies past its end")
    magic, own, _version, flags, _hashes, identifier = _integers(cursor, offset + at, 6)
    if magic != _CODE_DIRECTORY or at + own > length:
        raise Unreadable(WHAT, "its CodeDirectory is none")
    room = min(_IDENTIFIER_LIMIT, own - identifier)
    text = cursor.up_to(offset + at + identifier, room).partition(b"\0")[0]
    clue = _maker(text.decode("utf-8", "replace"), flags, _has_cms(cursor, offset, length, blobs))
    hardened = bool(flags & _CS_RUNTIME)
    try:
        signed = Signed(cursor, offset, length, blobs, commands.segments)
        return Signature(clue, hardened, seal=read_seal(signed))
    except Unreadable as error:
        return Signature(clue, hardened, error.gap, seal=Clue(evidence=str(error)))


def _maker(name: str, flags: int, cms: bool) -> Clue:
    """Who vouches for it."""
    if flags & _CS_ADHOC:
        maker = "a linker" if flags & _CS_LINKER_SIGNED else "codesign or a linker"
        evidence = f"the CodeDirectory of {name!r} has the ad-hoc flag: made by {maker}"
        return Clue(value="ad-hoc", evidence=evidence)
    if cms:
        evidence = f"the CodeDirectory of {name!r} comes with a CMS signature"
        return Clue(value="signed", evidence=evidence)
    evidence = f"the CodeDirectory of {name!r} has neither a CMS signature nor the ad-hoc flag"
    return Clue(value="none", evidence=evidence)


def _has_cms(cursor: Cursor, offset: int, length: int, blobs: dict[int, int]) -> bool:
    """codesign leaves an empty wrapper where nobody signs."""
    at = blobs.get(_CMS_SLOT)
    if at is None or at + _WRAPPER_SIZE > length:
        return False
    magic, own = _integers(cursor, offset + at, 2)
    return magic == _BLOB_WRAPPER and _WRAPPER_SIZE < own <= length - at


def _integers(cursor: Cursor, offset: int, count: int) -> tuple[int, ...]:
    data = cursor.exactly(offset, 4 * count, WHAT)
    return tuple(int.from_bytes(data[at : at + 4], "big") for at in range(0, len(data), 4))
