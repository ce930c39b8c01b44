"""PE's numbers: CPUs in Go's words, subsystems, and the oldest Windows for each version of Go."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# Numbers: Microsoft's "PE Format", "Machine Types"; names: Go's internal/syslist/syslist.go.
# Keyed by (Machine, bits of the optional header): the loader refuses what does not fit together.
GO_ARCH: Mapping[tuple[int, int], str] = MappingProxyType(
    {
        (0x014C, 32): "386",
        (0x01C4, 32): "arm",
        (0x8664, 64): "amd64",
        (0xAA64, 64): "arm64",
        # These stand in EFI programs only.
        (0x5064, 64): "riscv64",
        (0x6264, 64): "loong64",
    }
)

# For everything Go has no word for: the constants without their IMAGE_FILE_MACHINE_.
MACHINE_NAMES: Mapping[int, str] = MappingProxyType(
    {
        0x014C: "i386",
        0x0162: "r3000",
        0x0166: "r4000",
        0x0169: "wcemipsv2",
        0x0184: "alpha",
        0x01A2: "sh3",
        0x01A6: "sh4",
        0x01C0: "arm",
        0x01C2: "thumb",
        0x01C4: "armnt",
        0x01F0: "powerpc",
        0x01F2: "powerpcbe",
        0x0200: "ia64",
        0x0284: "alpha64",
        0x0EBC: "ebc",
        0x5032: "riscv32",
        0x5064: "riscv64",
        0x6232: "loongarch32",
        0x6264: "loongarch64",
        0x8664: "amd64",
        0xAA64: "arm64",
    }
)

# "PE Format", "Windows Subsystem".
SUBSYSTEM_NATIVE = 1
SUBSYSTEMS: Mapping[int, str] = MappingProxyType(
    {
        SUBSYSTEM_NATIVE: "native",
        2: "windows",
        3: "console",
        5: "OS/2",
        7: "POSIX",
        8: "native of Windows 9x",
        9: "Windows CE",
        10: "EFI application",
        11: "EFI boot service driver",
        12: "EFI runtime driver",
        13: "EFI ROM",
        14: "Xbox",
        16: "Windows boot application",
    }
)
PROCESSES = frozenset((2, 3))
EFI = frozenset((10, 11, 12, 13))

# Go's release notes, "Ports", by the minor version of Go 1 that raised it; the newest first. The
# headers of its programs ask for 6.1 still (cmd/link/internal/ld/pe.go).
GO_WINDOWS: tuple[tuple[int, tuple[int, int]], ...] = ((21, (10, 0)), (11, (6, 1)))
UCRT_WINDOWS = (10, 0)


def machine_name(machine: int, bits: int) -> str:
    """The CPU in Go's words, else in PE's, else as a number."""
    name = GO_ARCH.get((machine, bits))
    return name or f"{MACHINE_NAMES.get(machine, f'machine {machine:#06x}')} ({bits} bits)"


def subsystem_name(subsystem: int) -> str:
    """The subsystem as `abi` says it: `subsystem console`."""
    return f"subsystem {SUBSYSTEMS.get(subsystem, subsystem)}"
