"""What `--compare` is given: two targets, or two sets of flags."""

from __future__ import annotations

import pytest

from staticgo.errors import UsageError
from staticgo.linking.pairs import is_target, read_pair


@pytest.mark.parametrize(
    ("given", "sides"),
    [
        (["linux/amd64,linux/arm64"], ("linux/amd64", "linux/arm64")),
        (["linux/arm/v7, linux/amd64+musl"], ("linux/arm/v7", "linux/amd64+musl")),
        (["-tags netgo,-race"], ("-tags netgo", "-race")),
        (["-tags netgo,osusergo,-race"], ("-tags netgo,osusergo", "-race")),
        (["-race,CGO_ENABLED=0"], ("-race", "CGO_ENABLED=0")),
        (["CGO_ENABLED=0,"], ("CGO_ENABLED=0", "")),
        ([",CGO_ENABLED=0"], ("", "CGO_ENABLED=0")),
        (["-tags a,b", "-race"], ("-tags a,b", "-race")),
        (["", " -race "], ("", "-race")),
        (["linux/amd64", "linux/arm64"], ("linux/amd64", "linux/arm64")),
    ],
)
def test_two_sides(given: list[str], sides: tuple[str, str]) -> None:
    assert read_pair(given) == sides


@pytest.mark.parametrize(
    "given",
    [
        ["-race"],
        [""],
        ["-tags a,b"],
        ["-race,-msan,-asan"],
        ["linux/amd64"],
        ["linux/amd64,linux/arm64,linux/386"],
        ["a", "b", "c"],
    ],
)
def test_what_is_not_clear_is_asked_back(given: list[str]) -> None:
    with pytest.raises(UsageError) as raised:
        read_pair(given)
    assert raised.value.hint


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("linux/amd64", True),
        (" linux/arm/v7 ", True),
        ("linux/amd64+gnu.2.17", True),
        ("nonsense/port", True),  # spelled like one; that it is none is said later
        ("-tags a/b", False),
        ("", False),
        ("./cmd/app", False),
        ("CC=/usr/bin/gcc", False),
    ],
)
def test_targets_are_told_from_flags(text: str, *, is_one: bool) -> None:
    assert is_target(text) is is_one
