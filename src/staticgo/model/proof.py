"""What was seen when a binary was started where nothing else exists."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from staticgo.model.verdict import Outcome


class Level(IntEnum):
    """How far a proof went."""

    READ = 1
    """The file was read, and not started."""
    STARTED = 2
    """The kernel (or the emulator) started it and it ran its own code."""
    ANSWERED = 3
    """It ended by itself with exit status 0."""

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What the sandbox saw of one run."""

    exit_status: int | None = None
    signal: int | None = None
    started: bool = False
    """Whether the kernel started the file, or the emulator for it."""
    timed_out: bool = False
    exec_errno: int | None = None
    """Set where the kernel refused to start the file at all."""
    stdout: str = ""
    stderr: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Whether a binary starts on an empty machine.

    `outcome`: PASS where it started, FAIL where the binary is at fault, UNKNOWN where the proof
    was skipped or inconclusive. `how` names the way (`native`, `qemu-aarch64`, `SKIPPED`).
    """

    level: Level
    outcome: Outcome
    how: str
    summary: str
    hint: str = ""
    needs: tuple[str, ...] = ()
    """What the program missed in the empty root (certificates, users, ...): no sign of linkage."""
    observed: Observation | None = None
