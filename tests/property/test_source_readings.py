"""What is read in Go and C source: any text is read, in time that grows with its length only."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staticgo.linking import csource, gosource

NAMES = frozenset({"a", "f", "C"})
READINGS: dict[str, Callable[[str], object]] = {
    "code_only": gosource.code_only,
    "declared": lambda text: gosource.declared([text]),
    "uses": lambda text: gosource.uses(text, frozenset({"absent"})),
    "selects": lambda text: gosource.selects(f'import "x/a"\n{text}', "x/a", "a", NAMES),
    "has_main": lambda text: gosource.has_main([text]),
    "imported_libraries": gosource.imported_libraries,
    "preambles": gosource.preambles,
    "exported": gosource.exported,
    "own_text": csource.own_text,
    "called": csource.called,
    "defined": csource.defined,
    "undeclared": csource.undeclared,
    "called_from_go": csource.called_from_go,
    "thread_local": csource.thread_local,
    "in_tables": lambda text: csource.in_tables(text, NAMES),
    "uses_cxx_runtime": csource.uses_cxx_runtime,
}
NASTY = [
    *("(", "{", '"', "'", "`", "/*", "//\n", '\\"', "\\'", "a, ", "var (\n", "f(", "f(x)", "f() "),
    *("f()__attribute__((", "f() __attribute__((a)) ", "= {", "{,(", ",(a ", ".a = (", "a", " "),
    *("\n", '# 1 "', "#include ", '//\nimport "C"\n', "}{", "{}", "( * ", "C.", "f(a(b)", "(x)"),
]
PIECES = st.lists(
    st.sampled_from(
        [*NASTY, "*/", ")", "}", ";", "*", "func ", "type ", 'import "C"', ":=", "=", "é", "\0"]
    ),
    max_size=30,
).map("".join)
MEGABYTE = 1_000_000


@given(st.one_of(st.text(max_size=200), PIECES))
def test_any_text_is_read(text: str) -> None:
    for read in READINGS.values():
        read(text)


@given(st.one_of(st.text(alphabet=st.characters(exclude_characters="\r"), max_size=80), PIECES))
def test_literals_and_comments_fall_away_and_code_stays(text: str) -> None:
    """Code put in front, closed by a line's end, is read the same whatever follows."""
    assert gosource.code_only(f"before()\n{text}").startswith("before()")
    assert "before" in csource.called(f"before();\n{csource.without_literals(text)}")


def slowest(text: str) -> tuple[float, str]:
    times = []
    for name, read in READINGS.items():
        began = time.process_time()
        read(text)
        times.append((time.process_time() - began, name))
    return max(times)


@pytest.mark.parametrize("piece", NASTY)
def test_nasty_text_takes_no_longer_than_it_is_long(piece: str) -> None:
    """100 kB at first: what is quadratic takes minutes there already, and fails without waiting."""
    size = MEGABYTE // 10 // len(piece)
    seconds, name = slowest(piece * size)
    assert seconds < 1, name


@pytest.mark.parametrize("piece", ["(", "{", '\\"', "/*", "f() __attribute__((a)) "])
def test_a_nasty_megabyte(piece: str) -> None:
    seconds, name = slowest(piece * (MEGABYTE // len(piece)))
    assert seconds < 2, name


def test_one_name_before_a_megabyte() -> None:
    for text in ("f(" + "(x)" * (MEGABYTE // 3), "f()" + " " * MEGABYTE, "a" * MEGABYTE):
        seconds, name = slowest(text)
        assert seconds < 2, name
