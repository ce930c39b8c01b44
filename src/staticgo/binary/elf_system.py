"""Which operating system and ABI an ELF file says it is for. Several places may say it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from staticgo.binary.elf_image import Header, Image
from staticgo.binary.elf_notes import Note
from staticgo.facts.elf import (
    ANDROID_IDENT,
    ARM_FLOAT,
    EF_MIPS_ABI2,
    ELF_GOOS,
    EM_386,
    EM_ARM,
    EM_LOONGARCH,
    EM_MIPS,
    EM_PPC64,
    EM_RISCV,
    GNU_ABI_TAG_OS,
    LINUX_LOADERS,
    LOADER_OS,
    LOONGARCH_FLOAT,
    MIPS_ABI,
    MIPS_FLOAT,
    NARROWER_OS,
    NOTE_OS,
    NT_GNU_ABI_TAG,
    OSABI_NAMES,
    OSABI_OS,
    RISCV_FLOAT,
)
from staticgo.model.binary import Gap, Requirement

_EM_SPARC = (2, 18, 43)
_EM_AMD64 = 62
_PT_MIPS_ABIFLAGS = 0x70000003
_FP_ABI_AT = 7


class System(NamedTuple):
    """The operating system in Go's words, "" where nothing or too much names it."""

    os: str
    abi: str
    loader_os: str
    """The system whose loader the interpreter is."""
    requires: tuple[Requirement, ...]
    gaps: tuple[Gap, ...]


def read_system(
    image: Image, interpreter: str, notes: tuple[Note, ...], goos: str | None
) -> System:
    """What all the places say together; where they contradict each other, no answer."""
    header = image.header
    loader_os = _loader_os(header, interpreter)
    claims = dict(_claims(header, loader_os, notes, goos))
    broader = {NARROWER_OS[name] for name in claims if name in NARROWER_OS}
    names = [name for name in claims if name not in broader]
    gaps = []
    if len(names) > 1:
        said = ", ".join(f"{claims[name]} says {name}" for name in names)
        gaps.append(Gap(what="operating system", why=f"the file contradicts itself: {said}"))
    return System(
        os=names[0] if len(names) == 1 else "",
        abi=", ".join(_abi(image)),
        loader_os=loader_os,
        requires=tuple(_requirements(header, notes)),
        gaps=tuple(gaps),
    )


def _claims(
    header: Header, loader_os: str, notes: tuple[Note, ...], goos: str | None
) -> Iterator[tuple[str, str]]:
    """Systems, each with the place that names it."""
    if header.osabi in OSABI_OS:
        yield OSABI_OS[header.osabi], "EI_OSABI"
    for note in notes:
        name = NOTE_OS.get((note.owner, note.type))
        if (note.owner, note.type) == NT_GNU_ABI_TAG:
            name = GNU_ABI_TAG_OS.get(_word(header, note.content, 0))
        if name:
            yield name, f"the note of {note.owner.decode('ascii')}"
    if loader_os:
        yield loader_os, "PT_INTERP"
    if goos in ELF_GOOS:
        yield goos, "Go's GOOS"


def _loader_os(header: Header, interpreter: str) -> str:
    if interpreter.rpartition("/")[2].startswith(LINUX_LOADERS):
        return "linux"
    if interpreter == "/lib/ld.so.1":
        # Solaris knows two CPUs; on mips, ppc and s390 it is glibc's (its sysdeps/*/shlib-versions).
        solaris = header.machine in (EM_386, _EM_AMD64, *_EM_SPARC)
        return "solaris" if solaris else "linux"
    return LOADER_OS.get(interpreter, "")


def _requirements(header: Header, notes: tuple[Note, ...]) -> Iterator[Requirement]:
    for note in notes:
        if (note.owner, note.type) == NT_GNU_ABI_TAG and len(note.content) >= 16:
            system, *version = (_word(header, note.content, index) for index in range(4))
            # Below it glibc says "FATAL: kernel too old" (older ones check the note of each library).
            if GNU_ABI_TAG_OS.get(system) == "linux":
                number = ".".join(map(str, version))
                yield Requirement(what="linux kernel", version=number, asked_by=("NT_GNU_ABI_TAG",))
        if (note.owner, note.type) == ANDROID_IDENT and len(note.content) >= 4:
            level = str(_word(header, note.content, 0))
            yield Requirement(what="android API", version=level, asked_by=(".note.android.ident",))


def _word(header: Header, content: bytes, index: int) -> int:
    """A 32-bit word of a note; -1 where there is none."""
    word = content[4 * index : 4 * index + 4]
    return int.from_bytes(word, "big" if header.big_endian else "little") if len(word) == 4 else -1


def _abi(image: Image) -> Iterator[str]:
    header = image.header
    flags = header.flags
    yield OSABI_NAMES.get(header.osabi, f"EI_OSABI {header.osabi}")
    if header.machine == EM_ARM and flags >> 24:
        yield " ".join((f"EABI{flags >> 24}", *(t for bit, t in ARM_FLOAT.items() if flags & bit)))
    elif header.machine == EM_RISCV:
        yield RISCV_FLOAT[flags >> 1 & 3]
    elif header.machine == EM_LOONGARCH and flags & 7 in LOONGARCH_FLOAT:
        yield LOONGARCH_FLOAT[flags & 7]
    elif header.machine == EM_PPC64 and flags & 3:
        yield f"ELFv{flags & 3}"
    elif header.machine == EM_MIPS:
        yield _mips_abi(header)
        for segment in image.of_type(_PT_MIPS_ABIFLAGS)[:1]:
            float_abi = image.cursor.up_to(segment.offset + _FP_ABI_AT, 1)
            if float_abi and float_abi[0] in MIPS_FLOAT:
                yield MIPS_FLOAT[float_abi[0]]


def _mips_abi(header: Header) -> str:
    if header.bits == 64:
        return "n64"
    if header.flags & EF_MIPS_ABI2:
        return "n32"
    return MIPS_ABI.get(header.flags & 0xF000, "o32")
