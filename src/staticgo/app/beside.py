"""The verbs `env` and `cc`: other tools build with the compilers that staticgo has for a target."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from staticgo.app.steps.compilers import c_compiler, make_ready, own_here
from staticgo.app.steps.libraries import build_own
from staticgo.errors import MissingTool, Unreachable
from staticgo.facts.platforms import resolve
from staticgo.facts.reach import Standing
from staticgo.host.files import working_directory
from staticgo.host.go import read_env
from staticgo.host.run import Runner, become, clean_environment
from staticgo.model.shell import Settings
from staticgo.planning.beside import settings
from staticgo.toolchain.objects import remembering
from staticgo.toolchain.select import Toolchains
from staticgo.toolchain.zig import with_compilers, write_wrappers
from staticgo.wrapping.options import NOT_LINKING

_USERS = ("GOFLAGS", "CGO_CFLAGS", "CGO_CXXFLAGS", "CGO_LDFLAGS")
_NOT_LINKING = frozenset((*NOT_LINKING, "-###"))

Progress = Callable[[str], None]
"""Told the step that begins."""


def env(
    target: str, toolchain: str, runner: Runner, progress: Progress, *, first_link: bool
) -> Settings:
    """What to set so that other tools build for `target`; the compiler commands are written.

    With `first_link` the compiler and the C libraries of staticgo.toml are made ready, which takes
    half a minute once, or longer. Raises Unreachable
    where nothing can be built for the target, and the errors of finding and preparing a compiler.
    """
    platform = resolve(target)
    if platform.pure.standing is Standing.NONE:
        raise Unreachable(
            f"{platform.target}: nothing can be built for it: {platform.pure.why}",
            hint="`staticgo targets` lists what can be reached",
        )
    policy, libraries = own_here(toolchain, str(working_directory()))
    users = _users_settings(runner)
    try:
        found = c_compiler(platform, policy, libraries, Toolchains(runner))
    except Unreachable:
        if policy.toolchain:
            raise
        return settings(platform, None, users)
    if first_link:
        make_ready(found, runner, progress)
    else:
        write_wrappers(found)
    return settings(platform, found, users, layers=(remembering(found),))


def compile_c(
    target: str,
    toolchain: str,
    arguments: Sequence[str],
    runner: Runner,
    progress: Progress,
    *,
    cxx: bool,
) -> None:
    """Becomes the compiler for `target`. Raises the errors of finding and preparing it."""
    platform = resolve(target)
    policy, libraries = own_here(toolchain, str(working_directory()))
    # What is linked is for the arguments to say, and with it which malloc.
    policy = dataclasses.replace(policy, allocator="")
    found = c_compiler(platform, policy, libraries, Toolchains(runner), cxx=cxx)
    links = not _NOT_LINKING.intersection(arguments) and any(
        not argument.startswith("-") for argument in arguments
    )
    if links:
        make_ready(found, runner, progress)
    else:
        build_own(found, runner, progress)  # for their headers
        write_wrappers(found)
    wrapper = found.cxx if cxx else found.cc
    become(
        [str(Path(found.bin_dir, wrapper.name)), *arguments],
        env=with_compilers(found, dict(os.environ)),
    )


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
