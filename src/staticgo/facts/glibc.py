"""The glibc versions that a program can be linked against, through zig."""

from __future__ import annotations

import re

# The port's first release in glibc's ABI lists (sysdeps/unix/sysv/linux/*/shlib-versions); zig
# links against no older one than 2.17 on the older ports (lib/libc/glibc/abilists).
OLDEST: dict[str, str] = {
    "386": "2.17",
    "amd64": "2.17",
    "arm": "2.17",
    "arm64": "2.17",
    "loong64": "2.36",
    "mips": "2.17",
    "mips64": "2.17",
    "mips64le": "2.17",
    "mipsle": "2.17",
    "ppc64le": "2.19",
    "riscv64": "2.27",
    "s390x": "2.17",
}

LIBRARIES = frozenset(
    """
    libc.so.6 libdl.so.2 libm.so.6 libpthread.so.0 libresolv.so.2 librt.so.1 libutil.so.1
    """.split()  # noqa: SIM905 - a table to read
)
"""What a program that links glibc may name beside its loader: parts of glibc itself."""

_FLOOR = re.compile(r"gnu(?:\.(2\.[0-9]{1,3}))?")


def floor(libc: str, arch: str) -> str | None:
    """The glibc version that `gnu` or `gnu.2.28` asks for on `arch`; None for anything else.

    `gnu` alone is the oldest: it runs on the most machines.
    """
    match = _FLOOR.fullmatch(libc)
    oldest = OLDEST.get(arch)
    if match is None or oldest is None:
        return None
    wanted = match[1] or oldest
    return wanted if parts(wanted) >= parts(oldest) else None


def parts(version: str) -> tuple[int, ...]:
    """A version as numbers, to compare."""
    return tuple(int(number) for number in version.split("."))
