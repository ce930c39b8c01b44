"""Values as JSON: field names as they are in the model, enumerations by name, tuples as arrays."""

from __future__ import annotations

import dataclasses
import json
from enum import Enum, StrEnum

from staticgo.model.target import Target

_Json = dict[str, "_Json"] | list["_Json"] | str | int | float | bool | None


def to_json(value: object) -> str:
    """The value as indented JSON text, keys in the order of the model's fields."""
    return json.dumps(jsonable(value), indent=2, ensure_ascii=False) + "\n"


def jsonable(value: object) -> _Json:
    """The value in JSON's types. Raises TypeError for what is no model value."""
    if isinstance(value, Target):
        return str(value)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Enum):
        return value.name.lower()
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, tuple | list):
        return [jsonable(item) for item in value]
    if isinstance(value, dict):
        return {str(key): jsonable(item) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: jsonable(getattr(value, f.name)) for f in dataclasses.fields(value)}
    raise TypeError(f"{type(value).__name__} is no model value")
