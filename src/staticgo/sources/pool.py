"""Several workers, and their answers in the order of the questions."""

from __future__ import annotations

import select
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from staticgo.model.source import Trouble
from staticgo.sources.limits import MIB
from staticgo.sources.walk import Edge, Found
from staticgo.sources.worker import SECONDS, Watch, Worker

BATCH_FILES, BATCH_BYTES = 64, 8 * MIB
"""What is given to a worker at once: asking takes as long as looking at several small files."""
AHEAD = 32
"""How many batches may be answered before the first of them is, if that is a large archive."""
STILL = 30.0
"""Seconds without a step, processor time or not: a dead network drive, say."""

_BUG = "it is hostile, or this is a bug in staticgo: please report it, with the file"
_DEATHS: dict[int, tuple[str, str]] = {
    signal.SIGBUS: (
        "was cut while it was read, or the disk failed",
        "try again when nothing writes to it",
    ),
    signal.SIGPROF: (f"took more than {SECONDS:g} s longer to read than its size explains", _BUG),
    signal.SIGKILL: (
        "its reader was killed, perhaps because memory ran out",
        "give it more memory, or fewer jobs",
    ),
}


class _Slot:
    """One place in the order: a batch of files, or something that needs no reading."""

    __slots__ = ("answers", "batch", "done")

    def __init__(self, batch: list[tuple[int, Found]], answers: list[Any]) -> None:
        self.batch = batch
        self.answers: deque[Any] = deque(answers)
        self.done = not batch


def in_order(
    items: Iterator[Found | Edge | Trouble], work: Callable[[Any, Watch], Any], jobs: int
) -> Iterator[Any]:
    """The answers of `work` to all files in `items`, and what is no file, all in their order."""
    pool = _Pool(items, work, jobs)
    try:
        yield from pool.answers()
    finally:
        pool.end()


class _Pool:
    def __init__(
        self, items: Iterator[Found | Edge | Trouble], work: Callable[[Any, Watch], Any], jobs: int
    ) -> None:
        self._slots_to_come = _slots(items)
        self._work = work
        self._jobs = jobs
        self._order: deque[_Slot] = deque()
        self._waiting: deque[_Slot] = deque()
        self._idle: list[Worker] = []
        self._busy: dict[Worker, _Slot] = {}
        self._moved: dict[Worker, tuple[int, float]] = {}

    def answers(self) -> Iterator[Any]:
        """All of them."""
        while True:
            self._fill()
            self._give()
            if not self._order:
                return
            first = self._order[0]
            if first.answers:
                yield first.answers.popleft()
            elif first.done:
                self._order.popleft()
            else:
                self._listen()

    def end(self) -> None:
        """Ends all workers, whatever they do."""
        for worker in (*self._idle, *self._busy):
            worker.end()

    def _fill(self) -> None:
        while len(self._waiting) <= self._jobs and len(self._order) < AHEAD:
            slot = next(self._slots_to_come, None)
            if slot is None:
                return
            self._order.append(slot)
            if not slot.done:
                self._waiting.append(slot)

    def _give(self) -> None:
        while self._waiting:
            if not self._idle:
                if len(self._busy) >= self._jobs:
                    return
                self._idle.append(Worker(self._work, self._busy))
            worker, slot = self._idle.pop(), self._waiting.popleft()
            worker.watch.expect(slot.batch[0][0])
            worker.ask(slot.batch)
            self._busy[worker] = slot
            self._moved[worker] = worker.watch.seen()[0], time.monotonic()

    def _listen(self) -> None:
        """Waits until something was answered, or somebody died, or has not moved for long."""
        poll = select.poll()
        by_fd = {worker.results: worker for worker in self._busy}
        for fd in by_fd:
            poll.register(fd, select.POLLIN)
        spoke = {by_fd[fd] for fd, _ in poll.poll(1000)}
        for worker in spoke:
            answers = worker.receive()
            if answers is None:
                self._bury(worker, *_death(worker.died_of()))
            else:
                self._take(worker, answers)
        for worker in self._busy.keys() - spoke:
            steps, since = self._moved[worker]
            now = worker.watch.seen()[0]
            if now != steps:
                self._moved[worker] = now, time.monotonic()
            elif time.monotonic() - since > STILL:
                self._give_up(worker)

    def _give_up(self, worker: Worker) -> None:
        """Ends a worker that stands still; it may have gone on just before."""
        worker.kill()
        while (answers := worker.receive()) is not None:
            self._take(worker, answers)
        worker.died_of()
        if worker in self._busy:
            self._bury(worker, f"gave nothing for {STILL:g} s", "see whether its disk answers")
        else:
            self._idle.remove(worker)

    def _take(self, worker: Worker, answers: list[Any]) -> None:
        slot = self._busy[worker]
        self._moved[worker] = worker.watch.seen()[0], time.monotonic()
        for answer in answers:
            if answer is None:
                slot.done = True
                del self._busy[worker]
                self._idle.append(worker)
            else:
                slot.answers.append(answer)

    def _bury(self, worker: Worker, message: str, hint: str) -> None:
        """The file that it died of gets a Trouble; the rest of its batch goes to another one."""
        slot = self._busy.pop(worker)
        _, index, name = worker.watch.seen()
        # Files before this one were answered; where that is not sure, twice is better than never.
        at = next((at for at, (number, _) in enumerate(slot.batch) if number == index), 0)
        found = slot.batch[at][1]
        if name not in ("", found.name):
            message += "; the rest of the archive was not read"
        slot.answers.append(Trouble(name=name or found.name, message=message, hint=hint))
        slot.batch = slot.batch[at + 1 :]
        slot.done = not slot.batch
        if slot.batch:
            self._waiting.appendleft(slot)


def _death(number: int) -> tuple[str, str]:
    return _DEATHS.get(number, (f"its reader ended unexpectedly (signal {number})", _BUG))


def _slots(items: Iterator[Found | Edge | Trouble]) -> Iterator[_Slot]:
    batch: list[tuple[int, Found]] = []
    size = 0
    for item in items:
        if isinstance(item, Found):
            batch.append((len(batch), item))
            size += item.size
        if batch and (
            not isinstance(item, Found) or len(batch) >= BATCH_FILES or size >= BATCH_BYTES
        ):
            yield _Slot(batch, [])
            batch, size = [], 0
        if not isinstance(item, Found):
            yield _Slot([], [item])
    if batch:
        yield _Slot(batch, [])
