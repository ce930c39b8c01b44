"""A recipe for Go's function table, in each format that Go's linker has written."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from itertools import accumulate

V12, V116, V118, V120 = 0xFFFFFFFB, 0xFFFFFFFA, 0xFFFFFFF0, 0xFFFFFFF1
FORMATS = (V12, V116, V118, V120)

PURE = ("internal/abi.NoEscape", "runtime.main", "runtime.mallocgc", "main.main")
CGO = (*PURE, "_cgo_topofstack", "runtime/cgo.set_crosscall2", "main._Cfunc_sin")


def table(
    functions: Sequence[str | bytes] = PURE,
    *,
    magic: int = V120,
    pointer: int = 8,
    big_endian: bool = False,
    size: int = 32,
    header: dict[int, int] | None = None,
) -> bytes:
    """The table of these functions, `size` bytes each; `header` overwrites words of its header."""
    order = ">" if big_endian else "<"
    word = order + ("Q" if pointer == 8 else "I")
    field = word if magic in (V12, V116) else order + "I"
    width = struct.calcsize(field)
    names = [name.encode() if isinstance(name, str) else name for name in functions]
    blob = b"".join(name + b"\0" for name in names)
    offsets = [0, *accumulate(len(name) + 1 for name in names)][:-1]

    head = struct.pack(order + "I", magic) + bytes((0, 0, 1, pointer))
    index_size = (2 * len(names) + 1) * width
    if magic == V12:
        words = [len(names)]
        # Everything is counted from the beginning: index, end of the index, records, names.
        records_at = 8 + pointer + index_size + 4
        names_at = records_at + len(names) * (width + 4)
    else:
        first = 8 + (8 if magic in (V118, V120) else 7) * pointer
        units, lines = b"\xff\xff\xff\xff", b"\0\0"
        places = [first, first + len(blob)]
        places += [places[1] + 4, places[1] + 4, places[1] + 4 + len(lines)]
        start = [0] if magic in (V118, V120) else []
        words = [len(names), 1, *start, *places]
        blob += units + lines
        records_at, names_at = index_size, 0
    for index, value in (header or {}).items():
        words[index] = value
    entries, records = b"", b""
    for index, offset in enumerate(offsets):
        entries += struct.pack(field, index * size) + struct.pack(field, records_at + len(records))
        records += struct.pack(field, index * size) + struct.pack(order + "I", names_at + offset)
    entries += struct.pack(field, len(names) * size)
    parts = b"".join(struct.pack(word, value) for value in words)
    if magic == V12:
        return head + parts + entries + bytes(4) + records + blob
    return head + parts + blob + entries + records
