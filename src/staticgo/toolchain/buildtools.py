"""What builds of C libraries call beside the target's compiler: `ar`, `ranlib`, this machine's compiler."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

from staticgo.facts.toolchains import ZIG
from staticgo.host.run import Runner, clean_environment, find_command
from staticgo.model.plan import CToolchain, Wrapper
from staticgo.toolchain.zig import find_zig, write_wrappers

_TEMPLATE = """\
#!/bin/sh
# Written by staticgo, for builds of C libraries.
{exports}exec {command} "$@"
"""


def helpers(toolchain: CToolchain, runner: Runner) -> tuple[Wrapper, ...]:
    """`target-ar`, `target-ranlib` and `build-cc`. Raises MissingTool, ToolFailed."""
    return (*_archivers(toolchain, runner), _build_compiler(runner))


def _archivers(toolchain: CToolchain, runner: Runner) -> Iterator[Wrapper]:
    """zig brings its own, for every format of object files; gcc names those that go with it."""
    for name in ("ar", "ranlib"):
        if toolchain.kind == ZIG:
            yield _of_zig(f"target-{name}", (name,), runner)
        else:
            command = shlex.quote(_named_by_compiler(toolchain, name, runner))
            yield Wrapper(
                name=f"target-{name}", content=_TEMPLATE.format(exports="", command=command)
            )


def _build_compiler(runner: Runner) -> Wrapper:
    """The C compiler of this machine, for tools that a build makes for itself; else zig as one."""
    found = next(filter(None, map(find_command, ("cc", "gcc", "clang"))), None)
    if found is None:
        return _of_zig("build-cc", ("cc",), runner)
    return Wrapper(
        name="build-cc", content=_TEMPLATE.format(exports="", command=shlex.quote(found))
    )


def _of_zig(name: str, words: tuple[str, ...], runner: Runner) -> Wrapper:
    zig = find_zig(runner)
    cache = shlex.quote(zig.cache)
    exports = f"export ZIG_GLOBAL_CACHE_DIR={cache} ZIG_LOCAL_CACHE_DIR={cache}\n"
    command = shlex.join((zig.command, *words))
    return Wrapper(name=name, content=_TEMPLATE.format(exports=exports, command=command))


def _named_by_compiler(toolchain: CToolchain, name: str, runner: Runner) -> str:
    write_wrappers(toolchain)
    compiler = str(Path(toolchain.bin_dir, toolchain.cc.name))
    done = runner.run([compiler, f"-print-prog-name={name}"], env=clean_environment(), timeout=30)
    return done.stdout.strip() or name
