"""What `explain` says of a program for one target and one set of flags."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from staticgo.model.linking import GoFlags, Prediction
from staticgo.model.plan import Strategy
from staticgo.model.target import Target


class Origin(StrEnum):
    """Whose package it is."""

    GO = "go"
    MODULE = "module"
    OWN = "own"


class WithoutCgo(StrEnum):
    """What is left of a cgo package when cgo is off."""

    SAME = "same"
    """Go's own code does the same work."""
    STUB = "stub"
    """It compiles, and fails at run time."""
    LESS = "less"
    """Other files stand in for those that need cgo."""
    NOTHING = "nothing"
    """The build breaks."""
    ABSENT = "absent"
    """The program does not import it then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CgoPackage:
    """A package that uses cgo, and who brings it in."""

    path: str
    version: str
    origin: Origin
    chain: tuple[str, ...]
    """The shortest import chain from the main package to it, both included."""
    compiles: tuple[tuple[str, int], ...]
    """Files given to the C compiler: kind and count. "cgo" are Go files with C in them."""
    libraries: tuple[str, ...]
    """What its `#cgo LDFLAGS` lines ask the linker for: `-lm`, archives."""
    pkg_config: tuple[str, ...]
    without: WithoutCgo
    note: str
    """What `without` means for this package."""


class CostKind(StrEnum):
    """What a way out costs."""

    FEATURES = "features"
    HAZARD = "hazard"
    SPEED = "speed"
    SIZE = "size"
    LICENCE = "licence"
    WORK = "work"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """One price of a way out."""

    kind: CostKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to a static program."""

    title: str
    command: str
    """To be typed as it stands; "" where it is no command."""
    possible: bool
    why: str
    """Why it works here, or why it does not."""
    costs: tuple[Cost, ...] = ()
    chosen: bool = False
    """Whether `staticgo build` does this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """Something that an empty machine does not have and the program may want."""

    what: str
    then: str
    """What happens then."""
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why the program is static or not, for one target and one set of flags."""

    package: str
    """The import path of the main package."""
    target: Target
    go_version: str
    go_line: str
    """The `go` line of the main module's go.mod."""
    flags: GoFlags
    cgo: bool
    cgo_why: str
    packages: int
    """How many packages the program has."""
    prediction: Prediction
    """What `go build` with these flags does."""
    cgo_packages: tuple[CgoPackage, ...]
    """With cgo on, whether or not it is."""
    ways: tuple[Way, ...]
    lacks: tuple[Lack, ...]
    strategy: Strategy | None
    """What `staticgo build` would do; None where it cannot."""
    refusal: str = ""
    """Why it cannot."""
