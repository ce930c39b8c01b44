"""A process that reads files for us: what kills it, or holds it up, costs one file and no more.

A file that another program cuts while it is mapped gives SIGBUS, which no Python code can catch; a
reader that loops, or eats memory, can only be ended from outside. Processes are forked, not started
anew: that takes 4 ms with the answer's way back, where a new Python takes 100.
"""

from __future__ import annotations

import contextlib
import faulthandler
import mmap
import os
import pickle
import resource
import signal
import struct
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

SECONDS = 1.0
"""Processor time for one file, or one step of unpacking, beside what its size is due."""
BYTES_A_SECOND = 100 << 20
MEMORY = 192 << 20
"""What a worker may allocate beside the files it maps: one decompressor, one member, one report."""

_LENGTH = struct.Struct("<I")
_STATE = struct.Struct("<QIH")
_CELL = 4096


class Watch:
    """What a worker is doing: kept in memory that outlives it, and under the kernel's timer."""

    def __init__(self) -> None:
        self._cell = mmap.mmap(-1, _CELL)
        self._steps = 0
        self._index = 0
        self._name = b""

    def begin(self, index: int, name: str) -> None:
        """From now on it is this file of the batch."""
        self._index = index
        self.at(name, 0)

    def at(self, name: str, size: int) -> None:
        """From now on it is this file or member."""
        self._name = name.encode("utf-8", "replace")[: _CELL - _STATE.size]
        self._cell[_STATE.size : _STATE.size + len(self._name)] = self._name
        self._allow(size)

    def expect(self, index: int) -> None:
        """For the parent, while the worker has no work: the file that comes next, not begun yet."""
        _STATE.pack_into(self._cell, 0, self.seen()[0], index, 0)

    def tick(self) -> None:
        """One more step was made: the time for the next one begins."""
        self._allow(0)

    def seen(self) -> tuple[int, int, str]:
        """For the parent: steps made, the file of the batch, and what of it."""
        steps, index, length = _STATE.unpack_from(self._cell, 0)
        name = self._cell[_STATE.size : _STATE.size + length]
        return steps, index, name.decode("utf-8", "replace")

    def _allow(self, size: int) -> None:
        self._steps += 1
        _STATE.pack_into(self._cell, 0, self._steps, self._index, len(self._name))
        # Time of this process only: a busy machine must not make a file look hostile.
        signal.setitimer(signal.ITIMER_PROF, SECONDS + size / BYTES_A_SECOND)


class Worker:
    """The parent's side of one process."""

    def __init__(
        self, work: Callable[[Any, Watch], Iterable[Any]], others: Iterable[Worker]
    ) -> None:
        self.watch = Watch()
        take, self._give = os.pipe()
        self.results, tell = os.pipe()
        self._received = bytearray()
        self.pid = os.fork()
        if self.pid == 0:
            status = 1
            try:
                # Only then does each worker see the end of its own pipe.
                for fd in (self._give, self.results, *(f for o in others for f in o.fds())):
                    os.close(fd)
                _serve(work, self.watch, take, tell)
                status = 0
            except BaseException:  # noqa: S110  the parent sees that it is gone
                pass
            finally:
                os._exit(status)
        os.close(take)
        os.close(tell)

    def fds(self) -> tuple[int, int]:
        """What the parent holds open."""
        return self._give, self.results

    def ask(self, request: Any) -> None:
        """Gives it work; it must have none. A worker that is gone shows in `receive`."""
        with contextlib.suppress(BrokenPipeError):
            _send(self._give, request)

    def receive(self) -> list[Any] | None:
        """What has come since, once `results` is readable; None: the worker is gone."""
        data = os.read(self.results, 1 << 20)
        if not data:
            return None
        self._received += data
        answers = []
        while len(self._received) >= _LENGTH.size:
            end = _LENGTH.size + _LENGTH.unpack_from(self._received)[0]
            if len(self._received) < end:
                break
            # Our own process wrote it.
            answers.append(pickle.loads(self._received[_LENGTH.size : end]))  # noqa: S301
            del self._received[:end]
        return answers

    def died_of(self) -> int:
        """The signal that ended it, once `receive` said that it is gone; 0: it left by itself."""
        _, status = os.waitpid(self.pid, 0)
        self._close()
        return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0

    def kill(self) -> None:
        """Ends it, whatever it does; what it had answered can still be received."""
        os.kill(self.pid, signal.SIGKILL)

    def end(self) -> None:
        """Ends it, and all that it had to say."""
        self.kill()
        self.died_of()

    def _close(self) -> None:
        for fd in self.fds():
            os.close(fd)


def _serve(work: Callable[[Any, Watch], Iterable[Any]], watch: Watch, take: int, tell: int) -> None:
    """The worker's life: requests come in, answers go out, None ends the answers to one."""
    _prepare()
    with open(take, "rb") as requests:
        while header := requests.read(_LENGTH.size):
            # Our own parent wrote it.
            request = pickle.loads(requests.read(_LENGTH.unpack(header)[0]))  # noqa: S301
            for answer in work(request, watch):
                signal.setitimer(signal.ITIMER_PROF, 0)
                _send(tell, answer)
            signal.setitimer(signal.ITIMER_PROF, 0)
            _send(tell, None)


def _prepare() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends us
    for number in (signal.SIGTERM, signal.SIGPROF, signal.SIGBUS):
        signal.signal(number, signal.SIG_DFL)
    faulthandler.disable()  # one line about the file is enough
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    with contextlib.suppress(OSError, ValueError, IndexError):  # no /proc, or a lower limit
        used = int(Path("/proc/self/statm").read_text("ascii").split()[5]) * mmap.PAGESIZE
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        resource.setrlimit(resource.RLIMIT_DATA, (used + MEMORY, hard))


def _send(fd: int, message: Any) -> None:
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    view = memoryview(_LENGTH.pack(len(data)) + data)
    while view:
        view = view[os.write(fd, view) :]
