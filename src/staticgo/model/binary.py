"""What was read from a binary: facts and gaps, no judgement."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Format(StrEnum):
    """The container that the operating system's loader reads."""

    ELF = "elf"
    MACHO = "mach-o"
    PE = "pe"


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


class State(StrEnum):
    """Whether a protection is there. NOT_APPLICABLE: the question means nothing for this binary."""

    ON = "on"
    PARTIAL = "partial"
    OFF = "off"
    NOT_APPLICABLE = "not-applicable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Something that could not be read, and why; a report with gaps may still hold sure facts."""

    what: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """An answer that is read off signs: `value` is "" where there is no sign of any answer."""

    value: str = ""
    evidence: str = ""


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
class Requirement:
    """The oldest version of something that the binary starts on: `glibc` 2.34, `macos` 12.0."""

    what: str
    version: str
    asked_by: tuple[str, ...] = ()
    """The symbols that ask for it, or the field of the file that does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Bytes of the file that serve one purpose: `code`, `Go tables`, `debug information`..."""

    name: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """One hardening measure, such as RELRO."""

    name: str
    state: State
    evidence: str


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
    """Libraries that a loader looks for, as they are named; on Windows the DLLs imported."""
    foreign: tuple[str, ...] = ()
    """Those of `needed` that the operating system does not promise."""
    repeated: tuple[str, ...] = ()
    """macOS: those of `needed` that are named more than once."""
    stripped: bool | None = None
    """No symbol table and no DWARF; None where the section headers cannot tell."""
    go: GoBuildInfo | None = None
    flags: int = 0
    """The processor-specific flags of the file header (ELF `e_flags`)."""
    os: str = ""
    """The operating system in Go's words (`linux`, `darwin`); "" where nothing names it."""
    abi: str = ""
    """What the file says of its ABI, in the format's words: `System V`, `subsystem console`."""
    run_paths: tuple[str, ...] = ()
    """Folders that the loader is told to search: RPATH, RUNPATH, LC_RPATH."""
    requires: tuple[Requirement, ...] = ()
    sections: tuple[Group, ...] = ()
    """The file's bytes by purpose, largest first; what is in none of them is `other`."""
    signature: Clue = Clue()
    """macOS and Windows: `ad-hoc`, `signed`, `none`."""
    seal: Clue = Clue()
    """macOS: `match` or `mismatch`, whether the signature's hashes fit the file."""
    link_mode: Clue = Clue()
    """`internal` or `external`: which linker made it, for Go programs."""
    cgo: Clue = Clue()
    """`yes` or `no`: whether C code called through cgo is inside."""
    libc: Clue = Clue()
    """`glibc`, `musl`, `bionic`, `none`: what is linked in."""
    go_version: Clue = Clue()
    """What can be said of Go's version where build information is missing: `1.20 or later`."""
    functions: tuple[Clue, ...] = ()
    """Linked-in functions that want something of the machine at run time (`getaddrinfo`)."""
    packages: tuple[Clue, ...] = ()
    """Linked-in Go packages that do so (`crypto/x509`)."""
    protections: tuple[Protection, ...] = ()

    @property
    def platform(self) -> str:
        """System and CPU, as targets are spelled: `linux/arm64`; what is not told is `unknown`."""
        return f"{self.os or 'unknown'}/{self.machine}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BinaryReport:
    """All that was read from one file, and what could not be."""

    format: Format
    size: int
    """Bytes."""
    slices: tuple[Slice, ...]
    gaps: tuple[Gap, ...] = ()
