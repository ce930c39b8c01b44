"""The lock between processes: who comes second waits, and can be interrupted."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from staticgo.errors import Interrupted
from staticgo.host.lock import locked
from staticgo.host.run import Runner
from tests.unit.host.fakes import soon

HOLDER = """
import sys
from pathlib import Path
from staticgo.host.lock import locked
from staticgo.host.run import Runner
with locked(Path(sys.argv[1]), Runner()):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held_by_another_process(lock: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", HOLDER, str(lock)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        try:
            assert holder.stdout
            assert holder.stdout.readline() == "held\n"
            yield holder
        finally:
            holder.kill()


def take(lock: Path, runner: Runner, events: list[str]) -> None:
    try:
        with locked(lock, runner, on_wait=lambda: events.append("waits")):
            events.append("has it")
    except Interrupted:
        events.append("interrupted")


def test_a_free_lock_is_had_without_waiting(tmp_path: Path) -> None:
    events: list[str] = []
    take(tmp_path / "lock", Runner(), events)
    take(tmp_path / "lock", Runner(), events)
    assert events == ["has it", "has it"]


def test_a_second_thread_waits_until_the_first_is_done(tmp_path: Path) -> None:
    events: list[str] = []
    with locked(tmp_path / "lock", Runner()):
        second = threading.Thread(target=take, args=(tmp_path / "lock", Runner(), events))
        second.start()
        assert soon(lambda: "waits" in events)
        second.join(0.5)  # longer than one poll: it is told that it waits once only
        assert events == ["waits"]
    second.join(10)
    assert events == ["waits", "has it"]


def test_a_lock_is_free_once_its_process_has_died(tmp_path: Path) -> None:
    events: list[str] = []
    with held_by_another_process(tmp_path / "lock") as holder:
        second = threading.Thread(target=take, args=(tmp_path / "lock", Runner(), events))
        second.start()
        assert soon(lambda: bool(events))
        assert events == ["waits"]
        holder.kill()
        second.join(10)
    assert events == ["waits", "has it"]


def test_whoever_waits_can_be_interrupted(tmp_path: Path) -> None:
    events: list[str] = []
    runner = Runner()
    with locked(tmp_path / "lock", Runner()):
        second = threading.Thread(target=take, args=(tmp_path / "lock", runner, events))
        second.start()
        assert soon(lambda: bool(events))
        runner.cancel()
        second.join(10)
        assert events == ["waits", "interrupted"]


def test_a_failure_inside_frees_the_lock(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), locked(tmp_path / "lock", Runner()):
        raise ZeroDivisionError
    events: list[str] = []
    take(tmp_path / "lock", Runner(), events)
    assert events == ["has it"]


def test_nobody_takes_a_lock_after_cancel(tmp_path: Path) -> None:
    runner = Runner()
    runner.cancel()
    with pytest.raises(Interrupted), locked(tmp_path / "lock", runner):
        pytest.fail("the lock was given away")
