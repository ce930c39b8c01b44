"""The verb `test`: a package's tests, built as `build` builds, started as `verify` starts."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from staticgo.app.steps.compilers import c_compiler, make_ready, own_here
from staticgo.facts.gosettings import BUILD_SETTINGS, COMPILER_SETTINGS
from staticgo.facts.platforms import Platform, platform, resolve, resolve_port
from staticgo.facts.variants import VARIANTS
from staticgo.host.files import working_directory
from staticgo.host.go import list_packages
from staticgo.host.run import Runner, become, go_environment
from staticgo.model.plan import CToolchain, GoToolchain, Policy, Strategy
from staticgo.planning.beside import around_packages, before_args, named_packages, settings
from staticgo.planning.choose import listing_tags
from staticgo.planning.compose import heed_goflags, list_environment
from staticgo.planning.flags import is_on, join_quoted, split_quoted, split_tags, take_flag
from staticgo.proof.launch import launcher
from staticgo.toolchain.go import find_go
from staticgo.toolchain.objects import remembering
from staticgo.toolchain.select import Toolchains
from staticgo.toolchain.zig import with_compilers

_REPLACED = (
    BUILD_SETTINGS | COMPILER_SETTINGS | {known.setting for known in VARIANTS.values()} | {"GOENV"}
)
"""What is set anew or left out. Other variables stay, though they may begin with GO: tests read them."""


def test(
    target: str,
    toolchain: str,
    packages: Sequence[str],
    flags: Sequence[str],
    runner: Runner,
    progress: Callable[[str], None],
) -> None:
    """Becomes `go test` for `packages`, the one in this folder if there are none.

    `target` may be "", for this machine; `flags` may name packages too.

    Raises the errors of finding Go, the compiler and the emulator, and ProjectError where `go list`
    cannot read the packages.
    """
    directory = str(working_directory())
    wanted = resolve(target) if target else None
    policy, libraries = own_here(toolchain, directory)
    more, flags = named_packages(flags)
    packages = (*packages, *more) or (".",)
    go = find_go(runner, directory)
    host = resolve_port(f"{go.host_os}/{go.host_arch}")
    wanted = wanted or platform(host)
    # Before any work: without an emulator there is nothing to be done.
    starts = launcher(wanted.target, host, runner)
    compiler: CToolchain | None = None
    if _races(flags, go) or _uses_c(wanted, go, packages, flags, directory, runner):
        compiler = c_compiler(wanted, policy, libraries, Toolchains(runner, go))
        make_ready(compiler, runner, progress)
    layers = () if compiler is None else (remembering(compiler),)
    chosen = settings(wanted, compiler, dict(go.changed), layers=layers, trim=False)
    kept = {name: value for name, value in os.environ.items() if name not in _REPLACED}
    env = {
        **kept,
        **dict(go.fetching),
        **list_environment(wanted, go, cgo=compiler is not None),
        **dict(chosen.variables),
        **dict(starts.environment),
    }
    if compiler is not None:
        env = with_compilers(compiler, env, *layers)
    before, behind = around_packages(wanted, compiler, flags)
    under = ("-exec", join_quoted(starts.words)) if starts.words else ()
    become([go.command, "test", *under, *before, *packages, *behind], env=env)


def _races(flags: Sequence[str], go: GoToolchain) -> bool:
    """Whether the race detector, which is C, is asked for; the command line has the last word."""
    asked = is_on(before_args(flags), "race")
    return bool(is_on(split_quoted(go.setting("GOFLAGS")), "race") if asked is None else asked)


def _uses_c(
    wanted: Platform,
    go: GoToolchain,
    packages: Sequence[str],
    flags: Sequence[str],
    directory: str,
    runner: Runner,
) -> bool:
    """Whether a package or its tests need C, as `build` decides it for a program."""
    tags, _ = take_flag(flags, "tags")
    policy = heed_goflags(Policy(tags=split_tags(tags[-1]) if tags else ()), go)
    names = listing_tags(policy, Strategy.EXTERNAL, wanted.target)
    command = [go.command, "list", "-test", *(["-tags", ",".join(names)] if names else [])]
    env = go_environment({**dict(go.fetching), **list_environment(wanted, go, cgo=True)})
    for package in packages:
        graph, _ = list_packages(
            runner, command, package=package, display=package, dir=directory, env=env
        )
        if any(not package.standard for package in graph.cgo_packages):
            return True
    return False
