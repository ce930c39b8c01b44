"""Chooses the C toolchain for a platform, by the name that the user gave."""

from __future__ import annotations

import os

from staticgo.errors import UsageError
from staticgo.facts.platforms import Platform
from staticgo.host.files import cache_dir
from staticgo.host.run import Runner
from staticgo.model.plan import CToolchain, GoToolchain
from staticgo.toolchain.macos import MacSupport, mac_support
from staticgo.toolchain.zig import Zig, c_toolchain, find_zig


class Toolchains:
    """What is found here; each toolchain is looked for once, when it is first asked for."""

    def __init__(self, runner: Runner, go: GoToolchain) -> None:
        self._runner = runner
        self._go = go
        self._zig: Zig | None = None

    def select(self, name: str, platform: Platform, *, cxx: bool = False) -> CToolchain:
        """The toolchain `name` for `platform`; "" is zig. `cxx`: the program holds C++.

        Raises UsageError for a name that is none, MissingTool where it is not here, Unreachable
        where it cannot build for the platform.
        """
        if name not in ("", "zig"):
            raise UsageError(f"--toolchain {name}: there is no such toolchain", hint="it takes zig")
        self._zig = self._zig or find_zig(self._runner)
        mac = self.mac(platform.target.arch) if platform.target.os == "darwin" else None
        return c_toolchain(self._zig, platform, bin_dir=str(cache_dir("bin")), cxx=cxx, mac=mac)

    def mac(self, arch: str) -> MacSupport:
        """What a link for macOS needs; Apple's own tools know an SDK by the same variable."""
        return mac_support(self._go, arch, os.environ.get("SDKROOT", ""))
