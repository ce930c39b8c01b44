"""COFF symbols, which Windows' loader never reads: compilers other than Microsoft's leave them."""

from __future__ import annotations

from typing import NamedTuple

from staticgo.binary.cursor import Cursor
from staticgo.binary.pe_image import Header, Image, Section
from staticgo.model.binary import Gap

SYMBOLS = "COFF symbol table"
DEBUG = (b".debug_", b".zdebug_")

_SYMBOL_SIZE = 18
_TRIES = 1024
# A name is searched for in so much of each table: a large program's have some 10 MB, and a hostile
# header may claim gigabytes.
_SEARCH_LIMIT = 64 << 20


class Symbols(NamedTuple):
    """Where the tables stand in the file; sizes are 0 where there is none."""

    start: int
    size: int
    names: int
    names_size: int
    gap: Gap | None = None

    @property
    def end(self) -> int:
        """Behind both of them."""
        return self.names + self.names_size

    def find(self, cursor: Cursor, text: bytes) -> int:
        """The offset of the first such text among the names, else -1."""
        return cursor.find(text, self.names, self.names + min(self.names_size, _SEARCH_LIMIT))


def read_symbols(cursor: Cursor, header: Header) -> Symbols:
    """The symbol table and the string table behind it: "COFF Symbol Table", "COFF String Table"."""
    if header.symbols_at == 0:
        return Symbols(0, 0, 0, 0)
    size = _SYMBOL_SIZE * header.symbols
    names = header.symbols_at + size
    length = cursor.up_to(names, 4)
    # Its own length comes first. Go and old linkers write none where it would be empty.
    names_size = int.from_bytes(length, "little") if len(length) == 4 else 0
    if names > cursor.size or names + names_size > cursor.size:
        gap = Gap(what=SYMBOLS, why="it goes past the end of the file")
        return Symbols(min(header.symbols_at, cursor.size), 0, 0, 0, gap)
    return Symbols(header.symbols_at, size, names, names_size)


def is_stripped(header: Header, sections: tuple[Section, ...]) -> bool:
    """No COFF symbol and no DWARF. What the debug directory names (a PDB) is not in the file."""
    return not (header.symbols_at and header.symbols) and not any(
        section.name.startswith(DEBUG) for section in sections
    )


def address_of(image: Image, symbols: Symbols, name: bytes) -> int | None:
    """The RVA of a symbol whose name is longer than 8 bytes; None where there is none.

    Searched from the name to its record: a table of 100,000 records is not read for one of them.
    """
    cursor = image.cursor
    at = symbols.find(cursor, b"\0" + name + b"\0")
    if at < 0:
        return None
    field = bytes(4) + (at + 1 - symbols.names).to_bytes(4, "little")
    end = symbols.start + min(symbols.size, _SEARCH_LIMIT)
    found = cursor.find(field, symbols.start, end)
    for _misaligned in range(_TRIES):
        if found < 0:
            break
        if (found - symbols.start) % _SYMBOL_SIZE == 0:
            value, section = cursor.records("IH", found + 8, 1, SYMBOLS)[0]
            if 0 < section <= len(image.sections):
                return image.sections[section - 1].address + value
            return None
        found = cursor.find(field, found + 1, end)
    return None
