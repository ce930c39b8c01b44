"""Which Go satisfies which go.mod."""

from __future__ import annotations

import pytest

from staticgo.toolchain.go import satisfies


@pytest.mark.parametrize(
    ("version", "wanted", "enough"),
    [
        ("go1.26.8", "1.26.8", True),
        ("go1.26.8", "1.26.9", False),
        ("go1.26.8", "1.27", False),
        ("go1.26.8", "1.26", True),
        ("go1.26.8", "", True),
        ("go1.26rc1", "1.26", True),
        ("go1.26rc1", "1.26.0", False),
        ("go1.26rc2", "1.26rc1", True),
        ("go1.20", "1.20", True),
        ("go1.9.7", "1.10", False),
        ("go1.26.8 X:nocoverageredesign", "1.26.8", True),
        ("devel go1.27-abcdef", "1.26", True),
    ],
)
def test_versions_are_compared_as_go_compares_them(version: str, wanted: str, enough: bool) -> None:
    assert satisfies(version, wanted) is enough
