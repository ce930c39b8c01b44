"""What zig's driver takes wrongly, each with its remedy; `wrapping` carries them out."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from staticgo.facts.quirks import bsd, darwin, gnu_ld, links, mips, ppc64, windows
from staticgo.model.quirk import Quirk
from staticgo.model.target import Target

QUIRKS: tuple[Quirk, ...] = (
    *bsd.QUIRKS,
    *darwin.QUIRKS,
    *links.QUIRKS,
    *mips.QUIRKS,
    *ppc64.QUIRKS,
    *windows.QUIRKS,
    *gnu_ld.QUIRKS,
)

OLDEST_ZIG = "0.15"
"""Older ones refuse words that Go's linker needs, and have no libraries of FreeBSD and NetBSD."""


def is_supported(zig_version: str) -> bool:
    """Whether the table was made for this zig, or for an older one."""
    return is_at_least(zig_version, OLDEST_ZIG)


def is_at_least(zig_version: str, wanted: str) -> bool:
    """Whether `zig_version` (`0.17.0-dev.1+2`) is `wanted` (`0.16`) or later."""
    return _minor(zig_version) >= _minor(wanted)


def quirks_for(target: Target, zig_version: str) -> tuple[Quirk, ...]:
    """The quirks of this zig (`0.17.0`) for `target`, in the table's order."""
    version = _minor(zig_version)
    return tuple(
        quirk
        for quirk in QUIRKS
        if (not quirk.since or version >= _minor(quirk.since))
        and (not quirk.before or version < _minor(quirk.before))
        and (
            not quirk.targets
            or any(fnmatchcase(f"{target.os}/{target.arch}", each) for each in quirk.targets)
        )
    )


def _minor(version: str) -> tuple[int, ...]:
    """`0.17.0-dev.1+2` as (0, 17)."""
    match = re.match(r"(\d+)\.(\d+)", version)
    return (int(match[1]), int(match[2])) if match else (0, 0)
