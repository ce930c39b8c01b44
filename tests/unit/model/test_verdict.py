"""Verdicts: the worst finding counts, and silence is no pass."""

from __future__ import annotations

import itertools

import pytest

from staticgo.model.proof import Level
from staticgo.model.verdict import Finding, Outcome, Verdict

FROM_WORST = (Outcome.FAIL, Outcome.UNKNOWN, Outcome.WARN, Outcome.PASS)


def verdict(*outcomes: Outcome) -> Verdict:
    return Verdict(
        findings=tuple(Finding(rule="r", outcome=outcome, message="m") for outcome in outcomes)
    )


def test_no_finding_is_unknown() -> None:
    assert verdict().outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("outcomes", list(itertools.product(FROM_WORST, repeat=3)))
def test_the_worst_finding_counts(outcomes: tuple[Outcome, ...]) -> None:
    worst = next(outcome for outcome in FROM_WORST if outcome in outcomes)
    assert verdict(*outcomes).outcome is worst


def test_outcomes_and_levels_print_as_words() -> None:
    assert [str(outcome) for outcome in FROM_WORST] == ["fail", "unknown", "warn", "pass"]
    assert [str(level) for level in sorted(Level)] == ["read", "started", "answered"]
