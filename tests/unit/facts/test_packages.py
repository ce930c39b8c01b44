"""The tables of packages that use C: complete, and consistent with each other."""

from __future__ import annotations

import re

import pytest

from staticgo.facts.gosettings import BUILD_SETTINGS, FETCH_SETTINGS, is_go_setting
from staticgo.facts.packages import (
    HAZARDS,
    LIBC_PACKAGES,
    MODULES,
    USE_LIBC_NAMES,
    LibcPackage,
    ModuleFact,
)

TAG = re.compile(r"\w+")


@pytest.mark.parametrize("fact", MODULES, ids=lambda fact: fact.path)
def test_every_fact_of_a_module_says_why_and_where_it_comes_from(fact: ModuleFact) -> None:
    assert fact.why
    assert fact.source.startswith("https://")
    assert fact.tags or fact.stub
    assert all(TAG.fullmatch(tag) for tag in fact.tags)


def test_no_module_is_there_twice() -> None:
    paths = [fact.path for fact in MODULES]
    assert len(paths) == len(set(paths))


@pytest.mark.parametrize("package", LIBC_PACKAGES, ids=lambda package: package.path)
def test_every_libc_package_says_what_is_lost_and_how_to_keep_it(package: LibcPackage) -> None:
    assert TAG.fullmatch(package.tag)
    asked = re.search(r"--use-libc (\S+)", package.why)
    assert asked is not None
    assert USE_LIBC_NAMES[asked[1]] == package.path


def test_every_name_of_use_libc_means_a_package_that_has_a_tag() -> None:
    assert set(USE_LIBC_NAMES.values()) == {package.path for package in LIBC_PACKAGES}
    for package in LIBC_PACKAGES:
        assert USE_LIBC_NAMES[package.path] == package.path


def test_every_hazard_says_what_will_fail() -> None:
    assert all("fail at run time" in why for why in HAZARDS.values())


def test_no_setting_decides_both_the_bytes_and_the_fetching() -> None:
    assert not BUILD_SETTINGS & FETCH_SETTINGS


@pytest.mark.parametrize("name", sorted(BUILD_SETTINGS | FETCH_SETTINGS))
def test_every_setting_that_a_plan_may_make_is_dropped_from_the_environment(name: str) -> None:
    assert is_go_setting(name)


@pytest.mark.parametrize("name", ["PATH", "HOME", "LDFLAGS", "CFLAGS", "HTTPS_PROXY", "MY_CGO_X"])
def test_what_go_does_not_read_is_no_setting_of_it(name: str) -> None:
    assert not is_go_setting(name)
