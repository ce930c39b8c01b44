"""A PE file as Windows' loader sees it: headers, data directories, sections, mapped memory.

Names and layouts: Microsoft's "PE Format". What the loader refuses, and how it rounds: ReactOS
ntoskrnl/mm/section.c (PeFmtCreateSection), which was written after Windows' behaviour.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from typing import NamedTuple

from staticgo.binary.cursor import Buffer, Cursor, Unreadable
from staticgo.errors import FormatError

MACHINE_I386, MACHINE_ARM64 = 0x014C, 0xAA64
IMAGE_FILE_RELOCS_STRIPPED = 0x0001
IMAGE_FILE_EXECUTABLE_IMAGE = 0x0002
IMAGE_FILE_DLL = 0x2000

SCN_CODE, SCN_DATA, SCN_BSS = 0x20, 0x40, 0x80
SCN_DISCARDABLE = 0x02000000
SCN_EXECUTE, SCN_READ, SCN_WRITE = 0x20000000, 0x40000000, 0x80000000

# Indices of the data directories ("Optional Header Data Directories").
EXPORT, IMPORT, RESOURCE, EXCEPTION, SECURITY, BASERELOC = 0, 1, 2, 3, 4, 5
LOAD_CONFIG, BOUND_IMPORT, DELAY_IMPORT, COM_DESCRIPTOR = 10, 11, 13, 14

SECTIONS = "section headers"

_LFANEW_AT = 0x3C
_COFF_SIZE = 20
# Name, VirtualSize, VirtualAddress, SizeOfRawData, PointerToRawData, Characteristics.
_SECTION = struct.Struct("<8sIIII12xI")
_DIRECTORIES = 16
_PE32, _PE32_PLUS = 0x10B, 0x20B
_PAGE = 4096
_SECTOR = 512
# Vista and later take up to 65,535 ("PE Format": 96 before); real programs have 30 at most.
_SECTIONS_LIMIT = 4096
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NAME_LIMIT = 64  # every name that is looked for is shorter

_DAMAGED = "the file is damaged or cut short: get it again from where it was made"
_OLD = "give the path of a Windows program for 32 or 64 bits: those are PE files"
# What else begins with MZ: file(1), magic/Magdir/msdos.
_OTHERS = {
    b"NE": "a 16-bit program for Windows or OS/2 (NE)",
    b"LE": "a driver for Windows 9x or a DOS extender's program (LE)",
    b"LX": "an OS/2 program (LX)",
}


class Header(NamedTuple):
    """The COFF file header and what is used of the optional header."""

    machine: int
    bits: int
    characteristics: int
    symbols_at: int
    symbols: int
    sections_at: int
    section_count: int
    linker: tuple[int, int]
    entry: int
    base: int
    section_alignment: int
    file_alignment: int
    subsystem_version: tuple[int, int]
    size_of_headers: int
    subsystem: int
    dll_characteristics: int
    directories: tuple[tuple[int, int], ...]
    """RVA (of the certificates: file offset) and size of each; 16, absent ones (0, 0)."""
    doubts: tuple[str, ...]
    """Why the loader might not read the same."""

    @property
    def is_flat(self) -> bool:
        """Whether memory is the file itself: sections aligned to less than a page."""
        return self.section_alignment < _PAGE


class Section(NamedTuple):
    """A section header. A name is cut at 64 bytes; `start` and `end` are of its bytes in the file."""

    name: bytes
    address: int
    virtual_size: int
    start: int
    end: int
    characteristics: int
    raw_at: int
    raw_size: int
    """PointerToRawData and SizeOfRawData, as they stand in the header."""


class Image(NamedTuple):
    """Readable headers and what belongs to them; sections in the order of the file's headers."""

    cursor: Cursor
    header: Header
    sections: tuple[Section, ...]
    starts: tuple[int, ...]
    """The sections' addresses, ascending; empty where the order is none that could be mapped."""

    def directory(self, index: int) -> tuple[int, int] | None:
        """Address and size of a data directory; the loader goes by the address alone."""
        place = self.header.directories[index]
        return place if place[0] else None

    def range(self, rva: int) -> tuple[int, int] | None:
        """The file offset of a byte of memory, and how many bytes from there the file fills."""
        index = bisect_right(self.starts, rva) - 1
        if index >= 0:
            section = self.sections[index]
            past = rva - section.address
            if section.start + past < section.end:
                return section.start + past, section.end - section.start - past
        elif 0 <= rva < min(self.header.size_of_headers, self.cursor.size):
            return rva, min(self.header.size_of_headers, self.cursor.size) - rva
        return None

    def up_to(self, rva: int, size: int) -> bytes:
        """Up to `size` bytes of memory, as far as the file fills them without a break."""
        place = self.range(rva)
        return self.cursor.up_to(place[0], min(size, place[1])) if place else b""

    def offset(self, rva: int, size: int, what: str) -> int:
        """The file offset of a range of memory that the file fills, or Unreadable."""
        place = self.range(rva)
        if place is None or place[1] < size:
            raise Unreadable(what, f"the file holds no {size} bytes for address {rva:#x}")
        return place[0]

    def string(self, rva: int, limit: int) -> str:
        """The text at an address; "" where it does not end within `limit` bytes."""
        text, end, _rest = self.up_to(rva, limit).partition(b"\0")
        return text.decode("utf-8", "replace") if end else ""


def read_header(data: Buffer) -> Header:
    """All headers but the sections'. Raises FormatError where nothing can be said without them."""
    cursor = Cursor(data)
    start = _pe_offset(cursor)
    try:
        coff = cursor.records("HHIIIHH", start + 4, 1, "file header")[0]
        machine, section_count, _time, symbols_at, symbols, size, characteristics = coff
        optional = start + 4 + _COFF_SIZE
        magic = cursor.records("H", optional, 1, "optional header")[0][0]
        if magic not in (_PE32, _PE32_PLUS):
            raise FormatError(
                f"a malformed PE file: the magic number {magic:#x} of its optional header is none "
                "of a program's",
                hint=_DAMAGED,
            )
        bits = 64 if magic == _PE32_PLUS else 32
        layout = "HBB12xI4xQII8xHH8xI4xHH" if bits == 64 else "HBB12xI8xIII8xHH8xI4xHH"
        fixed = cursor.records(layout, optional, 1, "optional header")[0]
        count_at = optional + (108 if bits == 64 else 92)
        count = cursor.records("I", count_at, 1, "optional header")[0][0]
    except Unreadable as error:
        raise FormatError(
            "a malformed PE file: it ends within its headers", hint=_DAMAGED
        ) from error
    directories, cut = _directories(cursor, count_at + 4, count)
    doubts = [cut] if cut else []
    sections_at = optional + size
    _magic, major, minor, entry, base, alignment, file_alignment, *rest = fixed
    subsystem_major, subsystem_minor, headers_size, subsystem, dll_characteristics = rest
    if sections_at < count_at + 4 + 8 * min(count, _DIRECTORIES):
        doubts.append(f"SizeOfOptionalHeader is {size}: the section headers lie within it")
    # What lies behind is not in memory, or something else is; the loader reads both.
    if sections_at + _SECTION.size * section_count > headers_size:
        doubts.append(f"SizeOfHeaders is {headers_size}, less than the headers need")
    return Header(
        machine=machine,
        bits=bits,
        characteristics=characteristics,
        symbols_at=symbols_at,
        symbols=symbols,
        sections_at=sections_at,
        section_count=section_count,
        linker=(major, minor),
        entry=entry,
        base=base,
        section_alignment=alignment,
        file_alignment=file_alignment,
        subsystem_version=(subsystem_major, subsystem_minor),
        size_of_headers=headers_size,
        subsystem=subsystem,
        dll_characteristics=dll_characteristics,
        directories=directories,
        doubts=tuple(doubts),
    )


def _directories(cursor: Cursor, start: int, count: int) -> tuple[tuple[tuple[int, int], ...], str]:
    """The data directories, and why they may be others.

    RtlImageDirectoryEntryToData looks at NumberOfRvaAndSizes, never at SizeOfOptionalHeader.
    """
    size = 8 * min(count, _DIRECTORIES)
    table = cursor.up_to(start, size)
    words = Cursor(table.ljust(8 * _DIRECTORIES, b"\0")).records("II", 0, _DIRECTORIES, "")
    cut = "the file ends within the data directories" if len(table) < size else ""
    return tuple((address, length) for address, length in words), cut


def _pe_offset(cursor: Cursor) -> int:
    """Where "PE\\0\\0" stands; FormatError for what else begins with MZ."""
    field = cursor.up_to(_LFANEW_AT, 4)
    start = int.from_bytes(field, "little")
    signature = cursor.up_to(start, 4) if len(field) == 4 else b""
    if signature == b"PE\0\0":
        return start
    for magic, what in _OTHERS.items():
        if signature.startswith(magic) and start >= _LFANEW_AT + 4:
            raise FormatError(what, hint=_OLD)
    if len(field) == 4 and len(signature) == 4:
        raise FormatError("an MS-DOS program (MZ, without a PE header)", hint=_OLD)
    raise FormatError(
        "an MS-DOS program, or a Windows program that is cut short before its PE header",
        hint=_DAMAGED,
    )


def read_sections(cursor: Cursor, header: Header, names_at: int) -> tuple[Section, ...]:
    """Every section, or Unreadable. `names_at`: the string table with names longer than 8 bytes."""
    if header.section_count > _SECTIONS_LIMIT:
        raise Unreadable(SECTIONS, f"a table of {header.section_count} sections")
    raw = cursor.exactly(header.sections_at, _SECTION.size * header.section_count, SECTIONS)
    # The loader counts in sectors; low-aligned images (old drivers, EFI programs) are mapped as they
    # are. It refuses other alignments within files, and firmware reads them without rounding.
    sector = 1 if header.is_flat or header.file_alignment % _SECTOR else _SECTOR
    sections = []
    for field, virtual_size, address, raw_size, pointer, flags in _SECTION.iter_unpack(raw):
        start = pointer & -sector
        size = (raw_size + sector - 1) & -sector
        if virtual_size:
            size = min(size, _pages(virtual_size))
        sections.append(
            Section(
                name=_name(cursor, field, names_at),
                address=address,
                virtual_size=virtual_size or raw_size,
                start=start,
                end=max(start, min(start + size, cursor.size)) if pointer else start,
                characteristics=flags,
                raw_at=pointer,
                raw_size=raw_size if pointer else 0,
            )
        )
    return tuple(sections)


def read_image(cursor: Cursor, header: Header, sections: tuple[Section, ...]) -> Image:
    """The image; without a mapping of its sections where the loader could make none."""
    page = 1 if header.is_flat else _PAGE
    position = 0 if header.is_flat else header.size_of_headers
    for section in sections:
        if section.address < position or section.address % page:
            return Image(cursor, header, sections, ())
        position = section.address + max(section.virtual_size, 1)
        position = (position + page - 1) & -page
    return Image(cursor, header, sections, tuple(section.address for section in sections))


def _pages(size: int) -> int:
    return (size + _PAGE - 1) & -_PAGE


def _name(cursor: Cursor, field: bytes, names_at: int) -> bytes:
    """A name of up to 8 bytes, or the place of a longer one in the string table.

    `/` and a decimal offset; from 10,000,000 on LLVM writes `//` and six digits of base 64
    (llvm/lib/Object/COFFObjectFile.cpp, decodeBase64StringEntry).
    """
    name = field.rstrip(b"\0")
    if name[:1] != b"/" or not names_at:
        return name.partition(b"\0")[0]
    digits = name[1:]
    if digits.isdigit():
        offset = int(digits)
    elif len(name) == 8 and digits[:1] == b"/" and not digits[1:].translate(None, _BASE64):
        offset = 0
        for digit in digits[1:]:
            offset = offset * 64 + _BASE64.index(digit)
    else:
        return name
    return cursor.up_to(names_at + offset, _NAME_LIMIT).partition(b"\0")[0] or name
