"""A build that fails is led by its cause, and built once more where a remedy is safe."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from staticgo.app.steps import act
from staticgo.errors import ToolFailed
from staticgo.host.run import Completed, Runner
from staticgo.model.plan import Plan
from staticgo.model.result import BuildResult
from staticgo.toolchain import zig
from staticgo.view.log import build_remarks
from staticgo.view.text import warnings
from tests.unit.app.built import Built, binary, isolate
from tests.unit.planning.given import ZIG, plan_for

LFS64 = "# example.com/c\nx.c:1:2: error: use of undeclared identifier 'pread64'\n"
UNWIND = "ld.lld: error: undefined symbol: foo\nld.lld: error: undefined symbol: _Unwind_Resume\n"
WARNING = "ld: warning: ignoring duplicate libraries: '-lobjc'\nx.c:1:1: warning: odd\n"


class Go(Runner):
    """A `go build` that fails unless `wanted` is in CGO_CFLAGS, and then writes a static binary."""

    def __init__(self, plan: Plan, wanted: str, stderr: str, warning: str = "") -> None:
        super().__init__()
        self.plan, self.wanted, self.stderr, self.warning = plan, wanted, stderr, warning
        self.flags: list[str] = []

    def run(self, argv, *, env=None, cwd=None, timeout=None, stdin=b"") -> Completed:  # type: ignore[no-untyped-def]
        self.flags.append(env["CGO_CFLAGS"])
        if self.wanted not in env["CGO_CFLAGS"]:
            return Completed(argv=tuple(argv), returncode=1, stdout="", stderr=self.stderr)
        made = binary(self.plan).replace(b"CGO_ENABLED=0", b"CGO_ENABLED=1")
        Path(argv[argv.index("-o") + 1]).write_bytes(made)
        return Completed(argv=tuple(argv), returncode=0, stdout="", stderr=self.warning)


@pytest.fixture
def execute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, str, str], tuple[Go, Callable[[], BuildResult]]]:
    isolate(tmp_path, monkeypatch)
    monkeypatch.setattr(zig, "prepare", lambda toolchain, runner: None)
    built = Built(tmp_path)

    def given(wanted: str, stderr: str, warning: str) -> tuple[Go, Callable[[], BuildResult]]:
        plan = plan_for("notes", "linux/amd64")
        command = (built.go.command, *plan.command[1:])
        toolchain = dataclasses.replace(ZIG, bin_dir=str(tmp_path / "bin"))
        plan = dataclasses.replace(plan, source=built.source, command=command, toolchain=toolchain)
        go = Go(plan, wanted, stderr, warning)
        return go, lambda: act.execute(plan, built.output.parent, built.go, go, lambda step: None)

    return given


def test_a_safe_remedy_is_applied_once_and_said(execute) -> None:  # type: ignore[no-untyped-def]
    go, run = execute("-D_LARGEFILE64_SOURCE", LFS64, "")
    result = run()
    assert go.flags == ["-O2 -g0", "-O2 -g0 -D_LARGEFILE64_SOURCE"]
    assert dict(result.plan.environment)["CGO_CFLAGS"] == go.flags[-1]
    assert any("-D_LARGEFILE64_SOURCE" in line and "pread64" in line for line in warnings([result]))


def test_a_remedy_that_does_not_help_is_not_tried_again(execute) -> None:  # type: ignore[no-untyped-def]
    go, run = execute("-Dsomething-else", LFS64, "")
    with pytest.raises(ToolFailed, match="large-file names"):
        run()
    assert len(go.flags) == 2


def test_what_changes_behaviour_is_only_offered(execute) -> None:  # type: ignore[no-untyped-def]
    go, run = execute("-Dnothing", UNWIND, "")
    with pytest.raises(ToolFailed) as caught:
        run()
    assert len(go.flags) == 1
    assert "unwinds the stack" in caught.value.message
    assert "`CGO_LDFLAGS=-lunwind staticgo build ./app -t linux/amd64`" in caught.value.hint
    assert "fatal, too: the link lacks a library" in caught.value.details
    assert UNWIND.strip() in caught.value.details
    assert "line 2: ld.lld: error: undefined symbol: _Unwind_Resume" in caught.value.details


def test_an_unknown_failure_is_shown_as_it_is(execute) -> None:  # type: ignore[no-untyped-def]
    _, run = execute("-Dnothing", "the compiler has a cold\n", "")
    with pytest.raises(ToolFailed) as caught:
        run()
    assert caught.value.message == "linux/amd64: go build failed"
    assert caught.value.details == "the compiler has a cold"


def test_warnings_of_a_build_that_succeeds_reach_the_user(execute) -> None:  # type: ignore[no-untyped-def]
    _, run = execute("", "", WARNING)
    remarks = list(build_remarks([run()]))
    assert remarks == [
        "harmless: a library is named more than once ('-lobjc'), because several #cgo lines ask for it; "
        "the linker takes it once [linux/amd64]",
        "go build: x.c:1:1: warning: odd [linux/amd64]",
    ]


def test_a_build_that_succeeds_has_nothing_fatal(execute) -> None:  # type: ignore[no-untyped-def]
    _, run = execute("", "", "x.c:1:2: error: use of undeclared identifier 'pread64'\n")
    (remark,) = build_remarks([run()])
    assert remark.startswith("go build: x.c:1:2: error: ")


def test_a_silent_build_says_nothing(execute) -> None:  # type: ignore[no-untyped-def]
    _, run = execute("", "", "\n")
    result = run()
    assert result.reading is None
    assert list(build_remarks([result])) == []
