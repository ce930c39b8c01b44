"""Carries out one plan: build aside, read the result, judge it, and only then give it its name."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path

from staticgo.app.inspect import inspect
from staticgo.app.steps.libraries import build_own
from staticgo.app.steps.pool import beside
from staticgo.binary.universal import universal
from staticgo.errors import FormatError, MissingTool, ToolFailed, WrongBinary
from staticgo.host.files import cache_dir, place, sha256, write_atomically
from staticgo.host.lock import forget_unused, locked
from staticgo.host.run import Completed, Runner, go_environment
from staticgo.linking.openbsd import exempted
from staticgo.model.diagnosis import Advice, Reading
from staticgo.model.plan import GoToolchain, Plan
from staticgo.model.result import BuildResult
from staticgo.model.verdict import Outcome, Verdict
from staticgo.planning.remedy import mended, offer
from staticgo.rules.log import read_text
from staticgo.rules.promise import judge_result
from staticgo.toolchain import zig
from staticgo.toolchain.libraries import forget_unused_libraries
from staticgo.toolchain.objects import forget_unused_objects, pending, remembering
from staticgo.toolchain.select import is_prepared, prepare

Progress = Callable[[str], None]
"""Told the step that begins."""

_KEPT_SECONDS = 7 * 24 * 3600
_WAITING = 2
"""How many calls of the C compiler may wait for its libc while Go compiles on."""


class _Failed(Exception):
    """`go build` gave up; what it said, and what that means."""

    def __init__(self, said: str, reading: Reading) -> None:
        super().__init__(said)
        self.said = said
        self.reading = reading


def execute(
    plan: Plan, output: Path, go: GoToolchain, runner: Runner, progress: Progress
) -> BuildResult:
    """Builds `plan` into the folder `output`; with a safe remedy, if it fails for want of one.

    The result's plan is the one that was built in the end. Raises ToolFailed where a compiler gives
    up, WrongBinary where the result is not what was promised (it then stays in the cache),
    FormatError where that cannot be told.
    """
    started = time.monotonic()
    while True:
        try:
            return _execute(plan, output, go, runner, progress, started)
        except _Failed as failed:
            better = mended(plan, failed.reading)
            if better is None:
                raise _failure(plan, failed) from None
            progress(f"building again: {better.reasons[-1].decision}")
            plan = better


def _execute(
    plan: Plan, output: Path, go: GoToolchain, runner: Runner, progress: Progress, started: float
) -> BuildResult:
    key = hashlib.sha256(repr(plan).encode()).hexdigest()[:24]
    folder = cache_dir("builds", key)
    staging = folder / plan.name
    final = output / plan.name
    with locked(folder / "lock", runner, on_wait=lambda: progress("waiting for another build")):
        reading = _make(plan, staging, go, runner, progress)
        progress("judging")
        report = inspect(staging)
        verdict = judge_result(report, plan)
        check(plan, verdict, staging)
        place(staging, final)
        return BuildResult(
            plan=plan,
            path=str(final),
            report=report,
            verdict=verdict,
            sha256=sha256(final),
            seconds=time.monotonic() - started,
            reading=reading,
        )


def forget() -> None:
    """Removes what earlier builds left in the cache and no build has used for long."""
    forget_unused(cache_dir("builds"), _KEPT_SECONDS)
    forget_unused_objects()
    forget_unused_libraries()


def check(plan: Plan, verdict: Verdict, staging: Path) -> None:
    """Raises unless the verdict lets the binary pass."""
    bad = [finding for finding in verdict.findings if finding.outcome <= Outcome.UNKNOWN]
    if verdict.outcome >= Outcome.WARN:
        return
    kind = WrongBinary if verdict.outcome is Outcome.FAIL else FormatError
    raise kind(
        f"{plan.target}: " + "; ".join(finding.message for finding in bad),
        hint=bad[0].hint if bad else "report this as a bug of staticgo",
        details="\n".join(
            [*(f.evidence for f in bad if f.evidence), f"the binary was kept at {staging}"]
        ),
    )


def _make(
    plan: Plan, staging: Path, go: GoToolchain, runner: Runner, progress: Progress
) -> Reading | None:
    """Makes the binary; gives what the compilers said of it, None where they said nothing."""
    files = [staging.with_name(part.name) for part in plan.builds]
    readings = []
    for part, file in zip(plan.builds, files, strict=True):
        progress(f"building {part.target.arch}" if plan.parts else "building")
        readings.append(_judge_build(part, file, _build(part, file, go, runner, progress)))
        if part.target.os == "openbsd" and part.toolchain and part.toolchain.kind == "zig":
            write_atomically(file, exempted(file.read_bytes()), mode=0o755)
    if plan.parts:
        joined = b"".join(universal([file.read_bytes() for file in files]))
        write_atomically(staging, joined, mode=0o755)
    return next((reading for reading in readings if reading is not None), None)


def _build(
    plan: Plan, staging: Path, go: GoToolchain, runner: Runner, progress: Progress
) -> Completed:
    """How `go build` ended. Raises ToolFailed where the C compiler cannot be prepared."""
    env = go_environment({**dict(go.fetching), **dict(plan.environment)})
    argv = plan.arguments(str(staging))
    toolchain = plan.toolchain
    if toolchain is None:
        return runner.run(argv, env=env, cwd=plan.source.dir)
    build_own(toolchain, runner, progress)
    zig.write_wrappers(toolchain)
    env = zig.with_compilers(toolchain, env, remembering(toolchain))
    if is_prepared(toolchain):
        return runner.run(argv, env=env, cwd=plan.source.dir)
    progress("building, and preparing the C compiler")
    with pending(toolchain) as (marker, end):

        def first_link() -> None:
            prepare(toolchain, runner)
            end()

        # Calls of the compiler that wait for its libc keep a place, and Go shall compile meanwhile.
        places = f"-p={(os.cpu_count() or 1) + _WAITING}"
        return beside(
            lambda: runner.run(
                (*argv[:2], places, *argv[2:]), env={**env, **marker}, cwd=plan.source.dir
            ),
            first_link,
            runner,
        )


def _judge_build(plan: Plan, staging: Path, done: Completed) -> Reading | None:
    """What the compilers said of a build that succeeded. Raises _Failed, MissingTool."""
    if done.returncode == 0:
        return read_text(done.stderr) if done.stderr.strip() else None
    command = plan.command[0]
    if not Path(command).exists():
        raise MissingTool(f"{command} is gone", hint="run the same command again")
    staging.unlink(missing_ok=True)
    raise _Failed(done.stderr.rstrip(), read_text(done.stderr))


def _failure(plan: Plan, failed: _Failed) -> ToolFailed:
    """The error for the user: the most telling cause leads, the others stand below Go's words."""
    lead = failed.reading.lead
    if lead is None:
        return ToolFailed(
            f"{plan.target}: go build failed",
            hint="`staticgo build --dry-run` prints a script to try by hand",
            details=failed.said,
        )
    # The view leaves out the middle of long output, where the telling line may stand.
    said = [f"line {line.number}: {line.text}" for line in lead.evidence[:1]]
    others = [f"{a.severity}, too: {a.meaning}" for a in failed.reading.advices if a is not lead]
    return ToolFailed(
        f"{plan.target}: go build failed: {lead.meaning}",
        hint=_next(plan, lead),
        details="\n".join([failed.said, *said, f"because {lead.cause}", *others]),
    )


def _next(plan: Plan, lead: Advice) -> str:
    link = f" ({lead.link})" if lead.link and lead.link not in lead.fix else ""
    if lead.remedy is None or lead.remedy.safe:
        return f"{lead.fix}{link}"
    command = offer(plan, lead.remedy)
    return f"{lead.fix}{link}; to try it: `{command}` ({lead.remedy.why})"
