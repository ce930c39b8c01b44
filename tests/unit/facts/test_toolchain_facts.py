"""The table of C toolchains: whole, and true to cmd/go's flags."""

from __future__ import annotations

import pytest

from staticgo.facts.platforms import resolve
from staticgo.facts.ports import PORTS
from staticgo.facts.toolchains import (
    BY_NAME,
    COMPILERS,
    KINDS,
    LINK_FLAGS,
    arch_flags,
    compilers,
    may_make,
    triple_arch,
)
from staticgo.model.plan import Libc


def test_every_row_is_for_a_platform_and_of_a_kind() -> None:
    for row in COMPILERS:
        assert resolve(str(row.target)).target == row.target
        assert row.kind in BY_NAME
        assert row.packages or BY_NAME[row.kind].install or row.target.arch == "arm64"


def test_every_linux_port_with_cgo_has_a_musl_compiler_by_its_usual_name() -> None:
    for port in PORTS:
        if port.os == "linux" and port.cgo:
            target = resolve(f"linux/{port.arch}").target
            names = [row.cc for row in compilers(target, "amd64") if row.kind == "musl-cross"]
            assert names, target
            assert all("-linux-musl" in name for name in names)


def test_no_command_stands_for_two_targets_on_one_host() -> None:
    seen = set()
    for row in COMPILERS:
        # The host's own gcc and clang also make 386 code on amd64.
        if row.kind not in ("gcc", "clang", "musl"):
            assert (row.cc, row.host) not in seen
            seen.add((row.cc, row.host))


@pytest.mark.parametrize(
    ("target", "command"),
    [
        ("linux/arm/v5", "arm-linux-gnueabi-gcc"),
        ("linux/arm/v7", "arm-linux-gnueabihf-gcc"),
        ("linux/amd64/v3", "x86_64-linux-gnu-gcc"),
        ("linux/386", "i686-linux-gnu-gcc"),
        ("linux/386", "i586-linux-musl-gcc"),
        ("linux/386/softfloat", "i586-linux-musl-gcc"),
        ("windows/386", "i686-w64-mingw32-gcc"),
    ],
)
def test_the_usual_compiler_of_a_target(target: str, command: str) -> None:
    names = [row.cc for row in compilers(resolve(target).target, "riscv64")]
    assert command in names


@pytest.mark.parametrize(
    "target",
    [
        *("linux/arm/v6", "linux/386/softfloat", "darwin/arm64"),
        *("linux/mips", "linux/mips/softfloat", "linux/mips64le"),
    ],
)
def test_targets_that_debians_compilers_would_not_keep_the_promise_of(target: str) -> None:
    kinds = {row.kind for row in compilers(resolve(target).target, "amd64")}
    assert not {"gcc-cross", "gcc", "clang"} & kinds
    names = [row.cc for row in compilers(resolve(target).target, "386")]
    assert "i686-linux-musl-gcc" not in names


@pytest.mark.parametrize(
    ("target", "flags"),
    [
        ("linux/386", "-m32"),
        ("linux/arm64", ""),
        ("linux/arm/v5", "-marm"),
        ("linux/s390x", "-m64 -march=z13"),
        ("linux/mips", "-mabi=32 -march=mips32 -mhard-float -mfp32 -mno-odd-spreg"),
        ("linux/mipsle/softfloat", "-mabi=32 -march=mips32 -msoft-float"),
        ("linux/mips64", "-mabi=64 -mhard-float"),
        ("linux/mips64le/softfloat", "-mabi=64 -msoft-float"),
        ("linux/loong64", "-mabi=lp64d"),
        ("darwin/amd64", "-arch x86_64 -m64"),
        ("darwin/arm64", "-arch arm64"),
        ("windows/386", "-m32"),
    ],
)
def test_flags_are_those_of_cmd_go(target: str, flags: str) -> None:
    platform = resolve(target)
    assert " ".join(arch_flags(platform.target, dict(platform.settings))) == flags


@pytest.mark.parametrize(
    ("triple", "arch"),
    [
        ("x86_64-pc-linux-gnu", "amd64"),
        ("i686-w64-mingw32", "386"),
        ("arm-linux-gnueabihf", "arm"),
        ("armv7l-linux-musleabihf", "arm"),
        ("arm64-apple-darwin23", "arm64"),
        ("armeb-linux", ""),
        ("mipsel-linux-gnu", "mipsle"),
        ("sparc64-linux-gnu", ""),
    ],
)
def test_the_cpu_of_a_triple(triple: str, arch: str) -> None:
    assert triple_arch(triple) == arch


@pytest.mark.parametrize(
    ("triple", "target", "may"),
    [
        ("x86_64-linux-gnu", "linux/386", True),
        ("i686-linux-gnu", "linux/amd64", True),
        ("aarch64-linux-gnu", "linux/arm/v7", False),
        ("x86_64-linux-gnu", "linux/arm64", False),
        ("x86_64-linux-gnu", "darwin/amd64", False),
        ("x86_64-linux-gnu", "windows/amd64", False),
        ("x86_64-w64-mingw32", "linux/amd64", False),
        ("x86_64-w64-mingw32", "windows/amd64", True),
        ("arm64-apple-darwin23", "darwin/arm64", True),
        ("x86_64-unknown-freebsd14", "freebsd/amd64", True),
        ("x86_64-unknown-freebsd14", "netbsd/amd64", False),
        ("strange-thing", "linux/riscv64", True),  # the link tells
    ],
)
def test_what_a_compiler_may_make_by_its_own_name(triple: str, target: str, may: bool) -> None:
    assert may_make(triple, resolve(target).target) is may


def test_what_is_not_the_systems_is_linked_statically() -> None:
    assert LINK_FLAGS[Libc.SYSTEM] == ()
    assert all(flags[0] == "-static" for flags in LINK_FLAGS.values() if flags)
    assert {kind.libc for kind in KINDS} - {None} <= LINK_FLAGS.keys()
