"""The C compiler of a target as the command line and staticgo.toml have it, for every verb alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from staticgo.app.steps.libraries import OwnLibraries, build_own, own_libraries
from staticgo.facts.platforms import Platform
from staticgo.host.run import Runner
from staticgo.model.plan import CToolchain, Policy
from staticgo.model.project import Source
from staticgo.planning.compose import heed_config
from staticgo.toolchain.select import Toolchains, is_prepared, prepare


def c_compiler(
    platform: Platform,
    policy: Policy,
    libraries: OwnLibraries,
    toolchains: Toolchains,
    *,
    asked: Sequence[str] = (),
    cxx: bool = False,
) -> CToolchain:
    """The compiler that `policy` names, with the program's own C libraries planned for it.

    staticgo.toml's part is in `policy` by now. `asked` is what the program wants from pkg-config.
    Raises the errors of finding the compiler, and MissingTool where pkg-config is not here.
    """
    found = toolchains.select(policy.toolchain, platform, cxx=cxx)
    return libraries.equip(found, platform.target, asked, policy.allocator)


def own_here(toolchain: str, directory: str) -> tuple[Policy, OwnLibraries]:
    """What staticgo.toml says to whoever stands in `directory`; `toolchain` goes before its own.

    Raises UsageError.
    """
    libraries = own_libraries(Source(package=".", display=".", dir=directory), directory)
    return heed_config(Policy(toolchain=toolchain), libraries.config), libraries


def make_ready(
    toolchain: CToolchain, runner: Runner, progress: Callable[[str], None] = lambda step: None
) -> None:
    """Builds the compiler's C libraries, and has it make its first link, where that is to do.

    Raises MissingTool, ToolFailed, UsageError.
    """
    build_own(toolchain, runner, progress)
    if not is_prepared(toolchain):
        progress(f"preparing {toolchain.name}")
    prepare(toolchain, runner)
