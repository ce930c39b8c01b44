"""How other build systems spell a target: GNU's triples, CMake's and Meson's names of systems and CPUs."""

from __future__ import annotations

from staticgo.model.plan import Libc
from staticgo.model.target import Target

# GNU's config.sub; what it has for both orders of bytes is told apart by the name.
_GNU_CPU = {
    "386": "i686",
    "amd64": "x86_64",
    "arm64": "aarch64",
    "loong64": "loongarch64",
    "mips64le": "mips64el",
    "mipsle": "mipsel",
    "ppc64": "powerpc64",
    "ppc64le": "powerpc64le",
}
_GNU_SYSTEM = {
    "darwin": "apple-darwin",
    "freebsd": "unknown-freebsd",
    "netbsd": "unknown-netbsd",
    "openbsd": "unknown-openbsd",
    "windows": "w64-mingw32",
}
# CMAKE_SYSTEM_NAME: https://cmake.org/cmake/help/latest/variable/CMAKE_SYSTEM_NAME.html
_CMAKE_SYSTEM = {
    "darwin": "Darwin",
    "freebsd": "FreeBSD",
    "linux": "Linux",
    "netbsd": "NetBSD",
    "openbsd": "OpenBSD",
    "windows": "Windows",
}
# https://mesonbuild.com/Reference-tables.html#cpu-families
_MESON_FAMILY = {
    "386": "x86",
    "amd64": "x86_64",
    "arm64": "aarch64",
    "loong64": "loongarch64",
    "mips64le": "mips64",
    "mipsle": "mips",
    "ppc64le": "ppc64",
}
_BIG_ENDIAN = frozenset(("mips", "mips64", "ppc64", "s390x"))


def gnu_triple(target: Target, libc: Libc) -> str:
    """What `configure --host=` is given."""
    cpu = _GNU_CPU.get(target.arch, target.arch)
    if target.os != "linux":
        return f"{cpu}-{_GNU_SYSTEM.get(target.os, target.os)}"
    name = "musl" if libc is Libc.MUSL else "gnu"
    if target.arch == "arm":
        # Go's ARMv5 code has no floating point unit (https://go.dev/wiki/GoArm).
        name += "eabi" if target.variant == "v5" else "eabihf"
    return f"{cpu}-linux-{name}"


def cmake_system(target: Target) -> str:
    """CMAKE_SYSTEM_NAME."""
    return _CMAKE_SYSTEM.get(target.os, target.os)


def gnu_cpu(target: Target) -> str:
    """The CPU alone, as GNU and CMake spell it."""
    return _GNU_CPU.get(target.arch, target.arch)


def meson_family(target: Target) -> str:
    """Meson's cpu_family."""
    return _MESON_FAMILY.get(target.arch, target.arch)


def endian(target: Target) -> str:
    """`big` or `little`."""
    return "big" if target.arch in _BIG_ENDIAN else "little"
