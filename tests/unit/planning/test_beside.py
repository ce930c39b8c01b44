"""What other tools are told so that they build for a target as staticgo does."""

from __future__ import annotations

import dataclasses

import pytest

from staticgo.errors import UsageError
from staticgo.facts.platforms import resolve
from staticgo.model.plan import Libc, Wrapper
from staticgo.planning.beside import around_packages, named_packages, settings
from staticgo.planning.flags import split_quoted
from tests.unit.planning.given import ZIG

ARM64 = resolve("linux/arm64")
SYSTEM = dataclasses.replace(ZIG, libc=Libc.SYSTEM, link_flags=())
LINK = "-ldflags=-linkmode=external -extldflags=-static"


def variables(**users: str) -> dict[str, str]:
    return dict(settings(ARM64, ZIG, users).variables)


def goflags(users: str) -> list[str]:
    return split_quoted(variables(GOFLAGS=users)["GOFLAGS"])


def test_go_and_its_c_compiler_are_set() -> None:
    found = settings(ARM64, ZIG, {}, layers=("/cache/objects/bin",))
    values = dict(found.variables)
    assert (values["GOOS"], values["GOARCH"], values["GOARM64"]) == ("linux", "arm64", "v8.0")
    assert (values["CC"], values["CXX"], values["CGO_ENABLED"]) == (ZIG.cc.name, ZIG.cxx.name, "1")
    assert values["CGO_CFLAGS"] == "-O2 -g0"
    assert values["PKG_CONFIG_LIBDIR"] == "/nonexistent"
    assert found.path == ("/cache/objects/bin", "/cache/bin")
    assert split_quoted(values["GOFLAGS"]) == ["-trimpath", "-tags=netgo,osusergo", LINK]


def test_a_tool_with_ldflags_of_its_own_links_statically_too() -> None:
    assert "-static" in variables()["CGO_LDFLAGS"].split()


def test_what_the_user_set_is_kept() -> None:
    users = "-mod=vendor -tags=mine '-ldflags=-X main.v=1 -extldflags=-Wl,-s'"
    assert goflags(users) == [
        "-trimpath",
        "-mod=vendor",
        "-tags=netgo,osusergo,mine",
        "-ldflags=-linkmode=external '-extldflags=-static -Wl,-s' -X main.v=1",
    ]
    assert variables(CGO_CFLAGS="-I/include")["CGO_CFLAGS"] == "-O2 -g0 -I/include"
    assert variables(CGO_CFLAGS="-O2 -g")["CGO_CFLAGS"] == "-O2 -g0"


@pytest.mark.parametrize("users", ["", "-mod=vendor", "-tags=mine '-ldflags=-X main.v=1'"])
def test_merging_again_changes_nothing(users: str) -> None:
    once = variables(GOFLAGS=users, CGO_LDFLAGS="-lm")
    assert variables(**{n: v for n, v in once.items() if n in ("GOFLAGS", "CGO_LDFLAGS")}) == once


def test_flags_that_go_cannot_read_are_named() -> None:
    with pytest.raises(UsageError, match="unterminated"):
        variables(GOFLAGS="'-tags=a")


def test_where_no_c_can_be_linked_cgo_is_off_and_that_is_said() -> None:
    found = settings(resolve("linux/ppc64"), None, {})
    assert dict(found.variables)["CGO_ENABLED"] == "0"
    assert "CC" not in dict(found.variables)
    assert found.path == ()
    (remark,) = found.remarks
    assert "linux/ppc64" in remark.decision
    assert remark.why


def test_a_system_without_a_static_libc_gets_no_static() -> None:
    values = dict(settings(resolve("freebsd/amd64"), SYSTEM, {}).variables)
    assert "-static" not in values["CGO_LDFLAGS"] + values["GOFLAGS"]
    assert "-linkmode=external" in values["GOFLAGS"]


def test_pkg_config_knows_the_targets_libraries_or_none() -> None:
    own = dataclasses.replace(ZIG, pkg_config=Wrapper(name="pkg-config-1", content=""))
    assert dict(settings(ARM64, own, {}).variables)["PKG_CONFIG"] == "pkg-config-1"
    assert "PKG_CONFIG_LIBDIR" in dict(settings(ARM64, ZIG, {}).variables)


def test_flags_for_go_test_hold_ours_and_the_tests_own_are_not_read() -> None:
    given = ("-v", "-tags", "mine", "-ldflags=-X main.v=1", "-args", "-tags", "other")
    before, behind = around_packages(ARM64, ZIG, given)
    assert before == (
        "-v",
        "-tags=netgo,osusergo,mine",
        "-ldflags=-linkmode=external -extldflags=-static -X main.v=1",
    )
    assert behind == ("-args", "-tags", "other")
    assert around_packages(ARM64, None, given) == (given[:4], given[4:])


@pytest.mark.parametrize(
    ("words", "packages"),
    [
        ("./a ./b -v", "./a ./b"),
        ("-v ./a", "./a"),
        ("-run X ./a -count 1", "./a"),
        ("-run=X ./a", "./a"),
        ("-test.v ./a", "./a"),
        ("-run X -args ./a", ""),
        ("-run args ./a", "./a"),
        ("", ""),
    ],
)
def test_packages_among_the_words_for_go_test(words: str, packages: str) -> None:
    found, others = named_packages(words.split())
    assert " ".join(found) == packages
    assert sorted((*found, *others)) == sorted(words.split())
