"""Every end that a command may come to, and its exit code."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import click
import pytest

from staticgo import errors
from staticgo.cli.build import _severity
from staticgo.cli.output import exit_code
from staticgo.errors import ExitCode, StaticgoError
from staticgo.model.proof import Level, Proof
from staticgo.model.verdict import Outcome
from tests.binaries import elf
from tests.unit.cli.called import Staticgo

ERRORS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, StaticgoError)
]


@pytest.fixture
def staticgo(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Staticgo:
    return Staticgo(capsys, monkeypatch)


@pytest.fixture
def program(tmp_path: Path) -> str:
    file = tmp_path / "app"
    file.write_bytes(elf.STATIC.build())
    return str(file)


def fails(monkeypatch: pytest.MonkeyPatch, failure: BaseException) -> None:
    """Makes `staticgo inspect` end in this way."""

    def run(paths: object, **options: object) -> NoReturn:
        raise failure

    monkeypatch.setattr("staticgo.app.inspect.inspect_all", run)


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_an_error_of_ours_has_its_own_code_and_a_next_step(
    staticgo: Staticgo, monkeypatch: pytest.MonkeyPatch, kind: type[StaticgoError]
) -> None:
    fails(monkeypatch, kind("it broke", hint="mend it", details="last words"))
    ran = staticgo("inspect", "x")
    assert ran == (kind.exit_code, "", "staticgo: it broke\n  last words\nnext: mend it\n")


def test_codes_are_those_that_are_promised() -> None:
    assert [int(code) for code in ExitCode] == [0, 1, 2, 3, 4, 5, 70, 130]
    assert {kind.__name__: int(kind.exit_code) for kind in ERRORS} == {
        "StaticgoError": 70,
        "UsageError": 2,
        "UnknownTarget": 2,
        "Unreachable": 2,
        "ProjectError": 2,
        "OutputError": 2,
        "Refused": 2,
        "WrongBinary": 1,
        "FormatError": 3,
        "MissingTool": 4,
        "ToolFailed": 5,
        "Interrupted": 130,
    }


def test_success_is_zero(staticgo: Staticgo, program: str) -> None:
    ran = staticgo("inspect", program)
    assert (ran.status, ran.stderr) == (0, "")
    assert "linkage      static (no PT_INTERP" in ran.stdout


def test_ctrl_c_is_130_and_no_traceback(
    staticgo: Staticgo, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails(monkeypatch, KeyboardInterrupt())
    ran = staticgo("inspect", "x")
    assert ran.status == ExitCode.INTERRUPTED
    assert "interrupted" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_sigterm_is_answered_as_ctrl_c(staticgo: Staticgo, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(paths: object, **options: object) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr("staticgo.app.inspect.inspect_all", run)
    assert staticgo("inspect", "x").status == ExitCode.INTERRUPTED


@pytest.mark.parametrize("failure", [ZeroDivisionError("odd"), OSError(5, "odd"), KeyError("odd")])
def test_anything_else_is_a_bug_with_a_traceback(
    staticgo: Staticgo, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    fails(monkeypatch, failure)
    ran = staticgo("inspect", "x")
    assert ran.status == ExitCode.BUG
    assert "Traceback" in ran.stderr
    assert "odd" in ran.stderr
    assert "\nnext: report it" in ran.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("diff", "a"),
        ("inspect", "--no-such-option", "a"),
        ("verify", "--timeout", "soon", "a"),
        ("verify", "--timeout", "0", "a"),
        ("build", "--cgo", "maybe"),
        ("build", "-j", "0"),
        ("build", "--jobs"),
    ],
    ids=" ".join,
)
def test_a_wrong_use_of_options_is_two(staticgo: Staticgo, words: tuple[str, ...]) -> None:
    ran = staticgo(*words)
    assert ran.status == ExitCode.USAGE
    assert ran.stdout == ""
    assert ran.stderr.startswith("staticgo: ")
    assert f"next: `staticgo {words[0]} --help`" in ran.stderr


def test_an_abort_of_click_is_an_interruption(
    staticgo: Staticgo, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails(monkeypatch, click.Abort())
    assert staticgo("inspect", "x").status == ExitCode.INTERRUPTED


@pytest.mark.parametrize(
    ("verb", "hint"),
    [
        ("biuld", "perhaps you meant build?"),
        ("verifiy", "perhaps you meant verify?"),
        ("frobnicate", "the verbs are build, "),
        ("--json", "the verbs are build, "),
        ("", "the verbs are build, "),
    ],
)
def test_an_unknown_verb_is_two_with_a_suggestion(staticgo: Staticgo, verb: str, hint: str) -> None:
    ran = staticgo(verb)
    assert ran.status == ExitCode.USAGE
    assert f"next: {hint}" in ran.stderr


def test_a_reader_that_goes_away_is_no_wrong_binary(program: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as pipe:
        command = [sys.executable, "-m", "staticgo", "inspect", program]
        done = subprocess.run(command, stdout=pipe, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (ExitCode.PASS, b"")


@pytest.mark.parametrize("words", [["inspect", "--json"], ["build", "--help"]])
def test_a_full_disk_or_a_gone_reader_hides_no_verdict(tmp_path: Path, words: list[str]) -> None:
    """A binary that cannot be judged stays so, whoever reads what is said of it."""
    cut = tmp_path / "cut"
    cut.write_bytes(elf.STATIC.build()[:64])
    command = [sys.executable, "-m", "staticgo", *words, *([str(cut)] if "--json" in words else [])]
    wanted = ExitCode.INCONCLUSIVE if "--json" in words else ExitCode.PASS
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as pipe:
        done = subprocess.run(command, stdout=pipe, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (wanted, b"")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    if "--json" in words:
        assert done.returncode == ExitCode.USAGE
        assert b"cannot write to standard output: No space left on device" in done.stderr


def test_an_ignored_hangup_stays_ignored() -> None:
    """As nohup starts a program."""
    code = (
        "import os, signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN); "
        "sys.argv = ['staticgo', 'inspect', sys.executable]; "
        "import staticgo.cli as cli; cli._run = lambda *_: os.kill(os.getpid(), signal.SIGHUP); cli.main()"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_folder_that_was_removed_is_no_bug_of_ours(
    staticgo: Staticgo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert staticgo("build").status == ExitCode.USAGE


@pytest.mark.parametrize(
    ("outcome", "code"),
    [(Outcome.PASS, 0), (Outcome.WARN, 0), (Outcome.FAIL, 1), (Outcome.UNKNOWN, 3)],
)
def test_a_proof_decides_the_code_of_verify(
    staticgo: Staticgo, monkeypatch: pytest.MonkeyPatch, outcome: Outcome, code: int
) -> None:
    proof = Proof(level=Level.STARTED, outcome=outcome, how="native", summary="so it was")
    monkeypatch.setattr("staticgo.app.verify.verify", lambda *_, **__: proof)
    ran = staticgo("verify", "app")
    assert ran.status == code == exit_code(outcome)
    # What needs attention is an error message; the rest is the answer.
    assert ("so it was" in ran.stdout) == (outcome is Outcome.PASS)
    assert ("so it was" in ran.stderr) == (outcome is not Outcome.PASS)
    as_json = staticgo("verify", "--json", "app")
    assert as_json.status == code
    assert json.loads(as_json.stdout)["outcome"] == str(outcome)


def test_a_failed_proof_outweighs_one_that_could_not_be_made() -> None:
    codes = [ExitCode.INCONCLUSIVE, ExitCode.FAIL, ExitCode.PASS]
    assert max(codes, key=_severity) is ExitCode.FAIL
