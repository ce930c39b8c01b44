"""Toolchains by name: which there are for a target, what is missing, and what a compiler really makes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from staticgo.errors import MissingTool, StaticgoError, ToolFailed, Unreachable, UsageError
from staticgo.facts.platforms import resolve
from staticgo.host.run import Runner, find_command
from staticgo.model.plan import CToolchain, Libc
from staticgo.toolchain import others, select
from staticgo.toolchain.others import host_cpu
from staticgo.toolchain.select import Toolchains, prepare
from tests.binaries import elf
from tests.unit.host.fakes import script

ARM64 = 183
MUSL = b"\0No error information\0"
GLIBC = b"\0Fatal glibc error: "


def program(libc: bytes, **changes: object) -> bytes:
    contents = elf.Shdr(name=b".rodata", flags=2, address=elf.BASE, contents=libc)
    return elf.STATIC.but(sections=(contents,), **changes).build()


class Compilers:
    """A PATH of its own, with compilers that copy a program made before."""

    def __init__(self, root: Path) -> None:
        self.bin = root / "bin"
        self.bin.mkdir()
        self._root = root

    def add(
        self,
        name: str,
        triple: str = "aarch64-linux-gnu",
        *,
        makes: bytes = b"",
        says: str = "",
        status: int = 0,
        version: str = "12.2.0",
    ) -> Path:
        made = self._root / f"made-by-{name}"
        made.write_bytes(makes)
        copy = f'cp {made} "$out"' if makes else ":"
        return script(
            self.bin / name,
            f"""case $1 in -dumpmachine) echo "{triple}"; exit ;; -dumpfull*) echo {version}; exit ;;
  -print-file-name=*) echo /lib/libc.a; exit ;; esac
for word; do case $before in -o) out=$word ;; esac; before=$word; done
echo "$@" >> {self._root}/calls-of-{name}
echo "{says}" >&2
{copy}
exit {status}""",
        )

    def calls(self, name: str) -> str:
        return (self._root / f"calls-of-{name}").read_text()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Compilers:
    found = Compilers(tmp_path)
    monkeypatch.setenv("PATH", f"{found.bin}:/usr/bin:/bin")
    monkeypatch.setenv("STATICGO_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.delenv("CXX", raising=False)
    # What is installed here beside them has no part in this.
    real = find_command
    monkeypatch.setattr(
        others,
        "find_command",
        lambda name: path if (path := real(name)) and path.startswith(str(found.bin)) else None,
    )
    return found


def chosen(name: str, target: str = "linux/arm64", *, cxx: bool = False) -> CToolchain:
    return Toolchains(Runner()).select(name, resolve(target), cxx=cxx)


def refused(name: str, target: str = "linux/arm64", *, cxx: bool = False) -> StaticgoError:
    with pytest.raises(StaticgoError) as caught:
        chosen(name, target, cxx=cxx)
    return caught.value


def test_a_cross_compiler_is_found_by_its_kind_and_by_its_own_name(here: Compilers) -> None:
    here.add("aarch64-linux-gnu-gcc", makes=program(GLIBC, machine=ARM64))
    by_kind, by_name = chosen("gcc-cross"), chosen("aarch64-linux-gnu-gcc")
    assert by_kind == by_name
    assert by_kind.name == "aarch64-linux-gnu-gcc 12.2.0 (glibc)"
    assert by_kind.libc is Libc.GLIBC
    assert by_kind.link_flags == ("-static",)
    assert "getaddrinfo" in by_kind.hazards[0].why


def test_threads_of_musl_get_a_stack_as_large_as_glibcs(here: Compilers) -> None:
    here.add("aarch64-linux-musl-gcc", "aarch64-linux-musl", makes=program(MUSL, machine=ARM64))
    toolchain = chosen("musl-cross")
    assert toolchain.libc is Libc.MUSL
    assert toolchain.link_flags == ("-static", "-Wl,-z,stack-size=0x800000")
    assert toolchain.hazards == ()
    assert "stack-size" in here.calls("aarch64-linux-musl-gcc")


def test_the_command_is_one_word_whose_name_holds_what_it_makes_and_no_path(
    here: Compilers, tmp_path: Path
) -> None:
    here.add("aarch64-linux-gnu-gcc", makes=program(GLIBC, machine=ARM64))
    first = chosen("gcc-cross")
    assert first.cc.name.startswith("gcc-cross-cc-linux-arm64-")
    assert str(here.bin) in first.cc.content
    assert str(tmp_path) not in first.cc.name
    here.add("aarch64-linux-gnu-gcc", makes=program(GLIBC + b"mended", machine=ARM64))
    assert chosen("gcc-cross").cc.name != first.cc.name
    here.add("aarch64-linux-gnu-gcc", makes=program(GLIBC, machine=ARM64), version="13.1.0")
    assert chosen("gcc-cross").cc.name != first.cc.name


def test_what_is_prepared_can_be_called(here: Compilers) -> None:
    here.add("aarch64-linux-gnu-gcc", makes=program(GLIBC, machine=ARM64))
    toolchain = chosen("gcc-cross")
    prepare(toolchain, Runner())
    said = Runner().run([str(Path(toolchain.bin_dir, toolchain.cc.name)), "-dumpmachine"])
    assert said.stdout == "aarch64-linux-gnu\n"
    no_cxx = Runner().run([str(Path(toolchain.bin_dir, toolchain.cxx.name)), "x.cc"])
    assert (no_cxx.returncode, "compiles no C++" in no_cxx.stderr) == (1, True)


def test_go_s_own_flags_are_tried_too(here: Compilers) -> None:
    here.add("arm-linux-gnueabihf-gcc", "arm-linux-gnueabihf", makes=b"")
    refused("gcc-cross", "linux/arm/v7")
    assert "-marm -O2 -s -pthread -static -x c -" in here.calls("arm-linux-gnueabihf-gcc")


@pytest.mark.parametrize(
    ("name", "hint"),
    [("musl-gc", "musl-gcc"), ("aarch64-linux-gnu-gc", "aarch64-linux-gnu-gcc"), ("xyz", "zig")],
)
def test_a_slip_in_the_name_is_answered(here: Compilers, name: str, hint: str) -> None:
    error = refused(name)
    assert isinstance(error, UsageError)
    assert hint in error.hint


def test_a_kind_without_a_compiler_for_the_target_names_those_that_have_one(
    here: Compilers,
) -> None:
    error = refused("mingw")
    assert isinstance(error, Unreachable)
    assert "gcc-cross" in error.hint


def test_a_missing_compiler_comes_with_the_command_that_adds_it(here: Compilers) -> None:
    error = refused("gcc-cross", "linux/riscv64", cxx=True)
    assert isinstance(error, MissingTool)
    assert (
        "apt-get install gcc-riscv64-linux-gnu libc6-dev-riscv64-cross g++-riscv64-linux-gnu"
        in error.hint
    )


def test_a_chosen_glibc_is_zigs(here: Compilers) -> None:
    assert isinstance(refused("gcc-cross", "linux/arm64+gnu.2.28"), UsageError)


def test_musl_gcc_is_refused_where_the_program_holds_cxx(here: Compilers) -> None:
    target = str(resolve(f"linux/{host_cpu()}").target)
    here.add("musl-gcc", f"{os.uname().machine}-linux-gnu", makes=program(MUSL))
    error = refused("musl-gcc", target, cxx=True)
    assert isinstance(error, MissingTool)
    assert "zig" in error.hint


def test_cc_means_the_users_compiler_and_its_words(
    here: Compilers, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.add("my-gcc", "aarch64-my-linux", makes=program(MUSL, machine=ARM64))
    here.add("my-g++", "aarch64-my-linux", makes=program(MUSL, machine=ARM64))
    monkeypatch.setenv("CC", "my-gcc '-march=armv8-a'")
    with pytest.raises(StaticgoError):  # the words come first, where a fake looks for -dumpmachine
        chosen("cc")
    monkeypatch.setenv("CC", "my-gcc")
    toolchain = chosen("cc", cxx=True)
    assert toolchain.kind == "cc"
    assert f"{here.bin}/my-g++" in toolchain.cxx.content


@pytest.mark.parametrize(
    ("cc", "kind", "message"),
    [
        ("", UsageError, "CC is not set"),
        ("absent-gcc", MissingTool, "no program here"),
        ("/bin/true", UsageError, "is no C compiler"),
        ("/bin/ls", UsageError, "is no C compiler"),
    ],
)
def test_a_cc_that_is_none(
    here: Compilers,
    monkeypatch: pytest.MonkeyPatch,
    cc: str,
    kind: type[StaticgoError],
    message: str,
) -> None:
    monkeypatch.setenv("CC", cc)
    monkeypatch.setattr(others, "find_command", lambda name: None)
    error = refused("cc")
    assert type(error) is kind
    assert message in error.message


def test_a_compiler_for_another_cpu_is_told_before_it_is_tried(
    here: Compilers, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.add("riscv64-cc", "riscv64-linux-gnu", makes=program(GLIBC))
    monkeypatch.setenv("CC", "riscv64-cc")
    error = refused("cc")
    assert isinstance(error, Unreachable)  # what a pattern names is then left out
    assert "makes no code for linux/arm64: it is for riscv64-linux-gnu" in error.message


WRONG = [
    (program(GLIBC), Unreachable, "what it links is for amd64"),
    (b"", UsageError, "makes no program"),
    (b"#!/bin/sh\n", UsageError, "makes no program"),
    (program(MUSL, machine=ARM64), UsageError, "links musl, not glibc"),
    (program(b"", machine=ARM64), UsageError, "a C library that is not known"),
    (
        program(GLIBC, machine=ARM64, interpreter="/lib/ld-linux-aarch64.so.1"),
        UsageError,
        "in spite of -static",
    ),
]


@pytest.mark.parametrize(("made", "kind", "message"), WRONG, ids=[row[2] for row in WRONG])
def test_what_it_makes_is_read_and_not_believed(
    here: Compilers, made: bytes, kind: type[StaticgoError], message: str
) -> None:
    here.add("aarch64-linux-gnu-gcc", makes=made)
    error = refused("gcc-cross")
    assert type(error) is kind
    assert message in error.message


SAID = [
    ("/usr/bin/ld: cannot find -lc: No such file or directory", MissingTool, "no C library"),
    ("/usr/bin/ld: cannot find -lpthread", MissingTool, "no C library"),
    ("/usr/bin/ld: cannot find crt1.o: No such file or directory", MissingTool, "no C library"),
    (
        "bits/libc-header-start.h:27:10: fatal error: bits/libc-header-start.h: No such file or directory",
        MissingTool,
        "no headers",
    ),
    ("<stdin>:1:10: fatal error: 'stdio.h' file not found", MissingTool, "no headers"),
    ("<stdin>:2:2: error: #error made for a newer ARM", UsageError, "newer CPUs"),
    ("Segmentation fault", ToolFailed, "cannot link a small program"),
]


@pytest.mark.parametrize(("says", "kind", "message"), SAID, ids=[row[0] for row in SAID])
def test_what_it_says_decides_whose_turn_it_is(
    here: Compilers, says: str, kind: type[StaticgoError], message: str
) -> None:
    here.add("aarch64-linux-gnu-gcc", says=says, status=1)
    error = refused("gcc-cross")
    assert type(error) is kind
    assert message in error.message
    assert says in error.details


def test_relative_folders_on_path_are_not_looked_in(
    here: Compilers, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    here.add("aarch64-linux-gnu-gcc", makes=program(GLIBC, machine=ARM64))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "bin:.:/usr/bin:/bin")
    assert isinstance(refused("gcc-cross"), MissingTool)


def test_candidates_of_a_host_are_its_own_compilers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(select, "host_cpu", lambda: "riscv64")
    assert {row.kind for row in select.candidates(resolve("linux/riscv64").target)} == {
        *("musl-gcc", "musl", "gcc", "clang", "musl-cross", "gcc-cross"),
    }
    assert {row.kind for row in select.candidates(resolve("linux/arm64").target)} == {
        *("musl-cross", "gcc-cross"),
    }


def test_a_slip_in_the_name_costs_no_work(tmp_path: Path) -> None:
    from staticgo.app.build import plan
    from staticgo.model.plan import Policy
    from staticgo.model.request import BuildRequest

    request = BuildRequest(
        package=".",
        directory=str(tmp_path),  # where there is no module, which would be told of later
        output=str(tmp_path),
        targets=(),
        policy=Policy(toolchain="musl-gc"),
    )
    with pytest.raises(UsageError, match="there is no toolchain 'musl-gc'"):
        plan(request, Runner())
