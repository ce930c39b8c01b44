"""`toolchain` and `doctor` on a machine whose only compilers are stand-ins."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from staticgo.app import toolchains
from staticgo.errors import ExitCode, MissingTool, ProjectError
from staticgo.facts.platforms import resolve
from staticgo.host.run import Runner
from staticgo.model.plan import CToolchain, Libc, Wrapper
from staticgo.model.verdict import Outcome
from staticgo.toolchain import others
from tests.unit.cli.called import Staticgo
from tests.unit.host.fakes import script
from tests.unit.toolchain.test_select import ARM64, GLIBC, Compilers, here, program

__all__ = ["here"]


@pytest.fixture
def called(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, here: Compilers
) -> Staticgo:
    def no_zig(runner: object) -> None:
        raise MissingTool("zig is not here", hint="install it")

    def no_go(runner: object, dir: str, *, settings: bool) -> None:
        raise ProjectError("no Go", hint="install it")

    monkeypatch.setattr(toolchains, "find_zig", no_zig)
    monkeypatch.setattr(toolchains, "find_go", no_go)
    return Staticgo(capsys, monkeypatch)


def test_a_list_without_any_says_how_each_is_added(called: Staticgo) -> None:
    ran = called("toolchain", "list", "linux/arm64", "windows/amd64")
    assert ran.status == ExitCode.PASS
    assert (
        ran.stdout
        == """\
no toolchain is here

missing, and the command that adds it:
  go
      staticgo toolchain install go
  zig for linux/arm64, windows/amd64
      staticgo toolchain install zig
  musl-cross for linux/arm64
      build one with musl-cross-make, and put its bin folder on PATH
  gcc-cross for linux/arm64
      apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross g++-aarch64-linux-gnu (Debian)
  mingw for windows/amd64
      apt-get install gcc-mingw-w64-x86-64 g++-mingw-w64-x86-64 (Debian)
"""
    )


def test_what_is_here_comes_with_its_version_and_path(called: Staticgo, here: Compilers) -> None:
    gcc = here.add("aarch64-linux-gnu-gcc", makes=program(GLIBC, machine=ARM64))
    ran = called("toolchain", "list", "linux/arm64")
    lines = ran.stdout.splitlines()
    assert lines[1].split() == ["gcc-cross", "12.2.0", "linux/arm64", str(gcc)]
    found = json.loads(called("toolchain", "list", "linux/arm64", "--json").stdout)
    assert [(t["kind"], t["path"]) for t in found if t["path"]] == [("gcc-cross", str(gcc))]


def test_a_compiler_without_a_static_libc_is_not_listed_as_one_that_links(
    called: Staticgo, here: Compilers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(others, "may_link_statically", lambda *asked: False)
    here.add("aarch64-linux-gnu-gcc")
    text = called("toolchain", "list", "linux/arm64").stdout
    assert text.startswith("no toolchain is here")
    assert "there is no static C library for it" in text


def test_doctor_links_with_what_is_here(called: Staticgo, here: Compilers) -> None:
    here.add("aarch64-linux-gnu-gcc", makes=program(GLIBC, machine=ARM64))
    ran = called("doctor", "-t", "linux/arm64", "--json")
    (checkup,) = json.loads(ran.stdout)
    assert (checkup["kind"], checkup["target"]) == ("gcc-cross", "linux/arm64")
    assert "links static" in checkup["summary"]


def test_doctor_fails_where_one_does(called: Staticgo, here: Compilers) -> None:
    here.add("aarch64-linux-gnu-gcc", says="ld: internal error", status=1)
    for verb in (("doctor",), ("toolchain", "doctor")):
        ran = called(*verb, "gcc-cross", "-t", "linux/arm64")
        assert ran.status == ExitCode.TOOL_FAILED
        assert "FAILS" in ran.stdout
        assert "ld: internal error" in ran.stdout
        assert "next: " in ran.stdout


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("doctor", "-t", "linux/arm64"), ExitCode.MISSING_TOOL),
        (("doctor", "gcc-cros"), ExitCode.USAGE),
        (("doctor", "-t", "linux/nope"), ExitCode.USAGE),
        (("doctor", "go"), ExitCode.USAGE),
        (("toolchain",), ExitCode.USAGE),
        (("toolchain", "lst"), ExitCode.USAGE),
        (("toolchain", "list", "nope/nope"), ExitCode.USAGE),
        (("toolchain", "path", "gcc-cross", "linux/arm64"), ExitCode.MISSING_TOOL),
        (("toolchain", "path", "gcc-cross"), ExitCode.MISSING_TOOL),
        (("toolchain", "path", ""), ExitCode.MISSING_TOOL),
        (("toolchain", "path", "mingw", "linux/arm64"), ExitCode.USAGE),
        (("toolchain", "install", "gcc"), ExitCode.USAGE),
        (("toolchain", "install", "musl", "--source", "absent"), ExitCode.USAGE),
    ],
    ids=str,
)
def test_what_cannot_be_done_has_its_own_code(
    called: Staticgo, words: tuple[str, ...], status: ExitCode
) -> None:
    ran = called(*words)
    assert ran.status == status
    assert ran.stdout == ""
    assert "next: " in ran.stderr


def test_path_names_the_compiler_and_the_command_of_builds(
    called: Staticgo, here: Compilers
) -> None:
    gcc = here.add("aarch64-linux-gnu-gcc", makes=program(GLIBC, machine=ARM64))
    assert called("toolchain", "path", "gcc-cross").stdout == f"{gcc}\n"
    command = called("toolchain", "path", "gcc-cross", "linux/arm64").stdout.strip()
    assert Path(command).name.startswith("gcc-cross-cc-linux-arm64-")
    assert str(gcc) in Path(command).read_text()


def test_the_users_cc_is_listed_where_it_is_set(
    called: Staticgo, here: Compilers, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.add("my-gcc", "aarch64-linux-musl")
    monkeypatch.setenv("CC", "my-gcc")
    lines = called("toolchain", "list", "linux/arm64").stdout.splitlines()
    assert ["cc", "12.2.0", "linux/arm64", str(here.bin / "my-gcc")] in map(str.split, lines)
    script(here.bin / "my-gcc", "exit 1")
    assert "is no C compiler" not in called("toolchain", "list", "linux/amd64").stderr


@pytest.mark.parametrize(
    ("target", "interpreter", "libc", "outcome"),
    [
        ("linux/arm64+gnu.2.17", "/lib/ld-linux-aarch64.so.1", Libc.GLIBC, Outcome.PASS),
        ("linux/arm64+gnu.2.17", None, Libc.GLIBC, Outcome.FAIL),
        ("linux/arm64", "/lib/ld-musl-aarch64.so.1", Libc.MUSL, Outcome.FAIL),
    ],
)
def test_what_is_linked_is_held_against_what_was_wanted(
    here: Compilers,
    tmp_path: Path,
    target: str,
    interpreter: str | None,
    libc: Libc,
    outcome: Outcome,
) -> None:
    here.add("linker", makes=program(GLIBC, machine=ARM64, interpreter=interpreter))
    command = Wrapper(name="own-cc", content=f'#!/bin/sh\nexec {here.bin}/linker "$@"\n')
    toolchain = CToolchain(
        kind="gcc", name="own", libc=libc, cc=command, cxx=command, bin_dir=str(tmp_path / "own")
    )
    found, said, _ = toolchains._link(toolchain, resolve(target).target, Runner(), 0.1)
    assert found is outcome
    assert ("links dynamic" in said) is bool(interpreter)
