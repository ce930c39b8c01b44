"""The names that a user can give a C toolchain. Pure."""

from __future__ import annotations

import difflib

from staticgo.errors import UsageError
from staticgo.facts.toolchains import COMPILERS, KINDS, USERS, Compiler


def check_name(name: str, given: str = "") -> None:
    """Raises UsageError where `name` is no toolchain, with what was perhaps meant.

    "" is the default, and a name. `given` is where the name stands, if not on the command line.
    """
    if name in ("", *(kind.name for kind in KINDS)) or of_name(name):
        return
    names = dict.fromkeys((*(kind.name for kind in KINDS), *(row.cc for row in COMPILERS)))
    close = difflib.get_close_matches(name, names, n=2, cutoff=0.7)
    raise UsageError(
        f"{given}: there is no toolchain {name!r}" if given else f"there is no toolchain {name!r}",
        hint=f"perhaps you meant {' or '.join(close)}?"
        if close
        else f"there are {', '.join(kind.name for kind in KINDS)}; for any other compiler, set CC "
        f"and give --toolchain {USERS}",
    )


def of_name(name: str) -> list[Compiler]:
    """The rows of a kind, or of a compiler's own name."""
    return [row for row in COMPILERS if name in (row.kind, row.cc)]
