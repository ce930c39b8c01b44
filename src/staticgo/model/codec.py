"""Model values to JSON's types and back: one rule for every value, told by its type hints."""

from __future__ import annotations

import dataclasses
import types
import typing
from enum import Enum, StrEnum
from typing import Any, TypeVar

from staticgo.model.target import Target

Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None

_T = TypeVar("_T")


def encode(value: object) -> Json:
    """The value in JSON's types: fields by name, enumerations by word, tuples as arrays.

    Raises TypeError for what is no model value.
    """
    if isinstance(value, Target):
        return str(value)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Enum):
        return value.name.lower()
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, tuple | list):
        return [encode(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: encode(getattr(value, f.name)) for f in dataclasses.fields(value)}
    raise TypeError(f"{type(value).__name__} is no model value")


def decode(kind: type[_T], data: Any) -> _T:
    """The value of the type `kind` that `encode` gave `data` for.

    Raises ValueError, KeyError or TypeError where `data` is nothing of the sort.
    """
    value: _T = _decode(kind, data)
    return value


def _decode(kind: Any, data: Any) -> Any:
    if kind is Target:
        return Target.parse(data)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(data)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind[_checked(str, data).upper()]
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return kind(
            **{name: _decode(hints[name], item) for name, item in _checked(dict, data).items()}
        )  # type: ignore[operator]
    if typing.get_origin(kind) is tuple:
        members = typing.get_args(kind)
        _checked(list, data)
        if len(members) == 2 and members[1] is Ellipsis:
            return tuple(_decode(members[0], item) for item in data)
        return tuple(_decode(member, item) for member, item in zip(members, data, strict=True))
    if isinstance(kind, types.UnionType):
        member = next(member for member in typing.get_args(kind) if member is not type(None))
        return None if data is None else _decode(member, data)
    return _checked(kind, data)


def _checked(kind: type, data: Any) -> Any:
    if not isinstance(data, kind):
        raise TypeError(f"{data!r} is no {kind.__name__}")
    return data
