"""Several targets at a time: all of them, or the first failure and no more work."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from staticgo.app.steps import pool
from staticgo.app.steps.pool import run_all
from staticgo.errors import Interrupted, ToolFailed
from staticgo.host.run import Runner


def broken(name: str) -> ToolFailed:
    return ToolFailed(f"{name} broke", hint="mend it")


def test_results_stand_in_the_order_of_the_items() -> None:
    def work(item: float) -> float:
        time.sleep(item)
        return item * 2

    runner = Runner()
    assert run_all(work, [0.05, 0.0, 0.02], 3, runner) == (0.1, 0.0, 0.04)
    assert not runner.cancelled


def test_no_items_are_no_results() -> None:
    assert run_all(str, [], 0, Runner()) == ()


def test_items_are_worked_on_at_once() -> None:
    together = threading.Barrier(4, timeout=10)
    assert run_all(lambda item: together.wait() >= 0, range(4), 4, Runner()) == (True,) * 4


def test_no_more_than_so_many_are_worked_on_at_once() -> None:
    now, most, lock = 0, 0, threading.Lock()

    def work(item: int) -> None:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.02)
        with lock:
            now -= 1

    run_all(work, range(6), 2, Runner())
    assert most == 2


def test_the_first_failure_ends_what_runs() -> None:
    runner = Runner()
    started = threading.Event()
    ended: list[str] = []

    def work(name: str) -> None:
        if name == "bad":
            started.wait(10)
            raise broken(name)
        started.set()
        try:
            runner.run(["sleep", "60"])
        except Interrupted:
            ended.append(name)
            raise

    began = time.monotonic()
    with pytest.raises(ToolFailed, match="bad broke"):
        run_all(work, ["good", "bad"], 2, runner)
    assert ended == ["good"]
    assert time.monotonic() - began < 10


def test_the_failure_is_raised_and_not_the_interruption_it_caused() -> None:
    runner = Runner()

    def work(name: str) -> None:
        if name == "bad":
            raise broken(name)
        while not runner.cancelled:
            time.sleep(0.01)
        runner.check_cancelled()

    with pytest.raises(ToolFailed, match="bad broke"):
        run_all(work, ["first", "bad", "last"], 3, runner)


def test_nothing_is_begun_after_a_failure() -> None:
    runner = Runner()
    begun: list[str] = []

    def work(name: str) -> None:
        begun.append(name)
        if name == "bad":
            raise broken(name)
        while not runner.cancelled:  # holds the one worker until the failure is known
            time.sleep(0.01)

    with pytest.raises(ToolFailed):
        run_all(work, ["bad", "second", "third", "fourth"], 1, runner)
    assert begun in (["bad"], ["bad", "second"])


def test_ctrl_c_ends_what_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    runner = Runner()
    ended: list[str] = []

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    def work(name: str) -> None:
        try:
            runner.run(["sleep", "60"])
        except Interrupted:
            ended.append(name)
            raise

    monkeypatch.setattr(pool, "wait", interrupted)
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run_all(work, ["one", "two"], 2, runner)
    assert sorted(ended) == ["one", "two"]
    assert time.monotonic() - began < 10


def test_ctrl_c_while_work_is_handed_out_ends_what_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    runner = Runner()
    submit = ThreadPoolExecutor.submit
    started = threading.Event()

    def interrupted(self: ThreadPoolExecutor, *arguments: object) -> object:
        if started.wait(0):
            raise KeyboardInterrupt
        future: object = submit(self, *arguments)  # type: ignore[arg-type]
        assert started.wait(10)
        return future

    def work(name: str) -> None:
        started.set()
        runner.run(["sleep", "2"])

    monkeypatch.setattr(ThreadPoolExecutor, "submit", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_all(work, ["one", "two"], 2, runner)
    assert runner.cancelled
