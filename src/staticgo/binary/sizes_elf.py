"""What `--size` takes from ELF files beside the report: the function table's place, and symbols."""

from __future__ import annotations

from collections.abc import Iterator

from staticgo.binary.cursor import Buffer, Cursor, Unreadable
from staticgo.binary.elf_dynamic import read_dynamic
from staticgo.binary.elf_image import Image, read_header, read_segments
from staticgo.binary.elf_layout import CODE, DATA, READ_ONLY, program_of
from staticgo.binary.elf_sections import SHT_SYMTAB, Section, read_sections
from staticgo.binary.program import Program
from staticgo.model.binary import GoBuildInfo

_WHAT = "symbols"
_SHT_NOBITS = 8
_SHF_WRITE, _SHF_ALLOC, _SHF_EXECINSTR = 1, 2, 4
_STT_OBJECT, _STT_FUNC = 1, 2
_STEP = 4096
# So many take about a second. Few programs have more (Debian's largest some 600,000): what is beyond
# keeps the name of its purpose.
_SYMBOLS_LIMIT = 1 << 18
_NAME_LIMIT = 256  # what is looked for stands at a name's beginning


def read_elf_program(
    data: Buffer, go: GoBuildInfo | None
) -> tuple[Program, tuple[Section, ...]] | None:
    """Where Go's function table may stand, and the sections; None where that cannot be read."""
    header = read_header(data)
    cursor = Cursor(data, big_endian=header.big_endian)
    try:
        image = Image(cursor=cursor, header=header, segments=read_segments(cursor, header))
        sections = read_sections(cursor, header)
    except Unreadable:
        return None
    return program_of(image, read_dynamic(image), sections, go, ()), sections


def elf_symbols(
    program: Program, sections: tuple[Section, ...]
) -> Iterator[tuple[bytes, int, str]]:
    """Name, size and purpose of every function and variable that the file has bytes for.

    gABI, "Symbol Table": the table's strings are in the section that follows it in all linkers'
    output; `sh_link`, which says so, is the reader's own business.
    """
    table = next((section for section in sections if section.type == SHT_SYMTAB), None)
    if table is None or not program.symbols:
        return
    cursor = program.cursor
    strings, room = program.symbols[-1]
    end = strings + room
    wide = cursor.up_to(4, 1) == b"\2"
    layout, width = ("IBBHQQ", 24) if wide else ("IIIBBH", 16)
    number = min(table.size, max(0, cursor.size - table.offset)) // width
    for first in range(0, min(number, _SYMBOLS_LIMIT), _STEP):
        count = min(_STEP, number - first)
        for record in cursor.records(layout, table.offset + first * width, count, _WHAT):
            if wide:
                name, info, _other, index, _value, size = record
            else:
                name, _value, size, info, _other, index = record
            if info & 15 not in (_STT_OBJECT, _STT_FUNC) or not 0 < index <= len(sections):
                continue
            section = sections[index - 1]
            if size and section.type != _SHT_NOBITS and section.flags & _SHF_ALLOC:
                at = strings + name
                text = cursor.up_to(at, min(_NAME_LIMIT, end - at)).partition(b"\0")[0]
                yield text, size, _purpose(section)


def _purpose(section: Section) -> str:
    if section.flags & _SHF_EXECINSTR:
        return CODE
    return DATA if section.flags & _SHF_WRITE else READ_ONLY
