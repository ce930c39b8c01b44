"""Recorded programs and made-up toolchains for the planning tests."""

from __future__ import annotations

from pathlib import Path

from staticgo.facts.platforms import Platform, resolve
from staticgo.host.go import parse_packages
from staticgo.model.plan import CToolchain, GoToolchain, Libc, Plan, Policy, Strategy, Wrapper
from staticgo.model.project import Graph, ProjectFacts, Source
from staticgo.planning.choose import choose
from staticgo.planning.compose import compose

RECORDED = Path(__file__).parent / "recorded"

GO = GoToolchain(
    command="/goroot/bin/go",
    version="1.26.8",
    goroot="/goroot",
    cache="/cache/go-build",
    module_cache="/modules",
    host_os="linux",
    host_arch="amd64",
)

ZIG = CToolchain(
    kind="zig",
    libc=Libc.MUSL,
    link_flags=("-static",),
    name="zig 0.17.0 (musl)",
    cc=Wrapper(name="zig-cc-x86_64-linux-musl-0123", content='#!/bin/sh\nexec zig cc "$@"\n'),
    cxx=Wrapper(name="zig-cxx-x86_64-linux-musl-4567", content='#!/bin/sh\nexec zig c++ "$@"\n'),
    bin_dir="/cache/bin",
)


def recorded(name: str, form: str) -> Graph:
    """What `go list` said of a program; `plain` is how `go build` finds it, with cgo."""
    return parse_packages((RECORDED / f"{name}.{form}.json").read_text())


def program(name: str, *, remote: bool = False) -> ProjectFacts:
    """The facts of a recorded program."""
    files = (("go.mod", "module staticgo.invalid/remote\n"), ("go.sum", "")) if remote else ()
    return ProjectFacts(
        source=Source(package=".", display=f"./{name}", dir="/program", files=files),
        name=name,
        with_cgo=recorded(name, "cgo"),
        without_cgo=recorded(name, "pure"),
    )


def plan_for(
    name: str,
    target: str = "linux/amd64",
    policy: Policy | None = None,
    go: GoToolchain = GO,
    *,
    remote: bool = False,
    toolchain: CToolchain = ZIG,
) -> Plan:
    """The plan for a recorded program, with the toolchain where it takes one."""
    facts = program(name, remote=remote)
    platform: Platform = resolve(target)
    choice = choose(facts, policy or Policy(), platform)
    taken = toolchain if choice.strategy is Strategy.EXTERNAL else None
    return compose(facts, platform, policy or Policy(), choice, go, taken)
