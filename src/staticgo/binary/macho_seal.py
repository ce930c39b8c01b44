"""Whether a Mach-O code signature fits the bytes that it signs.

The CodeDirectory holds a hash of each page before the signature, and of the signature's other parts.
The kernel compares a page's hash when it first reads the page, and on Apple silicon ends the program
where they differ. Who signed is another question, and not asked here.

Layout: xnu, osfmk/kern/cs_blobs.h, `CS_CodeDirectory`; what is accepted: bsd/kern/ubc_subr.c,
`cs_validate_codedirectory`.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from staticgo.binary.cursor import Cursor, Unreadable
from staticgo.binary.macho_image import VM_PROT_EXECUTE, Segment
from staticgo.model.binary import Clue

WHAT = "code directory"
MATCH, MISMATCH = "match", "mismatch"

_MAGIC = 0xFADE0C02
_CODE_DIRECTORY_SLOT = 0
_ALTERNATES = range(0x1000, 0x1005)
_FORM = struct.Struct(">9I4BI")
_SUPPORTS_SCATTER, _SUPPORTS_TEAM, _SUPPORTS_LARGE = 0x20100, 0x20200, 0x20300
# PAGE_SHIFT_4K to the largest page that a kernel of Apple's has. 0, one hash for everything, is for
# what the kernel does not map.
_PAGE_SHIFTS = (12, 13, 14)
_CHUNK = 1 << 20
_NAMED = 3


class Signed(NamedTuple):
    """A signature in its file."""

    cursor: Cursor
    offset: int
    """Of the SuperBlob; what is signed ends here at the latest."""
    length: int
    blobs: Mapping[int, int]
    """The SuperBlob's index: slot number to offset within it."""
    segments: tuple[Segment, ...]


class _Directory(NamedTuple):
    """One CodeDirectory: the primary one, or an alternate with another hash."""

    at: int
    length: int
    hashes_at: int
    special: int
    pages: int
    limit: int
    hash_size: int
    hash: Callable[[bytes], bytes]
    page_size: int


def read_seal(signed: Signed) -> Clue:
    """`match` or `mismatch`, with what was compared. Raises Unreadable."""
    compared: list[str] = []
    for slot in (_CODE_DIRECTORY_SLOT, *_ALTERNATES):
        if slot not in signed.blobs:
            continue
        directory = _directory(signed, slot)
        wrong = [*_uncovered(signed, directory), *_wrong_parts(signed, directory)]
        pages = list(_wrong_pages(signed, directory))
        if pages:
            places = ", ".join(f"{page * directory.page_size:#x}" for page in pages[:_NAMED])
            wrong.append(f"{len(pages)} of {directory.pages} page hashes are wrong (at {places})")
        if wrong:
            return Clue(value=MISMATCH, evidence="; ".join(wrong))
        compared.append(f"{directory.pages} page hashes")
    return Clue(value=MATCH, evidence=f"{' and '.join(compared)} are right")


def _directory(signed: Signed, slot: int) -> _Directory:
    at = signed.offset + signed.blobs[slot]
    fields = _FORM.unpack(signed.cursor.exactly(at, _FORM.size, WHAT))
    magic, length, version, _flags, hashes_at, identifier, special, pages, limit = fields[:9]
    hash_size, hash_type, _platform, shift, _spare = fields[9:]
    if magic != _MAGIC or not _FORM.size <= length <= signed.length - signed.blobs[slot]:
        raise Unreadable(WHAT, f"slot {slot:#x} holds none")
    digest = _digests().get(hash_type)
    if digest is None or digest[0] != hash_size:
        raise Unreadable(WHAT, f"hash type {hash_type} of {hash_size} bytes is none we know")
    if shift not in _PAGE_SHIFTS:
        raise Unreadable(WHAT, f"pages of 2^{shift} bytes: the kernel refuses them")
    if hashes_at - special * hash_size < _FORM.size or hashes_at + pages * hash_size > length:
        raise Unreadable(WHAT, f"{special} and {pages} hashes at {hashes_at:#x}: they do not fit")
    if version >= _SUPPORTS_SCATTER and any(signed.cursor.exactly(at + 44, 4, WHAT)):
        raise Unreadable(WHAT, "it is scattered, which the kernel of macOS no longer takes")
    if version >= _SUPPORTS_LARGE:
        large = signed.cursor.exactly(at + 56, 8, WHAT)
        limit = int.from_bytes(large, "big") or limit
    if not _FORM.size <= identifier < length or not _ends(signed.cursor, at, identifier, length):
        raise Unreadable(WHAT, "its identifier does not end within it")
    if limit > signed.offset:
        raise Unreadable(WHAT, f"it signs {limit:#x} bytes, and stands at {signed.offset:#x}")
    return _Directory(
        at=at,
        length=length,
        hashes_at=at + hashes_at,
        special=special,
        pages=pages,
        limit=limit,
        hash_size=hash_size,
        hash=digest[1],
        page_size=1 << shift,
    )


def _ends(cursor: Cursor, at: int, identifier: int, length: int) -> bool:
    return cursor.find(b"\0", at + identifier, at + length) >= 0


def _uncovered(signed: Signed, directory: _Directory) -> Iterator[str]:
    """Code that no hash stands for: the kernel takes it for unsigned."""
    wanted = -(-directory.limit // directory.page_size)
    if directory.pages < wanted:
        yield f"{directory.pages} page hashes, where {wanted} pages are signed"
    for segment in signed.segments:
        end = segment.offset + segment.filesize
        if segment.initprot & VM_PROT_EXECUTE and end > directory.limit:
            yield f"code ends at {end:#x}, and what is signed at {directory.limit:#x}"


def _wrong_pages(signed: Signed, directory: _Directory) -> Iterator[int]:
    size = directory.page_size
    pages = min(directory.pages, -(-directory.limit // size))
    width = directory.hash_size
    hashes = signed.cursor.exactly(directory.hashes_at, pages * width, WHAT)
    step = _CHUNK // size
    for first in range(0, pages, step):
        start = first * size
        chunk = signed.cursor.exactly(start, min(step * size, directory.limit - start), WHAT)
        for index in range(first, min(first + step, pages)):
            past = (index - first) * size
            found = directory.hash(chunk[past : past + size])[:width]
            if found != hashes[index * width : (index + 1) * width]:
                yield index


def _wrong_parts(signed: Signed, directory: _Directory) -> Iterator[str]:
    """Requirements, entitlements and the like, each hashed in the slot of its own number.

    What stands outside the signature (Info.plist, a bundle's resources) cannot be compared.
    """
    for slot, place in sorted(signed.blobs.items()):
        if not 0 < slot <= directory.special:
            continue
        at = signed.offset + place
        length = int.from_bytes(signed.cursor.exactly(at + 4, 4, WHAT), "big")
        if length > signed.length - place:
            raise Unreadable(WHAT, f"the part in slot {slot} lies past the signature's end")
        hash_at = directory.hashes_at - slot * directory.hash_size
        expected = signed.cursor.exactly(hash_at, directory.hash_size, WHAT)
        found = directory.hash(signed.cursor.exactly(at, length, WHAT))[: directory.hash_size]
        if found != expected:
            yield f"the hash of the signature's part {slot} is wrong"


def _digests() -> Mapping[int, tuple[int, Callable[[bytes], bytes]]]:
    """By CS_HASHTYPE: the size of a hash in the directory, and how it is made."""
    import hashlib  # OpenSSL's: some milliseconds

    def sha1(data: bytes) -> bytes:
        return hashlib.sha1(data, usedforsecurity=False).digest()

    def sha256(data: bytes) -> bytes:
        return hashlib.sha256(data).digest()

    def sha384(data: bytes) -> bytes:
        return hashlib.sha384(data).digest()

    return {1: (20, sha1), 2: (32, sha256), 3: (20, sha256), 4: (48, sha384)}
