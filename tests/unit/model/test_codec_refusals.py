"""Values to JSON's types and back: their form, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from staticgo.model.binary import GoModule, Linkage
from staticgo.model.codec import decode, encode
from staticgo.model.plan import CToolchain, Plan, Policy, Promise, Strategy
from staticgo.model.project import Source
from staticgo.model.proof import Level, Observation, Proof
from staticgo.model.target import Target
from staticgo.model.verdict import Finding, Outcome, Verdict
from tests.unit.planning.given import plan_for

PLAN = plan_for("notes", "linux/arm/v7")

FORMS: list[tuple[object, object]] = [
    (Target.parse("linux/arm/v7"), "linux/arm/v7"),
    (Target.parse("linux/amd64+gnu.2.17"), "linux/amd64+gnu.2.17"),
    (Linkage.STATIC_PIE, "static-pie"),
    (Strategy.EXTERNAL, "external"),
    (Outcome.FAIL, "fail"),
    (Level.ANSWERED, "answered"),
    ((("a", "b"), ("c", "d")), [["a", "b"], ["c", "d"]]),
    ((None, True, 1, 1.5, "x"), [None, True, 1, 1.5, "x"]),
    (
        GoModule(path="p", version="v1", replaced_by=GoModule(path="q", version="v2")),
        {
            "path": "p",
            "version": "v1",
            "sum": "",
            "replaced_by": {"path": "q", "version": "v2", "sum": "", "replaced_by": None},
        },
    ),
]


@pytest.mark.parametrize(("value", "form"), FORMS)
def test_a_value_has_its_form_in_json(value: object, form: object) -> None:
    assert encode(value) == form


@pytest.mark.parametrize("value", [{"a": 1}, {1}, b"bytes", object(), Target, [b""]])
def test_what_is_no_model_value_is_not_encoded(value: object) -> None:
    with pytest.raises(TypeError):
        encode(value)


@pytest.mark.parametrize("name", ["hello", "notes", "goatcounter", "whoami", "plugin"])
@pytest.mark.parametrize("remote", [False, True])
def test_a_plan_comes_back_from_json(name: str, remote: bool) -> None:
    plan = plan_for(name, "linux/riscv64", remote=remote)
    assert decode(Plan, json.loads(json.dumps(encode(plan)))) == plan


def test_fields_that_are_left_away_have_their_defaults() -> None:
    assert decode(Policy, {}) == Policy()
    assert decode(Observation, {"exit_status": 1}) == Observation(exit_status=1)


def _without(key: str) -> Callable[[dict[str, Any]], object]:
    return lambda data: {name: value for name, value in data.items() if name != key}


def _with(key: str, value: object) -> Callable[[dict[str, Any]], object]:
    return lambda data: {**data, key: value}


REFUSED: dict[str, Callable[[dict[str, Any]], object]] = {
    "a field missing": _without("target"),
    "a field too many": _with("surprise", 1),
    "a target that is none": _with("target", "linux"),
    "a target that is a number": _with("target", 7),
    "an unknown word": _with("strategy", "magic"),
    "a number for a name": _with("name", 1),
    "nothing for a name": _with("name", None),
    "a pair of three": _with("environment", [["a", "b", "c"]]),
    "a pair of one": _with("environment", [["a"]]),
    "a number for a list": _with("command", 5),
    "nothing for a list": _with("command", None),
    "numbers in a list of words": _with("command", [1]),
    "a word for yes or no": _with("reasons", [{"decision": "d", "why": "w", "warning": "no"}]),
    "a toolchain without compilers": _with("toolchain", {"name": "zig"}),
}


@pytest.mark.parametrize("change", REFUSED.values(), ids=REFUSED)
def test_a_plan_that_was_tampered_with_is_refused(
    change: Callable[[dict[str, Any]], object],
) -> None:
    data = json.loads(json.dumps(encode(PLAN)))
    assert decode(Plan, data) == PLAN
    with pytest.raises((ValueError, KeyError, TypeError)):
        decode(Plan, change(data))


@pytest.mark.parametrize(
    ("kind", "data"),
    [(Plan, []), (Plan, None), (Plan, "text"), (Outcome, 3), (Level, None), (Verdict, 1)],
)
def test_another_type_altogether_is_refused(kind: type, data: object) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        decode(kind, data)


@pytest.mark.parametrize("data", ["netgo", {"netgo": 1}, ""])
def test_a_list_of_words_is_an_array(data: object) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        decode(Policy, {"tags": data})


@pytest.mark.parametrize("kind", [Source, CToolchain, Promise, Proof, Finding])
def test_an_empty_object_is_no_value_with_required_fields(kind: type) -> None:
    with pytest.raises(TypeError):
        decode(kind, {})
