"""The command line, called in this process."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pytest

from staticgo.cli import main


class Ran(NamedTuple):
    """What a user would see."""

    status: int
    stdout: str
    stderr: str


@contextmanager
def _own_signals() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Staticgo:
    """`staticgo WORDS`."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def __call__(self, *words: str) -> Ran:
        self._monkeypatch.setattr(sys, "argv", ["staticgo", *words])
        self._capsys.readouterr()
        with _own_signals(), pytest.raises(SystemExit) as ended:
            main()
        out, err = self._capsys.readouterr()
        status = ended.value.code
        assert isinstance(status, int)
        return Ran(status, out, err)
