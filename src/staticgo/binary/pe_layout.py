"""A PE file's bytes by purpose, and the places in it where signs of its making may stand."""

from __future__ import annotations

from collections.abc import Iterator

from staticgo.binary.pe_image import (
    MACHINE_I386,
    RESOURCE,
    SCN_CODE,
    SCN_EXECUTE,
    SCN_WRITE,
    SECURITY,
    Image,
    Section,
)
from staticgo.binary.pe_symbols import DEBUG, Symbols, address_of
from staticgo.binary.program import Program, Range
from staticgo.model.binary import GoBuildInfo, Group

CODE, READ_ONLY, DATA, OTHER = "code", "read-only data", "data", "other"
GO_TABLES, RELOCATIONS, SYMBOLS = "Go tables", "relocations", "symbols"

# cmd/link/internal/ld/pe.go, writePESections: what Go's own linker writes (.rdata aside, which it
# shares), and 3.0 as the linker's version, whoever else may write that.
_GO_LINKER = (3, 0)
_NAMED = {b".reloc": RELOCATIONS, b".rsrc": "resources", b".symtab": SYMBOLS}


def read_groups(image: Image, symbols: Symbols, table: tuple[Range, ...]) -> tuple[Group, ...]:
    """Sizes that sum up to the file's: a byte that two parts claim counts for the first.

    `table`: Go's function table, cut out of the section that it stands in.
    """
    sizes: dict[str, int] = {}
    done = counted = 0
    for offset, size, name in sorted(_claims(image, symbols, table)):
        start, end = max(offset, done), min(offset + size, image.cursor.size)
        if start < end:
            sizes[name] = sizes.get(name, 0) + end - start
            counted += end - start
            done = end
    sizes[OTHER] = sizes.get(OTHER, 0) + image.cursor.size - counted
    groups = (Group(name=name, size=size) for name, size in sizes.items() if size)
    return tuple(sorted(groups, key=lambda group: (-group.size, group.name)))


def _claims(
    image: Image, symbols: Symbols, table: tuple[Range, ...]
) -> Iterator[tuple[int, int, str]]:
    for section in image.sections:
        name = _purpose(image, section)
        at, end = section.raw_at, section.raw_at + section.raw_size
        for start, size in table:
            if at <= start and start + size <= end:
                yield at, start - at, name
                yield start, size, GO_TABLES
                at = start + size
        yield at, end - at, name
    yield symbols.start, symbols.end - symbols.start, SYMBOLS
    # "Certificate Table": the one directory that has a file offset.
    yield *image.header.directories[SECURITY], "signature"


def _purpose(image: Image, section: Section) -> str:
    if section.name.startswith(DEBUG):
        return "debug information"
    if section.name in _NAMED:
        return _NAMED[section.name]
    resources = image.directory(RESOURCE)
    if resources and resources[0] == section.address:
        return _NAMED[b".rsrc"]
    if section.characteristics & (SCN_CODE | SCN_EXECUTE):
        return CODE
    return DATA if section.characteristics & SCN_WRITE else READ_ONLY


def function_table(image: Image, symbols: Symbols) -> tuple[Range, ...]:
    """Go's function table by its symbols, as cmd/internal/objfile/pe.go finds it."""
    start = address_of(image, symbols, b"runtime.pclntab")
    end = address_of(image, symbols, b"runtime.epclntab") if start is not None else None
    if start is None or end is None or end <= start:
        return ()
    place = image.range(start)
    return ((place[0], end - start),) if place and place[1] >= end - start else ()


def program_of(
    image: Image,
    symbols: Symbols,
    table: tuple[Range, ...],
    go: GoBuildInfo | None,
    needed: tuple[str, ...],
) -> Program:
    """Where signs may stand. Go's linker puts all that is constant into .rdata, C's do so too."""
    read_only = tuple(
        (section.start, section.end - section.start)
        for section in image.sections
        if section.end > section.start and _purpose(image, section) == READ_ONLY
    )
    linker = image.header.linker
    return Program(
        cursor=image.cursor,
        format="pe",
        dynamic=bool(needed),
        is_go=go is not None,
        claims_cgo=go is not None and go.setting("CGO_ENABLED") == "1",
        pclntab=table,
        searched=read_only,
        symbols=((symbols.names, symbols.names_size),) if symbols.names_size else (),
        # "__cdecl": 32-bit x86 alone decorates the names of C.
        symbol_prefix=b"_" if image.header.machine == MACHINE_I386 else b"",
        texts=read_only,
        external=""
        if linker == _GO_LINKER
        else f"linker version {linker[0]}.{linker[1]}, where Go's own linker writes 3.0",
    )
