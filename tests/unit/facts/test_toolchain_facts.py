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
        ("linux/386/softfloat", "i686-linux-gnu-gcc"),
        ("linux/mips", "mips-linux-gnu-gcc"),
        ("windows/386", "i686-w64-mingw32-gcc"),
    ],
)
def test_the_usual_compiler_of_a_target(target: str, command: str) -> None:
    names = [row.cc for row in compilers(resolve(target).target, "riscv64")]
    assert command in names


@pytest.mark.parametrize("target", ["linux/arm/v6", "linux/mips/softfloat", "darwin/arm64"])
def test_targets_that_debians_compilers_would_not_keep_the_promise_of(target: str) -> None:
    kinds = {row.kind for row in compilers(resolve(target).target, "amd64")}
    assert "gcc-cross" not in kinds


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
    ],
)
def test_flags_are_those_of_cmd_go(target: str, flags: str) -> None:
    platform = resolve(target)
    assert " ".join(arch_flags(platform.target.arch, dict(platform.settings))) == flags


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
    assert may_make(triple, arch or "riscv64")


def test_only_x86_compilers_make_code_for_a_second_cpu() -> None:
    assert may_make("x86_64-linux-gnu", "386")
    assert may_make("i686-linux-gnu", "amd64")
    assert not may_make("aarch64-linux-gnu", "arm")
    assert not may_make("x86_64-linux-gnu", "arm64")


def test_whatever_is_linked_is_linked_statically() -> None:
    assert all(flags[0] == "-static" for flags in LINK_FLAGS.values())
    assert {kind.libc for kind in KINDS} - {None} <= LINK_FLAGS.keys()
