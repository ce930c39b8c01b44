"""From what was seen of a run to a Proof. Pure. Only a program that ran by itself is a pass."""

from __future__ import annotations

import errno
import os
import re
import signal

from staticgo.facts.needs import needs_in, stub_in
from staticgo.model.binary import Linkage, Slice
from staticgo.model.proof import Level, Observation, Proof
from staticgo.model.verdict import Outcome

_BUILD = "if it is a Go program, build it with `staticgo build`, which links it statically"
OUT_OF_MEMORY = re.compile(
    r"out of memory|cannot allocate memory|[Cc]annot reserve|failed to reserve|pthread_create failed"
    r"|failed to commit pages"
)
"""What programs say when the sandbox's memory is used up."""
# Go's runtime catches what would kill a C program, says so, and exits with status 2
# (runtime/signal_unix.go, runtime/panic.go). A plain panic is left to the program: it may miss a file.
_CRASH = re.compile(r"(?m)^(SIG[A-Z]+: .*|\[signal SIG.*|fatal error: .*)$")
_GO_TRACE = re.compile(r"(?m)^(goroutine \d+|runtime stack:|PC=0x)")
_QEMU_SAYS = re.compile(r"(?m)^(qemu[\w-]*: |\*\*\n?ERROR:|Unknown syscall)")


def judge_run(piece: Slice, seen: Observation, how: str, seconds: float) -> Proof:
    """What one run says of the binary. `how` is `native`, or the emulator's name."""
    native = how == "native"
    if seen.exec_errno is not None:
        return _not_started(piece, seen, how)
    if seen.timed_out and not seen.started:
        return inconclusive(
            seen,
            how,
            f"it was not started within {seconds:g} s",
            "try again with a longer --timeout",
        )
    if piece.interpreter:
        # It may name a file that the empty root has, such as itself.
        return inconclusive(
            seen,
            how,
            f"it is dynamic, asks for the interpreter {piece.interpreter}, and ran all the same",
            _BUILD,
        )
    output = seen.stdout + seen.stderr
    if stub := stub_in(output):
        return failed_stub(seen, how, stub)
    if seen.timed_out:
        return _still_running(seen, how, seconds)
    if seen.signal is not None:
        return _killed(piece, seen, how) if native else _emulators_fault(seen, how)
    if seen.exit_status is None:
        return inconclusive(seen, how, "the program's end was not seen", "try again")
    if seen.exit_status == 0:
        return Proof(
            level=Level.ANSWERED,
            outcome=Outcome.PASS,
            how=how,
            summary=f"it answered in an empty root{quote(seen.stdout or seen.stderr)}",
            needs=needs_in(output),
            observed=seen,
        )
    return _failed(piece, seen, how)


def failed_stub(seen: Observation, how: str, stub: str) -> Proof:
    """It says itself that a package in it was built without its C part."""
    return Proof(
        level=Level.STARTED,
        outcome=Outcome.FAIL,
        how=how,
        summary=f"it starts, and is no use: {stub}",
        hint=_BUILD,
        observed=seen,
    )


def _failed(piece: Slice, seen: Observation, how: str) -> Proof:
    """It ended with a status other than 0: mostly a program that wants arguments, or misses something."""
    if how != "native" and _QEMU_SAYS.search(seen.stderr):
        return _emulators_fault(seen, how)
    if OUT_OF_MEMORY.search(seen.stderr):
        return inconclusive(
            seen, how, f"it ran out of the memory allowed{quote(seen.stderr)}", "start it by hand"
        )
    crash = _CRASH.search(seen.stderr) if _GO_TRACE.search(seen.stderr) else None
    if crash is not None:
        return (
            _crashed(piece, seen, how, crash[0]) if how == "native" else _emulators_fault(seen, how)
        )
    if piece.linkage not in (Linkage.STATIC, Linkage.STATIC_PIE):
        # Its own loader may have looked for an interpreter (packed programs do), in vain.
        return inconclusive(
            seen,
            how,
            f"it ended with status {seen.exit_status}, and its linkage is {piece.linkage}"
            f"{quote(seen.stderr or seen.stdout)}",
            "give arguments with which it ends well, such as -- --version",
        )
    return Proof(
        level=Level.STARTED,
        outcome=Outcome.PASS,
        how=how,
        summary=f"it started in an empty root, and ended with status {seen.exit_status}"
        f"{quote(seen.stderr or seen.stdout)}",
        hint="give arguments with which it ends well, such as -- --version, for a stronger proof",
        needs=needs_in(seen.stdout + seen.stderr),
        observed=seen,
    )


def _still_running(seen: Observation, how: str, seconds: float) -> Proof:
    output = seen.stdout + seen.stderr
    if how != "native" and not output:
        return inconclusive(
            seen,
            how,
            f"under the emulator it said nothing in {seconds:g} s, and may hang there",
            "give arguments with which it ends by itself, or a longer --timeout",
        )
    return Proof(
        level=Level.STARTED,
        outcome=Outcome.PASS,
        how=how,
        summary=f"it started in an empty root, and was still running after {seconds:g} s"
        f"{quote(output)}",
        needs=needs_in(output),
        observed=seen,
    )


def _not_started(piece: Slice, seen: Observation, how: str) -> Proof:
    number = seen.exec_errno or 0
    if number == errno.ENOENT and piece.interpreter:
        return dynamic(piece, how, seen)
    return Proof(
        level=Level.READ,
        outcome=Outcome.UNKNOWN,
        how=how,
        summary=f"the kernel refuses to start it: {os.strerror(number)}",
        hint="read it with `staticgo inspect`: it may be damaged, or for another CPU",
        observed=seen,
    )


def dynamic(piece: Slice, how: str = "read", seen: Observation | None = None) -> Proof:
    """It asks for an interpreter, and an empty root has none: from reading alone, or as the kernel said."""
    libraries = f" and the libraries {', '.join(piece.needed)}" if piece.needed else ""
    return Proof(
        level=Level.READ,
        outcome=Outcome.FAIL,
        how=how,
        summary="it does not start on an empty machine: it is dynamic, and asks for the interpreter "
        f'{piece.interpreter}{libraries}. The system then says "No such file or directory", and means '
        "the interpreter, not the program",
        hint=_BUILD,
        observed=seen,
    )


def refused_script(interpreter: str) -> Proof:
    """A `#!` script: an empty machine has nothing to run it with."""
    return Proof(
        level=Level.READ,
        outcome=Outcome.FAIL,
        how="read",
        summary="it does not start on an empty machine: it is a script, and asks for the interpreter "
        f'{interpreter or "(none is named)"}. The system then says "No such file or directory", and '
        "means the interpreter, not the script",
        hint="name the program itself, not a script that starts it",
    )


def no_program(piece: Slice) -> Proof:
    """A library, an object file or a core: there is nothing to start."""
    return Proof(
        level=Level.READ,
        outcome=Outcome.FAIL if piece.linkage is Linkage.DYNAMIC else Outcome.UNKNOWN,
        how="read",
        summary=f"it is no program to start, but of the kind {piece.kind}",
        hint="name an executable",
    )


def skipped(why: str, hint: str) -> Proof:
    """No proof could be tried. Never a pass."""
    return Proof(
        level=Level.READ,
        outcome=Outcome.UNKNOWN,
        how="SKIPPED",
        summary=f"not started: {why}",
        hint=hint,
    )


def try_another(proof: Proof) -> bool:
    """Whether this way was closed, and says nothing of the binary: the kernel knows no such CPU."""
    seen = proof.observed
    return seen is not None and seen.exec_errno == errno.ENOEXEC


def _killed(piece: Slice, seen: Observation, how: str) -> Proof:
    name = (
        signal.Signals(seen.signal or 0).name if seen.signal in set(signal.Signals) else "a signal"
    )
    if seen.signal in (signal.SIGKILL, signal.SIGXFSZ, signal.SIGXCPU) or OUT_OF_MEMORY.search(
        seen.stderr
    ):
        return inconclusive(
            seen, how, f"the limits of the empty root ended it ({name})", "start it by hand"
        )
    return _crashed(piece, seen, how, name)


def _crashed(piece: Slice, seen: Observation, how: str, by: str) -> Proof:
    if piece.linkage is Linkage.UNKNOWN:
        return inconclusive(
            seen,
            how,
            f"it crashed ({by}), and could not be read as a whole: {piece.linkage_evidence}",
            "get the file again from where it was made",
        )
    return Proof(
        level=Level.STARTED,
        outcome=Outcome.FAIL,
        how=how,
        summary=f"it crashed: {by}{quote(seen.stderr)}",
        hint="start it by hand on this machine too: it may crash everywhere",
        observed=seen,
    )


def _emulators_fault(seen: Observation, how: str) -> Proof:
    return inconclusive(
        seen,
        how,
        f"{how} crashed or gave up, which says nothing of the program{quote(seen.stderr)}",
        "start it on a machine with that CPU, or with a newer qemu",
    )


def inconclusive(seen: Observation, how: str, summary: str, hint: str) -> Proof:
    """The run says nothing of the binary."""
    return Proof(
        level=Level.READ,
        outcome=Outcome.UNKNOWN,
        how=how,
        summary=summary,
        hint=hint,
        observed=seen,
    )


def quote(text: str) -> str:
    """The line that says most: the first of a panic or a crash, else the last."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return ""
    loud = next(
        (line for line in lines if line.startswith("panic: ") or _CRASH.match(line)), lines[-1]
    )
    return f': "{loud[:200]}"'
