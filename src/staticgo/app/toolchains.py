"""The verbs `toolchain` and `doctor`: what is here, and whether it works."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from staticgo.app.verify import verify
from staticgo.errors import MissingTool, StaticgoError, UsageError
from staticgo.facts.pinned import MUSL
from staticgo.facts.platforms import platform, resolve_port
from staticgo.facts.toolchains import COMPILERS, OWN_MUSL, USERS, ZIG, Compiler
from staticgo.host.files import working_directory
from staticgo.host.run import Runner
from staticgo.model.binary import Linkage
from staticgo.model.plan import CToolchain, Libc
from staticgo.model.target import Target
from staticgo.model.toolchains import Checkup, Tool
from staticgo.model.verdict import Outcome
from staticgo.planning.names import check_name, of_name
from staticgo.planning.targets import all_targets, expand
from staticgo.toolchain import others
from staticgo.toolchain.go import find_go
from staticgo.toolchain.install import install
from staticgo.toolchain.select import Toolchains, candidates, prepare
from staticgo.toolchain.trial import try_link
from staticgo.toolchain.zig import find_zig

Progress = Callable[[str], None]
"""Told the step that begins."""

GO = "go"


def tools(words: Sequence[str], runner: Runner) -> tuple[Tool, ...]:
    """Every toolchain there could be for the targets that `words` mean; without any, for all.

    Raises UnknownTarget.
    """
    wanted = [one.target for one in expand(words)] if words else list(all_targets(variants=True))
    rows: dict[Compiler, list[Target]] = {}
    for target in wanted:
        for row in candidates(target):
            rows.setdefault(row, []).append(target)
    found = [_go(runner), _zig(wanted, runner)]
    found += [_tool(row, targets, runner) for row, targets in sorted(rows.items(), key=_position)]
    return (*found, *_users(wanted, runner))


def _position(item: tuple[Compiler, object]) -> int:
    return COMPILERS.index(item[0])


def _go(runner: Runner) -> Tool:
    try:
        go = find_go(runner, str(working_directory()), settings=False)
    except StaticgoError as error:
        return Tool(kind=GO, command="go", lacks=error.message, add="staticgo toolchain install go")
    return Tool(kind=GO, command="go", path=go.command, version=go.version)


def _zig(wanted: Sequence[Target], runner: Runner) -> Tool:
    targets = tuple(target for target in wanted if platform(target).zig_triple)
    try:
        zig = find_zig(runner)
    except StaticgoError as error:
        return Tool(
            kind=ZIG,
            command="zig",
            targets=targets,
            lacks=error.message,
            add="staticgo toolchain install zig",
        )
    return Tool(kind=ZIG, command="zig", path=zig.command, version=zig.version, targets=targets)


def _tool(row: Compiler, targets: Sequence[Target], runner: Runner) -> Tool:
    found = others.find(row)
    add = others.install_command(row, cxx=bool(row.cxx))
    if found is None:
        lacks = "it is not here"
        return Tool(kind=row.kind, command=row.cc, targets=tuple(targets), lacks=lacks, add=add)
    version, lacks = "", ""
    try:
        version = others.ask(found, runner).version
        if row.kind == OWN_MUSL:
            version = f"{MUSL.version}, gcc {version}"
        if not others.may_link_statically(found, platform(targets[0]), runner):
            lacks = "there is no static C library for it"
    except StaticgoError as error:
        lacks = error.message
    return Tool(
        kind=row.kind,
        command=row.cc,
        path=found.cc[0],
        version=version,
        targets=tuple(targets),
        lacks=lacks,
        add=add if lacks else "",
    )


def _users(wanted: Sequence[Target], runner: Runner) -> Iterator[Tool]:
    """What CC names, where it is set."""
    try:
        found = others.find_users(os.environ)
        asked = others.ask(found, runner)
    except UsageError as error:
        if os.environ.get("CC"):
            yield Tool(kind=USERS, command=os.environ["CC"], lacks=error.message, add=error.hint)
        return
    except MissingTool as error:
        yield Tool(kind=USERS, command=os.environ["CC"], lacks=error.message, add=error.hint)
        return
    arch = others.arch_of(asked)
    yield Tool(
        kind=USERS,
        command=os.environ["CC"],
        path=found.cc[0],
        version=asked.version,
        targets=tuple(target for target in wanted if (target.os, target.arch) == ("linux", arch)),
    )


def add(
    name: str, runner: Runner, progress: Progress, *, source: Path | None = None
) -> tuple[str, bool]:
    """The path of a tool that is installed into the cache if need be; whether it had to be.

    Raises what `staticgo.toolchain.install.install` raises.
    """
    path, anew = install(name, runner, progress, source=source)
    return str(path), anew


def path_of(name: str, target: str, runner: Runner, *, cxx: bool = False) -> str:
    """The compiler's own path; with a target, the command that builds for it use as CC or CXX.

    Raises what choosing it raises.
    """
    if name == GO:
        return find_go(runner, str(working_directory()), settings=False).command
    if target:
        toolchain = Toolchains(runner).select(name, platform(_named(target)), cxx=cxx)
        prepare(toolchain, runner)
        return str(Path(toolchain.bin_dir, (toolchain.cxx if cxx else toolchain.cc).name))
    check_name(name)
    if name in ("", ZIG):
        return find_zig(runner).command
    found = (
        others.find_users(os.environ)
        if name == USERS
        else next(filter(None, map(others.find, of_name(name))), None)
    )
    if found is None:
        row = of_name(name)[0]
        raise MissingTool(
            f"{row.cc} is not here",
            hint=others.install_command(row, cxx=cxx) or "put it on PATH",
        )
    if cxx and not found.cxx:
        raise MissingTool(f"{found.cc[0]} has no C++ compiler beside it", hint=found.install)
    return (found.cxx if cxx else found.cc)[0]


def _named(target: str) -> Target:
    return resolve_port(target, libc=True)


def doctor(
    names: Sequence[str],
    words: Sequence[str],
    runner: Runner,
    progress: Progress,
    *,
    seconds: float = 10.0,
) -> tuple[Checkup, ...]:
    """One real link with each toolchain that is here, or with those named, read and started.

    zig links for this machine, or for the targets that `words` mean. Raises UsageError for a name
    that is none, UnknownTarget.
    """
    for name in names:
        if name == GO:
            raise UsageError(
                "go is no C compiler to try a link with",
                hint="`staticgo toolchain list` shows which Go is here",
            )
        check_name(name)
    toolchains = Toolchains(runner)
    checked = []
    here = [tool for tool in tools(words, runner) if tool.path and tool.kind != GO]
    whole = {tool.command for tool in here if not tool.lacks}
    for tool in here:
        if names and not {tool.kind, tool.command} & set(names):
            continue
        # What lacks its C library is tried, to say what is wrong, only where it is asked for.
        if tool.lacks and (not names or tool.command in whole):
            continue
        for target in _tried(tool, everything=bool(words)):
            progress(f"{tool.kind}: {tool.command} for {target}")
            checked.append(_check(tool, target, toolchains, runner, seconds))
    return tuple(checked)


def _tried(tool: Tool, *, everything: bool) -> tuple[Target, ...]:
    """Of a compiler's targets, those to link for: its variants differ in the CPU, not in the link."""
    if everything or not tool.targets:
        return tool.targets
    host = resolve_port(f"linux/{others.host_cpu()}")
    return (host if host in tool.targets else tool.targets[0],)


def _check(
    tool: Tool, target: Target, toolchains: Toolchains, runner: Runner, seconds: float
) -> Checkup:
    started = time.monotonic()
    hint = details = ""
    try:
        name = tool.kind if tool.kind in (ZIG, USERS, OWN_MUSL) else tool.command
        toolchain = toolchains.select(name, platform(target))
        outcome, summary, hint = _link(toolchain, target, runner, seconds)
    except StaticgoError as error:
        runner.check_cancelled()
        outcome, summary = Outcome.FAIL, error.message
        hint, details = error.hint, error.details
    return Checkup(
        kind=tool.kind,
        command=tool.command,
        target=target,
        outcome=outcome,
        summary=summary,
        hint=hint,
        details=details,
        seconds=time.monotonic() - started,
    )


def _wanted(toolchain: CToolchain, *, glibc: str) -> frozenset[Linkage]:
    """What a link must give: static, but for what a system or a chosen glibc makes dynamic by intent."""
    static = {Linkage.STATIC, Linkage.STATIC_PIE}
    if glibc:
        return frozenset({Linkage.DYNAMIC})
    if toolchain.libc in (Libc.MINGW, Libc.SYSTEM):
        # Which of a system's libraries it may name is for the promise of a build to judge.
        dynamic = {Linkage.DYNAMIC} if toolchain.libc is Libc.SYSTEM else set()
        return frozenset({*static, *dynamic, Linkage.SYSTEM_ONLY})
    return frozenset(static)


def _link(
    toolchain: CToolchain, target: Target, runner: Runner, seconds: float
) -> tuple[Outcome, str, str]:
    """What came of a link with the very command that builds use, and of starting its result."""
    glibc = platform(target).glibc
    prepare(toolchain, runner)
    with tempfile.TemporaryDirectory() as scratch:
        output = Path(scratch, "trial.exe")  # MinGW adds .exe to any other name
        trial = try_link(
            [str(Path(toolchain.bin_dir, toolchain.cc.name))],
            toolchain.link_flags,
            platform(target),
            output,
            runner,
        )
        linked = f"{toolchain.name}: links {trial.program.linkage}"
        if trial.program.linkage not in _wanted(toolchain, glibc=glibc):
            return (
                Outcome.FAIL,
                f"{linked}, which is not what builds with it must be",
                "look for settings of the compiler that undo -static, or name another toolchain",
            )
        if glibc:
            return Outcome.PASS, f"{linked}, not started: an empty root has no glibc", ""
        proof = verify(output, (), runner, seconds=seconds)
    if proof.outcome is Outcome.PASS:
        return Outcome.PASS, f"{linked}, {proof.level} ({proof.how})", ""
    if proof.outcome is Outcome.FAIL:
        return Outcome.FAIL, f"{linked}; {proof.summary}", proof.hint
    return Outcome.UNKNOWN, f"{linked}; {proof.summary}", proof.hint
