"""Which macOS a Go program starts on, and what is linked there beside libSystem."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

_MINIMUM: tuple[tuple[tuple[int, int], str], ...] = (
    # The release notes' section "Ports / Darwin", newest first. Go 1.26's own linker writes 12.0
    # (cmd/link/internal/ld/macho.go, asmbMacho), and 1.27 is announced to need 13.
    ((1, 27), "13.0"),
    ((1, 25), "12.0"),
    ((1, 23), "11.0"),
    ((1, 21), "10.15"),
)
_OLDEST = "10.13"  # Go 1.17 to 1.20

ARM64_FIRST = "11.0"
"""The first macOS for Apple silicon: a lower minimum means nothing there."""

CPUS: Mapping[str, str] = MappingProxyType({"amd64": "x86_64", "arm64": "arm64"})
"""Go's names of the CPUs, and those of Apple's linkers and stub files."""

STUB_TARGETS = tuple(f"{cpu}-macos" for cpu in sorted(CPUS.values(), reverse=True))
"""The targets of a stub file (TAPI's .tbd, version 4)."""

FRAMEWORKS = "/System/Library/Frameworks"
"""Where the frameworks stand, on a Mac and in an SDK."""

PROVIDED = frozenset(("System", "c", "m", "pthread", "dl", "info", "poll", "dbm", "proc", "rpcsvc"))
"""What `-l` may name without a stub: all of it is libSystem, which zig brings the list of."""
CXX_LIBRARIES = frozenset(("c++", "c++abi", "stdc++"))
"""zig links its own libc++ for these."""

_VERSION = re.compile(r"(\d+)\.(\d+)")


def minimum_macos(go_version: str, arch: str) -> str:
    """The oldest macOS that this Go (`1.26.8`) supports on that CPU."""
    match = _VERSION.match(go_version)
    if match is None:  # a development version: newer than all
        return _MINIMUM[0][1]
    version = int(match[1]), int(match[2])
    minimum = next((oldest for since, oldest in _MINIMUM if version >= since), _OLDEST)
    if arch == "arm64" and minimum.startswith("10."):
        return ARM64_FIRST
    return minimum
