"""Writes the JSON Schema of `staticgo inspect --json` from the model's own types.

python tools/make_schema.py > src/staticgo/schemas/inspect.json
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from enum import Enum, StrEnum
from typing import Any

from staticgo.model.inspection import SCHEMA_VERSION, Inspections

_PLAIN = {str: "string", int: "integer", bool: "boolean", float: "number"}


def schema() -> dict[str, Any]:
    """The schema, as JSON's types; one definition for each of the model's classes."""
    definitions: dict[str, Any] = {}
    top = _schema_of(Inspections, definitions)
    top_level = definitions["Inspections"]
    top_level["properties"]["version"] = {"const": SCHEMA_VERSION}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"staticgo inspect --json, version {SCHEMA_VERSION}",
        **top,
        "$defs": dict(sorted(definitions.items())),
    }


def _schema_of(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if kind in _PLAIN:
        return {"type": _PLAIN[kind]}
    if isinstance(kind, types.UnionType):
        members = [member for member in typing.get_args(kind) if member is not type(None)]
        return {"anyOf": [*(_schema_of(m, definitions) for m in members), {"type": "null"}]}
    if typing.get_origin(kind) is tuple:
        return _array(typing.get_args(kind), definitions)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return {"enum": [member.value for member in kind]}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {"enum": [member.name.lower() for member in kind]}
    name = kind.__name__
    if name not in definitions:
        definitions[name] = {}  # a class may hold itself
        hints = typing.get_type_hints(kind)
        fields = {f.name: _schema_of(hints[f.name], definitions) for f in dataclasses.fields(kind)}
        definitions[name] = {
            "type": "object",
            "properties": fields,
            "required": list(fields),
            "additionalProperties": False,
        }
    return {"$ref": f"#/$defs/{name}"}


def _array(members: tuple[Any, ...], definitions: dict[str, Any]) -> dict[str, Any]:
    if len(members) == 2 and members[1] is Ellipsis:
        return {"type": "array", "items": _schema_of(members[0], definitions)}
    items = [_schema_of(member, definitions) for member in members]
    return {"type": "array", "prefixItems": items, "minItems": len(items), "maxItems": len(items)}


def text() -> str:
    """The file's content."""
    return json.dumps(schema(), indent=2) + "\n"


if __name__ == "__main__":
    print(text(), end="")
