"""How far each platform can be reached: whether a program can be made, and how static it can be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from staticgo.facts.ports import PORTS
from staticgo.facts.zigtargets import zig_target
from staticgo.model.target import Target


class Standing(StrEnum):
    """The best that a program can be on a platform."""

    STATIC = "static"
    SYSTEM_ONLY = "system-only"
    """Only libraries that the system itself promises."""
    BASE = "base-system"
    """Dynamic, and on libraries of the base system only: there is no static libc to be had."""
    GLIBC = "glibc"
    """Dynamic, on a glibc no newer than was asked for."""
    NONE = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What can be made, and why no more."""

    standing: Standing
    why: str = ""
    link: str = ""


_STATIC = frozenset({"linux", "freebsd", "netbsd", "dragonfly"})
"""Systems whose kernel takes calls from any program, so that none needs a library."""

_UNREAD = {
    "aix": "its programs are XCOFF files, which staticgo cannot read, and so not judge",
    "plan9": "its programs are a.out files, which staticgo cannot read, and so not judge",
    "js": "a WebAssembly module is no program by itself: it runs inside of another",
    "wasip1": "a WebAssembly module is no program by itself: it runs inside of another",
    "ios": "an app needs Apple's SDK and signature (internal/platform, MustLinkExternal)",
}
_CGO = frozenset((port.os, port.arch) for port in PORTS if port.cgo)
_THROUGH_SYSTEM = "its kernel is reached through the system's libraries"


def pure_reach(target: Target) -> Reach:
    """What can be made of a program without C."""
    if target.os in _UNREAD:
        return Reach(standing=Standing.NONE, why=_UNREAD[target.os])
    if target.os == "android":
        if target.arch != "arm64":
            why = "Go calls Android's own C compiler there (internal/platform, MustLinkExternal)"
            return Reach(standing=Standing.NONE, why=why)
        return Reach(
            standing=Standing.SYSTEM_ONLY, why="Android starts every program by its loader"
        )
    if target.os in _STATIC:
        return Reach(standing=Standing.STATIC)
    return Reach(standing=Standing.SYSTEM_ONLY, why=_THROUGH_SYSTEM)


def cgo_reach(target: Target) -> Reach:
    """What zig can make of a program with C."""
    if (target.os, target.arch) not in _CGO:
        return Reach(standing=Standing.NONE, why="Go has no cgo there")
    pure = pure_reach(target)
    if pure.standing is Standing.NONE:
        return pure
    zig = zig_target(target)
    if zig is None:
        return Reach(standing=Standing.NONE, why="zig brings no libc for it")
    if zig.blocked:
        return Reach(standing=Standing.NONE, why=zig.blocked, link=zig.link)
    if target.libc:
        return Reach(standing=Standing.GLIBC, why="glibc is never linked statically by zig")
    if target.os == "linux":
        return Reach(standing=Standing.STATIC)
    if target.os in _STATIC:
        why = "zig brings the system's libc as a shared library only"
        return Reach(standing=Standing.BASE, why=why)
    return Reach(standing=Standing.SYSTEM_ONLY, why=_THROUGH_SYSTEM)
