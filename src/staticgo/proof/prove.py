"""Proves a binary: chooses the way to start it, starts it, and has the run judged."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from staticgo.host.run import Runner
from staticgo.model.binary import BinaryReport, Kind, Slice
from staticgo.model.proof import Proof
from staticgo.model.verdict import Outcome
from staticgo.proof import outcome, wine
from staticgo.proof.emulator import Way, missing, ways
from staticgo.proof.outcome_wine import judge_wine
from staticgo.proof.sandbox import NOT_LINUX, Limits, NoSandbox, observe
from staticgo.proof.start import in_empty_root

_ATTEMPTS_UNDER_EMULATOR = 2


def prove(
    path: Path,
    report: BinaryReport,
    arguments: Sequence[str] = (),
    *,
    runner: Runner,
    limits: Limits | None = None,
) -> Proof:
    """Whether the binary starts where nothing else exists; what stood in the way is in the proof.

    Raises Interrupted; nothing else is raised for what the program does.
    """
    limits = limits or Limits()
    if not report.slices:
        return outcome.skipped("the file holds no program", "name a program")
    piece = report.slices[0]  # all of a universal binary's are for one system, which is no Linux
    if piece.kind not in (Kind.EXECUTABLE, Kind.PIE):
        return outcome.no_program(piece)
    if not sys.platform.startswith("linux"):
        return outcome.skipped(NOT_LINUX.why, NOT_LINUX.hint)
    if piece.os == "windows":
        return _under_wine(path, piece, arguments, runner, limits)
    if piece.os not in ("", "linux", "android") or (piece.os == "android" and piece.interpreter):
        return outcome.skipped(
            f"it is a program for {piece.os}, and this is Linux", "start it on that system"
        )
    proof = outcome.skipped(
        f"there is nothing here to start a program for {piece.machine} with", missing(piece.machine)
    )
    for way in ways(piece.machine):
        proof = _try(path, piece, way, arguments, runner, limits)
        if not outcome.try_another(proof):
            return proof
    if piece.interpreter and proof.outcome is not Outcome.PASS:
        return outcome.dynamic(piece)
    return proof


def how(os: str, machine: str, runner: Runner) -> str:
    """The surest way to prove a program for `os` and `machine` (in Go's words) here, in two words."""
    if not sys.platform.startswith("linux"):
        return "read only"
    if os == "windows":
        found = wine.find(machine, runner)
        return found.name if found else "read only"
    if os != "linux":
        return "read only"
    return next((way.name for way in ways(machine)), "read only")


def _under_wine(
    path: Path, piece: Slice, arguments: Sequence[str], runner: Runner, limits: Limits
) -> Proof:
    found = wine.find(piece.machine, runner)
    if found is None:
        return outcome.skipped(
            f"it is a program for windows/{piece.machine}, and there is no wine here that starts those",
            wine.missing(piece.machine),
        )
    proof = outcome.skipped("", "")
    for _ in range(_ATTEMPTS_UNDER_EMULATOR):
        seen = observe(wine.start(found, path, arguments), limits, runner)
        if isinstance(seen, NoSandbox):
            return outcome.skipped(seen.why, seen.hint)
        proof = judge_wine(piece, seen, found.name, limits.seconds, lent=found.lent)
        if proof.outcome is not Outcome.UNKNOWN:
            break
    return proof


def _try(
    path: Path,
    piece: Slice,
    way: Way,
    arguments: Sequence[str],
    runner: Runner,
    limits: Limits,
) -> Proof:
    if way.emulator and piece.interpreter:
        return outcome.dynamic(piece)
    attempts = _ATTEMPTS_UNDER_EMULATOR if way.emulator else 1
    proof = outcome.skipped("", "")
    for _ in range(attempts):
        seen = observe(in_empty_root(path, way.emulator, arguments), limits, runner)
        if isinstance(seen, NoSandbox):
            return outcome.skipped(seen.why, seen.hint)
        proof = outcome.judge_run(piece, seen, way.name, limits.seconds)
        # Go under qemu-user can hang or crash for qemu's own reasons (golang/go#70329, #36981).
        if proof.outcome is not Outcome.UNKNOWN:
            return proof
    return proof
