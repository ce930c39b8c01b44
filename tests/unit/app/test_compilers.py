"""staticgo.toml has one meaning for all verbs that take a C compiler."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from staticgo.app import beside
from staticgo.app import test as test_verb
from staticgo.app.steps.compilers import make_ready
from staticgo.errors import UsageError
from staticgo.host.run import Runner
from staticgo.model.plan import CToolchain
from staticgo.planning.flags import split_quoted
from tests.unit.planning.given import GO, ZIG
from tests.unit.toolchain.test_select import ARM64, MUSL, Compilers, here, program

__all__ = ["here"]

OWN = '[build]\ntoolchain = "musl-cross"\nallocator = "mimalloc"\n'
LIBRARY = """
[[c-library]]
name = "foo"
source = "foo"
build = "files"
files = ["foo.c"]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, here: Compilers) -> Path:
    here.add("aarch64-linux-musl-gcc", "aarch64-linux-musl", makes=program(MUSL, machine=ARM64))
    own = tmp_path / "own"
    (own / "foo").mkdir(parents=True)
    (own / "foo" / "foo.c").write_text("int foo;\n")
    (own / "go.mod").write_text("module own\n")
    (own / "staticgo.toml").write_text(OWN + LIBRARY)
    monkeypatch.chdir(own)
    return own


class Became:
    """Stands in for the command that this process would become."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.env: dict[str, str] = {}
        self.built: list[CToolchain] = []

    def become(self, words: Sequence[str], *, env: dict[str, str]) -> None:
        self.words, self.env = list(words), env

    def build_own(self, toolchain: CToolchain, runner: Runner, progress: object) -> None:
        self.built.append(toolchain)


@pytest.fixture
def became(monkeypatch: pytest.MonkeyPatch) -> Became:
    made = Became()
    monkeypatch.setattr("staticgo.app.beside.become", made.become)
    monkeypatch.setattr("staticgo.app.test.become", made.become)
    monkeypatch.setattr("staticgo.app.beside.build_own", made.build_own)
    monkeypatch.setattr("staticgo.app.steps.compilers.build_own", made.build_own)
    return made


def nothing(step: str) -> None:
    """No progress is looked at."""


def test_env_takes_the_files_toolchain_and_allocator(folder: Path) -> None:
    found = beside.env("linux/arm64", "", Runner(), nothing, first_link=False)
    values = dict(found.variables)
    assert values["CC"].startswith("musl-cross-cc-linux-arm64-")
    assert values["CGO_LDFLAGS"].split()[-1] == "-lmimalloc"
    assert "-lmimalloc" in values["GOFLAGS"]


def test_cc_finds_the_files_libraries_when_it_compiles_too(folder: Path, became: Became) -> None:
    beside.compile_c("linux/arm64", "", ["-c", "x.c"], Runner(), nothing, cxx=False)
    (toolchain,) = became.built
    assert toolchain.sysroot
    assert [library.name for library in toolchain.sysroot.libraries] == ["foo"]
    assert Path(became.words[0]).name == toolchain.cc.name
    assert Path(became.words[0]).is_file()


def run_tests(monkeypatch: pytest.MonkeyPatch, *flags: str, packages: Sequence[str] = ()) -> None:
    monkeypatch.setattr(test_verb, "find_go", lambda runner, directory: GO)
    starts = SimpleNamespace(environment=(), words=())
    monkeypatch.setattr(test_verb, "launcher", lambda target, host, runner: starts)
    test_verb.test("linux/arm64", "", packages, flags, Runner(), nothing)


@pytest.mark.parametrize("race", ["-race", "--race", "-race=true", "-race=1"])
def test_tests_take_them_too(
    folder: Path, became: Became, monkeypatch: pytest.MonkeyPatch, race: str
) -> None:
    run_tests(monkeypatch, race, "-v", "./a", "./b", "-run", "X")
    assert became.env["CC"].startswith("musl-cross-cc-linux-arm64-")
    assert became.built[0].allocator == "mimalloc"
    at = became.words.index("./a")
    assert became.words[at : at + 2] == ["./a", "./b"]
    assert "." not in became.words
    (ldflags,) = [word for word in became.words if word.startswith("-ldflags=")]
    assert "-lmimalloc" in split_quoted(ldflags.partition("=")[2])[-1]


@pytest.mark.parametrize("off", [("-race=false",), ("-race", "-race=0"), ("-args", "-race")])
def test_without_the_race_detector_the_packages_decide(
    folder: Path, became: Became, monkeypatch: pytest.MonkeyPatch, off: tuple[str, ...]
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(test_verb, "_uses_c", lambda *given: asked.append(given[2]))
    run_tests(monkeypatch, "./b", *off, packages=["./a"])
    assert asked == [("./a", "./b")]
    assert became.env["CGO_ENABLED"] == "0"


def test_long_work_is_told_of(
    folder: Path, became: Became, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr("staticgo.app.steps.compilers.prepare", lambda toolchain, runner: None)
    make_ready(ZIG, Runner(), said.append)
    assert said == ["preparing zig 0.17.0 (musl)"]


def test_a_slip_in_the_file_is_told_with_its_place(folder: Path) -> None:
    (folder / "staticgo.toml").write_text('[build]\ntoolchain = "musl-cros"\n')
    with pytest.raises(UsageError, match=r"staticgo\.toml: build\.toolchain: there is no") as told:
        beside.env("linux/arm64", "", Runner(), nothing, first_link=False)
    assert "musl-cross" in told.value.hint
