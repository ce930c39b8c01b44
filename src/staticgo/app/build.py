"""The verb `build`: gather, decide, act, judge, prove."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from pathlib import Path

from staticgo.app.act import execute
from staticgo.app.gather import find_source, gather
from staticgo.app.verify import verify
from staticgo.facts.platforms import Platform, resolve
from staticgo.host.files import cache_dir, writable_output
from staticgo.host.run import Runner
from staticgo.model.plan import CToolchain, GoToolchain, Plan, Policy, Strategy
from staticgo.model.project import ProjectFacts
from staticgo.model.request import BuildRequest
from staticgo.model.result import BuildResult
from staticgo.model.target import Target
from staticgo.plan.choose import choose
from staticgo.plan.compose import compose, heed_goflags
from staticgo.toolchain.zig import c_toolchain, find_zig

Progress = Callable[[Target, str], None]
"""Told which target begins which step; the step "done" or "failed" is its last."""


def plan(request: BuildRequest, runner: Runner) -> tuple[tuple[Plan, ...], GoToolchain]:
    """How each target would be built, and the Go that would do it. Nothing is built.

    Raises the errors of gathering and choosing.
    """
    # Before any work: a slip in a target's name should cost nothing.
    platforms = [resolve(text) for text in dict.fromkeys(request.targets)]
    source, go = find_source(request.package, request.directory, runner)
    if not platforms:
        platforms = [resolve(f"{go.host_os}/{go.host_arch}")]
    platforms = list(dict.fromkeys(platforms))
    policy = heed_goflags(request.policy, go)
    facts = gather(source, go, platforms, policy, runner)
    return tuple(_decide(facts, platforms, policy, go, runner)), go


def build(request: BuildRequest, runner: Runner, progress: Progress) -> tuple[BuildResult, ...]:
    """Builds every target, several at a time; with `request.verify`, starts each in an empty root.

    Raises the first target's error; the others are ended then, and leave nothing behind.
    """
    output = Path(request.output)
    writable_output(output)
    plans, go = plan(request, runner)

    def one(plan: Plan) -> BuildResult:
        try:
            result = execute(plan, output, go, runner, lambda step: progress(plan.target, step))
            if request.verify:
                progress(plan.target, "verifying")
                proof = verify(Path(result.path), request.arguments, runner)
                result = dataclasses.replace(result, proof=proof)
        except BaseException:
            progress(plan.target, "failed")
            raise
        progress(plan.target, "done")
        return result

    return run_all(one, plans, request.jobs or os.cpu_count() or 1, runner)


def run_all(
    work: Callable[[Plan], BuildResult], plans: Sequence[Plan], jobs: int, runner: Runner
) -> tuple[BuildResult, ...]:
    """Runs `work` for each plan; at the first failure, or Ctrl-C, ends the rest."""
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        futures = [pool.submit(work, plan) for plan in plans]
        try:
            done, _ = wait(futures, return_when=FIRST_EXCEPTION)
            failed = next((f for f in futures if f in done and f.exception()), None)
            if failed is not None:
                failed.result()
        except BaseException:
            runner.cancel()
            raise
        return tuple(future.result() for future in futures)


def _decide(
    facts: Sequence[ProjectFacts],
    platforms: Sequence[Platform],
    policy: Policy,
    go: GoToolchain,
    runner: Runner,
) -> Iterator[Plan]:
    zig = None
    for project, platform in zip(facts, platforms, strict=True):
        choice = choose(project, policy)
        toolchain: CToolchain | None = None
        if choice.strategy is Strategy.EXTERNAL:
            zig = zig or find_zig(runner)
            toolchain = c_toolchain(
                zig, platform, bin_dir=str(cache_dir("bin")), cxx=project.with_cgo.has_cxx
            )
        yield compose(project, platform, policy, choice, go, toolchain)
