"""Values as JSON text."""

from __future__ import annotations

import json

from staticgo.model.codec import encode


def to_json(value: object) -> str:
    """The value as indented JSON text, keys in the order of the model's fields."""
    return json.dumps(encode(value), indent=2) + "\n"
