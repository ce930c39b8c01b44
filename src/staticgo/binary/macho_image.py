"""A Mach-O image as the kernel maps it: the file header, the segments and their sections."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from staticgo.binary.cursor import Buffer, Cursor, Unreadable

MH_OBJECT, MH_EXECUTE, MH_CORE, MH_DYLIB, MH_BUNDLE = 1, 2, 4, 6, 8
MH_DYLDLINK, MH_TWOLEVEL = 0x4, 0x80
MH_ALLOW_STACK_EXECUTION, MH_PIE, MH_NO_HEAP_EXECUTION = 0x20000, 0x200000, 0x1000000
VM_PROT_WRITE, VM_PROT_EXECUTE = 2, 4
VM_PROT_READ_WRITE = 3

# <mach-o/loader.h>: S_ZEROFILL, S_GB_ZEROFILL, S_THREAD_LOCAL_ZEROFILL fill no bytes of the file.
_ZEROFILL = frozenset((0x1, 0xC, 0x12))
_SECTION_TYPE = 0xFF

# Magic as it stands in the file: word size, big-endian.
MAGICS = {
    b"\xce\xfa\xed\xfe": (32, False),
    b"\xcf\xfa\xed\xfe": (64, False),
    b"\xfe\xed\xfa\xce": (32, True),
    b"\xfe\xed\xfa\xcf": (64, True),
}


class Header(NamedTuple):
    """<mach-o/loader.h>, `mach_header` and `mach_header_64`."""

    bits: int
    big_endian: bool
    cputype: int
    cpusubtype: int
    filetype: int
    ncmds: int
    sizeofcmds: int
    flags: int

    @property
    def size(self) -> int:
        """Where the load commands begin."""
        return 32 if self.bits == 64 else 28


class Section(NamedTuple):
    """A part of a segment, which linkers and debuggers care for; the kernel never looks at it."""

    segment: bytes
    name: bytes
    address: int
    size: int
    offset: int
    reloff: int
    nreloc: int
    flags: int

    @property
    def filesize(self) -> int:
        """The bytes it has in the file."""
        return 0 if self.flags & _SECTION_TYPE in _ZEROFILL else self.size


class Segment(NamedTuple):
    """LC_SEGMENT or LC_SEGMENT_64: what the kernel maps."""

    name: bytes
    address: int
    memsize: int
    offset: int
    filesize: int
    maxprot: int
    initprot: int
    sections: tuple[Section, ...]


class Memory(NamedTuple):
    """What Go's build information is read through; the Mach-O half of Go's debug/buildinfo."""

    cursor: Cursor
    segments: tuple[Segment, ...]

    def at(self, address: int, size: int) -> bytes:
        """Up to `size` bytes of file-backed memory, to the end of their segment at most."""
        for segment in self.segments:
            past = address - segment.address
            if 0 <= past < segment.filesize and segment.name != b"__PAGEZERO":
                room = min(size, segment.filesize - past)
                return self.cursor.up_to(segment.offset + past, room)
        return b""

    def places(self) -> Iterator[tuple[int, int]]:
        """The section that Go's linker makes for it, else the first segment of plain data."""
        for segment in self.segments:
            for section in segment.sections:
                if section.name == b"__go_buildinfo":
                    yield section.address, section.size
                    return
        for segment in self.segments:
            protection = (segment.initprot, segment.maxprot)
            if segment.address and segment.filesize and protection == (VM_PROT_READ_WRITE,) * 2:
                yield segment.address, segment.filesize
                return


def read_header(data: Buffer) -> tuple[Header, Cursor]:
    """The file header, and a cursor in its byte order. Unreadable where there is none."""
    what = "file header"
    magic = Cursor(data).up_to(0, 4)
    if magic not in MAGICS:
        raise Unreadable(what, f"it begins with {magic.hex() or 'nothing'}, which is no Mach-O")
    bits, big_endian = MAGICS[magic]
    cursor = Cursor(data, big_endian=big_endian)
    layout = "IIIIIII" if bits == 32 else "IIIIIIII"
    fields = cursor.records(layout, 0, 1, what)[0]
    return Header(bits, big_endian, *fields[1:7]), cursor
