"""Go's flag strings: -ldflags, -tags and GOFLAGS, split, merged and joined as Go reads them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from staticgo.errors import UsageError

_SPACE = " \t\n\r"


def split_quoted(text: str) -> list[str]:
    """The fields of a flag list, quotes removed (cmd/internal/quoted/quoted.go).

    A quote counts only at a field's start, and nothing is escaped inside. Raises UsageError where
    a quote does not end.
    """
    fields: list[str] = []
    rest = text.lstrip(_SPACE)
    while rest:
        if rest[0] in "'\"":
            end = rest.find(rest[0], 1)
            if end < 0:
                raise UsageError(f"unterminated {rest[0]} in flags: {text}", hint="close the quote")
            fields.append(rest[1:end])
            rest = rest[end + 1 :]
        else:
            end = next((i for i, c in enumerate(rest) if c in _SPACE), len(rest))
            fields.append(rest[:end])
            rest = rest[end:]
        rest = rest.lstrip(_SPACE)
    return fields


def join_quoted(fields: Iterable[str]) -> str:
    """The text that `split_quoted` reads back as `fields`. Raises UsageError where none exists."""
    return " ".join(map(_quote, fields))


def _quote(field: str) -> str:
    if field and field[0] not in "'\"" and not any(c in _SPACE for c in field):
        return field
    for quote in "'\"":
        if quote not in field:
            return f"{quote}{field}{quote}"
    raise UsageError(
        f"a flag holds both kinds of quotes, which Go cannot read: {field}",
        hint="use one kind of quote only",
    )


def split_tags(text: str) -> tuple[str, ...]:
    """Build tags separated by commas, or by spaces as Go used to take them."""
    return tuple(text.replace(",", " ").split())


def is_on(fields: Iterable[str], name: str) -> bool | None:
    """Whether the switch `name` is given as on or off, the last time; None where it is not given."""
    on: bool | None = None
    for field in fields:
        bare, _, value = field.lstrip("-").partition("=")
        if field.startswith("-") and bare == name:
            # strconv.ParseBool; the go command refuses what is neither.
            on = value in ("", "1", "t", "T", "true", "TRUE", "True")
    return on


def take_flag(fields: Sequence[str], name: str) -> tuple[list[str], list[str]]:
    """The values given for the flag `name`, in order, and the fields without them.

    Takes `-name=value`, `--name=value`, and `-name value` where the value is a field of its own. Raises
    UsageError where the value is missing.
    """
    values: list[str] = []
    others: list[str] = []
    pending = False
    for field in fields:
        bare = field.lstrip("-") if field.startswith("-") else ""
        if pending:
            values.append(field)
            pending = False
        elif bare == name:
            pending = True
        elif bare.startswith(f"{name}="):
            values.append(bare.removeprefix(f"{name}="))
        else:
            others.append(field)
    if pending:
        raise UsageError(f"the flag -{name} has no value", hint=f"write -{name}=VALUE")
    return values, others


def without_switch(fields: Sequence[str], name: str) -> list[str]:
    """The fields without the switch `name`, be it on or off (`-race`, `-race=false`)."""
    return [
        field
        for field in fields
        if not (field.startswith("-") and field.lstrip("-").partition("=")[0] == name)
    ]
