"""Notes of an ELF file: what the system's start files and linkers wrote about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from staticgo.binary.cursor import Unreadable
from staticgo.binary.elf_image import ET_CORE, PT_NOTE, Image

_HEADER = 12
_NAME_LIMIT = 32  # names are of a handful of letters
_CONTENT_LIMIT = 64  # of what is looked at, the first words matter
_NOTES_LIMIT = 256  # a program has some five
_SEGMENTS_LIMIT = 16


class Note(NamedTuple):
    """gABI, "Note Section": who wrote it, its number, and the beginning of what it says."""

    owner: bytes
    type: int
    content: bytes


def read_notes(image: Image) -> tuple[Note, ...]:
    """The notes in PT_NOTE, as far as they can be read: they help, and nothing rests on them.

    Those of a core file tell of the process that died, and are left out.
    """
    if image.header.type == ET_CORE:
        return ()
    notes: dict[Note, None] = {}
    for segment in image.of_type(PT_NOTE)[:_SEGMENTS_LIMIT]:
        # Linux: .note.gnu.property is aligned to 8 on 64-bit CPUs; all others to 4, whatever
        # p_align says (x86-64 psABI, "Linux extensions"; binutils, elf_parse_notes).
        align = 8 if segment.align == 8 else 4
        end = min(segment.offset + segment.filesz, image.cursor.size)
        for note in _in(image, segment.offset, end, align):
            notes[note] = None
            if len(notes) == _NOTES_LIMIT:
                return tuple(notes)
    return tuple(notes)


def _in(image: Image, at: int, end: int, align: int) -> Iterator[Note]:
    for _number in range(_NOTES_LIMIT):
        if at + _HEADER > end:
            return
        try:
            ((name_size, size, kind),) = image.cursor.records("III", at, 1, "notes")
        except Unreadable:
            return
        content_at = _aligned(at + _HEADER + name_size, align)
        if content_at + size > end:
            return
        owner = image.cursor.up_to(at + _HEADER, min(name_size, _NAME_LIMIT))
        content = image.cursor.up_to(content_at, min(size, _CONTENT_LIMIT))
        yield Note(owner.rstrip(b"\0"), kind, content)
        at = _aligned(content_at + size, align)


def _aligned(offset: int, align: int) -> int:
    return (offset + align - 1) & -align
