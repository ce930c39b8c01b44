"""Go's flag lists: what is joined is read back."""

from __future__ import annotations

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from staticgo.errors import UsageError
from staticgo.planning.flags import join_quoted, split_quoted, split_tags, take_flag

FIELDS = st.lists(st.text(alphabet="ab-=' \"\t,é", max_size=8), max_size=6)


@given(FIELDS)
def test_joined_fields_are_read_back(fields: list[str]) -> None:
    with contextlib.suppress(UsageError):  # Go has no spelling for a field with both quotes
        assert split_quoted(join_quoted(fields)) == fields


@given(st.text(max_size=60))
def test_any_text_is_split_or_refused(text: str) -> None:
    with contextlib.suppress(UsageError):
        assert all(isinstance(field, str) for field in split_quoted(text))


@given(FIELDS)
def test_taking_a_flag_loses_nothing_else(fields: list[str]) -> None:
    values, others = take_flag(fields, "tags")
    assert len(values) + len(others) <= len(fields)
    assert all(field in fields for field in others)


def test_fields_end_where_go_ends_them() -> None:
    assert split_quoted("""-X 'main.a=b c' -extldflags="-static" x'y""") == [
        "-X",
        "main.a=b c",
        '-extldflags="-static"',
        "x'y",
    ]
    assert split_tags("a,b c") == ("a", "b", "c")
    assert take_flag(["-v", "--tags=a", "-tags", "b", "-tagsx"], "tags") == (
        ["a", "b"],
        ["-v", "-tagsx"],
    )
