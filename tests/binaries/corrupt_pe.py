"""PE images that lie or are damaged, each by one change: none may be called static or system-only."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tests.binaries.pe import (
    ARM64,
    COM_DESCRIPTOR,
    DELAY_IMPORT,
    EXPORT,
    GUI,
    IMPORT,
    LOAD_CONFIG,
    NATIVE,
    PAGE,
    RESOURCE,
    SECTOR,
    STATIC,
    SYSTEM_ONLY,
    TEXT,
    WRITABLE_CODE,
    Pe,
    Scn,
    dependency,
    manifest,
    with_manifest,
)

_DATA = Scn(name=b".data", contents=b"data")


def _with(**header: int) -> bytes:
    """SYSTEM_ONLY with a second section, whose header lies."""
    lying = Scn(name=b".data", contents=b"data", header=header)
    return SYSTEM_ONLY.but(sections=(lying,)).build()


def _starting_in(characteristics: int) -> Pe:
    """SYSTEM_ONLY with its entry point in a second section of these characteristics."""
    second = Scn(name=b"CODE1", contents=b"\xc3", characteristics=characteristics)
    return SYSTEM_ONLY.but(sections=(second,), header={"entry": 2 * PAGE})


def _manifest(text: bytes = manifest(), **changes: int) -> bytes:
    """SYSTEM_ONLY with a manifest whose place in the resources lies."""
    return with_manifest(SYSTEM_ONLY, text, **changes).build()


CORRUPT: Mapping[str, bytes] = MappingProxyType(
    {
        "a strange CPU": SYSTEM_ONLY.but(machine=0x1234).build(),
        "a CPU of another word size": SYSTEM_ONLY.but(machine=0x14C).build(),
        "not marked as a program": SYSTEM_ONLY.but(characteristics=0).build(),
        "too many sections": STATIC.but(header={"sections": 0xFFFF}).build(),
        "section headers past the end": STATIC.but(header={"optional_size": 0xFFF0}).build(),
        "section headers within the directories": STATIC.but(header={"optional_size": 112}).build(),
        "headers that are not in memory": SYSTEM_ONLY.but(header={"headers_size": 64}).build(),
        "sections over each other": _with(address=TEXT),
        "sections out of order": _with(address=0),
        "a section within the headers": STATIC.but(header={"headers_size": 2 * PAGE}).build(),
        "a section past the end": _with(raw_size=1 << 30),
        "a section that begins past the end": _with(pointer=0xFFFFFE00),
        "low alignment and a moved section": STATIC.but(
            header={"section_alignment": 32, "file_alignment": 32}
        ).build(),
        "an entry point nowhere": STATIC.but(header={"entry": 0x700000}).build(),
        "imports nowhere": STATIC.but(directories={IMPORT: (0x700000, 40)}).build(),
        "imports without an end": STATIC.but(
            directories={IMPORT: (2 * PAGE, 40)},
            sections=(Scn(name=b".idata", contents=b"\x08\x10\0\0" * (SECTOR // 4)),),
        ).build(),
        "an import without a name": SYSTEM_ONLY.but(imports=("",)).build(),
        "an import of a name too long": SYSTEM_ONLY.but(imports=("k" * 600,)).build(),
        "delay-load imports nowhere": SYSTEM_ONLY.but(
            directories={DELAY_IMPORT: (0x700000, 64)}
        ).build(),
        "exports nowhere": SYSTEM_ONLY.but(directories={EXPORT: (0x700000, 64)}).build(),
        "a forwarder to nothing": SYSTEM_ONLY.but(forwards=("nothing",)).build(),
        "a load configuration nowhere": SYSTEM_ONLY.but(
            directories={LOAD_CONFIG: (0x700000, 64)}
        ).build(),
        "code for two CPUs": SYSTEM_ONLY.but(
            machine=ARM64, load_config=b"\xd0\0\0\0".ljust(200, b"\0") + b"\1".ljust(8, b"\0")
        ).build(),
        "a program packed by UPX": SYSTEM_ONLY.but(header={"headers_size": 3 * SECTOR})
        .build()
        .replace(bytes(16), b"3.96\0UPX!".ljust(16, b"\0"), 1),
        "a packed program without a mark": _starting_in(WRITABLE_CODE).build(),
        "a packed driver without a mark": _starting_in(WRITABLE_CODE).but(subsystem=NATIVE).build(),
        "room for a program inside": SYSTEM_ONLY.but(
            sections=(
                Scn(
                    name=b"CODE0",
                    characteristics=WRITABLE_CODE,
                    header={"virtual_size": 0x20000, "raw_size": 0, "pointer": 0},
                ),
            )
        ).build(),
        "a program for POSIX": SYSTEM_ONLY.but(subsystem=7).build(),
        "a program for OS/2": SYSTEM_ONLY.but(subsystem=5).build(),
        "a program for Windows CE": SYSTEM_ONLY.but(subsystem=9).build(),
        "a program for the Xbox": SYSTEM_ONLY.but(subsystem=14).build(),
        "a boot application": STATIC.but(subsystem=16).build(),
        "a subsystem of no name": SYSTEM_ONLY.but(subsystem=0).build(),
        "resources nowhere": SYSTEM_ONLY.but(directories={RESOURCE: (0x700000, 64)}).build(),
        "too many types of resources": _manifest(types=2000),
        "types of resources past the end": _manifest(types=100),
        "too many manifests": _manifest(numbers=17),
        "manifests nowhere": _manifest(numbers_at=0x80700000),
        "languages nowhere": _manifest(languages_at=0x80700000),
        "a manifest nowhere": _manifest(address=0x700000),
        "a manifest past the end": _manifest(size=4000),
        "a manifest too large": _manifest(size=(64 << 10) + 1),
        "a manifest that is none": _manifest(b"\xff\xfe\xfd"),
        "a manifest with entities": _manifest(b"<!DOCTYPE x [<!ENTITY e ''>]>" + manifest("&e;")),
        "an assembly without a name": _manifest(
            manifest("<dependentAssembly><assemblyIdentity/></dependentAssembly>")
        ),
    }
)

DAMAGED_BUT_DYNAMIC: Mapping[str, bytes] = MappingProxyType(
    {
        "a CLR header nowhere": STATIC.but(directories={COM_DESCRIPTOR: (0x700000, 72)}).build(),
        "a leak before a nameless import": SYSTEM_ONLY.but(imports=("libstdc++-6.dll", "")).build(),
        "a delayed leak behind broken imports": STATIC.but(
            delayed=("libwinpthread-1.dll",), directories={IMPORT: (0x700000, 40)}
        ).build(),
        "a leak and a strange CPU": SYSTEM_ONLY.but(
            machine=0x1234, imports=("libgcc_s_dw2-1.dll",), subsystem=GUI
        ).build(),
        "a leak in a manifest and entities": _manifest(
            manifest(dependency("Evil.Private"), "<!ENTITY e 'x'>")
        ),
        "a cut file": SYSTEM_ONLY.but(imports=("vcruntime140.dll",), sections=(_DATA,)).build()[
            :-SECTOR
        ],
    }
)
