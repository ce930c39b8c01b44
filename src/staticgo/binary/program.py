"""What a format's reader tells of a program, and the answers that its names and texts give."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple

from staticgo.binary.cursor import Cursor
from staticgo.model.binary import Clue, Gap

Range = tuple[int, int]
"""Offset and size of a part of the file; it may be hostile, and go past the end."""


_RANGES_LIMIT = 32


def apart(places: Iterable[Range], size: int) -> list[Range]:
    """The same bytes of a file of `size`, none of them twice: hostile places may overlap."""
    done: list[Range] = []
    for start, length in islice(places, _RANGES_LIMIT):
        pieces = [(max(0, start), min(size, start + length))]
        for other, other_length in done:
            end = other + other_length
            pieces = [
                piece
                for first, last in pieces
                for piece in ((first, min(last, other)), (max(first, end), last))
                if piece[0] < piece[1]
            ]
        done += [(first, last - first) for first, last in pieces if first < last]
    return done


class Program(NamedTuple):
    """What a format's reader knows of the places where signs may stand."""

    cursor: Cursor
    format: str
    """`elf`, `mach-o` or `pe`."""
    dynamic: bool
    """Whether libraries are loaded at run time: libc is then not inside."""
    is_go: bool
    """Whether Go's build information was found."""
    claims_cgo: bool = False
    """Whether the build information says CGO_ENABLED=1."""
    pclntab: tuple[Range, ...] = ()
    """The section that is named for Go's function table; empty where no section is."""
    searched: tuple[Range, ...] = ()
    """Where the function table may stand otherwise: read-only data of the file."""
    symbols: tuple[Range, ...] = ()
    """String tables of symbols, NUL between the names."""
    symbol_prefix: bytes = b""
    """What the format puts before C's names: `_` on macOS."""
    texts: tuple[Range, ...] = ()
    """Read-only data, where C keeps its messages."""
    external: str = ""
    """The mark that a linker other than Go's left, as evidence; "" where there is none."""
    gnu_note: bool = False
    """Whether there is an NT_GNU_ABI_TAG note, which glibc's start files bring along."""
    android_note: bool = False
    """Whether there is a note of the owner `Android`, which bionic's start files bring along."""


class Signs(NamedTuple):
    """The answers, each with its evidence; see `model.binary.Slice`."""

    link_mode: Clue = Clue()
    cgo: Clue = Clue()
    libc: Clue = Clue()
    go_version: Clue = Clue()
    functions: tuple[Clue, ...] = ()
    packages: tuple[Clue, ...] = ()
    gaps: tuple[Gap, ...] = ()
