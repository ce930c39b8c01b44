"""ELF's numbers and names in words: CPUs (and which forms each CPU's kernel accepts), systems, ABIs."""

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


EM_386, EM_PPC64, EM_ARM, EM_RISCV, EM_LOONGARCH = 3, 21, 40, 243, 258

# EI_OSABI: gABI, "ELF Identification", and binutils' include/elf/common.h.
OSABI_NAMES: Mapping[int, str] = MappingProxyType(
    {
        0: "System V",
        1: "HP-UX",
        2: "NetBSD",
        3: "GNU/Linux",
        6: "Solaris",
        7: "AIX",
        8: "IRIX",
        9: "FreeBSD",
        10: "TRU64",
        12: "OpenBSD",
        13: "OpenVMS",
        17: "CloudABI",
        64: "ARM EABI",
        65: "ARM FDPIC",
        97: "ARM",
        255: "standalone",
    }
)
# Those of them that name a system for which Go has a word. 3 is written for GNU extensions too
# (IFUNC, unique symbols), but on the BSDs their own number stands then.
OSABI_OS: Mapping[int, str] = MappingProxyType(
    {2: "netbsd", 3: "linux", 6: "solaris", 9: "freebsd", 12: "openbsd"}
)

# Identifying notes: their owner and type. OpenBSD's and the other BSDs' kernels go by them
# (NetBSD sys/sys/exec_elf.h; OpenBSD sys/kern/exec_elf.c; FreeBSD sys/sys/elf_common.h;
# DragonFly sys/sys/elf_common.h; Android's bionic/libc/arch-common/bionic/crtbrand.S).
NOTE_OS: Mapping[tuple[bytes, int], str] = MappingProxyType(
    {
        (b"NetBSD", 1): "netbsd",
        (b"OpenBSD", 1): "openbsd",
        (b"FreeBSD", 1): "freebsd",
        (b"DragonFly", 1): "dragonfly",
        (b"Android", 1): "android",
    }
)
NT_GNU_ABI_TAG = (b"GNU", 1)
ANDROID_IDENT = (b"Android", 1)
# The first word of NT_GNU_ABI_TAG: glibc's abi-tags.
GNU_ABI_TAG_OS: Mapping[int, str] = MappingProxyType(
    {0: "linux", 2: "solaris", 3: "freebsd", 4: "netbsd"}
)

# Loaders by their path: Go's src/cmd/link/internal/*/obj.go for the BSDs, Solaris and Android.
LOADER_OS: Mapping[str, str] = MappingProxyType(
    {
        "/system/bin/linker": "android",
        "/system/bin/linker64": "android",
        "/libexec/ld-elf.so.1": "freebsd",
        "/libexec/ld-elf32.so.1": "freebsd",
        "/usr/libexec/ld-elf.so.1": "freebsd",
        "/libexec/ld-elf.so.2": "dragonfly",
        "/usr/libexec/ld-elf.so.2": "dragonfly",
        "/libexec/ld.elf_so": "netbsd",
        "/usr/libexec/ld.elf_so": "netbsd",
        "/usr/libexec/ld.so": "openbsd",
        "/lib/64/ld.so.1": "solaris",
        "/lib/amd64/ld.so.1": "solaris",
        "/lib/sparcv9/ld.so.1": "solaris",
        "/usr/lib/ld.so.1": "solaris",
        "/usr/lib/64/ld.so.1": "solaris",
        "/usr/lib/amd64/ld.so.1": "solaris",
        "/usr/lib/sparcv9/ld.so.1": "solaris",
        "/lib/ld64.so.1": "linux",  # s390x
        "/lib64/ld64.so.1": "linux",  # ppc64
        "/lib64/ld64.so.2": "linux",  # ppc64le
    }
)
# glibc's, musl's and uClibc's loaders on Linux, whatever folder they are in (Nix, Guix, bundles).
LINUX_LOADERS = ("ld-linux", "ld-musl-", "ld-uClibc", "ld64-uClibc")

# What Go's build information may say in GOOS for an ELF file (Go's internal/platform/zosarch.go).
ELF_GOOS = frozenset(
    ("android", "dragonfly", "freebsd", "illumos", "linux", "netbsd", "openbsd", "solaris")
)
# The wider name is true of the narrower one too: Android runs Linux, illumos calls itself Solaris.
NARROWER_OS: Mapping[str, str] = MappingProxyType({"android": "linux", "illumos": "solaris"})

# No stack is ever executable there, so nothing has to ask: OpenBSD's W^X (exec(3), mmap(2)).
ALWAYS_NX = frozenset(("openbsd",))

# e_flags and .MIPS.abiflags, in each CPU's own words: binutils' include/elf/{arm,mips,riscv,
# loongarch,ppc64}.h, which follow the psABI of each.
ARM_FLOAT: Mapping[int, str] = MappingProxyType({0x200: "soft-float", 0x400: "hard-float"})
RISCV_FLOAT = ("soft-float", "single-float", "double-float", "quad-float")
LOONGARCH_FLOAT: Mapping[int, str] = MappingProxyType(
    {1: "soft-float", 2: "single-float", 3: "double-float"}
)
MIPS_ABI: Mapping[int, str] = MappingProxyType(
    {0x1000: "o32", 0x2000: "o64", 0x3000: "EABI32", 0x4000: "EABI64"}
)
MIPS_FLOAT: Mapping[int, str] = MappingProxyType(
    {
        1: "double-float",
        2: "single-float",
        3: "soft-float",
        5: "any-float",
        6: "64-bit-float",
        7: "64-bit-float",
    }
)

# Prefixes of symbol versions, and what the number after them is a version of.
VERSION_FAMILIES: Mapping[str, str] = MappingProxyType(
    {
        "GLIBC": "glibc",
        "GLIBCXX": "libstdc++ (GLIBCXX)",
        "CXXABI": "libstdc++ (CXXABI)",
        "GCC": "libgcc (GCC)",
    }
)
# A version without a number of its own that one glibc was the first to have: DT_RELR came with
# 2.36 (glibc's NEWS), and an older ld.so stops at the unknown version.
IMPLIED_GLIBC: Mapping[str, str] = MappingProxyType({"GLIBC_ABI_DT_RELR": "GLIBC_2.36"})

# What sections are for, beside what their flags say; names as linkers and debuggers agree on them.
DEBUG_SECTIONS = (
    b".debug",
    b".zdebug_",
    b".gdb_index",
    b".gnu_debug",
    b".gnu.debuglto_",
    b".stab",
)
# Go's cmd/link/internal/ld/data.go and elf.go; in a PIE some have the prefix.
GO_SECTIONS = (b".gopclntab", b".gosymtab", b".typelink", b".itablink", b".go.", b".note.go.")
RELRO_PREFIX = b".data.rel.ro"
# sh_type: gABI, "Sections", and elf.h of glibc for the ranges of the system's and Android's own.
SYMBOL_SECTIONS = frozenset(
    (2, 3, 5, 11, 18, 0x6FFFFFF6, 0x6FFFFFFD, 0x6FFFFFFE, 0x6FFFFFFF)
)  # SYMTAB, STRTAB, HASH, DYNSYM, SYMTAB_SHNDX, GNU_HASH, the three of versions
RELOCATION_SECTIONS = frozenset((4, 9, 19, 0x60000001, 0x60000002))
