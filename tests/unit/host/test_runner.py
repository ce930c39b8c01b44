"""Subprocesses: what comes out of one, and that none outlives us."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from staticgo.errors import ExitCode, Interrupted, MissingTool
from staticgo.host import run
from staticgo.host.run import Completed, Runner, become
from tests.unit.host.fakes import running, script, soon, written_pids

# A shell, its child, and a child's child that does not heed SIGTERM; each leaves its number.
FAMILY = """
(trap '' TERM; sh -c 'echo $$ >> "$0"; exec sleep 60' "$1" & wait) &
(echo "$(exec sh -c 'echo $PPID')" >> "$1"; sleep 60) &
echo $$ >> "$1"
wait
"""


@pytest.fixture(autouse=True)
def short_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "_GRACE_SECONDS", 0.3)


@pytest.fixture
def family(tmp_path: Path) -> Iterator[list[str]]:
    """The command line of FAMILY; its last word is where the numbers go."""
    numbers = tmp_path / "numbers"
    yield [str(script(tmp_path / "family", FAMILY)), str(numbers)]
    for pid in written_pids(numbers, 0) if numbers.exists() else ():
        if running(pid):
            os.kill(pid, signal.SIGKILL)


def sh(runner: Runner, text: str, **options: object) -> Completed:
    return runner.run(["sh", "-c", text], **options)  # type: ignore[arg-type]


def test_both_outputs_and_the_status_come_back() -> None:
    done = sh(Runner(), "echo out; echo err >&2; exit 3")
    assert (done.stdout, done.stderr, done.returncode) == ("out\n", "err\n", 3)
    assert done.argv == ("sh", "-c", "echo out; echo err >&2; exit 3")
    assert not done.timed_out


def test_an_end_by_signal_is_a_negative_status() -> None:
    assert sh(Runner(), "kill -KILL $$").returncode == -signal.SIGKILL


def test_standard_input_is_what_was_given_and_else_empty() -> None:
    assert Runner().run(["cat"], stdin=b"some\nlines").stdout == "some\nlines"
    assert Runner().run(["cat"]).stdout == ""


def test_a_command_that_reads_no_input_may_be_given_much_of_it() -> None:
    assert Runner().run(["true"], stdin=b"x" * 1_000_000).returncode == 0


def test_bytes_that_are_no_text_are_replaced() -> None:
    assert sh(Runner(), r"printf 'a\377b'").stdout == "a\ufffdb"


def test_folder_and_environment_are_those_given(tmp_path: Path) -> None:
    done = sh(Runner(), 'pwd; echo "$ONE-$HOME"', cwd=str(tmp_path), env={"ONE": "1"})
    assert done.stdout == f"{tmp_path.resolve()}\n1-\n"


def test_much_output_on_both_streams_does_not_block() -> None:
    both = "head -c 4000000 /dev/zero >&2; head -c 5000000 /dev/zero"
    done = sh(Runner(), both, timeout=60)
    assert (len(done.stdout), len(done.stderr), done.timed_out) == (5_000_000, 4_000_000, False)


def test_a_timeout_ends_children_and_their_children(family: list[str]) -> None:
    started = time.monotonic()
    done = Runner().run(family, timeout=0.5)
    assert done.timed_out
    assert done.returncode < 0
    assert time.monotonic() - started < 5
    pids = written_pids(Path(family[1]), 3)
    assert len(set(pids)) == 3
    assert soon(lambda: not any(map(running, pids)))


def test_a_timeout_ends_what_a_finished_command_left_behind(tmp_path: Path) -> None:
    numbers = tmp_path / "numbers"
    # The shell ends at once; its child still holds the pipe.
    done = sh(Runner(), f"sleep 60 & echo $! > {numbers}", timeout=0.5)
    assert done.timed_out
    assert soon(lambda: not running(written_pids(numbers, 1)[0]))


def test_what_ends_in_time_did_not_time_out() -> None:
    assert not sh(Runner(), "echo quick", timeout=60).timed_out


def test_cancel_from_another_thread_ends_everything(family: list[str]) -> None:
    runner = Runner()
    caught: list[BaseException] = []

    def work() -> None:
        try:
            runner.run(family)
        except Interrupted as error:
            caught.append(error)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    pids = written_pids(Path(family[1]), 6)
    runner.cancel()
    for thread in threads:
        thread.join(10)
    assert [type(error) for error in caught] == [Interrupted, Interrupted]
    assert soon(lambda: not any(map(running, pids)))


def test_nothing_starts_after_cancel(tmp_path: Path) -> None:
    runner = Runner()
    runner.check_cancelled()
    runner.cancel()
    with pytest.raises(Interrupted) as raised:
        runner.run(["touch", str(tmp_path / "made")])
    assert raised.value.exit_code is ExitCode.INTERRUPTED
    assert runner.cancelled
    assert not (tmp_path / "made").exists()


def test_a_command_that_does_not_exist_is_a_missing_tool() -> None:
    with pytest.raises(MissingTool) as raised:
        Runner().run(["no-such-command-anywhere"])
    assert "no-such-command-anywhere" in raised.value.message
    assert "pip install" in raised.value.hint


def test_a_command_that_is_not_executable_is_a_missing_tool(tmp_path: Path) -> None:
    file = tmp_path / "plain"
    file.write_text("#!/bin/sh\n")
    with pytest.raises(MissingTool) as raised:
        Runner().run([str(file)])
    assert str(file) in raised.value.message
    assert "executable" in raised.value.hint


@pytest.mark.parametrize("content", [b"", b"\x7fELF for another machine", b"\0\1\2"])
def test_a_command_that_the_kernel_refuses_is_a_missing_tool(
    tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "broken"
    file.write_bytes(content)
    file.chmod(0o755)
    with pytest.raises(MissingTool):
        Runner().run([str(file)])


def test_one_runner_serves_several_threads() -> None:
    runner = Runner()
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda n=n: found.append(sh(runner, f"echo {n}").stdout))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(found) == [f"{n}\n" for n in range(8)]


def test_become_gives_signals_and_status_of_the_new_program(tmp_path: Path) -> None:
    """SIGPIPE, which Python ignores, would otherwise stay ignored, and SIGXFSZ with it."""
    program = script(tmp_path / "program", 'grep SigIgn "/proc/$$/status"; echo "$NAME $1"; exit 7')
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from staticgo.host.run import become; become(sys.argv[1:], env={'NAME': 'x',"
            " 'PATH': '/usr/bin:/bin'})",
            str(program),
            "a b",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 7, done.stderr
    ignored, said = done.stdout.splitlines()
    assert int(ignored.split()[1], 16) & (1 << (signal.SIGPIPE - 1)) == 0
    assert said == "x a b"


def test_become_names_what_it_cannot_start() -> None:
    with pytest.raises(MissingTool, match="no-such-command cannot be started"):
        become(["no-such-command"], env={"PATH": "/bin"})
