"""Reads what `--compare` is given: two targets, or two sets of flags."""

from __future__ import annotations

import re
from collections.abc import Sequence

from staticgo.errors import UsageError

# A comma also stands inside `-tags a,b`: one that parts two sets is followed by a flag or a setting.
_PARTING = re.compile(r",(?=\s*(?:-|[A-Z][A-Z0-9_]*=))|,\s*$|^\s*,")
_TARGET = re.compile(r"[a-z0-9]+/[a-z0-9]+[a-z0-9/.+]*")


def read_pair(given: Sequence[str]) -> tuple[str, str]:
    """The two sides of `A,B`, or of the option given twice. An empty side is plain `go build`.

    Raises UsageError where it is not clear which two are meant.
    """
    if len(given) == 2:
        return given[0].strip(), given[1].strip()
    if len(given) > 2:
        raise UsageError("--compare takes two sides", hint="leave the others away")
    text = given[0]
    parts = text.split(",")
    if len(parts) == 2 and all(map(is_target, parts)):
        return parts[0].strip(), parts[1].strip()
    cuts = [match.start() for match in _PARTING.finditer(text)]
    if len(cuts) != 1:
        raise UsageError(
            f"--compare {text}: it is not clear where the first side ends",
            hint="give the option twice: --compare A --compare B",
        )
    return text[: cuts[0]].strip(), text[cuts[0] + 1 :].strip()


def is_target(text: str) -> bool:
    """Whether a side is spelled like a target, and not like flags."""
    return bool(_TARGET.fullmatch(text.strip()))
