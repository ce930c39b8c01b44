"""What a program holds, told by the names and texts in it: Go's linker, cgo, libc, hazards."""

from __future__ import annotations

from typing import NamedTuple

from staticgo.binary.cursor import Cursor, Unreadable
from staticgo.binary.pclntab import SEARCH_LIMIT, FunctionTable, find_function_table
from staticgo.binary.program import Program, Range, Signs, apart
from staticgo.binary.signs_libc import linked_functions, read_libc
from staticgo.facts.signs import PACKAGES
from staticgo.model.binary import Clue, Gap

__all__ = ["Program", "Range", "Signs", "read_signs"]

_TABLE = "Go function table"
# The linkage is sure without them, so these are no gaps.
_NO_TABLE = "no function table (pclntab) of a known format: garble alters it, gccgo writes none"
_NO_NAMES = (
    "no runtime.main among its functions: garble hashes names, -linkshared keeps it elsewhere"
)

# Go's linker lays out packages behind those they import, so the standard library comes first: its
# names end within the first megabyte of terraform's 8 and of kubectl's 6. A package's names stand
# together, so one that is not near runtime.main is not in package runtime.
_STANDARD_NAMES = 4 << 20
_NAMES_LIMIT = 32 << 20
_NAME_LIMIT = 256
# Larger tables of symbols, which a hostile file may have, are searched up to here.
_SYMBOLS_LIMIT = 64 << 20
_RUNTIME, _MARK = b"runtime.main\0", b"_cgo_topofstack\0"


class _Names(NamedTuple):
    """Names with a NUL behind each, somewhere in the file."""

    cursor: Cursor
    start: int
    end: int

    def find(self, beginning: bytes, limit: int = _NAMES_LIMIT) -> str:
        """The first name that begins so; "" where none does. A NUL stands for a name's end."""
        # The first name of all has no NUL before it.
        if self.cursor.up_to(self.start, len(beginning)) == beginning:
            return self._at(self.start)
        end = min(self.end, self.start + limit)
        at = self.cursor.find(b"\0" + beginning, self.start, end)
        return self._at(at + 1) if at >= 0 else ""

    def has_mark(self, middle: int) -> bool:
        """Whether the runtime's part of runtime/cgo is near `middle`, which is in the runtime."""
        # No NUL before it: in the format of Go 1.2 numbers stand among the names.
        start = max(self.start, middle - _STANDARD_NAMES)
        return self.cursor.find(_MARK, start, min(self.end, middle + _STANDARD_NAMES)) >= 0

    def first_call(self) -> str:
        """The first call of a C function that has a Go name: `os/user._Cfunc_getpwnam_r`."""
        at = self.cursor.find(b"._Cfunc_", self.start, min(self.end, self.start + _STANDARD_NAMES))
        before = self.cursor.up_to(
            max(self.start, at - _NAME_LIMIT), min(_NAME_LIMIT, at - self.start)
        )
        return self._at(at - len(before.rpartition(b"\0")[2])) if at >= 0 else ""

    def _at(self, at: int) -> str:
        name = self.cursor.up_to(at, min(_NAME_LIMIT, self.end - at)).partition(b"\0")[0]
        return name.decode("utf-8", "replace")


def read_signs(program: Program) -> Signs:
    """All signs in `program`. Never raises: evidence without a value says why there is none."""
    searched = program.searched if program.is_go else ()
    table = find_function_table(program.cursor, program.pclntab, searched)
    if table is None and not program.is_go:
        libc = read_libc(program, internal=False)
        return Signs(libc=libc, functions=linked_functions(program, libc.value, None))
    names = None if table is None else _Names(program.cursor, *_span(table.names))
    runtime = program.cursor.find(_RUNTIME, names.start, names.end) if names else -1
    cgo = _cgo(program, names, runtime)
    link_mode = _link_mode(program, cgo.value)
    libc = read_libc(program, internal=link_mode.value == "internal" and cgo.value == "no")
    called = table if cgo.value == "yes" else None
    return Signs(
        link_mode=link_mode,
        cgo=cgo,
        libc=libc,
        go_version=_go_version(table),
        functions=linked_functions(program, libc.value, called),
        packages=_packages(program, names) if names else (),
        gaps=() if table else _unsearched(program),
    )


def _unsearched(program: Program) -> tuple[Gap, ...]:
    """Where no table was found, but not all was searched."""
    size = sum(size for _start, size in apart(program.searched, program.cursor.size))
    if not program.is_go or size <= SEARCH_LIMIT:
        return ()
    mib = SEARCH_LIMIT >> 20
    return (Gap(what=_TABLE, why=f"not in the first {mib} MiB of data, and no more was read"),)


def _span(place: Range) -> tuple[int, int]:
    return place[0], place[0] + place[1]


def _go_version(table: FunctionTable | None) -> Clue:
    if table is None:
        return Clue(evidence=_NO_TABLE)
    return Clue(value=table.version, evidence="the format of its function table (pclntab)")


def _cgo(program: Program, names: _Names | None, runtime: int) -> Clue:
    """Whether runtime/cgo is inside: it comes with every use of C, and exports _cgo_topofstack.

    `runtime` is where runtime.main is named, so that the absence of another name means something.
    """
    if names is None or runtime < 0:
        for start, size in apart(program.symbols, program.cursor.size):
            if program.cursor.find(_MARK, start, start + min(size, _SYMBOLS_LIMIT)) >= 0:
                return Clue(value="yes", evidence="_cgo_topofstack among its symbols")
        return Clue(evidence=_NO_NAMES if names else _NO_TABLE)
    if names.has_mark(runtime):
        listing = ", ".join(filter(None, ("_cgo_topofstack", names.first_call())))
        return Clue(value="yes", evidence=f"{listing} among its functions")
    return Clue(value="no", evidence="runtime.main among its functions, and no _cgo_topofstack")


def _link_mode(program: Program, cgo: str) -> Clue:
    if program.external:
        return Clue(value="external", evidence=program.external)
    if program.format != "elf":
        return Clue(value="internal", evidence="no mark of a linker other than Go's")
    if _has_go_layout(program.cursor):
        # cmd/link/internal/ld/elf.go: e_shoff "will move as we add PHeaders"; others put it last.
        return Clue(
            value="internal", evidence="its section headers stand right behind the program headers"
        )
    # After strip(1) the layout is another's; without C no other linker has work to do.
    if cgo == "no" and program.pclntab:
        return Clue(value="internal", evidence="no cgo, and no mark of a linker other than Go's")
    return Clue()


def _has_go_layout(cursor: Cursor) -> bool:
    """Whether an ELF file is laid out as only Go's linker does it."""
    wide = cursor.up_to(4, 1) == b"\2"
    try:
        if wide:
            phoff, shoff, *_flags, phentsize, phnum = cursor.records("QQIHHH", 32, 1, _TABLE)[0]
        else:
            phoff, shoff, *_flags, phentsize, phnum = cursor.records("IIIHHH", 28, 1, _TABLE)[0]
    except Unreadable:
        return False
    return shoff == phoff + phentsize * phnum


def _packages(program: Program, names: _Names) -> tuple[Clue, ...]:
    return tuple(
        Clue(value=sign.package, evidence=f"{name} among its functions")
        for sign in PACKAGES
        if program.format in sign.formats
        and (name := names.find(sign.function, _STANDARD_NAMES))
        and not (sign.unless and names.find(sign.unless))
    )
