"""What `inspect` says of one file: the report, and what the rules make of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from staticgo.model.binary import BinaryReport, Group
from staticgo.model.source import Trouble
from staticgo.model.verdict import Outcome, Verdict

SCHEMA_VERSION = 1
"""Of `inspect --json`; raised where a reader of the last version would be misled."""


class Require(StrEnum):
    """What a program must be to pass as a gate."""

    STATIC = "static"
    SYSTEM_ONLY = "system-only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """One binary, read and judged."""

    name: str
    """The path, with the names inside an archive behind `!`."""
    report: BinaryReport
    verdict: Verdict
    sizes: tuple[Group, ...] = ()
    """By Go package and C library, where it was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspections:
    """All that was given, and what could not be read of it."""

    version: int
    binaries: tuple[Inspection, ...]
    troubles: tuple[Trouble, ...]

    @property
    def outcome(self) -> Outcome:
        """FAIL where a binary falls short, else UNKNOWN where something could not be read."""
        found = [inspection.verdict.outcome for inspection in self.binaries]
        return min([*found, *([Outcome.UNKNOWN] if self.troubles else [])], default=Outcome.UNKNOWN)
