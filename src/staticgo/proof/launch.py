"""What starts a target's programs on this machine among its files, for tests; no empty root here."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass

from staticgo.errors import MissingTool
from staticgo.host.files import cache_dir
from staticgo.host.lock import locked
from staticgo.host.run import Runner
from staticgo.model.target import Target
from staticgo.proof import emulator, wine


@dataclass(frozen=True, slots=True, kw_only=True)
class Launcher:
    """The words before a program, and what is set for it."""

    words: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()


def launcher(target: Target, host: Target, runner: Runner) -> Launcher:
    """How programs for `target` are started on `host`, this machine.

    Raises MissingTool where nothing here can start them.
    """
    if (target.os, target.arch) == (host.os, host.arch):
        return Launcher()
    if target.os == "windows" and sys.platform.startswith("linux"):
        return _under_wine(target, runner)
    if target.os == host.os == "linux":
        for way in emulator.ways(target.arch):
            return Launcher(words=() if way.emulator is None else (str(way.emulator),))
        raise MissingTool(
            f"there is nothing here to start a program for {target} with",
            hint=emulator.missing(target.arch),
        )
    raise MissingTool(
        f"a program for {target} cannot be started on {host}",
        hint=f'build the tests (eval "$(staticgo env {target})"; go test -c) and start them on {target.os}',
    )


def _under_wine(target: Target, runner: Runner) -> Launcher:
    found = wine.find(target.arch, runner)
    if found is None:
        raise MissingTool(
            f"there is no wine here that starts programs for {target}",
            hint=wine.missing(target.arch),
        )
    key = hashlib.sha256(repr(found).encode()).hexdigest()[:12]
    folder = cache_dir("wine", key)
    with locked(folder / "lock", runner):
        values = wine.lasting_prefix(found, folder)
    return Launcher(words=(str(found.loader),), environment=tuple(values.items()))
