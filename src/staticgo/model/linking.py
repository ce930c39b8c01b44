"""How `go build` itself would link a program: what it is told, what it asks, what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from staticgo.model.binary import Linkage
from staticgo.model.target import Target


class LinkMode(StrEnum):
    """Who puts the program together: Go's own linker, or the C compiler's."""

    INTERNAL = "internal"
    EXTERNAL = "external"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoFlags:
    """The user's words for `go build`: settings before it, flags after it."""

    settings: tuple[tuple[str, str], ...] = ()
    """Environment: `CGO_ENABLED=0` and the like."""
    words: tuple[str, ...] = ()
    """Flags, as the `go` command takes them."""

    def __str__(self) -> str:
        import shlex

        settings = [f"{name}={shlex.quote(value)}" for name, value in self.settings]
        return " ".join([*settings, *map(shlex.quote, self.words)])


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildFlags:
    """The flags that decide how a program is linked, GOFLAGS and the command line put together."""

    tags: tuple[str, ...] = ()
    mode: str = "default"
    """-buildmode."""
    race: bool = False
    msan: bool = False
    asan: bool = False
    linkshared: bool = False
    linker: tuple[str, ...] = ()
    """The words of the -ldflags that count for the main package."""
    dropped: tuple[tuple[str, str], ...] = ()
    """Flags that another one outdoes, each with the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkerFlags:
    """What Go's linker is told."""

    mode: str = "auto"
    """-linkmode."""
    extldflags: tuple[str, ...] = ()
    """What the C linker is to be given, if it is called."""
    extld: tuple[str, ...] = ()
    interpreter: str = ""
    no_dynamic: bool = False
    """-d: no dynamic executable."""
    strip: bool = False
    refused: str = ""
    """A word that the linker does not take; "" where it takes all."""
    dropped: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What decides beside the program: the Go, its settings, the machine it builds on."""

    target: Target
    go_version: str
    host: Target
    cgo: bool
    """Whether cgo is on, by CGO_ENABLED or by Go's default."""
    cgo_why: str
    """Why so."""
    cc: tuple[str, ...]
    """The words of CC."""
    cxx: tuple[str, ...]
    cgo_ldflags: tuple[str, ...]
    cgo_cflags: tuple[str, ...]
    odd_cflags: tuple[str, ...] = ()
    """Of the user's CGO_CFLAGS and CGO_CXXFLAGS, those that Go does not trust itself to link."""
    cc_missing: bool = False
    cxx_missing: bool = False
    extlink: str = ""
    """GO_EXTLINK_ENABLED."""
    goroot: str = ""
    interpreters: tuple[str, ...] = ()
    """Of the target's usual interpreters, those that exist on this machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkQuestion:
    """A link of a program that does nothing, to see what the C compiler makes of these words.

    It names what the real program calls: a linker drops libraries that nothing is taken from.
    """

    compiler: tuple[str, ...]
    arguments: tuple[str, ...]
    names: tuple[str, ...] = ()
    """C functions that it takes the address of, whether they exist or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAnswer:
    """What came of it. `error` holds the compiler's words where it gave up."""

    linkage: Linkage = Linkage.UNKNOWN
    interpreter: str = ""
    needed: tuple[str, ...] = ()
    machine: str = ""
    missing: tuple[str, ...] = ()
    """Of the question's names, those that no library has."""
    wanting: tuple[str, ...] = ()
    """What the libraries themselves want and none has."""
    late: bool = False
    """The compiler was too slow to tell anything."""
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prebuilt:
    """A static library that a package brings ready-made."""

    path: str
    machines: tuple[str, ...] = ()
    """What its members are for: the format of object files and Go's word for the CPU, `elf amd64`."""
    glibc: tuple[str, ...] = ()
    """Functions that only glibc has, which the package's calls lead to in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrebuiltFacts:
    """All of one package."""

    archives: tuple[Prebuilt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CFacts:
    """What the C of one package says that matters to its link."""

    package: str
    guesses: tuple[str, ...] = ()
    """Names that it seems to call; some are no functions."""
    musts: tuple[str, ...] = ()
    """Functions that must come from a library, or the link fails."""
    tables: tuple[str, ...] = ()
    """Functions of libraries whose address stands in its data."""
    thread_local: bool = False
    archives: tuple[str, ...] = ()
    """Prebuilt static libraries that it brings."""
    unchecked: bool = False
    """Go's list of words cannot be read, so the compiler was not asked with the package's own."""
    refused: str = ""
    """A word of its `#cgo` lines that Go does not let through to the compiler."""
    missing: str = ""
    """What the preprocessor or pkg-config says where a header or library is not here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What the program's own text says that `go list` does not."""

    imports: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Libraries that packages name themselves (`//go:cgo_import_dynamic`): package, libraries."""
    addresses: tuple[tuple[str, str], ...] = ()
    """C functions whose address Go code takes by `//go:linkname`: package, function."""
    undefined: tuple[tuple[str, str, str], ...] = ()
    """Names that only files with cgo define, and others use: package, name, file that uses it."""
    c: tuple[CFacts, ...] = ()
    """Of the packages with cgo that are not Go's own, where a C compiler is here to ask."""
    pkg_config: tuple[str, ...] = ()
    """What pkg-config gives for the link."""
    zones: tuple[str, ...] = ()
    """Files of the user's own that load time zones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Why `go build` gives up."""

    what: str
    why: str
    fix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """A flag, tag or setting that has no effect here."""

    flag: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What `go build` does. With a `stop`, the rest says what was decided before it gives up."""

    stop: Stop | None
    mode: LinkMode
    rule: str
    """Which rule decides the link mode."""
    linkage: Linkage
    why: str
    """Why the linkage is what it is."""
    interpreter: str = ""
    needed: tuple[str, ...] = ()
    stubs: tuple[str, ...] = ()
    """Packages that compile without cgo and then fail at run time, each with what happens."""
    ignored: tuple[Ignored, ...] = ()
