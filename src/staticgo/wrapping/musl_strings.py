"""A C file of staticgo's own in each link with zig's musl: faster strings, and strdup by any malloc."""

from __future__ import annotations

from staticgo.model.quirk import Action, Quirk


def words(path: str) -> tuple[str, ...]:
    """What a link is told, so that the file at `path` is compiled and linked before libc."""
    return ("-x", "c", path, "-x", "none")


def quirks(path: str) -> tuple[Quirk, ...]:
    """What puts the file at `path` into each link that names its result."""
    return (
        Quirk(
            pattern="-o",
            operand="*",
            action=Action.LINK,
            words=words(path),
            reason="zig's string functions for musl take a byte at a time, and its strdup calls zig's own "
            "malloc where the program has another",
            link="https://codeberg.org/ziglang/zig/src/branch/master/lib/c/string.zig",
            targets=("linux/*",),
        ),
    )
