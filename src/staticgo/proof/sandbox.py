"""Runs inside.py, which makes the root, and reads what it saw."""

from __future__ import annotations

import errno
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from staticgo.host.run import Runner
from staticgo.model.proof import Observation
from staticgo.proof.start import Start

_INSIDE = Path(__file__).with_name("inside.py")
_GRACE_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a program may use."""

    seconds: float = 10.0
    memory: int = 2 << 30
    """Bytes of private writable memory, for each process."""
    disk: int = 64 << 20
    """Bytes, beside the program itself."""
    output: int = 64 << 10
    """Bytes kept of each of its outputs; the rest is read and dropped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSandbox:
    """The empty root could not be made."""

    why: str
    hint: str


NOT_LINUX = NoSandbox(
    why=f"empty roots are made of Linux namespaces, and this is {sys.platform}",
    hint="run `staticgo verify` on Linux, or in a container of it",
)


def observe(start: Start, limits: Limits, runner: Runner) -> Observation | NoSandbox:
    """What was seen of one run in a root of its own, or why there was none."""
    seen = _run(start, limits, runner, drop=True)
    if isinstance(seen, NoSandbox) and os.geteuid() == 0:
        # Some systems keep user namespaces from ordinary users, and not from root.
        return _run(start, limits, runner, drop=False)
    return seen


def _run(start: Start, limits: Limits, runner: Runner, *, drop: bool) -> Observation | NoSandbox:
    request = {
        **start.as_request(),
        "seconds": limits.seconds,
        "memory": limits.memory,
        "disk": limits.disk,
        "output": limits.output,
        "drop": drop,
    }
    done = runner.run(
        [sys.executable, "-I", "-S", str(_INSIDE)],
        stdin=json.dumps(request).encode(),
        timeout=limits.seconds + _GRACE_SECONDS,
    )
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        last = (done.stderr.strip().splitlines() or ["no word"])[-1]
        return NoSandbox(why=f"the sandbox broke: {last}", hint="report it as a bug of staticgo")
    if "refused" in answer:
        return _refusal(answer["refused"], answer["errno"])
    return Observation(**answer)


def _refusal(step: str, number: int) -> NoSandbox:
    reason = f"{step}: {os.strerror(number)}" if number else step
    hints = {
        errno.ENOSPC: "raise user.max_user_namespaces with sysctl, or free memory",
        errno.ENOMEM: "free some memory",
        errno.EACCES: "let every user read it, for staticgo gives up its own rights first",
    }
    return NoSandbox(
        why=f"this system does not let an empty root be made ({reason})",
        hint=hints.get(
            number,
            "allow user namespaces (sysctl kernel.unprivileged_userns_clone=1, "
            "kernel.apparmor_restrict_unprivileged_userns=0), or run outside the container",
        ),
    )
