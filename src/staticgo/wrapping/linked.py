"""Objects of staticgo's own in each link with zig's musl, compiled by the wrapper when first wanted."""

from __future__ import annotations

from collections.abc import Sequence

from staticgo.model.quirk import Action, Quirk


def linked(objects: Sequence[str]) -> tuple[Quirk, ...]:
    """What puts `objects` into each link that names its result, before libc.

    They come before the table's own quirks, and say for such a link what those would.
    """
    if not objects:
        return ()
    return tuple(
        Quirk(
            pattern="-o",
            operand=operand,
            action=Action.LINK,
            words=(*more, *objects),
            reason="their sources say it: support/strings.c, wrapping/arm_atomics.py",
        )
        # The first: facts.quirks.links tells why such a link is to be stripped.
        for operand, more in (("*/_cgo_.o", ("-s",)), ("*", ()))
    )
