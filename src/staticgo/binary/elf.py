"""An ELF file's bytes to a report: linkage, symbols, and Go's build information."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from staticgo.binary.buildinfo import read_build_info
from staticgo.binary.cursor import Buffer, Cursor, Unreadable
from staticgo.binary.elf_image import (
    ET_CORE,
    ET_EXEC,
    ET_REL,
    PF_W,
    PF_X,
    PT_LOAD,
    Header,
    Image,
    read_header,
    read_segments,
)
from staticgo.binary.elf_layout import program_of, read_groups
from staticgo.binary.elf_linkage import Linked, on_system, read_linkage
from staticgo.binary.elf_notes import read_notes
from staticgo.binary.elf_protections import Hardened, read_protections
from staticgo.binary.elf_sections import Section, is_stripped, read_sections
from staticgo.binary.elf_system import read_system
from staticgo.binary.elf_versions import read_requirements
from staticgo.binary.program import Program, Signs
from staticgo.binary.signs import read_signs
from staticgo.facts.elf import machine_name
from staticgo.facts.libraries import foreign
from staticgo.model.binary import BinaryReport, Clue, Format, Gap, Kind, Linkage, Slice

_KINDS = {ET_REL: Kind.RELOCATABLE, ET_CORE: Kind.CORE, ET_EXEC: Kind.EXECUTABLE}


class _Memory(NamedTuple):
    """What Go's build information is read through; the ELF half of Go's debug/buildinfo."""

    image: Image
    sections: tuple[Section, ...]

    def at(self, address: int, size: int) -> bytes:
        """Up to `size` bytes of file-backed memory, to the end of their segment at most."""
        for load in self.image.of_type(PT_LOAD):
            past = address - load.vaddr
            if 0 <= past < load.filesz:
                return self.image.cursor.up_to(load.offset + past, min(size, load.filesz - past))
        return b""

    def places(self) -> Iterator[tuple[int, int]]:
        """The section that Go's linker makes for it, else the first segment of plain data."""
        for section in self.sections:
            if section.name == b".go.buildinfo":
                yield section.address, section.size
                return
        for load in self.image.of_type(PT_LOAD):
            if load.flags & (PF_W | PF_X) == PF_W:
                yield load.vaddr, load.filesz
                return


def read_elf(data: Buffer) -> BinaryReport:
    """Read an ELF file. Raises FormatError where not even its header can be read."""
    header = read_header(data)
    cursor = Cursor(data, big_endian=header.big_endian)
    image, linked = _linkage(cursor, header)
    sections, gaps = _sections(cursor, header)
    go, unread = read_build_info(_Memory(image, sections or ()))
    notes = read_notes(image)
    system = read_system(image, linked.interpreter, notes, go.setting("GOOS") if go else None)
    alien = foreign(system.os, linked.needed)
    linked = on_system(linked, system, alien)
    versions, unversioned = read_requirements(image, linked.dynamic)
    signs = _signs(program_of(image, linked.dynamic, sections or (), go, notes), sections)
    hardened = Hardened(image, linked.dynamic, sections or (), linked.kind, system.os, go, signs)
    report = Slice(
        machine=machine_name(header.machine, header.bits, header.big_endian, header.flags),
        bits=header.bits,
        big_endian=header.big_endian,
        kind=linked.kind,
        linkage=linked.linkage,
        linkage_evidence=linked.evidence,
        interpreter=linked.interpreter,
        needed=linked.needed,
        foreign=alien,
        stripped=None if sections is None else is_stripped(sections),
        go=go,
        flags=header.flags,
        os=system.os,
        abi=system.abi,
        run_paths=linked.dynamic.run_paths,
        requires=versions + system.requires,
        sections=read_groups(image, sections or ()),
        link_mode=signs.link_mode,
        cgo=signs.cgo,
        libc=signs.libc,
        go_version=signs.go_version,
        functions=signs.functions,
        packages=signs.packages,
        protections=read_protections(hardened),
    )
    gaps += (*linked.gaps, *([unread] if unread else ()), *system.gaps, *unversioned, *signs.gaps)
    # dict: one gap found on two ways is one gap.
    return BinaryReport(
        format=Format.ELF, size=cursor.size, slices=(report,), gaps=tuple(dict.fromkeys(gaps))
    )


def _sections(cursor: Cursor, header: Header) -> tuple[tuple[Section, ...] | None, tuple[Gap, ...]]:
    """The sections; none where there are no headers, and None where they cannot be read."""
    try:
        return read_sections(cursor, header), ()
    except Unreadable as error:
        return None, (error.gap,)


def _signs(program: Program, sections: tuple[Section, ...] | None) -> Signs:
    """The signs; where sections cannot tell which linker it was, nothing is said of it."""
    signs = read_signs(program)
    if sections or program.external or not signs.link_mode.value:
        return signs
    why = "no section headers: what another linker leaves is told by their names"
    return signs._replace(link_mode=Clue(evidence=why))


def _linkage(cursor: Cursor, header: Header) -> tuple[Image, Linked]:
    """The image and its judgement; without readable program headers an image of nothing."""
    try:
        image = Image(cursor=cursor, header=header, segments=read_segments(cursor, header))
    except Unreadable as error:
        return Image(cursor=cursor, header=header, segments=()), Linked(
            kind=_KINDS.get(header.type, Kind.UNKNOWN),
            linkage=Linkage.UNKNOWN,
            evidence=str(error),
            gaps=(error.gap,),
        )
    return image, read_linkage(image)
