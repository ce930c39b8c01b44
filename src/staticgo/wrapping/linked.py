"""Objects of staticgo's own in each link with zig's musl, compiled by the wrapper when first wanted."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from staticgo.model.quirk import Action, Quirk


def linked(objects: Sequence[str]) -> tuple[Quirk, ...]:
    """What puts `objects` into each link that names its result, before libc.

    They come before the table's own quirks, and say for such a link what those would.
    """
    if not objects:
        return ()
    words = [word for path in objects for word in _found(path)]
    return tuple(
        Quirk(
            pattern="-o",
            operand=operand,
            action=Action.LINK,
            words=(*more, *words),
            reason="their sources say it: support/strings.c, wrapping/arm_atomics.py",
        )
        # The first: facts.quirks.links tells why such a link is to be stripped.
        for operand, more in (("*/_cgo_.o", ("-s",)), ("*", ()))
    )


def _found(path: str) -> tuple[str, ...]:
    """Words for the file at `path` that a `-x c` before them does not make a source of."""
    folder, name = posixpath.split(path)
    return (*((f"-L{folder}",) if folder else ()), f"-l:{name}")
