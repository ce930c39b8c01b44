"""Results and errors as text."""

from __future__ import annotations

import pytest

from staticgo.errors import ToolFailed
from staticgo.model.proof import Level, Proof
from staticgo.model.verdict import Outcome
from staticgo.view import text, words


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (28_661_496, "28.7 MB"), (3 * 10**9, "3.0 GB")],
)
def test_sizes_are_in_powers_of_ten(count: int, expected: str) -> None:
    assert words.size(count) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0.04, "0.0 s"), (59.94, "59.9 s"), (112, "1 min 52 s")]
)
def test_durations(seconds: float, expected: str) -> None:
    assert words.duration(seconds) == expected


def test_nothing_that_a_terminal_obeys_is_printed() -> None:
    assert words.printable("a\x1b[2J\r\n\u202eb") == "a\\x1b[2J\\x0d\\x0a\\x202eb"


def test_an_error_says_what_happened_the_last_words_and_the_next_step() -> None:
    failure = ToolFailed("it broke", hint="mend it", details="first\nsecond\x1b[1m\n")
    assert text.error(failure) == "staticgo: it broke\n  first\n  second\\x1b[1m\nnext: mend it"


def test_long_last_words_are_cut_in_the_middle() -> None:
    failure = ToolFailed("it broke", hint="mend it", details="\n".join(map(str, range(100))))
    lines = text.error(failure).splitlines()
    assert lines[1:12] == [*(f"  {n}" for n in range(10)), "  ... (60 lines left out)"]
    assert lines[-2] == "  99"


def test_a_table_is_as_wide_as_its_cells() -> None:
    assert (
        text.table([("linux/amd64", "x")], ("target", "file"))
        == "target       file\nlinux/amd64  x"
    )


@pytest.mark.parametrize(
    ("outcome", "word"),
    [(Outcome.PASS, "pass"), (Outcome.FAIL, "FAIL"), (Outcome.UNKNOWN, "inconclusive")],
)
def test_a_proof_begins_with_its_outcome(outcome: Outcome, word: str) -> None:
    proof = Proof(
        level=Level.STARTED, outcome=outcome, how="native", summary="so", hint="do", needs=("n",)
    )
    assert text.proof_text("app", proof) == f"{word}: app: so\n  needs: n\n  next: do"


def test_a_proof_that_is_no_pass_never_looks_like_one_in_the_table() -> None:
    for outcome in (Outcome.FAIL, Outcome.UNKNOWN):
        proof = Proof(level=Level.ANSWERED, outcome=outcome, how="skipped", summary="")
        assert "answered" not in text.proof_word(proof)
    assert text.proof_word(None) == "not asked"
