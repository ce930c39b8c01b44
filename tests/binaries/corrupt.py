"""Images that lie or are damaged, each by one change: none of them may ever be called static."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tests.binaries.elf import (
    BASE,
    DF_1_PIE,
    DT_FLAGS_1,
    DT_STRTAB,
    DYNAMIC,
    ET_CORE,
    ET_DYN,
    ET_REL,
    PT_DYNAMIC,
    PT_LOAD,
    PT_NULL,
    STATIC,
    STATIC_PIE,
    Elf,
    Phdr,
)

_PIE_AT = STATIC_PIE.contents_at + 16 - STATIC_PIE.contents_at % 16
"""The dynamic section of STATIC_PIE: behind one empty string, 16-aligned."""
_PIE_SIZE = 48
_WHOLE = _PIE_AT + _PIE_SIZE
_SMALL = STATIC.contents_at + 16 - STATIC.contents_at % 16
"""The size of STATIC."""


_NOTHING = Phdr(type=PT_NULL, offset=0, vaddr=0, filesz=0, memsz=0)


def _load(**changes: int) -> Phdr:
    sizes = {"offset": 0, "vaddr": BASE, "filesz": _SMALL, "memsz": _SMALL}
    return Phdr(type=PT_LOAD, **(sizes | changes))


def _dynamic(**changes: int) -> Phdr:
    place = {"offset": _PIE_AT, "vaddr": _PIE_AT, "filesz": _PIE_SIZE, "memsz": _PIE_SIZE}
    return Phdr(type=PT_DYNAMIC, **(place | changes))


def _pie_with(*extra: Phdr) -> bytes:
    """STATIC_PIE with more program headers, which move its dynamic section along."""
    return STATIC_PIE.but(extra=extra).build()


_FORGED_CLASS = bytearray(STATIC.build())
_FORGED_CLASS[4] = 1
_FORGED_ORDER = bytearray(STATIC.build())
_FORGED_ORDER[5] = 2
_APPIMAGE = bytearray(STATIC.build())
_APPIMAGE[8:11] = b"AI\x02"


def _disguised() -> bytes:
    """A dynamic 64-bit program that is a static 32-bit one to readers who believe EI_CLASS.

    Linux goes by e_machine and starts it as the former. Both headers share their bytes: the upper
    half of e_entry is the other's e_phoff, and e_shoff holds its e_phentsize and e_phnum.
    """
    plain = DYNAMIC.build()
    entry = BASE + DYNAMIC.ehsize | len(plain) << 32
    image = bytearray(DYNAMIC.but(header={"entry": entry, "shoff": 32 << 16 | 1 << 32}).build())
    image[4] = 1
    load = Phdr(type=PT_LOAD, offset=0, vaddr=BASE, filesz=len(image), memsz=len(image))
    return bytes(image) + Elf(bits=32).pack_phdr(load)


CORRUPT: Mapping[str, bytes] = MappingProxyType(
    {
        "no program headers": STATIC.but(header={"phnum": 0}).build(),
        "program headers of a strange size": STATIC.but(header={"phentsize": 57}).build(),
        "program headers counted in section 0": STATIC.but(header={"phnum": 0xFFFF}).build(),
        "more program headers than Linux takes": STATIC.but(header={"phnum": 2000}).build(),
        "program headers past the end": STATIC.but(header={"phoff": 1 << 40}).build(),
        "program headers at the end of memory": STATIC.but(header={"phoff": 2**64 - 8}).build(),
        "no segment to load": STATIC.but(patch={0: _NOTHING}).build(),
        "a segment past the end": STATIC.but(patch={0: _load(filesz=9999, memsz=9999)}).build(),
        "a segment larger in the file": STATIC.but(patch={0: _load(memsz=1)}).build(),
        "a segment around the end of memory": STATIC.but(
            patch={0: _load(vaddr=2**64 - 64)}, entry=2**64 - 64
        ).build(),
        "an entry point nowhere": STATIC.but(entry=0x1234).build(),
        "an entry point without code in the file": STATIC.but(patch={0: _load(filesz=0)}).build(),
        "another class than the CPU has": bytes(_FORGED_CLASS),
        "another byte order than the CPU has": bytes(_FORGED_ORDER),
        "a dynamic program in disguise": _disguised(),
        "an unknown CPU": STATIC.but(machine=0x1234).build(),
        "an object file": STATIC.but(type=ET_REL).build(),
        "a core dump": STATIC.but(type=ET_CORE).build(),
        "a type of the operating system's": STATIC.but(type=0xFE00).build(),
        "code that can write to itself": STATIC.but(
            patch={0: Phdr(type=PT_LOAD, offset=0, vaddr=BASE, filesz=120, memsz=120, flags=7)}
        ).build(),
        "room for a program inside": STATIC.but(
            patch={0: Phdr(type=PT_LOAD, offset=0, vaddr=0x10000, filesz=0, memsz=0x20000)},
            extra=(Phdr(type=PT_LOAD, offset=0, vaddr=BASE, filesz=180, memsz=180),),
        ).build(),
        "a program packed by UPX": STATIC.build() + b"\0\0\0\0UPX!" + bytes(28),
        "an AppImage": bytes(_APPIMAGE),
        "a dynamic section past the end": STATIC_PIE.but(
            patch={1: _dynamic(offset=_WHOLE + 9)}
        ).build(),
        "an empty dynamic section": STATIC_PIE.but(patch={1: _dynamic(filesz=0)}).build(),
        "a dynamic section without an end": STATIC_PIE.but(patch={1: _dynamic(filesz=32)}).build(),
        "a dynamic section of absurd size": STATIC_PIE.but(
            patch={1: _dynamic(offset=0, filesz=2**63)}
        ).build(),
        "a dynamic section that is elsewhere in memory": STATIC_PIE.but(
            patch={1: _dynamic(vaddr=_PIE_AT - 16)}
        ).build(),
        "a dynamic section in no segment": STATIC_PIE.but(
            patch={1: _dynamic(vaddr=0x70000000)}
        ).build(),
        "a dynamic section below another segment": _pie_with(
            Phdr(type=PT_LOAD, offset=0, vaddr=0, filesz=8, memsz=8)
        ),
        "two dynamic sections": _pie_with(
            Phdr(type=PT_DYNAMIC, offset=0x120, vaddr=0x120, filesz=48, memsz=48)
        ),
        "a string table nowhere": STATIC_PIE.but(
            dynamic=((DT_FLAGS_1, DF_1_PIE), (DT_STRTAB, 0x70000000))
        ).build(),
        "two string tables": STATIC_PIE.but(
            dynamic=((DT_FLAGS_1, DF_1_PIE), (DT_STRTAB, 64), (DT_STRTAB, 64))
        ).build(),
        "a position-independent file without a mark": STATIC.but(type=ET_DYN).build(),
    }
)
