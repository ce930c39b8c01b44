"""Words in braces, in which a plan speaks of folders and commands that are only known when it is built."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping

_BRACES = re.compile(r"\{\{|\}\}|\{([\w-]+)\}|[{}]")


def expand(text: str, values: Mapping[str, str]) -> str:
    """`text` with each `{name}` replaced by its value; doubled braces are single ones."""

    def one(match: re.Match[str]) -> str:
        name = match[1]
        return match[0][0] if name is None else values[name]

    return _BRACES.sub(one, text)


def literal(text: str) -> str:
    """What `expand` makes `text` of."""
    return text.replace("{", "{{").replace("}", "}}")


def stray(text: str, known: Container[str]) -> str:
    """The first brace, or word in braces, that stands for nothing; "" where there is none."""
    for match in _BRACES.finditer(text):
        if match[0] not in ("{{", "}}") and match[1] not in known:
            return match[0]
    return ""
