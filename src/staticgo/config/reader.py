"""Checks TOML against a table of what may stand in it; every complaint names the place in the file."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from staticgo.errors import UsageError

_BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One text; `wrong` says what is wrong with it, "" where nothing is."""

    choices: tuple[str, ...] = ()
    required: bool = False
    wrong: Callable[[str], str] = lambda text: ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """A list of texts."""

    required: bool = False
    wrong: Callable[[str], str] = lambda text: ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commands:
    """A list of commands, each a list of arguments."""

    required: bool = False
    wrong: Callable[[str], str] = lambda text: ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table; `many` where it stands in double brackets."""

    keys: Mapping[str, Text | Texts | Commands | Table] = field(default_factory=dict)
    many: bool = False
    required: bool = False


def read(text: str, schema: Table, *, file: str) -> dict[str, Any]:
    """The file's values as plain data of the schema's shape, lists as tuples. Raises UsageError."""
    try:
        data = tomllib.loads(text)
    except ValueError as error:  # TOMLDecodeError, and int's own for a number of too many digits
        raise UsageError(
            f"{file} is no TOML: {error}", hint="mend that line; TOML puts texts in quotes"
        ) from error
    except RecursionError as error:
        raise UsageError(f"{file} nests too deeply", hint="leave out what is not needed") from error
    return _table(data, schema, "", file)


def complain(file: str, place: str, what: str, hint: str) -> UsageError:
    """The error for a value that stands at `place` of `file`."""
    return UsageError(f"{file}: {place}: {what}" if place else f"{file}: {what}", hint=hint)


def _table(data: Any, schema: Table, place: str, file: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise complain(file, place, f"must be a table, not {_kind(data)}", f"write [{place}]")
    for key in data:
        if key not in schema.keys:
            raise complain(file, _inside(place, key), "unknown", _perhaps(key, schema.keys))
    for key, wanted in schema.keys.items():
        if wanted.required and key not in data:
            raise complain(file, place, f"{key} is missing", f"add a line: {key} = ...")
    return {
        key: _value(value, schema.keys[key], _inside(place, key), file)
        for key, value in data.items()
    }


def _value(data: Any, wanted: Text | Texts | Commands | Table, place: str, file: str) -> Any:
    match wanted:
        case Table(many=False):
            return _table(data, wanted, place, file)
        case Table():
            if not isinstance(data, list):
                raise complain(
                    file,
                    place,
                    f"must be a list of tables, not {_kind(data)}",
                    f"write [[{place}]]",
                )
            return tuple(_table(one, wanted, f"{place}[{i}]", file) for i, one in enumerate(data))
        case Text():
            return _text(data, wanted, place, file)
        case Texts():
            return _texts(data, wanted.wrong, place, file, hint='write ["one", "two"]')
        case Commands():
            if not isinstance(data, list):
                raise complain(
                    file,
                    place,
                    f"must be a list of commands, not {_kind(data)}",
                    'write [["make", "lib"]]',
                )
            return tuple(
                _texts(
                    one,
                    wanted.wrong,
                    f"{place}[{i}]",
                    file,
                    hint='write each command as a list of its words: ["make", "lib"]; no shell reads it',
                )
                for i, one in enumerate(data)
            )


def _text(data: Any, wanted: Text, place: str, file: str) -> str:
    if not isinstance(data, str):
        raise complain(file, place, f"must be a text, not {_kind(data)}", "put it in quotes")
    if wanted.choices and data not in wanted.choices:
        known = ", ".join(wanted.choices)
        raise complain(
            file, place, f"{data!r} is not one of {known}", _perhaps(data, wanted.choices)
        )
    if wrong := wanted.wrong(data):
        raise complain(file, place, wrong, "mend that value")
    return data


def _texts(
    data: Any, wrong: Callable[[str], str], place: str, file: str, *, hint: str
) -> tuple[str, ...]:
    if not isinstance(data, list):
        raise complain(file, place, f"must be a list of texts, not {_kind(data)}", hint)
    for i, one in enumerate(data):
        if not isinstance(one, str):
            raise complain(file, f"{place}[{i}]", f"must be a text, not {_kind(one)}", hint)
        if what := wrong(one):
            raise complain(file, f"{place}[{i}]", what, "mend that value")
    return tuple(data)


def _inside(place: str, key: str) -> str:
    key = key if _BARE.fullmatch(key) else repr(key)
    return f"{place}.{key}" if place else key


def _perhaps(word: str, known: Iterable[str]) -> str:
    names = sorted(known)
    spelled = word.lower().replace("_", "-")
    close = difflib.get_close_matches(spelled, names, n=2, cutoff=0.6)
    if close:
        return f"perhaps you meant {' or '.join(close)}?"
    return f"known here: {', '.join(names)}"


def _kind(data: Any) -> str:
    match data:
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case list():
            return "a list"
        case dict():
            return "a table"
    return "a date"
