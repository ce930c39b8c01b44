"""Words in braces, in which a plan speaks of folders and commands that are only known when it is built."""

from __future__ import annotations

import re
from collections.abc import Mapping

_BRACES = re.compile(r"\{\{|\}\}|\{([\w-]+)\}")


def expand(text: str, values: Mapping[str, str]) -> str:
    """`text` with each `{name}` replaced by its value; doubled braces are single ones."""

    def one(match: re.Match[str]) -> str:
        name = match[1]
        return match[0][0] if name is None else values[name]

    return _BRACES.sub(one, text)
