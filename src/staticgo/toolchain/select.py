"""Chooses the C toolchain for a platform, by the name that the user gave."""

from __future__ import annotations

import os
from platform import system

from staticgo.errors import MissingTool, Unreachable, UsageError
from staticgo.facts.platforms import Platform
from staticgo.facts.toolchains import USERS, ZIG, Compiler, compilers
from staticgo.host.files import cache_dir, working_directory
from staticgo.host.run import Runner
from staticgo.model.plan import CToolchain, GoToolchain
from staticgo.model.target import Target
from staticgo.planning.names import check_name, of_name
from staticgo.toolchain import zig
from staticgo.toolchain.go import find_go
from staticgo.toolchain.macos import MacSupport, mac_support
from staticgo.toolchain.others import (
    Found,
    find,
    find_users,
    host_cpu,
    install_command,
    make_toolchain,
)


class Toolchains:
    """What is found here; each toolchain is looked for once, when it is first asked for."""

    def __init__(self, runner: Runner, go: GoToolchain | None = None) -> None:
        """Without `go`, one is looked for where a link for macOS needs its source."""
        self._runner = runner
        self._go = go
        self._zig: zig.Zig | None = None

    def select(self, name: str, platform: Platform, *, cxx: bool = False) -> CToolchain:
        """The toolchain `name` for `platform`: a kind, or a compiler's own name; "" is zig.

        `cxx`: the program holds C++. Raises UsageError for a name that is none, Unreachable where it
        has no compiler for the platform, MissingTool where that is not here, and what
        `make_toolchain` raises.
        """
        check_name(name)
        bin_dir = str(cache_dir("bin"))
        if name in ("", ZIG):
            self._zig = self._zig or zig.find_zig(self._runner)
            mac = self.mac(platform.target.arch) if platform.target.os == "darwin" else None
            return zig.c_toolchain(self._zig, platform, bin_dir=bin_dir, cxx=cxx, mac=mac)
        if platform.target.libc:
            raise UsageError(
                f"{platform.target}: only zig links against a chosen version of glibc",
                hint=f"leave --toolchain {name} away, or +{platform.target.libc}",
            )
        found = find_users(os.environ) if name == USERS else _found(name, platform.target, cxx=cxx)
        return make_toolchain(found, platform, self._runner, bin_dir=bin_dir, cxx=cxx)

    def mac(self, arch: str) -> MacSupport:
        """What a link for macOS needs; Apple's own tools know an SDK by the same variable."""
        self._go = self._go or find_go(self._runner, str(working_directory()), settings=False)
        return mac_support(self._go, arch, os.environ.get("SDKROOT", ""))


def prepare(toolchain: CToolchain, runner: Runner) -> None:
    """Sees that the toolchain's commands stand where the plan says, ready to link. Raises ToolFailed."""
    if toolchain.kind == ZIG:
        zig.prepare(toolchain, runner)
    else:  # choosing it took a trial link
        zig.write_wrappers(toolchain)


def is_prepared(toolchain: CToolchain) -> bool:
    """Whether links can be made at once."""
    return toolchain.kind != ZIG or zig.is_prepared(toolchain)


def candidates(target: Target) -> list[Compiler]:
    """The compilers that could make code for `target` on this machine, were they installed."""
    host = host_cpu() if system() == "Linux" else ""
    return list(compilers(target, host))


def _found(name: str, target: Target, *, cxx: bool) -> Found:
    possible = candidates(target)
    rows = [row for row in of_name(name) if row in possible]
    if not rows:
        kinds = dict.fromkeys(row.kind for row in possible)
        raise Unreachable(
            f"the toolchain {name} has no compiler for {target}",
            hint=f"these may have one: {', '.join((*kinds, USERS))}",
        )
    here = next(filter(None, map(find, rows)), None)
    if here is None:
        raise MissingTool(
            f"{target}: {' or '.join(row.cc for row in rows)} is not here",
            hint=install_command(rows[0], cxx=cxx) or "put it on PATH",
        )
    return here
