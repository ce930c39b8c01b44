"""Mach-O's numbers for CPUs and platforms in Go's words, and what its sections are for.

Numbers: Apple's <mach/machine.h> and <mach-o/loader.h>; names: Go's internal/syslist/syslist.go.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Cpu(NamedTuple):
    """A `cputype`: its name, and the word size and byte order that its kernels take."""

    name: str
    bits: int
    big_endian: bool


class Platform(NamedTuple):
    """A platform number of LC_BUILD_VERSION."""

    os: str
    """In Go's words where Go knows it."""
    what: str
    """What a minimum version is a version of."""
    title: str


FAT_MAGICS = b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf"
"""<mach-o/fat.h>: with 32-bit offsets, and with 64-bit ones."""
_FIRST_JAVA = 45

CPU_TYPE_X86, CPU_TYPE_X86_64 = 7, 0x01000007
CPU_TYPE_ARM64 = 0x0100000C

CPUS: Mapping[int, Cpu] = MappingProxyType(
    {
        CPU_TYPE_X86: Cpu("386", 32, False),
        CPU_TYPE_X86_64: Cpu("amd64", 64, False),
        12: Cpu("arm", 32, False),
        CPU_TYPE_ARM64: Cpu("arm64", 64, False),
        0x0200000C: Cpu("arm64_32", 32, False),
        18: Cpu("ppc", 32, True),
        0x01000012: Cpu("ppc64", 64, True),
    }
)

# CPUs that Mach-O once had a number for; nothing that Go builds for.
_OLD_CPUS: Mapping[int, str] = MappingProxyType(
    {1: "vax", 6: "68k", 11: "hppa", 13: "m88k", 14: "sparc", 15: "i860"}
)

# Subtypes that other CPUs of their type cannot run: an arm64e program signs its pointers, and an
# x86_64h one needs a Haswell. The upper byte holds capabilities (CPU_SUBTYPE_MASK).
_SUBTYPES: Mapping[tuple[int, int], str] = MappingProxyType(
    {(CPU_TYPE_ARM64, 2): "arm64e", (CPU_TYPE_X86_64, 8): "x86_64h"}
)
_SUBTYPE_MASK = 0x00FFFFFF

PLATFORMS: Mapping[int, Platform] = MappingProxyType(
    {
        1: Platform("darwin", "macos", "macOS"),
        2: Platform("ios", "ios", "iOS"),
        3: Platform("tvos", "tvos", "tvOS"),
        4: Platform("watchos", "watchos", "watchOS"),
        5: Platform("bridgeos", "bridgeos", "bridgeOS"),
        6: Platform("darwin", "mac-catalyst", "Mac Catalyst"),
        7: Platform("ios", "ios-simulator", "iOS simulator"),
        8: Platform("tvos", "tvos-simulator", "tvOS simulator"),
        9: Platform("watchos", "watchos-simulator", "watchOS simulator"),
        10: Platform("darwin", "driverkit", "DriverKit"),
        11: Platform("visionos", "visionos", "visionOS"),
        12: Platform("visionos", "visionos-simulator", "visionOS simulator"),
    }
)

# Before LC_BUILD_VERSION (2017) each platform had a command of its own.
VERSION_MIN: Mapping[int, int] = MappingProxyType({0x24: 1, 0x25: 2, 0x2F: 3, 0x30: 4})

_GO_TABLES = frozenset(
    (
        b"__gopclntab",
        b"__gosymtab",
        b"__typelink",
        b"__itablink",
        b"__go_buildinfo",
        b"__go_fipsinfo",
        b"__go_module",
    )
)
_DEBUG = (b"__debug_", b"__zdebug_", b"__apple_")
_READ_ONLY = frozenset((b"__TEXT", b"__DATA_CONST", b"__AUTH_CONST", b"__RODATA"))
_INSTRUCTIONS = 0x80000400  # S_ATTR_PURE_INSTRUCTIONS, S_ATTR_SOME_INSTRUCTIONS

CODE, READ_ONLY, SYMBOLS, RELOCATIONS = "code", "read-only data", "symbols", "relocations"
SIGNATURE, OTHER = "signature", "other"


def machine_name(cputype: int, cpusubtype: int) -> str:
    """The CPU in Go's words, else in Mach-O's, else as a number."""
    special = _SUBTYPES.get((cputype, cpusubtype & _SUBTYPE_MASK))
    if special:
        return special
    if cputype in CPUS:
        return CPUS[cputype].name
    return _OLD_CPUS.get(cputype, f"cputype {cputype}")


def is_fat(head: bytes) -> bool:
    """Whether these first twelve bytes are a fat file's, and not a Java class'.

    Both may begin with 0xcafebabe. Then follows the number of slices, or the class' version, 45 or
    more (file(1)); then the first slice's CPU, or the number of constants and the kind of the first
    one, which is never 0 as in these CPUs (JVMS 4.4).
    """
    narrow, wide = FAT_MAGICS
    if not head.startswith(narrow):
        return head.startswith(wide)
    cputype = int.from_bytes(head[8:12], "big")
    return int.from_bytes(head[4:8], "big") < _FIRST_JAVA or cputype in CPUS or cputype in _OLD_CPUS


def platform(number: int) -> Platform:
    """The platform with this number; one that Apple has added since has its number for a name."""
    text = f"platform {number}"
    return PLATFORMS.get(number, Platform("", text, text))


def is_debug(segment: bytes, section: bytes) -> bool:
    """Whether a section holds DWARF, compressed or not."""
    return segment == b"__DWARF" or section.startswith(_DEBUG)


def purpose(segment: bytes, section: bytes, flags: int) -> str:
    """What the bytes of a section are for."""
    if is_debug(segment, section):
        return "debug information"
    if section in _GO_TABLES:
        return "Go tables"
    if flags & _INSTRUCTIONS:
        return CODE
    return READ_ONLY if segment in _READ_ONLY else "data"
