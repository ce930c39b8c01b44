"""The shipped JSON Schema is that of the model, and what `inspect --json` prints fits it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import staticgo
from staticgo.app.inspect import inspect_all
from staticgo.model.inspection import SCHEMA_VERSION, Inspection, Inspections, Require
from staticgo.model.source import Trouble
from staticgo.view.jsonable import to_json
from tests.binaries import elf
from tools import make_schema

FILE = Path(staticgo.__file__).parent / "schemas" / "inspect.json"


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = json.loads(FILE.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_schema_is_that_of_the_model() -> None:
    assert FILE.read_text() == make_schema.text(), "run tools/make_schema.py; raise SCHEMA_VERSION?"


def test_what_is_printed_fits(tmp_path: Path, validator: Any) -> None:
    for name, data in {
        "static": elf.STATIC.build(),
        "cut": elf.STATIC.build()[:70],
        "text": b"just text\n",
    }.items():
        (tmp_path / name).write_bytes(data)
    paths = [str(tmp_path / name) for name in ("static", "cut", "text", "absent")]
    items = list(inspect_all(paths, require=Require.STATIC, sizes=True))
    found = Inspections(
        version=SCHEMA_VERSION,
        binaries=tuple(item for item in items if isinstance(item, Inspection)),
        troubles=tuple(item for item in items if isinstance(item, Trouble)),
    )
    assert len(found.binaries) == 2
    assert len(found.troubles) == 2
    validator.validate(json.loads(to_json(found)))


def test_another_shape_is_refused(validator: Any) -> None:
    with pytest.raises(jsonschema.ValidationError):
        validator.validate({"version": SCHEMA_VERSION, "binaries": [{}], "troubles": []})
