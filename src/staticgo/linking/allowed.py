"""Which words of `#cgo` lines Go gives to the C compiler, and which it refuses (checkFlags in
cmd/go/internal/work/security.go): what a module says must not make the compiler start or write things.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple


class Rules(NamedTuple):
    """Go's list for one kind of words. A pattern must fit the whole word."""

    valid: re.Pattern[str]
    invalid: re.Pattern[str] | None
    with_next: frozenset[str]
    """Words that take the next one as their value."""


def read_rules(source: str) -> tuple[Rules, Rules] | None:
    """The lists for the compiler and for the linker, from the text of Go's security.go.

    None where they are not found there: then nothing can be trusted.
    """
    compiler = _table(source, "validCompilerFlags")
    linker = _table(source, "validLinkerFlags")
    if not compiler or not linker:
        return None
    invalid = _table(source, "invalidLinkerFlags")
    try:
        return (
            Rules(_joined(compiler), None, _words(source, "validCompilerFlagsWithNextArg")),
            Rules(
                _joined(linker),
                _joined(invalid) if invalid else None,
                _words(source, "validLinkerFlagsWithNextArg"),
            ),
        )
    except re.error:  # a pattern that Python does not read like Go
        return None


def refused(words: Sequence[str], rules: Rules, allow: str = "", disallow: str = "") -> str:
    """The first word that Go refuses; "" where it takes all.

    `allow` and `disallow` are CGO_CFLAGS_ALLOW and its like.
    """
    position = 0
    while position < len(words):
        word = words[position]
        value = words[position + 1] if position + 1 < len(words) else None
        position += 1
        if disallow and re.fullmatch(disallow, word):
            return word
        if allow and re.fullmatch(allow, word):
            continue
        if rules.invalid is not None and rules.invalid.fullmatch(word):
            return word
        if rules.valid.fullmatch(word) or _push_state(word, rules):
            continue
        if word not in rules.with_next or value is None or not _takes(word, value):
            return word
        position += 1
    return ""


def _takes(word: str, value: str) -> bool:
    if word.startswith("-Wl,") and value.startswith("-Wl,"):
        return _is_safe(value[4:]) and "," not in value[4:]
    if word == "-I" and value.startswith(("=", "$SYSROOT")):
        return _is_safe(value[1:])
    return _is_safe(value)


def _is_safe(text: str) -> bool:
    """SafeArg of cmd/go/internal/load: it cannot be taken for an option or a response file."""
    return bool(re.match(r"[0-9A-Za-z._/]|[^\x00-\x7f]", text))


def _push_state(word: str, rules: Rules) -> bool:
    if not word.startswith("-Wl,--push-state,"):
        return False
    return all(rules.valid.fullmatch(f"-Wl,{part}") for part in word.split(",")[1:])


def _table(source: str, name: str) -> list[str]:
    _, _, rest = source.partition(f"var {name} = ")
    return re.findall(r"re\(`([^`]*)`\)", rest.partition("\n}")[0])


def _words(source: str, name: str) -> frozenset[str]:
    _, _, rest = source.partition(f"var {name} = ")
    return frozenset(re.findall(r'"([^"]+)"', rest.partition("\n}")[0]))


def _joined(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
