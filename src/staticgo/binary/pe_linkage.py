"""What a PE file needs from the machine it will run on, decided as Windows' loader decides.

One DLL that Windows does not promise is proof of DYNAMIC, whatever else is broken. SYSTEM_ONLY and
STATIC need the opposite: that all tables were read which could have named one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from staticgo.binary.pe_image import (
    BASERELOC,
    COM_DESCRIPTOR,
    IMAGE_FILE_DLL,
    IMAGE_FILE_EXECUTABLE_IMAGE,
    IMAGE_FILE_RELOCS_STRIPPED,
    SCN_DISCARDABLE,
    SCN_EXECUTE,
    SCN_WRITE,
    SECTIONS,
    Header,
    Image,
)
from staticgo.binary.pe_imports import DELAY_LOADS, read_imports
from staticgo.binary.pe_manifest import Manifest, read_manifest
from staticgo.facts.libraries import foreign
from staticgo.facts.libraries_windows import is_extension_set, is_kernel_module
from staticgo.facts.pe import EFI, GO_ARCH, PROCESSES, SUBSYSTEM_NATIVE, subsystem_name
from staticgo.model.binary import Gap, Kind, Linkage

DYNAMIC_BASE = 0x0040

_MSCOREE = "mscoree.dll"
_COMIMAGE_FLAGS_AT, _COR20_SIZE = 16, 72
_ILONLY, _32BITREQUIRED = 0x1, 0x2
_UPX = b"UPX!"
_UPX_WITHIN = 4096
# Less than this may be a thing of the linker's; what a packer fills holds a whole program.
_EMPTY_LIMIT = 0x10000
_INCREMENTAL = b".textbss"


class Linked(NamedTuple):
    """The answer, what it rests on, and what could not be read on the way."""

    kind: Kind
    os: str
    abi: str
    linkage: Linkage
    evidence: str
    needed: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()


def read_linkage(image: Image, unread: tuple[Gap, ...]) -> Linked:
    """Judge an image; `unread` are gaps found before, in its headers."""
    header = image.header
    os = "efi" if header.subsystem in EFI else "windows"
    imports = read_imports(image)
    loads = list(imports.loads)
    # Only the processes of Windows' own subsystem get an activation context.
    manifest = read_manifest(image) if header.subsystem in PROCESSES else Manifest()
    gaps = (*unread, *_doubts(image), *imports.gaps, *manifest.gaps)
    dotnet, gap = _dotnet(image)
    gaps += (gap,) if gap else ()
    if dotnet and _MSCOREE not in (name.lower() for _how, name in loads):
        # Windows itself loads it where there is a CLR header (since XP): see "COM+ runtime header".
        loads.append(("as a .NET assembly needs", _MSCOREE))
    promised = {name for how, name in loads if _is_promised_to(header, how, name)}
    needed = tuple(dict.fromkeys(name for _how, name in (*loads, *manifest.loads)))
    alien = set(foreign(os, needed)) - promised | {name for _how, name in manifest.loads}
    strange = tuple(name for name in needed if name in alien)
    linkage, evidence = _decide(image, [*loads, *manifest.loads], strange, gaps)
    return Linked(
        kind=kind(header),
        os=os,
        abi=subsystem_name(header.subsystem) + dotnet,
        linkage=linkage,
        evidence=evidence,
        needed=needed,
        foreign=strange,
        gaps=gaps,
    )


def _is_promised_to(header: Header, how: str, name: str) -> bool:
    """Whether Windows promises to such a program what it does not promise to all."""
    if header.subsystem == SUBSYSTEM_NATIVE and is_kernel_module(name):
        return True
    return header.subsystem not in EFI and how == DELAY_LOADS and is_extension_set(name)


def kind(header: Header) -> Kind:
    """A DLL, a program that may be put anywhere, or one that may not."""
    if header.characteristics & IMAGE_FILE_DLL:
        return Kind.SHARED_OBJECT
    # Firmware moves every program that can be moved, and asks for no flag.
    asked = header.dll_characteristics & DYNAMIC_BASE or header.subsystem in EFI
    return Kind.PIE if asked and has_relocations(header) else Kind.EXECUTABLE


def has_relocations(header: Header) -> bool:
    """Whether the loader can move the image."""
    return header.directories[BASERELOC][0] != 0 and (
        header.characteristics & IMAGE_FILE_RELOCS_STRIPPED == 0
    )


def _decide(
    image: Image, loads: list[tuple[str, str]], strange: tuple[str, ...], gaps: tuple[Gap, ...]
) -> tuple[Linkage, str]:
    efi = image.header.subsystem in EFI
    if strange:
        names = set(strange)
        asked = [(how, name) for how, name in loads if name in names]
        promise = "EFI firmware loads no library" if efi else "not promised by Windows"
        return Linkage.DYNAMIC, f"{_listing(asked)}: {promise}"
    if gaps:
        return Linkage.UNKNOWN, f"{gaps[0].what}: {gaps[0].why}"
    if loads:
        return Linkage.SYSTEM_ONLY, f"{_listing(loads)}: all promised by Windows"
    nothing = "no import, delay-load import and CLR directory"
    if efi:
        return Linkage.STATIC, f"{nothing}: EFI programs are handed what the firmware offers"
    if image.header.subsystem == SUBSYSTEM_NATIVE:
        return Linkage.STATIC, f"{nothing}: a native image that not even the kernel is linked to"
    if image.header.characteristics & IMAGE_FILE_DLL:
        return Linkage.STATIC, f"{nothing}: a DLL that holds data, or code that needs no other DLL"
    return Linkage.STATIC, f"{nothing}: not even kernel32.dll, which every Go program imports"


def _listing(loads: list[tuple[str, str]]) -> str:
    """`imports A, B; delay-loads C`, the first few of each."""
    ways: dict[str, list[str]] = {}
    for how, name in loads:
        ways.setdefault(how, []).append(name)
    return "; ".join(
        f"{how} {', '.join(names[:4])}" + (f" and {len(names) - 4} more" if names[4:] else "")
        for how, names in ways.items()
    )


def _dotnet(image: Image) -> tuple[str, Gap | None]:
    """What `abi` says of a .NET assembly; "" for other programs (ECMA-335, II.25.3.3)."""
    place = image.directory(COM_DESCRIPTOR)
    if place is None:
        return "", None
    header = image.up_to(place[0], _COR20_SIZE)
    if len(header) < _COR20_SIZE:
        return ", .NET assembly", Gap(what="CLR header", why="the file holds none of it")
    flags = int.from_bytes(header[_COMIMAGE_FLAGS_AT : _COMIMAGE_FLAGS_AT + 4], "little")
    if flags & _ILONLY and not flags & _32BITREQUIRED and image.header.bits == 32:
        return ", .NET assembly for any CPU", None
    return ", .NET assembly", None


def _doubts(image: Image) -> Iterator[Gap]:
    """Reasons why the loader might not run what was read here."""
    header = image.header
    for why in header.doubts:
        yield Gap(what="file header", why=why)
    if (header.machine, header.bits) not in GO_ARCH:
        why = f"machine {header.machine:#06x} with {header.bits} bits is none we know"
        yield Gap(what="file header", why=why)
    if header.subsystem not in (*PROCESSES, SUBSYSTEM_NATIVE, *EFI):
        why = f"{subsystem_name(header.subsystem)}: Windows starts no process from it"
        yield Gap(what="file header", why=why)
    if not header.characteristics & IMAGE_FILE_EXECUTABLE_IMAGE:
        yield Gap(what="file header", why="IMAGE_FILE_EXECUTABLE_IMAGE is not set: no program")
    if image.sections and not image.starts:
        yield Gap(what=SECTIONS, why="they overlap or are out of order: Windows refuses the file")
    if any(
        section.raw_size and section.raw_at + section.raw_size > image.cursor.size
        for section in image.sections
    ):
        yield Gap(what=SECTIONS, why="a section goes past the end of the file: it is cut short")
    if header.is_flat and any(
        section.raw_size and section.raw_at != section.address for section in image.sections
    ):
        yield Gap(what=SECTIONS, why="low alignment, and a section is elsewhere in the file")
    # A file of debug information only (objcopy --only-keep-debug) keeps its headers.
    if header.entry and image.range(header.entry) is None:
        yield Gap(what="entry point", why=f"the file holds no code for address {header.entry:#x}")
    packer = _packer(image)
    if packer:
        yield Gap(what="packed program", why=packer)


def _packer(image: Image) -> str:
    """Why this may be a starter that unpacks another program, or ""."""
    header = image.header
    if image.cursor.find(_UPX, 0, min(header.size_of_headers, _UPX_WITHIN)) >= 0:
        # UPX, src/packhead.cpp: the pack header stands behind the section headers.
        return "this is packed by UPX; the program inside was not read"
    # The mark can be taken off, room for the program inside cannot.
    for section in image.sections:
        if not section.characteristics & SCN_EXECUTE:
            continue
        name = section.name.decode("utf-8", "replace")
        starts = header.entry and 0 <= header.entry - section.address < section.virtual_size
        # Drivers begin in INIT, which the Windows Driver Kit makes writable, and discards.
        of_driver = (
            header.subsystem == SUBSYSTEM_NATIVE and section.characteristics & SCN_DISCARDABLE
        )
        if starts and section.characteristics & SCN_WRITE and not of_driver:
            return f"it starts in {name}, which it can write to: it may unpack another program"
        # Microsoft's linker keeps that one's addresses for functions to come (/INCREMENTAL).
        if (
            not section.raw_size
            and section.virtual_size >= _EMPTY_LIMIT
            and section.name != _INCREMENTAL
        ):
            return f"the file holds nothing of the code in {name}: something must unpack it"
    return ""
