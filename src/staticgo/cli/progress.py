"""Progress on standard error: live on a terminal, plain lines in a log, nothing when quiet."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from staticgo.app.build import Progress
from staticgo.model.target import Target
from staticgo.view.words import duration

if TYPE_CHECKING:
    from rich.console import RenderableType

_MARKS = {
    "done": "[green]✓",
    "verified": "[green]✓",
    "failed": "[red]✗",
    "not verified": "[red]✗",
}
"""The steps that end a target's work, and how a terminal shows them."""
_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


@contextlib.contextmanager
def progress(stream: TextIO, *, quiet: bool) -> Iterator[Progress]:
    """What the verb reports its steps to; the display ends with the block."""
    if quiet:
        yield lambda target, step: None
    elif stream.isatty() and os.environ.get("TERM") != "dumb" and "CI" not in os.environ:
        with _live(stream) as report:
            yield report
    else:
        yield _plain(stream)


def _plain(stream: TextIO) -> Progress:
    begun: dict[Target, float] = {}
    lock = threading.Lock()

    def report(target: Target, step: str) -> None:
        with lock:
            start = begun.setdefault(target, time.monotonic())
            after = f" ({duration(time.monotonic() - start)})" if step in _MARKS else ""
            stream.write(f"{target}: {step}{after}\n")
            stream.flush()

    return report


class _Board:
    """One line a target: its step, and how long it has been at work."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._steps: dict[Target, tuple[str, float, float | None]] = {}

    def report(self, target: Target, step: str) -> None:
        now = time.monotonic()
        with self._lock:
            start = self._steps[target][1] if target in self._steps else now
            self._steps[target] = (step, start, now if step in _MARKS else None)

    def __rich__(self) -> RenderableType:
        from rich.table import Table

        grid = Table.grid(padding=(0, 2))
        with self._lock:
            steps = sorted(self._steps.items())
        working = _FRAMES[int(time.monotonic() * 8) % len(_FRAMES)]
        for target, (step, start, end) in steps:
            mark = {
                "done": "[green]✓",
                "verified": "[green]✓",
                "failed": "[red]✗",
                "not verified": "[red]✗",
            }.get(step, working)
            grid.add_row(mark, str(target), step, duration((end or time.monotonic()) - start))
        return grid


@contextlib.contextmanager
def _live(stream: TextIO) -> Iterator[Progress]:
    from rich.console import Console
    from rich.live import Live

    board = _Board()
    with Live(board, console=Console(file=stream), refresh_per_second=8):
        yield board.report
