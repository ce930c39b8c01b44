"""What an ELF file asks a loader for: its interpreter, and the libraries in its dynamic section."""

from __future__ import annotations

from typing import NamedTuple

from staticgo.binary.cursor import Cursor, Unreadable
from staticgo.binary.elf_image import PT_DYNAMIC, PT_INTERP, Image, Segment
from staticgo.model.binary import Gap

INTERPRETER = "interpreter"
DYNAMIC_SECTION = "dynamic section"

_DT_NULL, _DT_NEEDED, _DT_STRTAB, _DT_SONAME = 0, 1, 5, 14
_DT_RPATH, _DT_RUNPATH = 15, 29
DT_STRSZ = 10
DT_FLAGS_1 = 0x6FFFFFFB
_DF_1_PIE = 0x08000000
# Tags other than DT_NEEDED for which ld.so loads a file (elf.h; glibc elf/dl-load.c, elf/rtld.c).
_LOADING = {
    _DT_NEEDED: "DT_NEEDED",
    0x6FFFFEFB: "DT_DEPAUDIT",
    0x6FFFFEFC: "DT_AUDIT",
    0x7FFFFFFD: "DT_AUXILIARY",
    0x7FFFFFFF: "DT_FILTER",
}

_NAME_LIMIT = 4096  # Linux's PATH_MAX: the kernel refuses a longer interpreter
# Far above any real file (a browser has some 50 libraries); bounds time and memory for hostile ones.
_ENTRIES_LIMIT = 1024
_TABLES_LIMIT = 4


class Strings(NamedTuple):
    """DT_STRTAB: where it begins in the file, and where the segment that holds it ends."""

    cursor: Cursor
    start: int
    end: int

    def at(self, offset: int, limit: int = _NAME_LIMIT) -> str | None:
        """The string at `offset` of the table; None where it does not end within `limit`."""
        room = min(limit, self.end - self.start - offset)
        name, end, _rest = self.cursor.up_to(self.start + offset, room).partition(b"\0")
        return name.decode("utf-8", "replace") if end else None


class Dynamic(NamedTuple):
    """The dynamic section, as far as it could be read: `gaps` says whether that is all of it."""

    entries: tuple[tuple[int, int], ...] = ()
    """Every entry before DT_NULL: its tag and its value."""
    strings: Strings | None = None
    """DT_STRTAB; None where it could not be found, or nothing asks for it."""
    loads: tuple[tuple[str, str], ...] = ()
    """Files that a loader would load: the tag and the name ("" where the name is unreadable)."""
    run_paths: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()

    def first(self, tag: int) -> int | None:
        """The value of the first entry with `tag`."""
        return next((value for found, value in self.entries if found == tag), None)

    @property
    def pie(self) -> bool:
        """Whether DF_1_PIE is set."""
        return any(tag == DT_FLAGS_1 and value & _DF_1_PIE for tag, value in self.entries)

    @property
    def soname(self) -> bool:
        """Whether it has a name of its own, as shared objects do."""
        return self.first(_DT_SONAME) is not None


def read_interpreter(image: Image) -> tuple[str, tuple[Gap, ...]]:
    """The path in the first PT_INTERP: the kernel heeds no other (fs/binfmt_elf.c)."""
    segments = image.of_type(PT_INTERP)
    if not segments:
        return "", ()
    gaps = [] if len(segments) == 1 else [Gap(what=INTERPRETER, why="there are several PT_INTERP")]
    path, end, _rest = image.cursor.up_to(
        segments[0].offset, min(segments[0].filesz, _NAME_LIMIT)
    ).partition(b"\0")
    if not (path and end):
        gaps.append(Gap(what=INTERPRETER, why="PT_INTERP holds no path that ends"))
    return path.decode("utf-8", "replace"), tuple(gaps)


def read_dynamic(image: Image) -> Dynamic:
    """Everything up to DT_NULL: gABI, "Dynamic Section". More than one PT_DYNAMIC is a gap."""
    segments = image.of_type(PT_DYNAMIC)
    gaps = []
    if len(segments) > 1:
        gaps.append(Gap(what=DYNAMIC_SECTION, why="there are several PT_DYNAMIC"))
    entries: list[tuple[int, int]] = []
    for segment in segments[:_TABLES_LIMIT]:
        found, gap = _entries(image, segment)
        entries += found
        gaps += [gap] if gap else []
    strings: Strings | None = None
    try:
        strings = _string_table(image, entries)
    except Unreadable as error:
        gaps.append(error.gap)
    loads, unnamed = _loads(strings, entries)
    run_paths, unread = _run_paths(strings, entries)
    return Dynamic(
        entries=tuple(entries),
        strings=strings,
        loads=loads,
        run_paths=run_paths,
        gaps=(*gaps, *unnamed, *unread),
    )


def _entries(image: Image, segment: Segment) -> tuple[list[tuple[int, int]], Gap | None]:
    """The entries before DT_NULL; with a gap where a loader could see others.

    A loader reads memory at p_vaddr up to DT_NULL, and looks neither at p_offset nor at p_filesz.
    """
    layout, size = ("QQ", 16) if image.header.bits == 64 else ("II", 8)
    room = max(0, min(segment.filesz, image.cursor.size - segment.offset)) // size
    count = min(room, _ENTRIES_LIMIT)
    start = min(segment.offset, image.cursor.size)
    entries: list[tuple[int, int]] = []
    for tag, value in image.cursor.records(layout, start, count, DYNAMIC_SECTION):
        if tag == _DT_NULL:
            break
        entries.append((tag, value))
    if segment.filesz == 0:
        why = "the file holds none of it, as where it holds debug information only"
    elif segment.offset + segment.filesz > image.cursor.size:
        why = "it goes past the end of the file"
    elif len(entries) == count:
        why = f"no DT_NULL ends its {count} entries"
    else:
        why = _misplaced(image, segment, (len(entries) + 1) * size)
    return entries, Gap(what=DYNAMIC_SECTION, why=why) if why else None


def _misplaced(image: Image, segment: Segment, size: int) -> str:
    """Why the bytes at p_offset may not be those at p_vaddr; "" where they are the same."""
    try:
        load = image.mapping(segment.vaddr, size, DYNAMIC_SECTION)
    except Unreadable as error:
        return error.gap.why
    if segment.vaddr - load.vaddr != segment.offset - load.offset:
        return "p_offset and p_vaddr name different bytes"
    return ""


def _loads(
    strings: Strings | None, entries: list[tuple[int, int]]
) -> tuple[tuple[tuple[str, str], ...], tuple[Gap, ...]]:
    """Each entry that loads a file, with its name; the order is the file's."""
    gaps: dict[Gap, None] = {}
    names = []
    for tag, offset in entries:
        if tag not in _LOADING:
            continue
        name = (strings.at(offset) if strings else None) or ""
        if not name:
            why = f"a {_LOADING[tag]} entry has no readable name"
            gaps[Gap(what=DYNAMIC_SECTION, why=why)] = None
        names.append((_LOADING[tag], name))
    return tuple(names), tuple(gaps)


def _run_paths(
    strings: Strings | None, entries: list[tuple[int, int]]
) -> tuple[tuple[str, ...], tuple[Gap, ...]]:
    """The folders to search: loaders ignore DT_RPATH where there is DT_RUNPATH (ld.so(8))."""
    wanted = {tag: value for tag, value in entries if tag in (_DT_RPATH, _DT_RUNPATH)}
    offset = wanted.get(_DT_RUNPATH, wanted.get(_DT_RPATH))
    if offset is None:
        return (), ()
    paths = strings.at(offset) if strings else None
    if paths is None:
        return (), (Gap(what="run paths", why="their entry has no readable text"),)
    return tuple(paths.split(":")) if paths else (), ()


def _string_table(image: Image, entries: list[tuple[int, int]]) -> Strings | None:
    """DT_STRTAB; Unreadable where it is nowhere, or missing though something is named."""
    addresses = [value for tag, value in entries if tag == _DT_STRTAB]
    if not addresses and not any(tag in _LOADING for tag, _value in entries):
        return None
    if len(addresses) != 1:
        raise Unreadable(DYNAMIC_SECTION, f"it has {len(addresses)} DT_STRTAB entries")
    load = image.mapping(addresses[0], 1, "DT_STRTAB")
    return Strings(image.cursor, addresses[0] - load.vaddr + load.offset, load.offset + load.filesz)
