"""Targets: their spellings, and what they mean."""

from __future__ import annotations

import pytest

from staticgo.errors import UnknownTarget
from staticgo.facts.platforms import go_settings, platform, resolve, resolve_port
from staticgo.facts.reach import Standing
from staticgo.model.target import Target
from staticgo.planning.targets import all_targets


@pytest.mark.parametrize(
    ("spelled", "canonical"),
    [
        ("linux/amd64", "linux/amd64"),
        ("LINUX/AMD64 ", "linux/amd64"),
        ("linux/arm", "linux/arm/v7"),
        ("linux/arm64/v8", "linux/arm64"),
        ("linux/aarch64", "linux/arm64"),
        ("linux/386+musl", "linux/386"),
        ("linux/armel", "linux/arm/v6"),
        ("linux/amd64/v1", "linux/amd64"),
        ("linux/arm64/v9", "linux/arm64/v9.0"),
        ("linux/mips/hardfloat", "linux/mips"),
        ("macos/aarch64", "darwin/arm64"),
        ("linux/amd64+gnu", "linux/amd64+gnu.2.17"),
        ("linux/riscv64+gnu.2.31", "linux/riscv64+gnu.2.31"),
        ("linux/amd64+gnu.2.017", "linux/amd64+gnu.2.17"),
    ],
)
def test_spellings_of_the_same_platform(spelled: str, canonical: str) -> None:
    assert str(resolve(spelled).target) == canonical


@pytest.mark.parametrize(
    ("spelled", "meant"),
    [
        ("linux/amd46", "linux/amd64"),
        ("linux/arm46", "linux/arm64"),
        ("arm64", "linux/arm64"),
        ("amd64/linux", "linux/amd64"),
        ("linux-riscv64", "linux/riscv64"),
        ("linux_amd64", "linux/amd64"),
        ("windoms/amd64", "windows/amd64"),
        ("linux/mips64el5", "linux/mips64le"),
    ],
)
def test_a_slip_is_answered_with_what_was_meant(spelled: str, meant: str) -> None:
    with pytest.raises(UnknownTarget) as raised:
        resolve(spelled)
    assert "unknown target" in raised.value.message
    assert raised.value.hint.startswith("perhaps you meant")
    assert meant in raised.value.hint


@pytest.mark.parametrize(
    ("spelled", "hint"),
    [
        ("linux/amd64/v5", "v2, v3, v4"),
        ("linux/arm/v8", "v5, v6, v7"),
        ("linux/s390x/z13", "leave it away"),
        ("linux/amd64+gnu.2.5", "+gnu.2.17 or newer"),
        ("linux/amd64+gnu.2.99", "up to +gnu.2.44"),
        ("linux/amd64+uclibc", "+musl"),
        ("freebsd/amd64+gnu.2.17", "leave +gnu.2.17 out"),
    ],
)
def test_a_variant_or_libc_that_is_none(spelled: str, hint: str) -> None:
    with pytest.raises(UnknownTarget) as raised:
        resolve(spelled)
    assert hint in raised.value.hint


@pytest.mark.parametrize("spelled", ["", "/", "linux", "☃", "linux/amd64/" + "v" * 9000])
def test_nonsense_is_refused_with_an_example(spelled: str) -> None:
    with pytest.raises(UnknownTarget) as raised:
        resolve(spelled)
    assert raised.value.hint


@pytest.mark.parametrize("target", list(all_targets(variants=True)), ids=str)
def test_every_target_prints_as_it_is_spelled(target: Target) -> None:
    assert resolve(str(target)) is platform(target)
    assert Target.parse(str(target)) == target


@pytest.mark.parametrize(
    "spelled", ["freebsd/arm/v5", "netbsd/arm/v5", "openbsd/arm/v5", "openbsd/arm/v6"]
)
def test_no_c_where_a_systems_libraries_need_a_newer_cpu(spelled: str) -> None:
    known = resolve(spelled)
    assert (known.cgo.standing, known.zig_triple) == (Standing.NONE, "")
    assert known.pure.standing is not Standing.NONE
    assert resolve("freebsd/arm/v6").zig_triple


def test_a_pattern_has_all_variants_only_where_it_asks_for_them() -> None:
    assert Target(os="linux", arch="arm", variant="v5") in all_targets(variants=True)
    assert Target(os="linux", arch="arm", variant="v5") not in all_targets()
    every = list(all_targets(variants=True))
    assert len(every) == len(set(every))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plan9/386", (("GOOS", "plan9"), ("GOARCH", "386"))),
        ("linux/amd64/v3", (("GOOS", "linux"), ("GOARCH", "amd64"), ("GOAMD64", "v3"))),
        ("linux/arm/v6", (("GOOS", "linux"), ("GOARCH", "arm"), ("GOARM", "6"))),
        ("macos/arm64", (("GOOS", "darwin"), ("GOARCH", "arm64"))),
        ("win/amd64", (("GOOS", "windows"), ("GOARCH", "amd64"))),
        (
            "linux/mips/softfloat",
            (("GOOS", "linux"), ("GOARCH", "mips"), ("GOMIPS", "softfloat")),
        ),
    ],
)
def test_any_port_of_go(text: str, expected: tuple[tuple[str, str], ...]) -> None:
    assert go_settings(resolve_port(text)) == expected


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("windws/amd64", "windows/amd64"),
        ("arm64", "linux/arm64"),
        ("linux/amd64+musl", "CC=musl-gcc"),
        ("linux/s390x/z13", "leave it away"),
        ("nowhere/nothing", "staticgo targets"),
    ],
)
def test_no_port_of_go(text: str, hint: str) -> None:
    with pytest.raises(UnknownTarget) as raised:
        resolve_port(text)
    assert hint in raised.value.hint
