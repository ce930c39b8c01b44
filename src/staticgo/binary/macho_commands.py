"""Mach-O load commands: everything that the kernel and dyld are told, in one pass.

Layouts and numbers: Apple's <mach-o/loader.h>. What could not be read stays behind as a gap, and
a program with such gaps is never called static or system-only.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from staticgo.binary.cursor import Cursor, Unreadable
from staticgo.binary.macho_image import Header, Section, Segment
from staticgo.facts.macho import VERSION_MIN
from staticgo.model.binary import Gap

LOAD_COMMANDS = "load commands"

LC_SEGMENT, LC_SYMTAB, LC_UNIXTHREAD, LC_DYSYMTAB = 0x1, 0x2, 0x5, 0xB
LC_LOAD_DYLINKER, LC_SEGMENT_64, LC_CODE_SIGNATURE = 0xE, 0x19, 0x1D
LC_DYLD_INFO, LC_DYLD_INFO_ONLY, LC_DYLD_ENVIRONMENT = 0x22, 0x80000022, 0x27
LC_FUNCTION_STARTS, LC_SOURCE_VERSION, LC_BUILD_VERSION = 0x26, 0x2A, 0x32
LC_RPATH, LC_MAIN = 0x8000001C, 0x80000028
LC_ENCRYPTION_INFO, LC_ENCRYPTION_INFO_64 = 0x21, 0x2C

DYLIBS: Mapping[int, str] = {
    0xC: "LC_LOAD_DYLIB",
    0x80000018: "LC_LOAD_WEAK_DYLIB",
    0x8000001F: "LC_REEXPORT_DYLIB",
    0x20: "LC_LAZY_LOAD_DYLIB",
    0x80000023: "LC_LOAD_UPWARD_DYLIB",
}
# Offset and size of something in __LINKEDIT that dyld reads: LC_SEGMENT_SPLIT_INFO, _FUNCTION_STARTS,
# _DATA_IN_CODE, _DYLIB_CODE_SIGN_DRS, _LINKER_OPTIMIZATION_HINT, _DYLD_EXPORTS_TRIE,
# _DYLD_CHAINED_FIXUPS, _ATOM_INFO, _FUNCTION_VARIANTS, _FUNCTION_VARIANT_FIXUPS.
_LINKEDIT = (0x1E, 0x26, 0x29, 0x2B, 0x2E, 0x80000033, 0x80000034, 0x36, 0x37, 0x38)
# Commands that name nothing to load: LC_SYMSEG, _THREAD, _UNIXTHREAD, _IDENT, _ID_DYLIB,
# _ID_DYLINKER, _ROUTINES, _SUB_FRAMEWORK, _SUB_UMBRELLA, _SUB_CLIENT, _SUB_LIBRARY, _TWOLEVEL_HINTS,
# _PREBIND_CKSUM, _ROUTINES_64, _UUID, _MAIN, _SOURCE_VERSION, _LINKER_OPTION, _NOTE, _TARGET_TRIPLE.
_HARMLESS = frozenset(
    (0x3, 0x4, 0x5, 0x8, 0xD, 0xF, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x1A, 0x1B)
) | {LC_MAIN, LC_SOURCE_VERSION, 0x2D, 0x31, 0x39}

# The kernel takes what fits into the file; dyld took 32 kB until macOS 12 (ImageLoaderMachO.h).
_SIZE_LIMIT = 1 << 18
_COUNT_LIMIT = 4096
_GAPS_LIMIT = 16


class Version(NamedTuple):
    """A minimum version of an operating system, and how many tools signed the file."""

    platform: int
    minimum: int
    tools: int
    command: str


class Commands(NamedTuple):
    """What all load commands say together."""

    segments: tuple[Segment, ...] = ()
    dylibs: tuple[tuple[str, str], ...] = ()
    """The command and the library's install name; "" where it cannot be read."""
    dylinkers: tuple[str, ...] = ()
    run_paths: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    """LC_DYLD_ENVIRONMENT: variables that tell dyld to look elsewhere."""
    versions: tuple[Version, ...] = ()
    symtab: tuple[int, ...] = ()
    """symoff, nsyms, stroff, strsize."""
    dysymtab: tuple[int, ...] = ()
    """First and count of local, of defined external and of undefined symbols."""
    signatures: tuple[tuple[int, int], ...] = ()
    encrypted: bool = False
    linkedit: tuple[tuple[int, int], ...] = ()
    """Offset and size of what dyld reads beside symbols and signature."""
    seen: frozenset[int] = frozenset()
    gaps: tuple[Gap, ...] = ()


@dataclass(slots=True)
class _Reading:
    """One pass over the commands."""

    header: Header
    order: str
    segments: list[Segment] = field(default_factory=list)
    dylibs: list[tuple[str, str]] = field(default_factory=list)
    dylinkers: list[str] = field(default_factory=list)
    run_paths: list[str] = field(default_factory=list)
    environment: list[str] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)
    symtabs: list[tuple[int, ...]] = field(default_factory=list)
    dysymtabs: list[tuple[int, ...]] = field(default_factory=list)
    signatures: list[tuple[int, int]] = field(default_factory=list)
    encrypted: bool = False
    linkedit: list[tuple[int, int]] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    gaps: dict[Gap, None] = field(default_factory=dict)

    def doubt(self, why: str) -> None:
        """Remember what could not be read."""
        self.note(Gap(what=LOAD_COMMANDS, why=why))

    def note(self, gap: Gap) -> None:
        """Remember a gap; of a file that is full of them, the first few."""
        if len(self.gaps) < _GAPS_LIMIT:
            self.gaps[gap] = None

    def fields(self, layout: str, body: bytes, name: str, at: int = 8) -> tuple[int, ...]:
        """Integers of one command, or Unreadable where it is too short."""
        form = self.order + layout
        if at + struct.calcsize(form) > len(body):
            raise Unreadable(LOAD_COMMANDS, f"{name} of {len(body)} bytes is too short")
        return struct.unpack_from(form, body, at)

    def string(self, body: bytes, name: str, least: int) -> str:
        """An `lc_str`: an offset from the start of the command, and text that ends within it."""
        (offset,) = self.fields("I", body, name)
        text, end, _rest = body[offset:].partition(b"\0")
        if offset < least or not (text and end):
            self.doubt(f"{name} has no readable name")
            return ""
        return text.decode("utf-8", "replace")


def read_commands(cursor: Cursor, header: Header) -> Commands:
    """All load commands; what cannot be read of them is in `gaps`."""
    reading = _Reading(header, ">" if header.big_endian else "<")
    if header.sizeofcmds > _SIZE_LIMIT or header.ncmds > _COUNT_LIMIT:
        reading.doubt(f"{header.ncmds} of them in {header.sizeofcmds} bytes: more than dyld takes")
    else:
        block = cursor.up_to(header.size, header.sizeofcmds)
        if len(block) < header.sizeofcmds:
            reading.doubt("they go past the end of the file: it is cut short")
        _read_all(reading, block)
    for name, tables in (("LC_SYMTAB", reading.symtabs), ("LC_DYSYMTAB", reading.dysymtabs)):
        if len(tables) > 1:
            reading.doubt(f"{len(tables)} {name} commands: dyld takes one")
    return Commands(
        segments=tuple(reading.segments),
        dylibs=tuple(reading.dylibs),
        dylinkers=tuple(reading.dylinkers),
        run_paths=tuple(reading.run_paths),
        environment=tuple(reading.environment),
        versions=tuple(reading.versions),
        symtab=reading.symtabs[0] if reading.symtabs else (),
        dysymtab=reading.dysymtabs[0] if reading.dysymtabs else (),
        signatures=tuple(reading.signatures),
        encrypted=reading.encrypted,
        linkedit=tuple(reading.linkedit),
        seen=frozenset(reading.seen),
        gaps=tuple(reading.gaps),
    )


def _read_all(reading: _Reading, block: bytes) -> None:
    head = struct.Struct(reading.order + "II")
    position = 0
    for index in range(reading.header.ncmds):
        if position + head.size > len(block):
            reading.doubt(f"command {index} of {reading.header.ncmds} lies past their end")
            return
        command, size = head.unpack_from(block, position)
        if size < head.size or position + size > len(block):
            reading.doubt(f"command {index} has {size} bytes: less than its head, or past the end")
            return
        reading.seen.add(command)
        handler = _HANDLERS.get(command)
        if handler:
            try:
                handler(reading, command, block[position : position + size])
            except Unreadable as error:
                reading.note(error.gap)
        elif command not in _HARMLESS:
            # Apple adds commands; one of them may load something one day.
            reading.doubt(f"command {command:#x} is none we know")
        position += size


def _segment(reading: _Reading, command: int, body: bytes) -> None:
    wide = command == LC_SEGMENT_64
    if wide != (reading.header.bits == 64):
        # xnu, bsd/kern/mach_loader.c: a segment for the other word size is refused.
        raise Unreadable(LOAD_COMMANDS, "a segment for another word size than the header's")
    layout, start = ("16sQQQQiiII", 72) if wide else ("16sIIIIiiII", 56)
    each = struct.Struct(reading.order + ("16s16sQQIIIIIIII" if wide else "16s16sIIIIIIIII"))
    if start > len(body):
        raise Unreadable(LOAD_COMMANDS, f"a segment of {len(body)} bytes is too short")
    fields = struct.unpack_from(reading.order + layout, body, 8)
    name, address, memsize, offset, filesize, maxprot, initprot, nsects, _flags = fields
    if start + nsects * each.size > len(body):
        raise Unreadable(LOAD_COMMANDS, f"a segment of {len(body)} bytes with {nsects} sections")
    sections = []
    for part in each.iter_unpack(body[start : start + nsects * each.size]):
        section, segment, start, size, at, _align, reloff, nreloc, flags, *_reserved = part
        sections.append(
            Section(_trim(segment), _trim(section), start, size, at, reloff, nreloc, flags)
        )
    reading.segments.append(
        Segment(_trim(name), address, memsize, offset, filesize, maxprot, initprot, tuple(sections))
    )


def _trim(name: bytes) -> bytes:
    return name.partition(b"\0")[0]


def _dylib(reading: _Reading, command: int, body: bytes) -> None:
    name = DYLIBS[command]
    reading.dylibs.append((name, ""))  # it loads something, whether its name can be read or not
    reading.dylibs[-1] = (name, reading.string(body, name, 24))


def _dylinker(reading: _Reading, _command: int, body: bytes) -> None:
    reading.dylinkers.append("")
    reading.dylinkers[-1] = reading.string(body, "LC_LOAD_DYLINKER", 12)


def _run_path(reading: _Reading, _command: int, body: bytes) -> None:
    path = reading.string(body, "LC_RPATH", 12)
    if path:
        reading.run_paths.append(path)


def _environment(reading: _Reading, _command: int, body: bytes) -> None:
    reading.environment.append("")
    reading.environment[-1] = reading.string(body, "LC_DYLD_ENVIRONMENT", 12)


def _version_min(reading: _Reading, command: int, body: bytes) -> None:
    (minimum,) = reading.fields("I", body, "LC_VERSION_MIN")
    reading.versions.append(Version(VERSION_MIN[command], minimum, 0, "LC_VERSION_MIN"))


def _build_version(reading: _Reading, _command: int, body: bytes) -> None:
    platform, minimum, _sdk, tools = reading.fields("IIII", body, "LC_BUILD_VERSION")
    reading.versions.append(Version(platform, minimum, tools, "LC_BUILD_VERSION"))


def _symtab(reading: _Reading, _command: int, body: bytes) -> None:
    reading.symtabs.append(reading.fields("IIII", body, "LC_SYMTAB"))


def _dysymtab(reading: _Reading, _command: int, body: bytes) -> None:
    *counts, indirect, count = reading.fields("6I24xII", body, "LC_DYSYMTAB")
    reading.dysymtabs.append(tuple(counts))
    reading.linkedit.append((indirect, 4 * count))


def _signature(reading: _Reading, _command: int, body: bytes) -> None:
    offset, size = reading.fields("II", body, "LC_CODE_SIGNATURE")
    reading.signatures.append((offset, size))


def _dyld_info(reading: _Reading, _command: int, body: bytes) -> None:
    pairs = reading.fields("10I", body, "LC_DYLD_INFO")
    reading.linkedit += zip(pairs[::2], pairs[1::2], strict=True)


def _linkedit(reading: _Reading, command: int, body: bytes) -> None:
    offset, size = reading.fields("II", body, f"command {command:#x}")
    reading.linkedit.append((offset, size))


def _encryption(reading: _Reading, _command: int, body: bytes) -> None:
    _offset, _size, cryptid = reading.fields("III", body, "LC_ENCRYPTION_INFO")
    reading.encrypted = reading.encrypted or cryptid != 0


_HANDLERS: Mapping[int, Callable[[_Reading, int, bytes], None]] = {
    LC_SEGMENT: _segment,
    LC_SEGMENT_64: _segment,
    **dict.fromkeys(DYLIBS, _dylib),
    LC_LOAD_DYLINKER: _dylinker,
    LC_RPATH: _run_path,
    LC_DYLD_ENVIRONMENT: _environment,
    **dict.fromkeys(VERSION_MIN, _version_min),
    LC_BUILD_VERSION: _build_version,
    LC_SYMTAB: _symtab,
    LC_DYSYMTAB: _dysymtab,
    LC_CODE_SIGNATURE: _signature,
    **dict.fromkeys((LC_DYLD_INFO, LC_DYLD_INFO_ONLY), _dyld_info),
    **dict.fromkeys(_LINKEDIT, _linkedit),
    **dict.fromkeys((LC_ENCRYPTION_INFO, LC_ENCRYPTION_INFO_64), _encryption),
}
