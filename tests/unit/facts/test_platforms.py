"""Targets: their spellings, and what they mean."""

from __future__ import annotations

import pytest

from staticgo.errors import UnknownTarget
from staticgo.facts.platforms import PLATFORMS, go_settings, resolve, resolve_port
from staticgo.facts.ports import PORTS
from staticgo.model.target import Target


@pytest.mark.parametrize(
    ("spelled", "canonical"),
    [
        ("linux/amd64", "linux/amd64"),
        ("LINUX/AMD64 ", "linux/amd64"),
        ("linux/arm", "linux/arm/v7"),
        ("linux/arm64/v8", "linux/arm64"),
        ("linux/aarch64", "linux/arm64"),
        ("linux/386+musl", "linux/386"),
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
        ("windoms/amd64", "windows/amd64? staticgo does not build for it yet"),
        ("linux/mips64el", "linux/mips64le? staticgo does not build for it yet"),
    ],
)
def test_a_slip_is_answered_with_what_was_meant(spelled: str, meant: str) -> None:
    with pytest.raises(UnknownTarget) as raised:
        resolve(spelled)
    assert "unknown target" in raised.value.message
    assert raised.value.hint.startswith("perhaps you meant")
    assert meant in raised.value.hint


@pytest.mark.parametrize(
    "spelled", ["darwin/arm64", "windows/amd64", "linux/arm/v5", "linux/amd64/v3"]
)
def test_a_platform_of_go_that_is_not_built_for_yet_is_said_plainly(spelled: str) -> None:
    with pytest.raises(UnknownTarget) as raised:
        resolve(spelled)
    assert "does not build for this platform yet" in raised.value.message
    assert "linux/amd64" in raised.value.hint


@pytest.mark.parametrize("spelled", ["", "/", "linux", "☃", "linux/amd64/" + "v" * 9000])
def test_nonsense_is_refused_with_an_example(spelled: str) -> None:
    with pytest.raises(UnknownTarget) as raised:
        resolve(spelled)
    assert raised.value.hint


def test_every_platform_is_a_port_of_go_and_prints_as_it_is_spelled() -> None:
    ports = {(port.os, port.arch) for port in PORTS}
    for platform in PLATFORMS:
        assert (platform.target.os, platform.target.arch) in ports
        assert resolve(str(platform.target)) is platform
        assert Target.parse(str(platform.target)) == platform.target


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
        ("nowhere/nothing", "go tool dist list"),
    ],
)
def test_no_port_of_go(text: str, hint: str) -> None:
    with pytest.raises(UnknownTarget) as raised:
        resolve_port(text)
    assert hint in raised.value.hint
