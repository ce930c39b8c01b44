"""docs/rules.md is made from the catalogue."""

from __future__ import annotations

from pathlib import Path

from tools import make_rules


def test_the_page_is_that_of_the_catalogue() -> None:
    page = Path(__file__).parents[2] / "docs" / "rules.md"
    assert page.read_text(encoding="utf-8") == make_rules.text(), "run tools/make_rules.py"
