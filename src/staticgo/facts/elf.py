"""ELF's numbers for CPUs, in Go's words, and which forms of a file each CPU's kernel accepts."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# Numbers: gABI, "ELF Header", e_machine; names: Go's internal/syslist/syslist.go, KnownArch.
#
# Keyed by (e_machine, bits, big-endian), because Linux's loader goes by e_machine alone on most
# CPUs (elf_check_arch in arch/*/include/asm/elf.h looks at EI_CLASS only on mips, riscv and s390)
# and never looks at EI_DATA. So a file that claims 32 bits for a 64-bit CPU is read differently by
# the kernel than by a reader that believes the claim: what is not a row here is not to be trusted.
# x32 (62, 32 bits) is left out for that reason: only trying both readings tells it from amd64.
GO_ARCH: Mapping[tuple[int, int, bool], str] = MappingProxyType(
    {
        (2, 32, True): "sparc",
        (3, 32, False): "386",
        (8, 32, False): "mipsle",
        (8, 32, True): "mips",
        (8, 64, False): "mips64le",
        (8, 64, True): "mips64",
        (20, 32, True): "ppc",
        (21, 64, False): "ppc64le",
        (21, 64, True): "ppc64",
        (22, 32, True): "s390",
        (22, 64, True): "s390x",
        (40, 32, False): "arm",
        (40, 32, True): "armbe",
        (43, 64, True): "sparc64",
        (62, 64, False): "amd64",
        (183, 64, False): "arm64",
        (183, 64, True): "arm64be",
        (243, 32, False): "riscv",
        (243, 64, False): "riscv64",
        (258, 64, False): "loong64",
    }
)

EM_MIPS = 8
# The n32 ABI: 32-bit files for 64-bit CPUs, which are not Go's `mips` (the o32 ABI).
# Linux arch/mips/include/asm/elf.h, EF_MIPS_ABI2.
EF_MIPS_ABI2 = 0x20
MIPS_N32: Mapping[str, str] = MappingProxyType({"mips": "mips64p32", "mipsle": "mips64p32le"})

# For everything Go has no word for. The names are the constants of elf.h without their EM_.
MACHINE_NAMES: Mapping[int, str] = MappingProxyType(
    {
        2: "sparc",
        3: "386",
        4: "68k",
        8: "mips",
        15: "parisc",
        18: "sparc32plus",
        20: "ppc",
        21: "ppc64",
        22: "s390",
        40: "arm",
        42: "sh",
        43: "sparcv9",
        50: "ia_64",
        62: "x86_64",
        93: "arc_compact",
        94: "xtensa",
        164: "qdsp6",
        183: "aarch64",
        189: "microblaze",
        190: "cuda",
        195: "arc_compact2",
        224: "amdgpu",
        243: "riscv",
        247: "bpf",
        252: "csky",
        258: "loongarch",
        0x9026: "alpha",
    }
)


def machine_name(machine: int, bits: int, big_endian: bool, flags: int) -> str:
    """The CPU in Go's words, else in ELF's, else as a number."""
    name = GO_ARCH.get((machine, bits, big_endian))
    if name is None:
        return f"{MACHINE_NAMES.get(machine, f'machine {machine}')} ({bits} bits)"
    if machine == EM_MIPS and flags & EF_MIPS_ABI2:
        return MIPS_N32.get(name, name)
    return name
