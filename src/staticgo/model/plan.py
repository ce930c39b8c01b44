"""A plan: how one target will be built, why so, and what the result must then be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from staticgo.model.binary import Linkage
from staticgo.model.libraries import Sysroot
from staticgo.model.project import Source
from staticgo.model.target import Target


class Strategy(StrEnum):
    """How a program is made static."""

    PURE = "pure"
    """CGO_ENABLED=0: no C at all."""
    EXTERNAL = "external"
    """C linked statically by a named toolchain, external linking forced."""


class Libc(StrEnum):
    """Whose C library a toolchain links."""

    MUSL = "musl"
    GLIBC = "glibc"
    MINGW = "mingw"
    SYSTEM = "system"
    """The system's own, which programs share: macOS, the BSDs."""


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
    build_mode: str = ""
    """As `go build -buildmode` takes it; "" is the platform's own."""
    race: bool = False
    """With Go's race detector."""
    toolchain: str = ""
    """The C toolchain to take; "" is zig."""
    allocator: str = ""
    """What stands in for libc's malloc in static binaries; "" is libc's own."""

    @property
    def pie(self) -> bool:
        """Whether the kernel shall be able to load the program at any address."""
        return self.build_mode == "pie"


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
class SupportFile:
    """A file that a toolchain's wrappers refer to; written before they are called."""

    path: str
    """Absolute, in the cache."""
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CToolchain:
    """A C compiler for one target, as a plan needs it."""

    kind: str
    """Its name among the toolchains: `zig`, `musl-gcc`."""
    name: str
    """In the user's words: `zig 0.17.0 (musl)`."""
    libc: Libc
    cc: Wrapper
    cxx: Wrapper
    bin_dir: str
    """Where the wrappers stand; put first on PATH, so that no path enters Go's build id."""
    cxx_wanted: bool = False
    """Whether the program holds C++, so that its run-time library must be ready too."""
    files: tuple[SupportFile, ...] = ()
    link_flags: tuple[str, ...] = ()
    """What every link of a program is given, `-static` first where that can be."""
    hazards: tuple[Reason, ...] = ()
    """What is to be known of programs linked with it."""
    sysroot: Sysroot | None = None
    """The C libraries built for the target, where the program has any."""
    allocator: str = ""
    """Of those libraries, the one that takes the place of libc's malloc."""
    pkg_config: Wrapper | None = None
    """The command that finds them, and nothing of this machine."""
    under: tuple[Wrapper, ...] = ()
    """Commands that `cc` and `cxx` call, in the same folder."""

    @property
    def wrappers(self) -> tuple[Wrapper, ...]:
        """All commands that are to be written."""
        return (self.cc, self.cxx, *self.under, *((self.pkg_config,) if self.pkg_config else ()))


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
    libraries: tuple[str, ...] = ()
    """Where the program is dynamic by intent: the libraries it may name, and no others."""
    interpreters: tuple[str, ...] = ()
    """With `libraries`: the loader that every such system has, by its names; () where that is not known."""
    pie: bool = False
    """Whether it must be loadable at any address."""
    glibc: str = ""
    """The newest glibc that it may ask for; "" where none is to be asked for."""
    libc: str = ""
    """The C library that is linked in; "" where there is none, or it is the system's."""
    macos: str = ""
    """The macOS that it must start on, which is Go's oldest; "" where nobody chose it."""


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
    parts: tuple[Plan, ...] = ()
    """The plans of what is joined into one file, for a universal binary; this plan builds nothing else."""

    @property
    def builds(self) -> tuple[Plan, ...]:
        """The plans that each take a `go build`: the parts, or this one."""
        return self.parts or (self,)

    def arguments(self, output: str) -> tuple[str, ...]:
        """The whole command line that writes the binary to `output`."""
        return (*self.command, "-o", output, self.source.package)
