"""What a Mach-O image needs from the machine it will run on, decided as the kernel and dyld decide.

One library that macOS does not promise is proof of DYNAMIC, whatever else is broken. SYSTEM_ONLY
and STATIC need the opposite: that every load command was read, and that macOS would read the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from staticgo.binary.cursor import Cursor
from staticgo.binary.macho_commands import LC_MAIN, LC_UNIXTHREAD, Commands
from staticgo.binary.macho_image import (
    MH_BUNDLE,
    MH_CORE,
    MH_DYLDLINK,
    MH_DYLIB,
    MH_EXECUTE,
    MH_OBJECT,
    MH_PIE,
    Header,
)
from staticgo.facts.libraries import foreign
from staticgo.facts.macho import CPU_TYPE_X86_64, CPUS
from staticgo.model.binary import Gap, Kind, Linkage

# xnu, bsd/kern/mach_loader.c, DEFAULT_DYLD_PATH: released kernels take no other.
_DYLD = "/usr/lib/dyld"
_KINDS = {
    MH_OBJECT: Kind.RELOCATABLE,
    MH_CORE: Kind.CORE,
    MH_DYLIB: Kind.SHARED_OBJECT,
    MH_BUNDLE: Kind.SHARED_OBJECT,
}
# UPX, src/p_mach.cpp: the segments of its starter, which loads dyld by itself.
_PACKED = frozenset((b"__XHDR", b"UPX_DATA", b"upxTEXT"))
_UPX = b"UPX!"
_UPX_TAIL = 64


class Linked(NamedTuple):
    """The answer, what it rests on, and what could not be read on the way."""

    kind: Kind
    linkage: Linkage
    evidence: str
    interpreter: str = ""
    needed: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()


def read_linkage(
    cursor: Cursor, header: Header, commands: Commands, doubts: tuple[Gap, ...]
) -> Linked:
    """Judge one image; `doubts` are what its fat file says that the image does not."""
    kind = _KINDS.get(header.filetype, Kind.UNKNOWN)
    if header.filetype == MH_EXECUTE:
        kind = Kind.PIE if header.flags & MH_PIE else Kind.EXECUTABLE
    gaps = (*doubts, *commands.gaps)
    count = Counter(name for _command, name in commands.dylibs if name)
    needed = tuple(count)
    # dyld promises the same names on every system of Apple's.
    strange = foreign("darwin", needed)
    if header.filetype in (MH_EXECUTE, MH_DYLIB, MH_BUNDLE):
        gaps = (*gaps, *_doubts(cursor, header, commands))
        linkage, evidence = _decide(header, commands, strange, gaps)
    else:
        evidence = f"filetype is {header.filetype} ({kind}): no kernel starts such a file"
        linkage = Linkage.UNKNOWN
    return Linked(
        kind=kind,
        linkage=linkage,
        evidence=evidence,
        interpreter=next(iter(commands.dylinkers), ""),
        needed=needed,
        foreign=strange,
        repeated=tuple(name for name in count if count[name] > 1),
        gaps=gaps,
    )


def _decide(
    header: Header, commands: Commands, strange: tuple[str, ...], gaps: tuple[Gap, ...]
) -> tuple[Linkage, str]:
    if strange:
        return Linkage.DYNAMIC, f"libraries that macOS does not promise: {_listing(strange)}"
    if commands.environment:
        return Linkage.DYNAMIC, f"LC_DYLD_ENVIRONMENT sets {_listing(commands.environment)}"
    if commands.dylinkers and commands.dylinkers[0] not in (_DYLD, ""):
        return Linkage.DYNAMIC, f"LC_LOAD_DYLINKER names {commands.dylinkers[0]}, not {_DYLD}"
    libraries = _libraries(commands)
    if header.filetype != MH_EXECUTE:
        kind = "a bundle" if header.filetype == MH_BUNDLE else "a library"
        return Linkage.DYNAMIC, f"{kind}, which a program must load; {libraries}"
    if gaps:
        return Linkage.UNKNOWN, f"{gaps[0].what}: {gaps[0].why}"
    if commands.dylinkers:
        return Linkage.SYSTEM_ONLY, f"LC_LOAD_DYLINKER names {_DYLD}; {libraries}"
    if commands.dylibs:
        return Linkage.DYNAMIC, f"no LC_LOAD_DYLINKER, and yet {libraries}"
    return _static(header, commands)


def _static(header: Header, commands: Commands) -> tuple[Linkage, str]:
    """A program that brings everything along, which Apple has never supported (QA1118)."""
    evidence = "no LC_LOAD_DYLINKER, no libraries"
    # Both ask for dyld (xnu, parse_machfile and load_main): without one the program cannot start.
    if header.flags & MH_DYLDLINK or LC_MAIN in commands.seen:
        return Linkage.UNKNOWN, f"{evidence}, but it is marked for dyld: no kernel starts it"
    if LC_UNIXTHREAD not in commands.seen:
        return Linkage.UNKNOWN, f"{evidence}, and no LC_UNIXTHREAD to begin at"
    # parse_machfile: "static executables (disallowed except for development)".
    starts = "where Apple promises no system call"
    if header.cputype != CPU_TYPE_X86_64:
        starts = "which macOS does not start on this CPU"
    return Linkage.STATIC, f"{evidence}: a static program, {starts}"


def _libraries(commands: Commands) -> str:
    names = [name or "(unreadable)" for _command, name in commands.dylibs]
    return f"libraries that macOS promises: {_listing(names)}" if names else "no libraries"


def _listing(names: tuple[str, ...] | list[str]) -> str:
    more = len(names) - 4
    return ", ".join(names[:4]) + (f" and {more} more" if more > 0 else "")


def _doubts(cursor: Cursor, header: Header, commands: Commands) -> Iterator[Gap]:
    """Reasons why macOS might not run what was read here."""
    cpu = CPUS.get(header.cputype)
    if cpu is None or (cpu.bits, cpu.big_endian) != (header.bits, header.big_endian):
        order = "big" if header.big_endian else "little"
        why = f"cputype {header.cputype} with {header.bits} bits, {order}-endian, is none we know"
        yield Gap(what="file header", why=why)
    if len(commands.dylinkers) > 1:
        yield Gap(what="load commands", why="several LC_LOAD_DYLINKER: the kernel refuses them")
    filled = [segment for segment in commands.segments if segment.filesize]
    if any(segment.offset + segment.filesize > cursor.size for segment in filled):
        yield Gap(what="segments", why="one goes past the end of the file: it is cut short")
    # dyld reads the load commands again, in memory, where the first bytes of the file are mapped.
    end = header.size + header.sizeofcmds
    if not any(segment.offset == 0 and segment.filesize >= end for segment in filled):
        yield Gap(what="segments", why="none maps the file's header: dyld would find no commands")
    spans = sorted(
        (part.address, part.address + part.memsize) for part in commands.segments if part.memsize
    )
    if any(one[1] > other[0] for one, other in pairwise(spans)):
        yield Gap(what="segments", why="two lie in the same memory: the later one hides the other")
    larger = any(segment.filesize > segment.memsize > 0 for segment in filled)
    if larger or any(end > 1 << header.bits for _start, end in spans):
        yield Gap(what="segments", why="one has impossible sizes")
    packed = _PACKED.intersection(segment.name for segment in commands.segments)
    if packed or _UPX in cursor.up_to(max(0, cursor.size - _UPX_TAIL), _UPX_TAIL):
        why = "this is packed by UPX; the program inside was not read"
        yield Gap(what="packed program", why=why)
