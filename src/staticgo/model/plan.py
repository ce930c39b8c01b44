"""A plan: how one target will be built, why so, and what the result must then be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from staticgo.model.binary import Linkage
from staticgo.model.project import Source
from staticgo.model.target import Target


class Strategy(StrEnum):
    """How a program is made static."""

    PURE = "pure"
    """CGO_ENABLED=0: no C at all."""
    EXTERNAL = "external"
    """C linked statically by a named toolchain, external linking forced."""


class CgoMode(StrEnum):
    """What the user says of cgo: let the planner decide, or do without."""

    AUTO = "auto"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the user asked for, apart from the package and the targets."""

    cgo: CgoMode = CgoMode.AUTO
    use_libc: tuple[str, ...] = ()
    """Of `net` and `os/user`, those that shall keep libc's version."""
    tags: tuple[str, ...] = ()
    ldflags: str = ""
    strip: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One step of the planner's thinking: what was decided and why."""

    decision: str
    why: str
    warning: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrapper:
    """A generated compiler command: one word in CC, one file on PATH."""

    name: str
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CToolchain:
    """A C compiler for one target, as a plan needs it."""

    name: str
    """In the user's words: `zig 0.17.0 (musl)`."""
    cc: Wrapper
    cxx: Wrapper
    bin_dir: str
    """Where the wrappers stand; put first on PATH, so that no path enters Go's build id."""
    cxx_wanted: bool = False
    """Whether the program holds C++, so that libc++ must be ready too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoToolchain:
    """A Go installation and the settings the user gave it."""

    command: str
    """Path of the `go` command."""
    version: str
    """As Go says it, without `go`: `1.26.8`."""
    goroot: str
    cache: str
    module_cache: str
    host_os: str
    host_arch: str
    changed: tuple[tuple[str, str], ...] = ()
    """Go settings that the user changed, by environment or `go env -w`, and that decide the bytes."""
    fetching: tuple[tuple[str, str], ...] = ()
    """Settings the user changed that only decide how modules are fetched; they may hold secrets."""

    def setting(self, name: str) -> str:
        """A changed setting's value; "" where the user left Go's default."""
        return next((value for key, value in self.changed if key == name), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What the result must be; the rules hold the binary against it."""

    linkages: tuple[Linkage, ...]
    machine: str
    stripped: bool
    cgo_enabled: bool
    settings: tuple[tuple[str, str], ...]
    """Build settings that Go must have recorded: GOOS, GOARCH and the variant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that decides the bytes of one binary. Hashable; `view.script` prints it as a script."""

    target: Target
    strategy: Strategy
    source: Source
    name: str
    """The file name of the result."""
    environment: tuple[tuple[str, str], ...]
    """Set for the build, after every GO* and CGO_* of the caller has been removed."""
    inherits: tuple[str, ...]
    """Settings of the user that are kept as they are: they decide how modules are fetched."""
    command: tuple[str, ...]
    """The `go build` command and its flags, without output and package."""
    toolchain: CToolchain | None
    expects: Promise
    reasons: tuple[Reason, ...]

    def arguments(self, output: str) -> tuple[str, ...]:
        """The whole command line that writes the binary to `output`."""
        return (*self.command, "-o", output, self.source.package)
