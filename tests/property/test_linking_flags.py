"""Flags of `go build`: any text is read or refused, and what is read is written back the same."""

from __future__ import annotations

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from staticgo.errors import UsageError
from staticgo.linking.flags import (
    build_flags,
    for_list,
    join_flags,
    linker_flags,
    read_flags,
    without,
)
from staticgo.linking.pairs import read_pair
from staticgo.model.linking import GoFlags

VALUES = st.text(alphabet="ab=-,' \"/.é", max_size=8)
NAMES = st.sampled_from(["tags", "ldflags", "buildmode", "overlay", "o", "p"])
WORDS = st.lists(
    st.one_of(
        st.builds("-{}={}".format, NAMES, VALUES).map(lambda word: (word,)),
        st.tuples(NAMES.map("-{}".format), VALUES),
        st.sampled_from([("-race",), ("--msan",), ("-v",), ("-race=false",)]),
    ),
    max_size=5,
).map(lambda groups: tuple(word for group in groups for word in group))
SETTINGS = st.dictionaries(
    st.sampled_from(["CC", "CGO_ENABLED", "GOFLAGS", "CGO_LDFLAGS"]), VALUES, max_size=3
).map(lambda settings: tuple(settings.items()))
FLAGS = st.builds(GoFlags, settings=SETTINGS, words=WORDS)


@given(FLAGS)
def test_flags_written_are_read_back(flags: GoFlags) -> None:
    assert read_flags(str(flags)) == flags


@given(st.one_of(st.text(max_size=60), st.text(alphabet="-tags=ldfrCGO_ '\",", max_size=60)))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        flags = read_flags(text)
    except UsageError as error:
        assert error.hint
        return
    with contextlib.suppress(UsageError):  # a quote that does not end
        linker_flags(build_flags(flags.words, text, "example.com/app").linker)
    assert read_flags(str(flags)) == flags
    for_list(flags.words)


@given(st.lists(st.text(max_size=10), max_size=6), st.text(max_size=30))
def test_any_words_are_read_or_refused(words: list[str], goflags: str) -> None:
    with contextlib.suppress(UsageError):
        build_flags(words, goflags, "example.com/app")
    with contextlib.suppress(UsageError):
        linker_flags(words)
    for_list(words)


@given(FLAGS, FLAGS)
def test_the_second_flags_count(first: GoFlags, second: GoFlags) -> None:
    both = join_flags(first, second)
    assert dict(both.settings) == {**dict(first.settings), **dict(second.settings)}
    assert both.words[len(both.words) - len(second.words) :] == second.words
    assert join_flags(both, second) == both


@given(WORDS)
def test_without_takes_nothing_else_away(words: tuple[str, ...]) -> None:
    assert without(words) == words
    rest = without(words, "tags")
    assert without(rest, "tags") == rest
    assert without(without(words, "tags"), "ldflags") == without(words, "ldflags", "tags")


@given(FLAGS, FLAGS)
def test_a_pair_is_read_as_its_two_sides(left: GoFlags, right: GoFlags) -> None:
    assert read_pair([str(left), str(right)]) == (str(left).strip(), str(right).strip())


@given(st.text(alphabet="linux/amd64,-=CGO_ ", max_size=40))
def test_any_pair_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(UsageError):
        left, right = read_pair([text])
        assert len(left) + len(right) < len(text)
