"""zig's words for each of Go's ports that can hold C, and for the CPU that Go's variant promises.

A CPU is named wherever zig's own choice for the triple takes more for granted than Go does
(`baseline` in zig's lib/std/Target.zig). "" leaves it to zig.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from staticgo.model.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class ZigTarget:
    """One row: what zig is told, or why it is not asked."""

    triple: str = ""
    cpu: str = ""
    gnu: str = ""
    """The triple for glibc, to which a version is added: `x86_64-linux-gnu` and `.2.17`."""
    oldest_glibc: str = ""
    """The first glibc that there is for this CPU."""
    since: str = ""
    """The first zig with this system's libc; "" where the oldest that is supported has it."""
    blocked: str = ""
    """Why zig makes no program with C for it; "" where it does."""
    link: str = ""


def _amd64() -> dict[str, ZigTarget]:
    return {
        level: ZigTarget(
            triple="x86_64-linux-musl", cpu=cpu, gnu="x86_64-linux-gnu", oldest_glibc="2.2.5"
        )
        # x86-64's levels are named alike (https://gitlab.com/x86-psABIs/x86-64-ABI).
        for level, cpu in (("", ""), ("v2", "x86_64_v2"), ("v3", "x86_64_v3"), ("v4", "x86_64_v4"))
    }


def _arm64() -> dict[str, ZigTarget]:
    """`go help environment`: v8.0 to v8.9, v9.0 to v9.5. zig's `generic` is v8.0."""
    levels = [f"v8.{n}" for n in range(1, 10)] + [f"v9.{n}" for n in range(6)]
    cpus = {
        "": "",
        **{each: f"generic+{each.removesuffix('.0').replace('.', '_')}a" for each in levels},
    }
    return {
        level: ZigTarget(
            triple="aarch64-linux-musl", cpu=cpu, gnu="aarch64-linux-gnu", oldest_glibc="2.17"
        )
        for level, cpu in cpus.items()
    }


def _linux(
    triple: str, cpu: str = "", *, oldest_glibc: str, gnu: str = "", link: str = ""
) -> ZigTarget:
    return ZigTarget(
        triple=triple,
        cpu=cpu,
        gnu=gnu or triple.replace("musl", "gnu"),
        oldest_glibc=oldest_glibc,
        link=link,
    )


_GO_ARM = "https://go.dev/wiki/GoArm"
# GOARM=5 has no VFP; 6 promises VFPv2. generic+v5t has no atomic instructions: wrapping.arm_atomics
# has the kernel do them, as Go does.
_ARM = {
    "v5": _linux("arm-linux-musleabi", "generic+v5t+soft_float", oldest_glibc="2.4", link=_GO_ARM),
    "v6": _linux("arm-linux-musleabihf", "generic+v6+vfp2", oldest_glibc="2.4", link=_GO_ARM),
    # GOARM=7 promises VFPv3-D16 and no more; zig's own v7 takes NEON for granted, which
    # Tegra 2 and Armada 370 lack.
    "v7": _linux(
        "arm-linux-musleabihf", "generic+v7a-neon-d32+vfp3d16", oldest_glibc="2.4", link=_GO_ARM
    ),
}

_386 = {
    "": _linux("x86-linux-musl", oldest_glibc="2.0"),
    # "any Pentium MMX or later" (https://go.dev/wiki/MinimumRequirements): it has an x87.
    "softfloat": _linux("x86-linux-musl", "pentium_mmx", oldest_glibc="2.0"),
}

_RISCV64 = {
    "": _linux("riscv64-linux-musl", oldest_glibc="2.27"),
    "rva22u64": _linux("riscv64-linux-musl", "baseline_rv64+rva22u64", oldest_glibc="2.27"),
    "rva23u64": _linux("riscv64-linux-musl", "baseline_rv64+rva23u64", oldest_glibc="2.27"),
}

_PPC64LE = {
    "": _linux("powerpc64le-linux-musl", "pwr8", oldest_glibc="2.19"),
    "power9": _linux("powerpc64le-linux-musl", "pwr9", oldest_glibc="2.19"),
    "power10": _linux("powerpc64le-linux-musl", "pwr10", oldest_glibc="2.19"),
}


def _mips(cpu: str) -> dict[str, ZigTarget]:
    """Go needs MIPS32 r1; zig's own choice is r2."""
    return {
        "": _linux(f"{cpu}-linux-musleabihf", "mips32", oldest_glibc="2.0"),
        "softfloat": _linux(f"{cpu}-linux-musleabi", "mips32+soft_float", oldest_glibc="2.0"),
    }


def _mips64(cpu: str) -> dict[str, ZigTarget]:
    """Go needs MIPS III (https://go.dev/wiki/MinimumRequirements); zig's own choice is MIPS64 r2."""
    return {
        "": _linux(f"{cpu}-linux-muslabi64", "mips3", oldest_glibc="2.0"),
        "softfloat": ZigTarget(
            blocked="zig's triples know 64-bit MIPS with hardware floats only: its runtime library "
            "does not fit soft floats (\"floating point ABI '-msoft-float' is incompatible\")"
        ),
    }


_LINUX: dict[str, dict[str, ZigTarget]] = {
    "amd64": _amd64(),
    "386": _386,
    "arm": _ARM,
    "arm64": _arm64(),
    "riscv64": _RISCV64,
    "ppc64le": _PPC64LE,
    # cgo passes -march=z13 itself; zig 0.15's own choice is older.
    "s390x": {"": _linux("s390x-linux-musl", "z13", oldest_glibc="2.2")},
    # zig's own choice takes vectors (LSX) for granted; Go asks the CPU first. zig 0.15 and 0.16 know
    # generic_la64, and hand LLVM a name that it does not know.
    "loong64": {
        "": _linux("loongarch64-linux-musl", "la464-lasx-lbt-lvz-lsx-ual", oldest_glibc="2.36")
    },
    "mips": _mips("mips"),
    "mipsle": _mips("mipsel"),
    "mips64": _mips64("mips64"),
    "mips64le": _mips64("mips64el"),
}

_NO_LIBC = "zig brings no C library for {os}"
_OTHERS: dict[tuple[str, str], ZigTarget] = {
    # The oldest macOS is added to these: it depends on Go's version (facts.macos).
    ("darwin", "amd64"): ZigTarget(triple="x86_64-macos"),
    ("darwin", "arm64"): ZigTarget(triple="aarch64-macos"),
    ("windows", "amd64"): ZigTarget(triple="x86_64-windows-gnu"),
    ("windows", "386"): ZigTarget(triple="x86-windows-gnu"),
    ("windows", "arm64"): ZigTarget(triple="aarch64-windows-gnu"),
    # zig's start files want FreeBSD 14's libc ("undefined symbol: __libc_start1" for an older one).
    ("freebsd", "amd64"): ZigTarget(triple="x86_64-freebsd.14.0"),
    ("freebsd", "386"): ZigTarget(triple="x86-freebsd.14.0"),
    ("freebsd", "arm"): ZigTarget(triple="arm-freebsd.14.0-eabihf", cpu=_ARM["v7"].cpu),
    ("freebsd", "arm64"): ZigTarget(triple="aarch64-freebsd.14.0"),
    # zig knows the libraries of 10.1 and later ("invalid target NetBSD libc version").
    ("netbsd", "amd64"): ZigTarget(triple="x86_64-netbsd.10.1"),
    ("netbsd", "386"): ZigTarget(triple="x86-netbsd.10.1"),
    ("netbsd", "arm"): ZigTarget(triple="arm-netbsd.10.1-eabihf", cpu=_ARM["v7"].cpu),
    ("netbsd", "arm64"): ZigTarget(triple="aarch64-netbsd.10.1"),
    # Each zig knows the one or two releases of OpenBSD that were alive with it: it chooses.
    ("openbsd", "amd64"): ZigTarget(triple="x86_64-openbsd", since="0.16"),
    ("openbsd", "386"): ZigTarget(triple="x86-openbsd", since="0.16"),
    ("openbsd", "arm"): ZigTarget(triple="arm-openbsd-eabi", cpu=_ARM["v7"].cpu, since="0.16"),
    ("openbsd", "arm64"): ZigTarget(triple="aarch64-openbsd", since="0.16"),
    ("openbsd", "riscv64"): ZigTarget(triple="riscv64-openbsd", since="0.16"),
    **{
        (os, arch): ZigTarget(blocked=_NO_LIBC.format(os=name))
        for os, name, arches in (
            ("aix", "AIX", ("ppc64",)),
            ("android", "Android: its NDK does", ("386", "amd64", "arm", "arm64")),
            ("dragonfly", "DragonFly BSD", ("amd64",)),
            ("illumos", "illumos", ("amd64",)),
            ("ios", "iOS: Apple's SDK does", ("amd64", "arm64")),
            ("solaris", "Solaris", ("amd64",)),
        )
        for arch in arches
    },
}

_HARD = "its libraries for arm, as zig has them, pass floats in registers that {variant} has not"
_ARMV7 = "OpenBSD's libraries for arm are for ARMv7 and later (https://www.openbsd.org/armv7.html)"
_BLOCKED: dict[tuple[str, str, str], str] = {
    ("freebsd", "arm", "v5"): _HARD.format(variant="v5"),
    ("netbsd", "arm", "v5"): _HARD.format(variant="v5"),
    ("openbsd", "arm", "v5"): _ARMV7,
    ("openbsd", "arm", "v6"): _ARMV7,
}
"""Variants of a CPU that a system's libraries are not for."""


def zig_target(target: Target) -> ZigTarget | None:
    """zig's words for `target` in its canonical spelling; None where zig has no libc for its CPU.

    A CPU's variants mean the same on every system. A libc in the target (`gnu.2.17`) is in the triple.
    """
    variants = _LINUX.get(target.arch, {})
    default = "v7" if target.arch == "arm" else ""
    row = variants.get(target.variant)
    if target.os != "linux":
        system = _OTHERS.get((target.os, target.arch))
        if system is None or target.variant == default:
            return system
        blocked = _BLOCKED.get((target.os, target.arch, target.variant))
        if blocked:
            return ZigTarget(blocked=blocked)
        return None if row is None else dataclasses.replace(system, cpu=row.cpu)
    if row is None or not target.libc:
        return row
    return dataclasses.replace(row, triple=f"{row.gnu}{target.libc.removeprefix('gnu')}")


def libc_words(target: Target) -> str:
    """The libc that zig links for `target`, in words: `musl`, `glibc 2.17`, `libSystem`."""
    if target.libc:
        return target.libc.replace("gnu.", "glibc ")
    names = {"darwin": "libSystem", "linux": "musl", "windows": "mingw"}
    return names.get(target.os, f"{target.os}'s libc")
