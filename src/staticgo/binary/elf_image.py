"""An ELF file as the kernel sees it: the file header, the program headers, the mapped memory."""

from __future__ import annotations

from typing import NamedTuple

from staticgo.binary.cursor import Buffer, Cursor, Unreadable
from staticgo.errors import FormatError

ET_REL, ET_EXEC, ET_DYN, ET_CORE = 1, 2, 3, 4
PT_LOAD, PT_DYNAMIC, PT_INTERP, PT_NOTE = 1, 2, 3, 4
PF_X, PF_W = 1, 2

_IDENT_SIZE = 16
_EI_CLASS, _EI_DATA, _EI_OSABI = 4, 5, 7
_PN_XNUM = 0xFFFF
# Linux refuses larger program header tables (fs/binfmt_elf.c, load_elf_phdrs).
_PHDRS_LIMIT = 65536
# The kernel maps whole pages, so neighbours within a page matter. Pages are never smaller.
_PAGE = 4096

_DAMAGED = "the file is damaged or cut short: get it again from where it was made"


class Header(NamedTuple):
    """gABI, "ELF Header". No kernel looks at e_version and e_ehsize."""

    bits: int
    big_endian: bool
    osabi: int
    type: int
    machine: int
    version: int
    entry: int
    phoff: int
    shoff: int
    flags: int
    ehsize: int
    phentsize: int
    phnum: int
    shentsize: int
    shnum: int
    shstrndx: int


class Segment(NamedTuple):
    """gABI, "Program Header"."""

    type: int
    flags: int
    offset: int
    vaddr: int
    filesz: int
    memsz: int
    align: int


class Image(NamedTuple):
    """A readable header and what belongs to it."""

    cursor: Cursor
    header: Header
    segments: tuple[Segment, ...]

    def of_type(self, kind: int) -> tuple[Segment, ...]:
        """The program headers of one type, in the file's order."""
        return tuple(segment for segment in self.segments if segment.type == kind)

    def mapping(self, address: int, size: int, what: str) -> Segment:
        """The one PT_LOAD whose file bytes hold all of a range of memory, or Unreadable.

        Where two segments share a page, the later one decides what is in memory there: no answer.
        """
        touching = [
            load
            for load in self.of_type(PT_LOAD)
            if load.vaddr & -_PAGE < address + size
            and address < (load.vaddr + load.memsz + _PAGE - 1) & -_PAGE
        ]
        if len(touching) > 1:
            raise Unreadable(what, f"address {address:#x} lies in several PT_LOAD segments")
        for load in touching:
            if load.vaddr <= address and address + size <= load.vaddr + load.filesz:
                return load
        raise Unreadable(what, f"address {address:#x} lies in no PT_LOAD segment's file bytes")


def read_header(data: Buffer) -> Header:
    """The file header. Raises FormatError where nothing can be said without it."""
    ident = Cursor(data).up_to(0, _IDENT_SIZE)
    bits = {1: 32, 2: 64}.get(ident[_EI_CLASS] if len(ident) == _IDENT_SIZE else 0)
    order = {1: False, 2: True}.get(ident[_EI_DATA] if len(ident) == _IDENT_SIZE else 0)
    if bits is None or order is None:
        raise FormatError(
            "a malformed ELF file: its first 16 bytes name no word size or byte order",
            hint=_DAMAGED,
        )
    layout = "HHIQQQIHHHHHH" if bits == 64 else "HHIIIIIHHHHHH"
    cursor = Cursor(data, big_endian=order)
    try:
        fields = cursor.records(layout, _IDENT_SIZE, 1, "file header")[0]
    except Unreadable as error:
        raise FormatError(
            "a malformed ELF file: it ends within its header", hint=_DAMAGED
        ) from error
    return Header(bits, order, ident[_EI_OSABI], *fields)


def read_segments(cursor: Cursor, header: Header) -> tuple[Segment, ...]:
    """The program headers, all of them, or Unreadable: a part could hide the one that matters."""
    what = "program headers"
    size = 56 if header.bits == 64 else 32
    if header.phnum == 0:
        return ()
    if header.phentsize != size:
        raise Unreadable(
            what, f"e_phentsize is {header.phentsize}, not {size}: no kernel runs this"
        )
    # PN_XNUM (the number stands in section 0) is for core files; Linux does not know it elsewhere.
    if header.phnum == _PN_XNUM or header.phnum * size > _PHDRS_LIMIT:
        raise Unreadable(what, f"e_phnum is {header.phnum}, more than Linux accepts")
    layout = "IIQQQQQQ" if header.bits == 64 else "IIIIIIII"
    table = cursor.records(layout, header.phoff, header.phnum, what)
    if header.bits == 64:
        return tuple(
            Segment(kind, flags, offset, vaddr, filesz, memsz, align)
            for kind, flags, offset, vaddr, _paddr, filesz, memsz, align in table
        )
    return tuple(
        Segment(kind, flags, offset, vaddr, filesz, memsz, align)
        for kind, offset, vaddr, _paddr, filesz, memsz, flags, align in table
    )
