"""What was read from a binary: facts and gaps, no judgement."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Format(StrEnum):
    """The container that the operating system's loader reads."""

    ELF = "elf"


class Kind(StrEnum):
    """What the file is for, as its header says."""

    EXECUTABLE = "executable"
    PIE = "pie"
    SHARED_OBJECT = "shared-object"
    RELOCATABLE = "relocatable"
    CORE = "core"
    UNKNOWN = "unknown"


class Linkage(StrEnum):
    """What a binary needs from the machine that starts it. UNKNOWN is never treated as good."""

    STATIC = "static"
    STATIC_PIE = "static-pie"
    SYSTEM_ONLY = "system-only"
    DYNAMIC = "dynamic"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Something that could not be read, and why; a report with gaps may still hold sure facts."""

    what: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoModule:
    """One `mod` or `dep` line of Go's build information; `replaced_by` is its `=>` line."""

    path: str
    version: str
    sum: str = ""
    replaced_by: GoModule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoBuildInfo:
    """What `go version -m` would print. It claims, it does not prove (golang/go#63432)."""

    version: str
    path: str = ""
    main: GoModule | None = None
    dependencies: tuple[GoModule, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()

    def setting(self, key: str) -> str | None:
        """The value of a build setting such as `CGO_ENABLED`; None where it is not recorded."""
        return next((value for name, value in self.settings if name == key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """One program for one CPU: an ELF file has one, a fat Mach-O file several."""

    machine: str
    """The CPU in Go's words where Go knows it (`amd64`), else the format's own name or number."""
    bits: int
    big_endian: bool
    kind: Kind
    linkage: Linkage
    linkage_evidence: str
    interpreter: str = ""
    needed: tuple[str, ...] = ()
    stripped: bool | None = None
    """No symbol table and no DWARF; None where the section headers cannot tell."""
    go: GoBuildInfo | None = None
    flags: int = 0
    """The processor-specific flags of the file header (ELF `e_flags`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BinaryReport:
    """All that was read from one file, and what could not be."""

    format: Format
    size: int
    """Bytes."""
    slices: tuple[Slice, ...]
    gaps: tuple[Gap, ...] = ()
