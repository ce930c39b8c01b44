"""What an ELF file needs from the machine it will run on, decided as the kernel decides.

One sign of a loader is proof of DYNAMIC, whatever else is broken. STATIC needs the opposite: that
everything which could have held such a sign was read, and that the kernel would read the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from staticgo.binary.cursor import Unreadable
from staticgo.binary.elf_dynamic import Dynamic, read_dynamic, read_interpreter
from staticgo.binary.elf_image import (
    ET_CORE,
    ET_DYN,
    ET_EXEC,
    ET_REL,
    PT_DYNAMIC,
    PT_INTERP,
    PT_LOAD,
    Image,
)
from staticgo.binary.elf_system import System
from staticgo.binary.packed import packer
from staticgo.facts.elf import GO_ARCH, NARROWER_OS
from staticgo.facts.libraries import THROUGH_LIBRARIES
from staticgo.model.binary import Gap, Kind, Linkage

# DT_SUNW_AUXILIARY and DT_SUNW_FILTER, for which the ld.so.1 of Solaris and illumos loads a file
# (<sys/link.h>). On Android the second number is that of compressed relocations: no answer there too.
_DT_SUNW_FILTERS = (0x6000000D, 0x6000000F)


class Linked(NamedTuple):
    """The answer, what it rests on, and what could not be read on the way."""

    kind: Kind
    linkage: Linkage
    evidence: str
    interpreter: str = ""
    needed: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    dynamic: Dynamic = Dynamic()


def read_linkage(image: Image) -> Linked:
    """Judge a whole image; `image.segments` must be every program header of the file."""
    other = {ET_REL: Kind.RELOCATABLE, ET_CORE: Kind.CORE}.get(image.header.type, Kind.UNKNOWN)
    if image.header.type not in (ET_EXEC, ET_DYN):
        evidence = f"e_type is {image.header.type} ({other}): no kernel starts such a file"
        return Linked(kind=other, linkage=Linkage.UNKNOWN, evidence=evidence)
    interpreter, gaps = read_interpreter(image)
    dynamic = read_dynamic(image)
    gaps = (*gaps, *dynamic.gaps, *_doubts(image))
    linkage, evidence = _decide(image, interpreter, dynamic, gaps)
    return Linked(
        kind=_kind(image, dynamic),
        linkage=linkage,
        evidence=evidence,
        interpreter=interpreter,
        needed=tuple(name for tag, name in dynamic.loads if tag == "DT_NEEDED" and name),
        gaps=gaps,
        dynamic=dynamic,
    )


def on_system(linked: Linked, system: System, foreign: tuple[str, ...]) -> Linked:
    """SYSTEM_ONLY in place of DYNAMIC, where the system has no other programs and promises all.

    Everything must say so: the file names one such system, asks for that system's own loader,
    loads by DT_NEEDED alone, and nothing was left unread.
    """
    promised = (
        linked.linkage is Linkage.DYNAMIC
        and linked.kind in (Kind.EXECUTABLE, Kind.PIE)
        and not linked.gaps
        and system.os in THROUGH_LIBRARIES
        and system.loader_os in (system.os, NARROWER_OS.get(system.os))
        and all(tag == "DT_NEEDED" for tag, _name in linked.dynamic.loads)
        and not any(linked.dynamic.first(tag) is not None for tag in _DT_SUNW_FILTERS)
        and not foreign
    )
    if not promised:
        return linked
    evidence = f"{linked.evidence}; all of it belongs to {system.os}"
    return linked._replace(linkage=Linkage.SYSTEM_ONLY, evidence=evidence)


def _kind(image: Image, dynamic: Dynamic) -> Kind:
    if image.header.type == ET_EXEC:
        return Kind.EXECUTABLE
    # Linkers older than DF_1_PIE (binutils 2.26) mark a PIE by its interpreter only; but libc.so.6
    # has an interpreter too, and is told by its name.
    if dynamic.pie or (image.of_type(PT_INTERP) and not dynamic.soname):
        return Kind.PIE
    return Kind.SHARED_OBJECT


def _decide(
    image: Image, interpreter: str, dynamic: Dynamic, gaps: tuple[Gap, ...]
) -> tuple[Linkage, str]:
    signs = []
    if image.of_type(PT_INTERP):
        signs.append(f"PT_INTERP names {interpreter or 'an unreadable path'}")
    if dynamic.loads:
        tags = ", ".join(dict.fromkeys(tag for tag, _name in dynamic.loads))
        signs.append(f"{tags} in the dynamic section: {_listing(dynamic)}")
    if signs:
        return Linkage.DYNAMIC, "; ".join(signs)
    if gaps:
        return Linkage.UNKNOWN, f"{gaps[0].what}: {gaps[0].why}"
    if image.header.type == ET_EXEC:
        # Linux hands control to e_entry itself where there is no PT_INTERP and never looks at
        # PT_DYNAMIC (fs/binfmt_elf.c); a static link with --export-dynamic leaves one behind.
        table = "no DT_NEEDED in PT_DYNAMIC" if image.of_type(PT_DYNAMIC) else "no PT_DYNAMIC"
        return Linkage.STATIC, f"no PT_INTERP, {table}"
    if dynamic.pie:
        return Linkage.STATIC_PIE, "DF_1_PIE, no PT_INTERP, no DT_NEEDED"
    if image.header.entry == 0:
        return Linkage.DYNAMIC, "a shared object without an entry point: something must load it"
    # ld.so itself and valgrind's preloads look like this: programs, or parts of others.
    return Linkage.UNKNOWN, "ET_DYN without DF_1_PIE, PT_INTERP and DT_NEEDED, with an entry point"


def _listing(dynamic: Dynamic) -> str:
    names = [name or "(unreadable)" for _tag, name in dynamic.loads]
    more = len(names) - 4
    return ", ".join(names[:4]) + (f" and {more} more" if more > 0 else "")


def _doubts(image: Image) -> Iterator[Gap]:
    """Reasons why the kernel might not run what was read here."""
    header = image.header
    loads = image.of_type(PT_LOAD)
    if (header.machine, header.bits, header.big_endian) not in GO_ARCH:
        order = "big" if header.big_endian else "little"
        why = f"machine {header.machine} with {header.bits} bits, {order}-endian, is none we know"
        yield Gap(what="file header", why=why)
    if not loads:
        yield Gap(what="segments", why="there is no PT_LOAD: nothing would be in memory")
    if any(load.offset + load.filesz > image.cursor.size for load in loads):
        yield Gap(what="segments", why="a PT_LOAD goes past the end of the file: it is cut short")
    # Linux refuses both (elf_map and load_elf_binary): the sizes lie about what will be in memory.
    limit = 1 << header.bits
    if any(load.filesz > load.memsz or load.vaddr + load.memsz > limit for load in loads):
        yield Gap(what="segments", why="a PT_LOAD has impossible sizes")
    # A file of debug information (objcopy --only-keep-debug) keeps the program headers and has no
    # code behind them; a shared object may have no entry point at all.
    if loads and (header.type == ET_EXEC or header.entry):
        try:
            image.mapping(header.entry, 1, "entry point")
        except Unreadable as error:
            yield error.gap
    name = packer(image)
    if name:
        yield Gap(what="packed program", why=f"this is {name}; the program inside was not read")
