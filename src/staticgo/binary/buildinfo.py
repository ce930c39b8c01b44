"""Go's build information: where it stands in memory, and its two encodings.

The format is that of Go's src/debug/buildinfo/buildinfo.go; the container (ELF now) is behind
`Memory`, as it is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, Protocol

from staticgo.binary.buildinfo_text import parse_module_text
from staticgo.binary.cursor import Unreadable
from staticgo.model.binary import Gap, GoBuildInfo

WHAT = "Go build information"

_MAGIC = b"\xff Go buildinf:"
_ALIGN = 16
_HEADER_SIZE = 32
_PTR_SIZE_AT, _FLAGS_AT, _POINTERS_AT = 14, 15, 16
_BIG_ENDIAN, _INLINE = 1, 2
_FRAME = 16  # sentinels around the module text: cmd/go/internal/modload, infoStart and infoEnd

_CHUNK = 1 << 20
# Go's linker writes it before all other data. A PIE's constants come before it where another linker
# laid them out: some 10 MB in the largest programs. Sizes in a hostile file may be terabytes.
_SEARCH_LIMIT = 32 << 20
# Misaligned magics make a search slow; a real program has a few at most (as constants in tools).
_FALSE_MAGICS_LIMIT = 4096
_VARINT_SIZE = 10  # encoding/binary.MaxVarintLen64
# Kubernetes' module text has some 20 kB.
_STRING_LIMIT = 1 << 20


class Memory(Protocol):
    """A program as it will be in memory, in as far as the file fills it."""

    def at(self, address: int, size: int) -> bytes:
        """Up to `size` bytes from `address`; none where nothing is mapped."""

    def places(self) -> Iterator[tuple[int, int]]:
        """Address and size of each range where the build information may begin."""


def read_build_info(memory: Memory) -> tuple[GoBuildInfo | None, Gap | None]:
    """The build information; (None, None) where there is none: not every binary is Go's."""
    try:
        address = _search(memory)
        if address is None:
            return None, None
        version, modules = _decode(memory, address)
    except Unreadable as error:
        return None, error.gap
    try:
        return parse_module_text(version, modules), None
    except ValueError as error:
        return GoBuildInfo(version=version), Gap(what=WHAT, why=f"malformed: {error}")


def _search(memory: Memory) -> int | None:
    """The address of the first aligned magic with room for its header."""
    budget = _FALSE_MAGICS_LIMIT
    left = _SEARCH_LIMIT
    for start, size in memory.places():
        end = start + size
        address = _aligned(start)
        while address < end:
            if left <= 0:
                mib = _SEARCH_LIMIT >> 20
                raise Unreadable(WHAT, f"not in the first {mib} MiB of data, and no more was read")
            left -= _CHUNK
            # The magic is aligned and chunks are too, so it never lies across two of them.
            chunk = memory.at(address, min(_CHUNK, end - address))
            if not chunk:
                break
            position = chunk.find(_MAGIC)
            while position >= 0:
                if position % _ALIGN == 0:
                    return address + position if address + position + _HEADER_SIZE <= end else None
                budget -= 1
                if budget == 0:
                    raise Unreadable(WHAT, "too many false beginnings")
                position = chunk.find(_MAGIC, _aligned(position))
            address += _CHUNK
    return None


def _aligned(address: int) -> int:
    return (address + _ALIGN - 1) & -_ALIGN


def _decode(memory: Memory, address: int) -> tuple[str, str]:
    """The version and the module text, framing removed."""
    header = memory.at(address, _HEADER_SIZE)
    if len(header) < _HEADER_SIZE:
        raise Unreadable(WHAT, "its header is cut short")
    if header[_FLAGS_AT] & _INLINE:  # Go 1.18 and later
        version, address = _inline_string(memory, address + _HEADER_SIZE)
        framed, _end = _inline_string(memory, address)
    else:
        version, framed = _pointed_strings(memory, header)
    if not version:
        raise Unreadable(WHAT, "its version is empty")
    # A binary built without modules, by `go tool link` say, has no text: that is no gap.
    has_text = len(framed) > 2 * _FRAME and framed[-_FRAME - 1 : -_FRAME] == b"\n"
    text = framed[_FRAME:-_FRAME] if has_text else b""
    return version.decode("utf-8", "replace"), text.decode("utf-8", "replace")


def _inline_string(memory: Memory, address: int) -> tuple[bytes, int]:
    """A string behind its length in encoding/binary's Uvarint; and the address after it."""
    length = 0
    for index, byte in enumerate(memory.at(address, _VARINT_SIZE)):
        length |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:
            start = address + index + 1
            return _string(memory, start, length), start + length
    raise Unreadable(WHAT, "a length does not end")


def _pointed_strings(memory: Memory, header: bytes) -> tuple[bytes, bytes]:
    """Before Go 1.18: two pointers to Go's string headers, which are a pointer and a length."""
    width = header[_PTR_SIZE_AT]
    if width not in (4, 8):
        raise Unreadable(WHAT, f"pointers of {width} bytes")
    order: Literal["big", "little"] = "big" if header[_FLAGS_AT] & _BIG_ENDIAN else "little"
    strings = []
    for at in (_POINTERS_AT, _POINTERS_AT + width):
        pair = memory.at(int.from_bytes(header[at : at + width], order), 2 * width)
        # Go takes an unreadable string for an empty one, and so may the module text be.
        length = int.from_bytes(pair[width:], order) if len(pair) == 2 * width else 0
        strings.append(_string(memory, int.from_bytes(pair[:width], order), length))
    return strings[0], strings[1]


def _string(memory: Memory, address: int, length: int) -> bytes:
    if length > _STRING_LIMIT:
        raise Unreadable(WHAT, f"a string of {length} bytes")
    text = memory.at(address, length)
    if len(text) < length:
        raise Unreadable(WHAT, f"a string of {length} bytes goes past its segment")
    return text
