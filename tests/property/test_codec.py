"""Model values: what is encoded is read back, and nothing else is."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from enum import Enum
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from staticgo.model.binary import BinaryReport
from staticgo.model.codec import decode, encode
from staticgo.model.diagnosis import Reading
from staticgo.model.plan import GoToolchain, Plan, Policy
from staticgo.model.project import Graph, ProjectFacts
from staticgo.model.proof import Proof
from staticgo.model.result import BuildResult
from staticgo.model.target import Target
from staticgo.model.verdict import Verdict

VALUES = (
    BinaryReport,
    BuildResult,
    GoToolchain,
    Graph,
    Plan,
    Policy,
    ProjectFacts,
    Proof,
    Reading,
    Target,
    Verdict,
)
TARGETS = st.from_regex(
    r"[a-z0-9]{1,7}/[a-z0-9]{1,7}(/[a-z0-9.]{1,4})?(\+[a-z]{1,4}(\.[0-9]{1,2})*)?",
    fullmatch=True,
).map(Target.parse)
SCALARS: dict[object, st.SearchStrategy[Any]] = {
    str: st.text(max_size=5),
    bool: st.booleans(),
    int: st.integers(),
    float: st.floats(allow_nan=False),
    type(None): st.none(),
    Target: TARGETS,
}


def values(kind: Any, depth: int = 0) -> st.SearchStrategy[Any]:
    """Any value of the type, by its type hints alone: codec must know every hint that models use."""
    if kind in SCALARS:
        return SCALARS[kind]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(kind)
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return st.builds(
            kind,  # type: ignore[arg-type]
            **{f.name: values(hints[f.name], depth + 1) for f in dataclasses.fields(kind)},
        )
    arguments = typing.get_args(kind)
    if isinstance(kind, types.UnionType):
        # GoModule holds GoModules: somewhere it must end.
        members = [m for m in arguments if m is type(None) or depth < 6]
        return st.one_of([values(member, depth) for member in members])
    assert typing.get_origin(kind) is tuple
    if arguments == (Plan, Ellipsis) and depth > 1:  # a plan's parts have none of their own
        return st.just(())
    if arguments[-1] is Ellipsis:
        return st.lists(values(arguments[0], depth), max_size=2).map(tuple)
    return st.tuples(*(values(argument, depth) for argument in arguments))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["path", "tags", "cgo", "version"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.data())
def test_every_value_comes_back_from_json(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(VALUES))
    value = data.draw(values(kind))
    text = json.dumps(encode(value), allow_nan=True)
    assert decode(kind, json.loads(text)) == value


@settings(deadline=None)
@given(st.data())
def test_encoding_is_the_same_every_time_and_of_jsons_types_alone(data: st.DataObject) -> None:
    value = data.draw(values(data.draw(st.sampled_from(VALUES))))
    first = encode(value)
    assert first == encode(value) == json.loads(json.dumps(first))


@settings(deadline=None)
@given(st.sampled_from(VALUES), JSON)
def test_any_json_is_a_value_or_is_refused(kind: type, data: Any) -> None:
    try:
        value: object = decode(kind, data)
    except (ValueError, KeyError, TypeError):
        return
    assert isinstance(value, kind)


@given(TARGETS)
def test_a_target_is_printed_as_it_is_spelled(target: Target) -> None:
    assert Target.parse(str(target)) == target
