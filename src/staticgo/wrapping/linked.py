"""C files of staticgo's own in each link with zig's musl."""

from __future__ import annotations

from collections.abc import Sequence

from staticgo.model.quirk import Action, Quirk


def linked(paths: Sequence[str]) -> tuple[Quirk, ...]:
    """What puts the files at `paths` into each link that names its result, before libc.

    They come before the table's own quirks, and say for such a link what those would.
    """
    if not paths:
        return ()
    files = [word for path in paths for word in ("-x", "c", path)]
    return tuple(
        Quirk(
            pattern="-o",
            operand=operand,
            action=Action.LINK,
            words=("-O2", *more, *files, "-x", "none"),
            reason="the files say it themselves: support/strings.c, wrapping/arm_atomics.py",
        )
        # The first: facts.quirks.links tells why such a link is to be stripped.
        for operand, more in (("*/_cgo_.o", ("-s",)), ("*", ()))
    )
