"""The glibc versions that a program can be linked against, and the libraries that are part of it."""

from __future__ import annotations

import re

_OLDEST = "2.17"
"""That of RHEL 7 and of manylinux2014: Go's own oldest kernel is of its time, and C++ needs it too."""
NEWEST = "2.44"
"""The last that zig 0.17 knows (lib/libc/glibc/abilists); an older zig says itself which it lacks."""

LIBRARIES = frozenset(
    """
    libc.so.6 libdl.so.2 libm.so.6 libpthread.so.0 libresolv.so.2 librt.so.1 libutil.so.1
    """.split()  # noqa: SIM905 - a table to read
)
"""What a program that links glibc may name beside its loader."""

_FLOOR = re.compile(r"gnu(?:\.(2\.[0-9]{1,3}))?")


def floor(libc: str, oldest: str) -> str | None:
    """The glibc version that `gnu` or `gnu.2.28` asks for; None for anything else.

    `oldest` is the first glibc for the CPU, "" where there is none. `gnu` alone is the oldest that is
    taken: it runs on the most machines.
    """
    match = _FLOOR.fullmatch(libc)
    if match is None or not oldest:
        return None
    first = max(_OLDEST, oldest, key=parts)
    wanted = parts(match[1] or first)
    known = parts(first) <= wanted <= parts(NEWEST)
    return ".".join(map(str, wanted)) if known else None


def parts(version: str) -> tuple[int, ...]:
    """A version as numbers, to compare."""
    return tuple(int(number) for number in version.split("."))
