"""`ar` and `ranlib` for what a C compiler makes."""

from __future__ import annotations

import shlex
from pathlib import Path

from staticgo.host.run import Runner, clean_environment
from staticgo.model.plan import CToolchain, Wrapper
from staticgo.toolchain.zig import find_zig, write_wrappers

_TEMPLATE = """\
#!/bin/sh
# Written by staticgo: {what}.
{exports}exec {command} "$@"
"""


def archiver(toolchain: CToolchain, runner: Runner) -> tuple[Wrapper, ...]:
    """The two commands as wrappers. zig brings its own, for every format of object files; gcc names its."""
    if toolchain.kind == "zig":
        zig = find_zig(runner)
        cache = shlex.quote(zig.cache)
        exports = f"export ZIG_GLOBAL_CACHE_DIR={cache} ZIG_LOCAL_CACHE_DIR={cache}\n"
        return tuple(
            _wrapper(name, shlex.join((zig.command, name)), exports) for name in ("ar", "ranlib")
        )
    write_wrappers(toolchain)
    return tuple(
        _wrapper(name, shlex.quote(_named_by_compiler(toolchain, name, runner)))
        for name in ("ar", "ranlib")
    )


def _wrapper(name: str, command: str, exports: str = "") -> Wrapper:
    return Wrapper(name=name, content=_TEMPLATE.format(what=name, exports=exports, command=command))


def _named_by_compiler(toolchain: CToolchain, name: str, runner: Runner) -> str:
    compiler = str(Path(toolchain.bin_dir, toolchain.cc.name))
    done = runner.run([compiler, f"-print-prog-name={name}"], env=clean_environment(), timeout=30)
    return done.stdout.strip() or name
