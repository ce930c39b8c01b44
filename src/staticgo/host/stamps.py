"""Stamps of files and folders: whether anything changed, without reading it again."""

from __future__ import annotations

import os
from collections.abc import Iterable

Stamp = list[int]
"""[] for what is not there; else mode, size, inode, and times of change of content and of inode (ns)."""

_TICK_NS = 50_000_000
"""A kernel's clock tick, several times over: two changes within one leave one and the same time."""


SETTLED_SECONDS = 1.2 * _TICK_NS / 10**9
"""After so long, a change is surely before what comes next."""


def stamp(path: str) -> Stamp:
    """The stamp of `path`, links followed; for a folder it tells which names are in it."""
    try:
        status = os.stat(path)  # noqa: PTH116 - called for hundreds of files, and strings are quicker
    except OSError:
        return []
    return [
        status.st_mode,
        status.st_size,
        status.st_ino,
        status.st_mtime_ns,
        status.st_ctime_ns,
    ]


def stamps(paths: Iterable[str], *, before_ns: int) -> dict[str, Stamp] | None:
    """The stamps of all `paths`; None where one changed so late that the next change could not show.

    `before_ns` is when whoever read the files began, in the clock of `time.time_ns`.
    """
    found = {path: stamp(path) for path in sorted(set(paths))}
    if any(times and max(times[3:]) > before_ns - _TICK_NS for times in found.values()):
        return None
    return found


def unchanged(known: dict[str, Stamp]) -> bool:
    """Whether every path still has its stamp."""
    return all(stamp(path) == was for path, was in known.items())
