"""The verbs `env` and `cc`: other tools build with the compilers that staticgo has for a target."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from staticgo.app.steps.libraries import build_own, own_libraries
from staticgo.errors import MissingTool, Unreachable
from staticgo.facts.platforms import resolve
from staticgo.facts.reach import Standing
from staticgo.host.files import working_directory
from staticgo.host.go import read_env
from staticgo.host.run import Runner, become, clean_environment
from staticgo.model.plan import CToolchain
from staticgo.model.project import Source
from staticgo.model.shell import Settings
from staticgo.planning.beside import settings
from staticgo.toolchain.objects import remembering
from staticgo.toolchain.select import Toolchains, prepare
from staticgo.toolchain.zig import with_compilers, write_wrappers

_USERS = ("GOFLAGS", "CGO_CFLAGS", "CGO_CXXFLAGS", "CGO_LDFLAGS")
_NOT_LINKING = frozenset({"-c", "-S", "-E", "-M", "-MM", "-fsyntax-only", "-###"})


def env(target: str, toolchain: str, runner: Runner, *, first_link: bool) -> Settings:
    """What to set so that other tools build for `target`; the compiler commands are written.

    With `first_link` the compiler is made ready, which takes half a minute once. Raises Unreachable
    where nothing can be built for the target, and the errors of finding and preparing a compiler.
    """
    platform = resolve(target)
    if platform.pure.standing is Standing.NONE:
        raise Unreachable(
            f"{platform.target}: nothing can be built for it: {platform.pure.why}",
            hint="`staticgo targets` lists what can be reached",
        )
    users = _users_settings(runner)
    try:
        found = Toolchains(runner).select(toolchain, platform)
    except Unreachable:
        if toolchain:
            raise
        return settings(platform, None, users)
    here = str(working_directory())
    libraries = own_libraries(Source(package=".", display=".", dir=here), here)
    found = libraries.equip(found, platform.target, ())
    _ready(found, runner, first_link=first_link)
    return settings(platform, found, users, layers=(remembering(found),))


def compile_c(
    target: str, toolchain: str, arguments: Sequence[str], runner: Runner, *, cxx: bool
) -> None:
    """Becomes the compiler for `target`. Raises the errors of finding and preparing it."""
    found = Toolchains(runner).select(toolchain, resolve(target), cxx=cxx)
    links = not _NOT_LINKING.intersection(arguments) and any(
        not argument.startswith("-") for argument in arguments
    )
    _ready(found, runner, first_link=links)
    wrapper = found.cxx if cxx else found.cc
    become(
        [str(Path(found.bin_dir, wrapper.name)), *arguments],
        env=with_compilers(found, dict(os.environ)),
    )


def _ready(toolchain: CToolchain, runner: Runner, *, first_link: bool) -> None:
    if first_link:
        build_own(toolchain, runner, lambda step: None)
        prepare(toolchain, runner)
    else:
        write_wrappers(toolchain)


def _users_settings(runner: Runner) -> dict[str, str]:
    """What Go takes now, by environment or `go env -w`; the environment's alone without a Go."""
    try:
        found, _ = read_env(
            runner,
            "go",
            dir=str(working_directory()),
            env=clean_environment({"GOTOOLCHAIN": "local"}),
        )
    except MissingTool:
        found = {}
    return {name: found.get(name, os.environ.get(name, "")) for name in _USERS}
