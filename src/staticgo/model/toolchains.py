"""What is known of the toolchains on this machine."""

from __future__ import annotations

from dataclasses import dataclass

from staticgo.model.target import Target
from staticgo.model.verdict import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """One compiler: here, or not."""

    kind: str
    """What --toolchain takes."""
    command: str
    path: str = ""
    """"" where it is not here."""
    version: str = ""
    targets: tuple[Target, ...] = ()
    lacks: str = ""
    """What is missing for it to link a static program: itself, or its C library."""
    add: str = ""
    """The command that adds what is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkup:
    """What came of one real link."""

    kind: str
    command: str
    target: Target
    outcome: Outcome
    """UNKNOWN: it links what was asked for, and that could not be started here."""
    summary: str
    hint: str = ""
    details: str = ""
    seconds: float = 0.0
