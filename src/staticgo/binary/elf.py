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
from staticgo.binary.elf_linkage import Linked, read_linkage
from staticgo.binary.elf_sections import Section, is_stripped, read_sections
from staticgo.facts.elf import machine_name
from staticgo.model.binary import BinaryReport, Format, Kind, Linkage, Slice

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
    gaps = list(linked.gaps)
    sections: tuple[Section, ...] = ()
    stripped: bool | None = None
    try:
        sections = read_sections(cursor, header)
        stripped = is_stripped(sections)
    except Unreadable as error:
        gaps.append(error.gap)
    go, gap = read_build_info(_Memory(image, sections))
    gaps += [gap] if gap else []
    report = Slice(
        machine=machine_name(header.machine, header.bits, header.big_endian, header.flags),
        bits=header.bits,
        big_endian=header.big_endian,
        kind=linked.kind,
        linkage=linked.linkage,
        linkage_evidence=linked.evidence,
        interpreter=linked.interpreter,
        needed=linked.needed,
        stripped=stripped,
        go=go,
        flags=header.flags,
    )
    # dict: one gap found on two ways is one gap.
    return BinaryReport(
        format=Format.ELF, size=cursor.size, slices=(report,), gaps=tuple(dict.fromkeys(gaps))
    )


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
