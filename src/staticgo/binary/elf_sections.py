"""ELF section headers: a help for debuggers that may be absent or lie. Linkage never rests on them."""

from __future__ import annotations

from itertools import islice
from typing import NamedTuple

from staticgo.binary.cursor import Cursor, Unreadable
from staticgo.binary.elf_image import Header

SECTION_HEADERS = "section headers"

SHT_SYMTAB, SHT_STRTAB = 2, 3
_SHF_COMPRESSED = 0x800
_SHN_XINDEX = 0xFFFF
DEBUG = (b".debug_", b".zdebug_")
_COUNT_LIMIT = 0x4000  # linked programs have some 40; object files a few thousand
_NAMES_LIMIT = 1 << 24
_NAME_LIMIT = 64  # every name that is looked for is shorter


class Section(NamedTuple):
    """gABI, "Section Header", as far as it is used. A name is cut at 64 bytes."""

    name: bytes
    type: int
    flags: int
    address: int
    offset: int
    size: int
    is_names: bool
    """Whether it holds the names of the sections."""


def read_sections(cursor: Cursor, header: Header) -> tuple[Section, ...]:
    """Every section with its name, or Unreadable. No section headers at all: an empty tuple."""
    if header.shoff == 0:
        return ()
    layout, size = ("IIQQQQIIQQ", 64) if header.bits == 64 else ("IIIIIIIIII", 40)
    if header.shentsize != size:
        raise Unreadable(SECTION_HEADERS, f"e_shentsize is {header.shentsize}, not {size}")
    # gABI: numbers too large for their field stand in section 0, sh_size and sh_link.
    first = cursor.records(layout, header.shoff, 1, SECTION_HEADERS)[0]
    count = header.shnum or first[5]
    names_index = first[6] if header.shstrndx == _SHN_XINDEX else header.shstrndx
    if not 0 < count <= _COUNT_LIMIT:
        raise Unreadable(SECTION_HEADERS, f"a table of {count} sections")
    table = cursor.records(layout, header.shoff, count, SECTION_HEADERS)
    names = _names(cursor, table, names_index)
    return tuple(
        Section(_name(names, name), kind, flags, address, offset, size, index == names_index)
        for index, (name, kind, flags, address, offset, size, *_rest) in islice(
            enumerate(table), 1, None
        )
    )


def is_stripped(sections: tuple[Section, ...]) -> bool:
    """No symbol table and no DWARF, compressed or not."""
    return not any(
        section.type == SHT_SYMTAB or section.name.startswith(DEBUG) for section in sections
    )


def _names(cursor: Cursor, table: list[tuple[int, ...]], index: int) -> bytes:
    """The section name table. A compressed one is never inflated: it may be a bomb."""
    if not 0 < index < len(table):
        raise Unreadable(SECTION_HEADERS, f"e_shstrndx is {index} of {len(table)}")
    _name, kind, flags, _address, offset, size, *_rest = table[index]
    if kind != SHT_STRTAB or flags & _SHF_COMPRESSED or size > _NAMES_LIMIT:
        raise Unreadable(SECTION_HEADERS, "the section that should hold the names cannot")
    return cursor.exactly(offset, size, SECTION_HEADERS)


def _name(names: bytes, offset: int) -> bytes:
    return names[offset : offset + _NAME_LIMIT].partition(b"\0")[0]
