"""Carries out one plan: build aside, read the result, judge it, and only then give it its name."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from pathlib import Path

from staticgo.app.inspect import inspect
from staticgo.errors import FormatError, MissingTool, ToolFailed, WrongBinary
from staticgo.facts.diagnostics import diagnose
from staticgo.host.files import cache_dir, place, sha256
from staticgo.host.lock import forget_unused, locked
from staticgo.host.run import Runner, go_environment
from staticgo.model.plan import GoToolchain, Plan
from staticgo.model.result import BuildResult
from staticgo.model.verdict import Outcome, Verdict
from staticgo.rules.promise import judge
from staticgo.toolchain import zig
from staticgo.toolchain.objects import forget_unused_objects, remembering

Progress = Callable[[str], None]
"""Told the step that begins."""

_KEPT_SECONDS = 7 * 24 * 3600


def execute(
    plan: Plan, output: Path, go: GoToolchain, runner: Runner, progress: Progress
) -> BuildResult:
    """Builds `plan` into the folder `output`.

    Raises ToolFailed where a compiler gives up, WrongBinary where the result is not what was
    promised (it then stays in the cache), FormatError where that cannot be told.
    """
    started = time.monotonic()
    key = hashlib.sha256(repr(plan).encode()).hexdigest()[:24]
    folder = cache_dir("builds", key)
    staging = folder / plan.name
    final = output / plan.name
    with locked(folder / "lock", runner, on_wait=lambda: progress("waiting for another build")):
        if plan.toolchain is not None:
            progress("preparing the C compiler")
            zig.prepare(plan.toolchain, runner)
        progress("building")
        _build(plan, staging, go, runner)
        progress("judging")
        report = inspect(staging)
        verdict = judge(report, plan.expects)
        check(plan, verdict, staging)
        place(staging, final)
        return BuildResult(
            plan=plan,
            path=str(final),
            report=report,
            verdict=verdict,
            sha256=sha256(final),
            seconds=time.monotonic() - started,
        )


def forget() -> None:
    """Removes what earlier builds left in the cache and no build has used for long."""
    forget_unused(cache_dir("builds"), _KEPT_SECONDS)
    forget_unused_objects()


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


def _build(plan: Plan, staging: Path, go: GoToolchain, runner: Runner) -> None:
    env = go_environment({**dict(go.fetching), **dict(plan.environment)})
    if plan.toolchain is not None:
        env = zig.with_compilers(plan.toolchain, env, remembering(plan.toolchain))
    argv = plan.arguments(str(staging))
    done = runner.run(argv, env=env, cwd=plan.source.dir)
    if done.returncode == 0:
        return
    if not Path(argv[0]).exists():
        raise MissingTool(f"{argv[0]} is gone", hint="run the same command again")
    staging.unlink(missing_ok=True)
    known = diagnose(done.stderr)
    raise ToolFailed(
        f"{plan.target}: go build failed" + (f": {known.meaning}" if known else ""),
        hint=known.hint if known else "`staticgo build --dry-run` prints a script to try by hand",
        details=done.stderr.rstrip(),
    )
