"""Go's function table, "pclntab": every function's name and place; no strip removes it.

Formats: Go's src/debug/gosym/pclntab.go (reader), src/cmd/link/internal/ld/pcln.go (writer), and
src/internal/abi/symtab.go (the magic numbers).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from staticgo.binary.cursor import Cursor
from staticgo.binary.program import Range, apart

# By magic number: the Go versions that write it, how many words its header has, and which of them
# is the first offset (of the names; then units, files, lines, functions). The format of Go 1.2 has
# one word, the number of functions, and all its offsets are from the table's beginning.
_FORMATS = {
    0xFFFFFFFB: ("1.2 to 1.15", 1, 0),
    0xFFFFFFFA: ("1.16 or 1.17", 7, 2),
    0xFFFFFFF0: ("1.18 or 1.19", 8, 3),
    0xFFFFFFF1: ("1.20 or later", 8, 3),
}

_HEADER_LIMIT = 8 + 8 * 8
# Programs with everything in them have some 500,000 functions.
_COUNT_LIMIT = 1 << 20
_NAME_LIMIT = 1 << 16  # generic functions' names have been seen with some 10,000 bytes
_SHORT = 128  # nearly all names are shorter
_STEP = 4096
_FALSE_MAGICS_LIMIT = 1024
# Kubernetes' names have 6 MB, terraform's 8. In the format of Go 1.2 they stand apart, up to the end.
_NAMES_LIMIT = 64 << 20
# Only where no section names its place: a program of 200 MB has some 50 MB of constants before it.
SEARCH_LIMIT = 64 << 20


class FunctionTable(NamedTuple):
    """A table whose header was checked: everything it names lies within it."""

    cursor: Cursor
    order: str
    """`struct`'s sign of the byte order."""
    version: str
    """Which versions of Go write this format: `1.20 or later`."""
    start: int
    """Offset of the table in the file."""
    end: int
    number: int
    """Of functions."""
    names: Range
    """Names with a NUL behind each; in the format of Go 1.2 other things stand among them."""
    entries: int
    """Offset of the index: a function's address and the offset of its record, `count` times."""
    records: int
    """What the records' offsets in the index are counted from."""
    address_size: int
    """Of the index's fields, and of a record's first field."""

    @property
    def size(self) -> int:
        """Bytes from the table's beginning to its last function's record: nearly all of it."""
        at = self.entries + (2 * self.number - 1) * self.address_size
        last = int.from_bytes(
            self.cursor.up_to(at, self.address_size), "big" if self.order == ">" else "little"
        )
        return min(self.records + last, self.end) - self.start

    def functions(self, longest: int = _NAME_LIMIT) -> Iterator[tuple[bytes, int, int]]:
        """Name, address and size of every function; addresses are relative since Go 1.18.

        What is out of order or out of bounds is left out. Longer names than `longest` are cut.
        """
        field = "Q" if self.address_size == 8 else "I"
        entry = struct.Struct(self.order + 2 * field)
        for first in range(0, self.number, _STEP):
            number = min(_STEP, self.number - first)
            # One field more: the address behind the last function.
            block = self.cursor.up_to(
                self.entries + first * entry.size, number * entry.size + self.address_size
            )
            fields = struct.unpack(f"{self.order}{2 * number + 1}{field}", block)
            yield from self._named(fields[0::2], fields[1::2], longest)

    def _named(
        self, addresses: Sequence[int], offsets: Sequence[int], longest: int
    ) -> Iterator[tuple[bytes, int, int]]:
        name_offset = struct.Struct(self.order + "I")
        up_to = self.cursor.up_to
        start, end = self.names[0], sum(self.names)
        for address, after, offset in zip(
            addresses, islice(addresses, 1, None), offsets, strict=False
        ):
            field = up_to(self.records + offset + self.address_size, 4)
            if after < address or len(field) < 4 or self.records + offset >= self.end:
                continue
            at = start + name_offset.unpack(field)[0]
            name, end_of_name, _rest = up_to(at, min(_SHORT, end - at)).partition(b"\0")
            if not end_of_name:
                name, end_of_name, _rest = up_to(at, min(longest, end - at)).partition(b"\0")
            if name and (end_of_name or len(name) == longest):
                yield name, address, after - address


def find_function_table(
    cursor: Cursor, named: Sequence[Range], searched: Sequence[Range]
) -> FunctionTable | None:
    """The table in the section that is named for it, else the first good one in other places.

    `cursor` has the program's byte order, which the table's is too.
    """
    for start, size in apart(named, cursor.size):
        table = read_function_table(cursor, start, start + size)
        if table is not None:
            return table
    magics = _FALSE_MAGICS_LIMIT
    places = list(_first(apart(searched, cursor.size), SEARCH_LIMIT))
    for magic in reversed(_FORMATS):
        needle = struct.pack(cursor.order + "I", magic) + b"\0\0"
        for start, size in places:
            end = start + size
            at = cursor.find(needle, start, end)
            while at >= 0 and magics > 0:
                table = read_function_table(cursor, at, end)
                if table is not None:
                    return table
                magics -= 1
                at = cursor.find(needle, at + 1, end)
    return None


def _first(places: Sequence[Range], limit: int) -> Iterator[Range]:
    """So many bytes of the places, and no more."""
    for start, size in places:
        if limit > 0:
            yield start, min(size, limit)
        limit -= size


def read_function_table(cursor: Cursor, start: int, end: int) -> FunctionTable | None:
    """The table that begins at `start`; None where no table does, or a damaged one."""
    end = min(end, cursor.size)
    header = cursor.up_to(start, min(_HEADER_LIMIT, end - start))
    if len(header) < 16 or header[4:6] != b"\0\0":
        return None
    form = _FORMATS.get(struct.unpack_from(cursor.order + "I", header)[0])
    quantum, pointer = header[6], header[7]
    if form is None or quantum not in (1, 2, 4) or pointer not in (4, 8):
        return None
    version, count, first = form
    if len(header) < 8 + count * pointer:
        return None
    words = struct.unpack_from(f"{cursor.order}{count}{'Q' if pointer == 8 else 'I'}", header, 8)
    functions = words[0]
    size = end - start
    if first:
        offsets = words[first:]
        # The linker writes names, units, files, lines and functions in this order, with no gap.
        if list(offsets) != sorted(offsets) or offsets[0] < 8 + count * pointer:
            return None
        names, entries = (start + offsets[0], offsets[1] - offsets[0]), start + offsets[-1]
        records = entries
    else:
        names, entries, records = (start, size), start + 8 + pointer, start
    address_size = 4 if first == 3 else pointer
    if not 0 < functions <= _COUNT_LIMIT or names[1] <= 0:
        return None
    names = names[0], min(names[1], _NAMES_LIMIT)
    if entries + (2 * functions + 1) * address_size > end:
        return None
    table = FunctionTable(
        cursor=cursor,
        order=cursor.order,
        version=version,
        start=start,
        end=end,
        number=functions,
        names=names,
        entries=entries,
        records=records,
        address_size=address_size,
    )
    # Any table's first function has a name; data that merely begins alike has none.
    return table if next(table._replace(number=1).functions(), None) else None
