"""The reader of logs: any text gives a reading, in time that grows with its length only."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staticgo.facts.catalogue import ENTRIES
from staticgo.facts.diagnosis import diagnose
from staticgo.model.codec import decode, encode
from staticgo.model.diagnosis import Reading, Severity
from staticgo.rules.log import read_text
from staticgo.view.log import log_text

SIGNS = sorted({sign for entry in ENTRIES for sign in entry.signs})
PIECES = st.one_of(
    st.sampled_from(SIGNS), st.text(max_size=12), st.sampled_from(["\n", "'", "`", ": "])
)
TEXTS = st.lists(PIECES, max_size=40).map("".join)
# What a repeated word of a pattern could run along, again and again.
FILLERS = (
    "a",
    "a/",
    " ",
    "'",
    "-m",
    ": ",
    "`",
    "/@v/",
    "go: ",
    "error: ",
    "x.go:1:",
    "undefined symbol: ",
)


@given(TEXTS)
def test_any_text_gives_a_reading(text: str) -> None:
    reading = read_text(text)
    known = sum(advice.times for advice in reading.advices)
    assert known + reading.not_recognised <= reading.lines
    assert len(reading.complaints) <= reading.not_recognised
    assert decode(Reading, encode(reading)) == reading
    # What is printed holds no line that the log made up.
    assert log_text(reading).count("\n") < 200


@given(TEXTS)
def test_the_order_is_that_of_importance(text: str) -> None:
    severities = [advice.severity for advice in read_text(text).advices]
    assert severities == sorted(severities, reverse=True)


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=200))
def test_what_holds_no_sign_is_not_known(text: str) -> None:
    if not any(sign in text for sign in SIGNS):
        assert read_text(text).advices == ()
        assert diagnose(text) is None


@given(TEXTS)
def test_nothing_is_harmless_but_what_fits_an_entry_that_says_so(text: str) -> None:
    words = ("local variable", "LC_DYSYMTAB", "duplicate libraries")
    for advice in read_text(text).advices:
        if advice.severity is Severity.HARMLESS:
            assert any(word in line.text for line in advice.evidence for word in words)


@pytest.mark.parametrize("filler", FILLERS, ids=repr)
def test_hostile_lines_take_no_long_time(filler: str) -> None:
    """One megabyte for each filler: every sign at the end of lines that patterns run along."""
    line = filler * (1900 // len(filler))
    text = "\n".join(line + sign for sign in SIGNS for _ in range(3))
    started = time.monotonic()
    read_text(text)
    assert time.monotonic() - started < 10
