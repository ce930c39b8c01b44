"""A Mach-O file's bytes to a report, one slice for each CPU of a fat file."""

from __future__ import annotations

from typing import NamedTuple

from staticgo.binary.buildinfo import read_build_info
from staticgo.binary.cursor import Buffer, Cursor, Unreadable
from staticgo.binary.macho_commands import Commands, read_commands
from staticgo.binary.macho_image import MAGICS, MH_OBJECT, Header, Memory, read_header
from staticgo.binary.macho_layout import program_of, read_groups
from staticgo.binary.macho_linkage import Linked, read_linkage
from staticgo.binary.macho_protections import Hardened, read_protections
from staticgo.binary.macho_signature import Signature, read_signature
from staticgo.binary.macho_symbols import Symbols, read_symbols
from staticgo.binary.signs import Signs, read_signs
from staticgo.errors import FormatError
from staticgo.facts.macho import (
    CPU_TYPE_X86,
    CPU_TYPE_X86_64,
    FAT_MAGICS,
    OTHER,
    is_fat,
    machine_name,
    platform,
)
from staticgo.model.binary import (
    BinaryReport,
    Clue,
    Format,
    Gap,
    GoBuildInfo,
    Group,
    Kind,
    Linkage,
    Requirement,
    Slice,
)

FAT_MAGIC, FAT_MAGIC_64 = FAT_MAGICS
# A fat file has two or three slices; Mach-O never had 16 CPUs.
_SLICES_LIMIT = 16
_FAT_HEADER_SIZE = 8
_WHAT = "fat header"

_DAMAGED = "the file is damaged or cut short: get it again from where it was made"
_BUILT = "give the path of a program that has been built"


class _Part(NamedTuple):
    """<mach-o/fat.h>, `fat_arch` and `fat_arch_64`: always big-endian."""

    cputype: int
    cpusubtype: int
    offset: int
    size: int


class _Image(NamedTuple):
    """All that was read of one image."""

    cursor: Cursor
    header: Header
    commands: Commands
    linked: Linked
    go: GoBuildInfo | None
    signs: Signs
    symbols: Symbols
    signature: Signature


def read_macho(data: Buffer) -> BinaryReport:
    """Read a Mach-O file, thin or fat. Raises FormatError where not even a header can be read."""
    magic = Cursor(data).up_to(0, 4)
    if magic in (FAT_MAGIC, FAT_MAGIC_64):
        return _read_fat(data, magic)
    try:
        header, cursor = read_header(data)
    except Unreadable as error:
        why = "it ends within its header" if magic in MAGICS else error.gap.why
        raise FormatError(f"a malformed Mach-O file: {why}", hint=_DAMAGED) from error
    found, gaps = _read_image(header, cursor, ())
    return BinaryReport(format=Format.MACHO, size=cursor.size, slices=(found,), gaps=gaps)


def _read_fat(data: Buffer, magic: bytes) -> BinaryReport:
    cursor = Cursor(data, big_endian=True)
    parts = _parts(cursor, magic)
    whole = data if isinstance(data, memoryview) else memoryview(data)
    slices: list[Slice] = []
    gaps: dict[Gap, None] = {}
    for index, part in enumerate(parts):
        name = machine_name(part.cputype, part.cpusubtype)
        doubts = _misplaced(cursor.size, parts, index, magic)
        if doubts:
            found = _unread(part, name, doubts[0])
            more: tuple[Gap, ...] = doubts
        else:
            with whole[part.offset : part.offset + part.size] as window:
                found, more = _read_part(window, part, name)
        slices.append(found)
        gaps |= dict.fromkeys(Gap(what=f"{name}: {gap.what}", why=gap.why) for gap in more)
    return BinaryReport(
        format=Format.MACHO, size=cursor.size, slices=tuple(slices), gaps=tuple(gaps)
    )


def _parts(cursor: Cursor, magic: bytes) -> tuple[_Part, ...]:
    """The table of slices, all of it."""
    try:
        ((count,),) = cursor.records("I", 4, 1, _WHAT)
        if not is_fat(cursor.up_to(0, 12)):
            raise FormatError("a Java class", hint=_BUILT)
        if not 0 < count <= _SLICES_LIMIT:
            why = f"{count} slices" if count else "no slices"
            raise FormatError(f"a malformed fat Mach-O file: {why}", hint=_DAMAGED)
        layout = "IIIII" if magic == FAT_MAGIC else "IIQQII"
        table = cursor.records(layout, _FAT_HEADER_SIZE, count, _WHAT)
    except Unreadable as error:
        raise FormatError(
            "a malformed fat Mach-O file: it ends within its header", hint=_DAMAGED
        ) from error
    return tuple(_Part(*fields[:4]) for fields in table)


def _misplaced(size: int, parts: tuple[_Part, ...], index: int, magic: bytes) -> tuple[Gap, ...]:
    """Why a slice is not read: each byte of the file belongs to one slice at most."""
    part = parts[index]
    start, end = part.offset, part.offset + part.size
    table = _FAT_HEADER_SIZE + len(parts) * (20 if magic == FAT_MAGIC else 32)
    why = ""
    if end > size:
        why = f"bytes {start:#x} to {end:#x} of a file of {size:#x} bytes: it is cut short"
    elif start < table:
        why = "it lies over the header"
    elif any(
        other.offset < end and start < other.offset + other.size
        for place, other in enumerate(parts)
        if place != index
    ):
        why = "it lies over another slice"
    return (Gap(what="slice", why=why),) if why else ()


def _read_part(window: memoryview, part: _Part, name: str) -> tuple[Slice, tuple[Gap, ...]]:
    """One slice, which may be anything: an archive of object files, a fat file again."""
    try:
        header, cursor = read_header(window)
    except Unreadable as error:
        return _unread(part, name, error.gap, part.size), (error.gap,)
    doubts: tuple[Gap, ...] = ()
    if machine_name(header.cputype, header.cpusubtype) != name:
        why = f"the fat header says {name}, the slice's own cputype {header.cputype}"
        doubts = (Gap(what="slice", why=why),)
    return _read_image(header, cursor, doubts)


def _unread(part: _Part, name: str, gap: Gap, size: int = 0) -> Slice:
    """A slice of which only the fat header's words are known; `size`: bytes that are its own."""
    return Slice(
        machine=name,
        bits=64 if part.cputype & 0x01000000 else 32,
        big_endian=False,
        kind=Kind.UNKNOWN,
        linkage=Linkage.UNKNOWN,
        linkage_evidence=f"{gap.what}: {gap.why}",
        sections=(Group(name=OTHER, size=size),) if size else (),
    )


def _read_image(
    header: Header, cursor: Cursor, doubts: tuple[Gap, ...]
) -> tuple[Slice, tuple[Gap, ...]]:
    commands = read_commands(cursor, header)
    linked = read_linkage(cursor, header, commands, doubts)
    go, unread = read_build_info(Memory(cursor, commands.segments))
    image = _Image(
        cursor=cursor,
        header=header,
        commands=commands,
        linked=linked,
        go=go,
        signs=read_signs(program_of(cursor, header, commands, go)),
        symbols=read_symbols(cursor, header, commands),
        signature=read_signature(cursor, header, commands),
    )
    gaps = [*linked.gaps, *([unread] if unread else ()), *image.signs.gaps, *image.symbols.gaps]
    gaps += [image.signature.gap] if image.signature.gap else []
    if commands.encrypted:
        # The commands themselves are never encrypted: what they say of linkage is sure.
        gaps.append(Gap(what="code", why="LC_ENCRYPTION_INFO: encrypted (cryptid is not 0)"))
    return _slice(image), tuple(dict.fromkeys(gaps))


def _slice(image: _Image) -> Slice:
    header, commands, linked, signs = image.header, image.commands, image.linked, image.signs
    os, abi = _system(header, commands)
    hardened = Hardened(
        header, commands, linked.kind, os, image.go, signs, image.symbols, image.signature
    )
    return Slice(
        machine=machine_name(header.cputype, header.cpusubtype),
        bits=header.bits,
        big_endian=header.big_endian,
        kind=linked.kind,
        linkage=linked.linkage,
        linkage_evidence=linked.evidence,
        interpreter=linked.interpreter,
        needed=linked.needed,
        foreign=linked.foreign,
        repeated=linked.repeated,
        stripped=image.symbols.stripped,
        go=image.go,
        flags=header.flags,
        os=os,
        abi=abi,
        run_paths=commands.run_paths,
        requires=_requires(commands),
        sections=read_groups(image.cursor, header, commands),
        signature=Clue() if header.filetype == MH_OBJECT else image.signature.clue,
        seal=image.signature.seal,
        link_mode=signs.link_mode,
        cgo=signs.cgo,
        libc=signs.libc,
        go_version=signs.go_version,
        functions=signs.functions,
        packages=signs.packages,
        protections=read_protections(hardened),
    )


def _system(header: Header, commands: Commands) -> tuple[str, str]:
    """The operating system in Go's words, and all platforms that the file is for."""
    platforms = [platform(version.platform) for version in commands.versions]
    if platforms:
        titles = dict.fromkeys(entry.title for entry in platforms)
        return platforms[0].os, ", ".join(titles)
    # Files older than these commands were for macOS, where the CPU is a Mac's alone
    # (dyld, MachOFile::forEachSupportedPlatform).
    return ("darwin", "") if header.cputype in (CPU_TYPE_X86, CPU_TYPE_X86_64) else ("", "")


def _requires(commands: Commands) -> tuple[Requirement, ...]:
    """The oldest version of each platform; the SDK is what it was made with, and no need."""
    return tuple(
        Requirement(
            what=platform(version.platform).what,
            version=_dotted(version.minimum),
            asked_by=(version.command,),
        )
        for version in commands.versions
        if version.minimum
    )


def _dotted(version: int) -> str:
    """<mach-o/loader.h>: X.Y.Z in nibbles xxxx.yy.zz."""
    text = f"{version >> 16}.{version >> 8 & 0xFF}"
    return f"{text}.{version & 0xFF}" if version & 0xFF else text
