"""From what was seen of a run under wine to a Proof. Pure. What wine does wrong is never a fail."""

from __future__ import annotations

import dataclasses

from staticgo.facts import wine as facts
from staticgo.facts.needs import needs_in, stub_in
from staticgo.model.binary import Slice
from staticgo.model.proof import Level, Observation, Proof
from staticgo.model.verdict import Outcome
from staticgo.proof.outcome import OUT_OF_MEMORY, failed_stub, inconclusive, quote

_WINDOWS = "start it on Windows"
_ARGUMENTS = "give arguments with which it ends well, such as -- --version"


def judge_wine(piece: Slice, seen: Observation, how: str, seconds: float, *, lent: bool) -> Proof:
    """What one run says of the program. `lent`: wine got a stand-in for a DLL that it lacks."""
    if not seen.started or seen.exec_errno is not None:
        return inconclusive(seen, how, f"{how} itself was not started", _WINDOWS)
    said, program = _apart(seen)
    output = program.stdout + program.stderr
    missing = facts.MISSING_DLL.findall(said)
    # What a DLL of wine's own lacks need not matter to the program.
    if missing and (program.exit_status != 0 or any(by == facts.PROGRAM for _, by in missing)):
        return _missing_dlls(piece, program, how, missing)
    if stub := stub_in(output):
        return failed_stub(program, how, stub)
    if not facts.LOADED.search(seen.stderr):
        return inconclusive(
            program, how, f"{how} did not load the program{quote(said or program.stderr)}", _WINDOWS
        )
    if OUT_OF_MEMORY.search(program.stderr):
        return inconclusive(
            program, how, f"it ran out of the memory allowed{quote(program.stderr)}", _WINDOWS
        )
    if crash := facts.CRASH.search(program.stderr) or facts.CRASH.search(said):
        return inconclusive(
            program,
            how,
            f"it crashed under {how}, which may be the fault of either{quote(crash[0])}",
            _WINDOWS,
        )
    if seen.exit_status is None and not seen.timed_out:
        why = f"{how} was ended by signal {seen.signal}, which may be the fault of either"
        return inconclusive(program, how, f"{why}{quote(program.stderr)}", _WINDOWS)
    if not output and (said or program.timed_out):
        return _silent(program, how, said, seconds)
    return _passed(program, how, seconds, lent=lent)


def _passed(seen: Observation, how: str, seconds: float, *, lent: bool) -> Proof:
    output = seen.stdout + seen.stderr
    where = f"in a fresh prefix of {how}"
    if lent:
        where += f" (lent {facts.RANDOM_DLL}, which it lacks and Windows has)"
    answered = seen.exit_status == 0
    if answered:
        what = f"it answered {where}"
    elif seen.timed_out:
        what = f"it started {where}, and was still running after {seconds:g} s"
    else:
        what = f"it started {where}, and ended with status {seen.exit_status}"
    told = (seen.stdout or seen.stderr) if answered else (seen.stderr or seen.stdout)
    return Proof(
        level=Level.ANSWERED if answered else Level.STARTED,
        outcome=Outcome.PASS,
        how=how,
        summary=f"{what}{quote(told)}",
        hint="" if answered or seen.timed_out else f"{_ARGUMENTS}, for a stronger proof",
        needs=needs_in(output),
        observed=seen,
    )


def _silent(seen: Observation, how: str, said: str, seconds: float) -> Proof:
    """No word of the program: wine may hang, or have given up on it."""
    if seen.timed_out:
        return inconclusive(
            seen,
            how,
            f"it said nothing in {seconds:g} s, and {how} may hang",
            "give arguments with which it ends by itself, or a longer --timeout",
        )
    return inconclusive(
        seen, how, f"{how} gave up, which says nothing of the program{quote(said)}", _WINDOWS
    )


def _missing_dlls(
    piece: Slice, seen: Observation, how: str, missing: list[tuple[str, str]]
) -> Proof:
    foreign = {name.lower() for name in piece.foreign}
    asked = sorted(
        {name for name, by in missing if by == facts.PROGRAM and name.lower() in foreign}
    )
    if asked:
        return Proof(
            level=Level.READ,
            outcome=Outcome.FAIL,
            how=how,
            summary=f"it does not start: it asks for {', '.join(asked)}, which is no part of Windows "
            "(status 0xc0000135)",
            hint="link that library statically: `staticgo build` does",
            observed=seen,
        )
    return inconclusive(
        seen,
        how,
        f"{how} lacks {', '.join(sorted({name for name, _ in missing}))} (status 0xc0000135), which "
        "Windows may have",
        "start it on Windows, or with a newer wine",
    )


def _apart(seen: Observation) -> tuple[str, Observation]:
    """wine's own lines, and what is left for the program."""
    own, kept = [], []
    for line in seen.stderr.splitlines(keepends=True):
        if facts.SAYS.match(line):
            own.append(line)
        elif not facts.NOISE.match(line):
            kept.append(line)
    return "".join(own), dataclasses.replace(seen, stderr="".join(kept))
