"""The verb `build`: gather, decide, act, judge, prove."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from staticgo.app.steps import memo
from staticgo.app.steps.act import execute, forget
from staticgo.app.steps.compilers import c_compiler
from staticgo.app.steps.gather import find_source, gather
from staticgo.app.steps.libraries import OwnLibraries, own_libraries
from staticgo.app.steps.mac import check_mac
from staticgo.app.steps.pool import run_all
from staticgo.app.steps.prebuilt import check_prebuilt
from staticgo.app.verify import verify
from staticgo.errors import Unreachable
from staticgo.facts.platforms import UNIVERSAL, Platform, parts_of, platform, resolve_port
from staticgo.host.files import writable_output
from staticgo.host.run import Runner
from staticgo.host.stamps import SETTLED_SECONDS
from staticgo.model.plan import CToolchain, GoToolchain, Plan, Policy, Reason, Strategy
from staticgo.model.project import ProjectFacts
from staticgo.model.request import BuildRequest
from staticgo.model.result import BuildResult
from staticgo.model.target import Target
from staticgo.model.verdict import Outcome
from staticgo.planning.choose import choose
from staticgo.planning.compose import compose, heed_config, heed_goflags, joined
from staticgo.planning.names import check_name
from staticgo.planning.targets import Wanted, expand
from staticgo.proof import skipped
from staticgo.toolchain.select import Toolchains

Progress = Callable[[Target, str], None]
"""Told which target begins which step; "done", "failed", "verified" and "not verified" end one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """The plans for a request, and what they were made from."""

    plans: tuple[Plan, ...]
    facts: tuple[ProjectFacts, ...]
    go: GoToolchain
    watched: tuple[str, ...] = ()
    """Files of staticgo's own that decide the plans: staticgo.toml, and what it names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Means:
    """What plans are made with, for every target alike."""

    policy: Policy
    go: GoToolchain
    toolchains: Toolchains
    libraries: OwnLibraries


def plan(request: BuildRequest, runner: Runner) -> Planned:
    """How each target would be built, and the Go that would do it. Nothing is built.

    Raises the errors of gathering and choosing.
    """
    # Before any work: a slip in the name of a target or a toolchain should cost nothing.
    wanted = expand(request.targets)
    check_name(request.policy.toolchain)
    source, go = find_source(request.package, request.directory, runner)
    if not wanted:
        host = resolve_port(f"{go.host_os}/{go.host_arch}")
        wanted = (Wanted(target=host, named=True),)
    libraries = own_libraries(source, request.directory)
    policy = heed_config(heed_goflags(request.policy, go), libraries.config)
    platforms = [platform(part) for one in wanted for part in parts_of(one.target)]
    facts = gather(source, go, tuple(dict.fromkeys(platforms)), policy, runner)
    means = _Means(policy=policy, go=go, toolchains=Toolchains(runner, go), libraries=libraries)
    plans = _decide(wanted, facts, means)
    return Planned(
        plans=plans, facts=tuple(facts.values()), go=go, watched=tuple(libraries.watched())
    )


def build(request: BuildRequest, runner: Runner, progress: Progress) -> tuple[BuildResult, ...]:
    """Builds every target, several at a time; with `request.verify`, starts each in an empty root.

    Raises the first target's error; the others are ended then, and leave nothing behind.
    """
    remembered = None if request.rebuild else memo.recall(request)
    results = remembered or _build(request, runner, progress)
    if not request.verify:
        return results

    def prove(result: BuildResult) -> BuildResult:
        progress(result.plan.target, "verifying")
        if result.plan.expects.glibc:
            proof = skipped(
                "it is to find glibc on its machine, and an empty root has none",
                "start it on a system with that glibc, or leave +gnu out for a static program",
            )
        else:
            proof = verify(Path(result.path), request.arguments, runner, seconds=request.seconds)
        passed = proof.outcome is Outcome.PASS
        progress(result.plan.target, "verified" if passed else "not verified")
        return dataclasses.replace(result, proof=proof)

    return run_all(prove, results, request.jobs, runner)


def _build(request: BuildRequest, runner: Runner, progress: Progress) -> tuple[BuildResult, ...]:
    output = Path(request.output)
    if writable_output(output):
        # The new folder changed the one around it: that is to be seen as done before the build.
        time.sleep(SETTLED_SECONDS)
    forget()
    began_ns = time.time_ns()
    planned = plan(request, runner)
    for target, reason in ((p.target, r) for p in planned.plans for r in p.reasons if r.warning):
        # Before minutes of compiling, and not only beside the result.
        progress(target, f"warning: {reason.decision}: {reason.why}")

    def one(plan: Plan) -> BuildResult:
        try:
            result = execute(
                plan, output, planned.go, runner, lambda step: progress(plan.target, step)
            )
        except BaseException:
            progress(plan.target, "failed")
            raise
        progress(plan.target, "done")
        return result

    results = run_all(one, planned.plans, request.jobs, runner)
    memo.remember(request, results, planned.facts, planned.go, planned.watched, began_ns=began_ns)
    return results


def _decide(
    wanted: Sequence[Wanted],
    facts: Mapping[Platform, ProjectFacts],
    means: _Means,
) -> tuple[Plan, ...]:
    """A plan for each target. What only a pattern named is left out where it cannot be reached."""
    plans: list[Plan] = []
    left_out: list[Reason] = []
    for one in wanted:
        try:
            parts = tuple(
                _plan(facts[platform(part)], platform(part), means) for part in parts_of(one.target)
            )
        except Unreachable as error:
            if one.named:
                raise
            left_out.append(
                Reason(decision=f"{one.target} is left out", why=error.message, warning=True)
            )
            continue
        plans.append(parts[0] if one.target != UNIVERSAL else joined(parts))
    if not plans:
        raise Unreachable(
            "no target that the patterns name can be reached",
            hint="`staticgo targets` lists what can be built",
            details="\n".join(reason.why for reason in left_out),
        )
    # They are said with the first plan, so that they are said again when nothing has changed.
    plans[0] = dataclasses.replace(plans[0], reasons=(*plans[0].reasons, *left_out))
    return tuple(plans)


def _plan(project: ProjectFacts, platform: Platform, means: _Means) -> Plan:
    policy, graph = means.policy, project.with_cgo
    choice = choose(project, policy, platform)
    toolchain: CToolchain | None = None
    if choice.strategy is Strategy.EXTERNAL:
        asked = [name for package in graph.cgo_packages for name in package.pkg_config_names]
        toolchain = c_compiler(
            platform, policy, means.libraries, means.toolchains, asked=asked, cxx=graph.has_cxx
        )
        if platform.target.os == "darwin" and toolchain.kind == "zig":
            mac = means.toolchains.mac(platform.target.arch)
            check_mac(graph, toolchain, mac, platform, means.go)
        hazards = check_prebuilt(graph, platform, toolchain)
        toolchain = dataclasses.replace(toolchain, hazards=(*toolchain.hazards, *hazards))
    return compose(project, platform, policy, choice, means.go, toolchain)
