"""Judgements: what each rule found, and the verdict over all of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Outcome(IntEnum):
    """Ordered: a verdict is the worst of its findings."""

    FAIL = 0
    UNKNOWN = 1
    WARN = 2
    PASS = 3

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one rule says, and the evidence it rests on."""

    rule: str
    outcome: Outcome
    message: str
    evidence: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The minimum over findings. No findings means UNKNOWN: silence is not a pass."""

    findings: tuple[Finding, ...]

    @property
    def outcome(self) -> Outcome:
        """The worst outcome found, UNKNOWN where nothing was looked at."""
        return min((finding.outcome for finding in self.findings), default=Outcome.UNKNOWN)
