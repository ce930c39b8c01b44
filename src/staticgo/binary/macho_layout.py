"""A Mach-O image's bytes by purpose, and the places in it where signs of its making may stand."""

from __future__ import annotations

from collections.abc import Iterator

from staticgo.binary.cursor import Cursor
from staticgo.binary.macho_commands import (
    LC_FUNCTION_STARTS,
    LC_SOURCE_VERSION,
    Commands,
)
from staticgo.binary.macho_image import MH_TWOLEVEL, Header, Section
from staticgo.binary.signs import Program, Range
from staticgo.facts.macho import (
    CODE,
    OTHER,
    READ_ONLY,
    RELOCATIONS,
    SIGNATURE,
    SYMBOLS,
    purpose,
)
from staticgo.model.binary import GoBuildInfo, Group

_RELOCATION_SIZE = 8
# Where compilers put C's strings, and Go's linker everything that is constant.
_TEXTS = frozenset((b"__cstring", b"__const", b"__rodata"))


def read_groups(cursor: Cursor, header: Header, commands: Commands) -> tuple[Group, ...]:
    """Sizes that sum up to the image's: a byte that two parts claim counts for the first."""
    sizes: dict[str, int] = {}
    done = counted = 0
    for offset, size, name in sorted(_claims(header, commands)):
        start, end = max(offset, done), min(offset + size, cursor.size)
        if start < end:
            sizes[name] = sizes.get(name, 0) + end - start
            counted += end - start
            done = end
    sizes[OTHER] = sizes.get(OTHER, 0) + cursor.size - counted
    groups = (Group(name=name, size=size) for name, size in sizes.items() if size)
    return tuple(sorted(groups, key=lambda group: (-group.size, group.name)))


def _claims(header: Header, commands: Commands) -> Iterator[tuple[int, int, str]]:
    yield 0, header.size + header.sizeofcmds, OTHER
    for section in _sections(commands):
        if section.filesize:
            name = purpose(section.segment, section.name, section.flags)
            yield section.offset, section.filesize, name
        if section.nreloc:
            yield section.reloff, section.nreloc * _RELOCATION_SIZE, RELOCATIONS
    if commands.symtab:
        symoff, nsyms, stroff, strsize = commands.symtab
        yield symoff, nsyms * (16 if header.bits == 64 else 12), SYMBOLS
        yield stroff, strsize, SYMBOLS
    for offset, size in commands.linkedit:
        yield offset, size, RELOCATIONS
    for offset, size in commands.signatures:
        yield offset, size, SIGNATURE


def program_of(
    cursor: Cursor, header: Header, commands: Commands, go: GoBuildInfo | None
) -> Program:
    """Where signs may stand: sections are told by their names, the kernel needs none of them."""
    sections = [section for section in _sections(commands) if section.filesize]
    return Program(
        cursor=cursor,
        format="mach-o",
        dynamic=bool(commands.dylibs or commands.dylinkers),
        is_go=go is not None,
        claims_cgo=go is not None and go.setting("CGO_ENABLED") == "1",
        pclntab=tuple(_range(section) for section in sections if section.name == b"__gopclntab"),
        searched=tuple(_searched(commands, sections)),
        symbols=((commands.symtab[2], commands.symtab[3]),) if commands.symtab else (),
        symbol_prefix=b"_",
        texts=tuple(_range(section) for section in sections if section.name in _TEXTS),
        external=_external(header, commands, sections),
    )


def _searched(commands: Commands, sections: list[Section]) -> Iterator[Range]:
    """Read-only data; all that is in the file's segments where no sections are named."""
    if not sections:
        yield from ((segment.offset, segment.filesize) for segment in commands.segments)
    for section in sections:
        if purpose(section.segment, section.name, section.flags) == READ_ONLY:
            yield _range(section)


def _external(header: Header, commands: Commands, sections: list[Section]) -> str:
    """What Apple's, LLVM's and zig's linkers leave, and Go's own never writes.

    Go: src/cmd/link/internal/ld/macho.go, machowrite and asmbMacho. It names no tool in
    LC_BUILD_VERSION, and its stubs are __symbol_stub1.
    """
    marks = []
    if header.flags & MH_TWOLEVEL:
        marks.append("MH_TWOLEVEL")
    if any(version.tools for version in commands.versions):
        marks.append("a tool in LC_BUILD_VERSION")
    for command, name in (
        (LC_FUNCTION_STARTS, "LC_FUNCTION_STARTS"),
        (LC_SOURCE_VERSION, "LC_SOURCE_VERSION"),
    ):
        if command in commands.seen:
            marks.append(name)
    if any(s.name == b"__stubs" and purpose(s.segment, s.name, s.flags) == CODE for s in sections):
        marks.append("__stubs")
    return ", ".join(marks)


def _sections(commands: Commands) -> Iterator[Section]:
    for segment in commands.segments:
        yield from segment.sections


def _range(section: Section) -> Range:
    return section.offset, section.filesize
