"""What a build gave, target by target: what `staticgo build` prints."""

from __future__ import annotations

from dataclasses import dataclass

from staticgo.model.binary import BinaryReport
from staticgo.model.diagnosis import Reading
from staticgo.model.plan import Plan
from staticgo.model.proof import Proof
from staticgo.model.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildResult:
    """One finished target. `path` is where the binary stands, judged and under its final name."""

    plan: Plan
    path: str
    report: BinaryReport
    verdict: Verdict
    sha256: str
    seconds: float
    proof: Proof | None = None
    reused: bool = False
    """Nothing had changed since the last build, so that one's binary still stands."""
    reading: Reading | None = None
    """What the compilers said though the build succeeded, and what that means."""
