"""--pie and --race are refused, before any build, where Go or the platform has no such program."""

from __future__ import annotations

import pytest

from staticgo.errors import Unreachable
from staticgo.facts.platforms import resolve
from staticgo.model.plan import Policy
from staticgo.planning.modes import check_mode
from tests.unit.planning.given import plan_for

PIE = Policy(build_mode="pie")
RACE = Policy(race=True)


@pytest.mark.parametrize(
    ("target", "policy"),
    [
        ("netbsd/amd64", PIE),
        ("freebsd/arm64", PIE),
        ("linux/mips", PIE),
        ("linux/386", PIE),
        ("linux/386/softfloat", PIE),
        ("linux/386", RACE),
        ("windows/386", RACE),
        ("freebsd/arm64", RACE),
        ("windows/amd64", Policy(build_mode="pie", race=True)),
    ],
)
def test_what_does_not_exist_is_refused(target: str, policy: Policy) -> None:
    with pytest.raises(Unreachable, match=target):
        check_mode(resolve(target), policy)


@pytest.mark.parametrize(
    ("target", "policy"),
    [
        ("linux/386+gnu", PIE),  # dynamic: its loader moves it
        ("linux/386", Policy()),
        ("freebsd/amd64", PIE),
        ("openbsd/arm64", PIE),
        ("windows/amd64", RACE),
        ("linux/riscv64", Policy(build_mode="pie", race=True)),
    ],
)
def test_what_exists_is_not(target: str, policy: Policy) -> None:
    check_mode(resolve(target), policy)


@pytest.mark.parametrize("target", ["freebsd/amd64", "openbsd/arm64"])
def test_a_pie_that_only_the_c_linker_makes(target: str) -> None:
    check_mode(resolve(target), PIE, c_linker=True)
    with pytest.raises(Unreachable, match="own linker"):
        check_mode(resolve(target), PIE, c_linker=False)
    check_mode(resolve("windows/amd64"), PIE, c_linker=False)


def test_no_plan_is_made_for_it() -> None:
    with pytest.raises(Unreachable, match="race detector"):
        plan_for("hello", "freebsd/arm64", RACE)
    assert plan_for("hello", "linux/386+gnu", PIE).expects.pie
