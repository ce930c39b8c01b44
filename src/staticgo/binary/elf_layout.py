"""An ELF file's bytes by purpose, and the places in it where signs of its making may stand."""

from __future__ import annotations

from staticgo.binary.cursor import Cursor
from staticgo.binary.elf_dynamic import DT_STRSZ, Dynamic
from staticgo.binary.elf_image import PF_W, PF_X, PT_LOAD, Image, Segment
from staticgo.binary.elf_notes import Note
from staticgo.binary.elf_sections import SHT_STRTAB, SHT_SYMTAB, Section
from staticgo.binary.program import Program, Range
from staticgo.facts.elf import (
    ANDROID_IDENT,
    DEBUG_SECTIONS,
    GO_SECTIONS,
    NT_GNU_ABI_TAG,
    RELOCATION_SECTIONS,
    RELRO_PREFIX,
    SYMBOL_SECTIONS,
)
from staticgo.model.binary import GoBuildInfo, Group

CODE, READ_ONLY, DATA, OTHER = "code", "read-only data", "data", "other"
GO_TABLES, DEBUG, SYMBOLS, RELOCATIONS = (
    "Go tables",
    "debug information",
    "symbols",
    "relocations",
)

_SHT_NOBITS = 8
_SHF_WRITE, _SHF_ALLOC, _SHF_EXECINSTR = 1, 2, 4
_PT_GNU_EH_FRAME = 0x6474E550
_EXTERNAL = (b".comment", b".init", b".fini", b".eh_frame")
_PCLNTAB = (b".gopclntab", b".data.rel.ro.gopclntab")
_STRING_TABLES_LIMIT = 4


def read_groups(image: Image, sections: tuple[Section, ...]) -> tuple[Group, ...]:
    """Sizes that sum up to the file's: a byte that two sections claim counts for the first."""
    if sections:
        claims = [
            (section.offset, section.size, _purpose(section))
            for section in sections
            if section.type != _SHT_NOBITS and section.size
        ]
    else:
        claims = [(load.offset, load.filesz, _access(load)) for load in image.of_type(PT_LOAD)]
    sizes: dict[str, int] = {}
    done = counted = 0
    for offset, size, name in sorted(claims):
        start, end = max(offset, done), min(offset + size, image.cursor.size)
        if start < end:
            sizes[name] = sizes.get(name, 0) + end - start
            counted += end - start
            done = end
    sizes[OTHER] = sizes.get(OTHER, 0) + image.cursor.size - counted
    groups = (Group(name=name, size=size) for name, size in sizes.items() if size)
    return tuple(sorted(groups, key=lambda group: (-group.size, group.name)))


def _purpose(section: Section) -> str:
    if section.name.startswith(DEBUG_SECTIONS):
        return DEBUG
    if section.name.removeprefix(RELRO_PREFIX).startswith(GO_SECTIONS):
        return GO_TABLES
    if section.type in RELOCATION_SECTIONS:
        return RELOCATIONS
    if section.type in SYMBOL_SECTIONS and not section.is_names:
        return SYMBOLS
    if not section.flags & _SHF_ALLOC:
        return OTHER
    if section.flags & _SHF_EXECINSTR:
        return CODE
    return DATA if section.flags & _SHF_WRITE else READ_ONLY


def _access(load: Segment) -> str:
    if load.flags & PF_X:
        return CODE
    return DATA if load.flags & PF_W else READ_ONLY


def program_of(
    image: Image,
    dynamic: Dynamic,
    sections: tuple[Section, ...],
    go: GoBuildInfo | None,
    notes: tuple[Note, ...],
) -> Program:
    """Where signs may stand: by section where there are any, else by segment."""
    constants = tuple(
        (section.offset, section.size)
        for section in sections
        if section.name.startswith(b".rodata") and section.type != _SHT_NOBITS
    )
    return Program(
        cursor=image.cursor,
        format="elf",
        # What could not be read may load a libc.
        dynamic=bool(dynamic.loads or dynamic.gaps),
        is_go=go is not None,
        claims_cgo=go is not None and go.setting("CGO_ENABLED") == "1",
        pclntab=tuple(
            (section.offset, section.size) for section in sections if section.name in _PCLNTAB
        ),
        # Linkers other than Go's merge a PIE's function table into .data.rel.ro.
        searched=(*_relro(sections), *_ranges(image, READ_ONLY, CODE, DATA)),
        symbols=string_tables(image.cursor, dynamic, sections),
        texts=constants or _ranges(image, READ_ONLY, CODE),
        external=_external(image, sections),
        gnu_note=any((note.owner, note.type) == NT_GNU_ABI_TAG for note in notes),
        android_note=any((note.owner, note.type) == ANDROID_IDENT for note in notes),
    )


def _relro(sections: tuple[Section, ...]) -> tuple[Range, ...]:
    return tuple(
        (section.offset, section.size) for section in sections if section.name == b".data.rel.ro"
    )


def string_tables(
    cursor: Cursor, dynamic: Dynamic, sections: tuple[Section, ...]
) -> tuple[Range, ...]:
    """The names of symbols: those of the dynamic section, and those of the symbol table."""
    ranges: list[Range] = []
    if dynamic.strings:
        room = dynamic.strings.end - dynamic.strings.start
        ranges.append((dynamic.strings.start, min(dynamic.first(DT_STRSZ) or room, room)))
    if any(section.type == SHT_SYMTAB for section in sections):
        ranges += [
            (section.offset, min(section.size, cursor.size))
            for section in sections
            if section.type == SHT_STRTAB
            and not section.flags & _SHF_ALLOC
            and not section.is_names
        ][:_STRING_TABLES_LIMIT]
    return tuple(ranges)


def _external(image: Image, sections: tuple[Section, ...]) -> str:
    """What the system's linker and start files leave, and Go's own linker never writes."""
    names = [section.name for section in sections if section.name in _EXTERNAL]
    if names:
        listing = b", ".join(dict.fromkeys(names)).decode("ascii")
        return f"sections {listing}"
    return "PT_GNU_EH_FRAME" if image.of_type(_PT_GNU_EH_FRAME) else ""


def _ranges(image: Image, *kinds: str) -> tuple[Range, ...]:
    """File ranges of the segments with this access, in the order of `kinds`."""
    loads = image.of_type(PT_LOAD)
    return tuple(
        (load.offset, load.filesz) for kind in kinds for load in loads if _access(load) == kind
    )
