"""What a compiler's, linker's or program's words mean, how bad that is, and what mends it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Severity(IntEnum):
    """How much a message matters. What is not known has none, and is never called harmless."""

    HARMLESS = 1
    """The program that comes out is as good as without the message."""
    SIGNIFICANT = 2
    """A warning that will bite when the program runs, or a program's own complaint."""
    FATAL = 3
    """The build failed of it."""

    def __str__(self) -> str:
        return self.name.lower()


class RemedyKind(StrEnum):
    """What a remedy changes."""

    TAG = "tag"
    """A build tag."""
    DEFINE = "define"
    """A definition in CGO_CFLAGS."""
    FLAG = "flag"
    """A flag in CGO_LDFLAGS."""
    PACKAGE = "package"
    """A package of the operating system to install."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """A change that mends a cause. `build` applies by itself only what is `safe`."""

    kind: RemedyKind
    value: str
    """The tag, the definition, the flag, or the package."""
    setting: str
    """The same, as it is typed: `CGO_LDFLAGS=-lunwind`, `--tags musl`."""
    why: str
    """What it does, and what it changes in the program."""
    safe: bool = False
    """Whether the program does the same with it, so that nobody need be asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One known message. Its texts are parts of sentences; `{names}` in them is filled in."""

    id: str
    signs: tuple[str, ...]
    """Texts of which the line holds at least one: finding them is quicker than trying `pattern`."""
    pattern: str
    """Searched within one line; its group `name` is the library, header, symbol or flag."""
    severity: Severity
    meaning: str
    cause: str
    fix: str
    link: str = ""
    remedy: Remedy | None = None
    within: str = ""
    """If set, a text that the `in function` line just before must hold."""
    outside: bool = False
    """Whether the cause lies with the network or the machine, and not with the user's project."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """A line of a log, cut where it is very long."""

    number: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What one entry of the catalogue says of a log, its names filled in."""

    id: str
    severity: Severity
    meaning: str
    cause: str
    fix: str
    link: str
    remedy: Remedy | None
    names: tuple[str, ...]
    """What the messages name: libraries, headers, symbols; the first of them where there are many."""
    evidence: tuple[LogLine, ...]
    """The first lines that say so."""
    times: int
    """How many lines say so."""
    outside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a log says, in order of importance, and what of it is not understood."""

    advices: tuple[Advice, ...]
    lines: int
    """Lines that were read, empty ones aside."""
    not_recognised: int
    """Lines of which nothing is known."""
    complaints: tuple[LogLine, ...]
    """Of those, the first that look like a warning or an error."""
    cut: bool = False
    """Whether the log goes on beyond what was read."""

    @property
    def lead(self) -> Advice | None:
        """The most telling cause of a failure; None where no known one is in the log."""
        return next((a for a in self.advices if a.severity is Severity.FATAL), None)
