"""A file's bytes by what they are for: Go packages, C libraries, and the rest by purpose.

Go's function table tells the code of each package, in stripped programs too; a symbol table tells
the rest of the code, and variables. What neither tells keeps the name that the report has for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from staticgo.binary.cursor import Buffer
from staticgo.binary.elf_layout import CODE, DATA, GO_TABLES, OTHER, READ_ONLY
from staticgo.binary.pclntab import FunctionTable, find_function_table
from staticgo.binary.program import Program
from staticgo.binary.sizes_elf import elf_symbols, read_elf_program
from staticgo.binary.sizes_macho import read_macho_program
from staticgo.binary.sizes_pe import read_pe_program
from staticgo.facts.origins import ORIGINS
from staticgo.model.binary import BinaryReport, Format, Group, Slice

ASSEMBLY = "Go assembly"
FOREIGN = "C and runtime libraries"

# A function's package: all up to the first dot behind the last slash (Go's debug/gosym, Sym.
# PackageName). Type arguments and receivers, which may hold slashes too, come after it. Functions
# that the compiler writes for a type belong to the type's package.
_PACKAGE = re.compile(rb"(?:type:\.(?:eq|hash)\.\*?)?((?:[^\[({ ]*/)?[^./\[({ :]++)\.")
# What C compilers append to names of parts and copies of functions: `memcpy.part.0`.
_C_PART = re.compile(rb"\.(?:cold$|(?:cold|part|isra|constprop|lto_priv|llvm|localalias)\.\d)")
_PREFIXES = tuple(prefix for prefixes, _name in ORIGINS for prefix in prefixes)
_NAME_LIMIT = 256  # a package's path is shorter; type arguments may be many thousand bytes
# Terraform's provider for AWS (674 MB) has 545,759 functions, in some thousands of packages. Hostile
# tables may have a million of each; so many functions take about a second.
_SUMMED_LIMIT = 1 << 16
_FUNCTIONS_LIMIT = 600_000


class Symbol(NamedTuple):
    """A function or variable in the file, and the purpose of the section that holds it."""

    name: bytes
    size: int
    purpose: str


def read_sizes(data: Buffer, report: BinaryReport) -> tuple[Group, ...]:
    """Groups whose sizes sum up to the file's, largest first."""
    sizes: dict[str, int] = {}
    for index, part in enumerate(report.slices):
        for name, size in _slice_sizes(part, *_program(data, report, index)).items():
            sizes[name] = sizes.get(name, 0) + size
    sizes[OTHER] = sizes.get(OTHER, 0) + report.size - sum(sizes.values())
    groups = (Group(name=name, size=size) for name, size in sizes.items() if size > 0)
    return tuple(sorted(groups, key=lambda group: (-group.size, group.name)))


def package_of(function: bytes) -> str:
    """The Go package of a function or variable; "" for names that are not Go's."""
    match = _PACKAGE.match(function)
    if match is None or _C_PART.search(function):
        return ""
    # The linker writes a dot in a path's last element as %2e (cmd/internal/objabi, PathToPrefix).
    return match[1].replace(b"%2e", b".").decode("utf-8", "replace")


def _program(
    data: Buffer, report: BinaryReport, index: int
) -> tuple[Program | None, Iterable[Symbol]]:
    part = report.slices[index]
    if report.format is Format.ELF:
        found = read_elf_program(data, part.go)
        if found is None:
            return None, ()
        return found[0], (Symbol(*fields) for fields in elf_symbols(*found))
    if report.format is Format.PE:
        return read_pe_program(data, part.go, part.needed), ()
    # A slice of a fat Mach-O file keeps its groups: the readers know thin files only.
    return (read_macho_program(data, part.go) if len(report.slices) == 1 else None), ()


def _slice_sizes(part: Slice, program: Program | None, symbols: Iterable[Symbol]) -> dict[str, int]:
    left = {group.name: group.size for group in part.sections}
    if program is None:
        return left
    table = find_function_table(
        program.cursor, program.pclntab, program.searched if program.is_go else ()
    )
    sizes: dict[str, int] = {}
    if table is not None:
        # Without C, functions that name no package are Go's assembly, such as memeqbody.
        nameless = ASSEMBLY if part.cgo.value == "no" else FOREIGN
        for name, size in _go_code(table, nameless):
            _move(left, CODE, sizes, name, size)
        if not program.pclntab:
            holder = DATA if program.format == "elf" else READ_ONLY
            _move(left, holder, sizes, GO_TABLES, table.size)
    for symbol in symbols:
        package = package_of(symbol.name)
        if package in sizes:
            # Go's functions were counted in its own table.
            if symbol.purpose != CODE:
                _move(left, symbol.purpose, sizes, package, symbol.size)
        elif table is None or (part.cgo.value != "no" and _is_c(symbol.name)):
            _move(left, symbol.purpose, sizes, _origin(symbol.name), symbol.size)
    if table is not None and part.cgo.value == "yes":
        _move(left, CODE, sizes, FOREIGN, left.get(CODE, 0))
    for name, size in left.items():
        sizes[name] = sizes.get(name, 0) + size
    return sizes


def _is_c(symbol: bytes) -> bool:
    """Whether no Go linker or compiler made the name: theirs have a package, a colon or a `$`."""
    return b":" not in symbol and not symbol.startswith(b"$") and not package_of(symbol)


def _move(left: dict[str, int], purpose: str, sizes: dict[str, int], name: str, size: int) -> None:
    """Count bytes for a new name, and no more than are left: a table may lie about sizes."""
    size = min(size, left.get(purpose, 0))
    if size > 0 and (name in sizes or len(sizes) < _SUMMED_LIMIT):
        left[purpose] -= size
        sizes[name] = sizes.get(name, 0) + size


def _go_code(table: FunctionTable, nameless: str) -> Iterator[tuple[str, int]]:
    """Package and size of every function; C's, which Go's linker lists too, by their origin."""
    known: dict[bytes, str] = {}
    for function, _address, size in islice(table.functions(_NAME_LIMIT), _FUNCTIONS_LIMIT):
        # Most names of a package begin alike up to the last dot of its path.
        key = function[: function.find(b".", function.rfind(b"/") + 1) + 1] or function
        name = known.get(key)
        if name is None:
            if len(known) == _SUMMED_LIMIT:
                continue
            name = known[key] = package_of(function) or _origin(function, nameless)
        yield name, size


def _origin(symbol: bytes, other: str = FOREIGN) -> str:
    if not symbol.startswith(_PREFIXES):  # nearly all
        return other
    return next((name for prefixes, name in ORIGINS if symbol.startswith(prefixes)), other)
