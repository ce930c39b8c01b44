"""Toolchains that staticgo installed into its own cache, and where they stand there."""

from __future__ import annotations

import os
from pathlib import Path

from staticgo.facts.pinned import MUSL, PINNED
from staticgo.host.files import cache_dir


def home(name: str, version: str) -> Path:
    """The folder of a tool that is installed whole, or not there at all."""
    return cache_dir("tools") / f"{name}-{version}"


def own_musl() -> Path | None:
    """The musl-gcc that was built here."""
    return _executable(home(MUSL.name, MUSL.version) / "bin" / "musl-gcc")


def own_command(name: str) -> Path | None:
    """The command of a pinned Python package (`zig`, `go`) in the cache."""
    return _executable(command_path(name))


def command_path(name: str) -> Path:
    """Where that command stands once it is installed."""
    pinned = PINNED[name]
    return home(name, pinned.version).joinpath(*pinned.command)


def _executable(path: Path) -> Path | None:
    return path if os.access(path, os.X_OK) else None
