"""Names, patterns and exclusions of targets."""

from __future__ import annotations

import pytest

from staticgo.errors import UnknownTarget
from staticgo.facts.platforms import UNIVERSAL, platform
from staticgo.facts.ports import PORTS
from staticgo.facts.reach import Standing
from staticgo.planning.targets import all_targets, expand


def names(*words: str) -> list[str]:
    return [str(one.target) for one in expand(words)]


def test_a_pattern_means_what_can_be_built() -> None:
    every = names("all")
    assert {"linux/amd64", "linux/arm/v7", "darwin/arm64", "windows/386", "openbsd/ppc64"} <= {
        *every
    }
    assert not {name for name in every if name.startswith(("aix", "ios", "plan9", "js", "wasip1"))}
    assert names("*/*") == every
    assert names("darwin/*") == ["darwin/amd64", "darwin/arm64"]


def test_variants_are_meant_by_three_parts_only() -> None:
    assert names("linux/arm") == names("linux/arm*", "!linux/arm64") == ["linux/arm/v7"]
    assert set(names("linux/arm/*")) == {"linux/arm/v5", "linux/arm/v6", "linux/arm/v7"}
    assert "linux/amd64/v3" in names("linux/amd64/*")


def test_exclusions_count_wherever_they_stand() -> None:
    without = names("!linux/mips*", "linux/*")
    assert without == names("linux/*", "!linux/mips*")
    assert not [name for name in without if "mips" in name]
    assert "linux/s390x" in without
    assert "linux/amd64" not in names("!linux/amd64")  # of all
    assert "windows/amd64" in names("!linux/*")


@pytest.mark.parametrize("word", ["!linux/arm/v6", "!darwin/*", "!plan9/amd64"])
def test_an_exclusion_that_leaves_nothing_out_is_a_slip(word: str) -> None:
    with pytest.raises(UnknownTarget, match="leaves nothing out"):
        expand(["linux/*", word])


def test_patterns_know_the_other_names_too() -> None:
    assert names("macos/*") == names("darwin/*")
    assert names("linux/x86_64*") == ["linux/amd64"]
    assert names("linux/amd64/*", "!linux/x64/v[34]") == names("linux/x86_64/*", "!linux/*/v[34]")


def test_what_is_named_is_kept_apart_from_what_a_pattern_finds() -> None:
    found = {str(one.target): one.named for one in expand(["linux/*", "linux/arm64", "aix/ppc64"])}
    assert found["linux/arm64"]
    assert found["aix/ppc64"]
    assert not found["linux/amd64"]


def test_each_target_is_meant_once() -> None:
    assert names("linux/arm64", "linux/aarch64", "LINUX/arm64/v8") == ["linux/arm64"]


@pytest.mark.parametrize("words", [("linux/vax*",), ("linux/amd64", "!linux/*"), ("aix/*",)])
def test_nothing_left_is_a_slip(words: tuple[str, ...]) -> None:
    with pytest.raises(UnknownTarget) as raised:
        expand(words)
    assert raised.value.hint


def test_nothing_asked_is_nothing() -> None:
    assert expand([]) == ()


def test_the_universal_binary_is_named_only() -> None:
    assert names("darwin/universal") == [str(UNIVERSAL)]
    assert str(UNIVERSAL) not in names("all")


def test_every_port_of_go_is_told_of_with_a_reason_where_it_is_no_more_than_it_is() -> None:
    targets = list(all_targets())
    assert len(targets) == len(PORTS)
    for known in map(platform, targets):
        for reach in (known.pure, known.cgo):
            assert reach.why or reach.standing is Standing.STATIC, known.target
