"""Damages binaries and archives, and reads them: a report or a format error must come of it.

Each case has one second and 64 MB beyond the mapped file; archives have what their readers are
given (sources/worker.py). What breaks that is saved, with its traceback and a line to repeat it.

    python -m tools.fuzz [--minutes 1] [--seed N] [--jobs N] [--save DIR]
    python -m tools.fuzz SAVED-FILE

Memory is limited by RLIMIT_DATA, which counts what C code allocates as well, slows nothing down, and
leaves out the mapping of the file; tracemalloc would miss the first and cost a factor of four.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import mmap
import os
import random
import resource
import signal
import struct
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, TextIO

from staticgo import binary
from staticgo.binary.macho import FAT_MAGIC, FAT_MAGIC_64
from staticgo.binary.sizes import read_sizes
from staticgo.errors import FormatError
from staticgo.host.files import mapped
from staticgo.model.binary import Format
from staticgo.model.inspection import Inspection
from staticgo.model.source import Trouble
from staticgo.rules.inspection import examine
from staticgo.sources import collect, opened
from staticgo.sources.worker import MEMORY as ARCHIVE_MEMORY
from staticgo.view.inspection import inspection
from staticgo.view.jsonable import to_json
from tools import mutations

SECONDS = 1.0
MEMORY = 64 << 20
REAL = (Path("/usr/bin"), Path("/usr/lib/x86_64-linux-gnu"))
ARCHIVE_EVERY = 4
HOLE_EVERY = 64
HOLES = (1 << 24, 1 << 30, 1 << 40)
KINDS_LIMIT = 50
"""After so many different failures there is enough to mend."""


class Failure(NamedTuple):
    """A case that broke the rules."""

    number: int
    what: str
    """The traceback."""
    kind: str
    """The place in the code: failures at one place are one."""


def check_binary(path: Path) -> None:
    """All that `inspect` does with one file."""
    with mapped(path) as data:
        try:
            report = binary.read(data)
        except FormatError as error:
            assert error.message
            assert error.hint
            return
        groups = sum(group.size for piece in report.slices for group in piece.sections)
        # The header of a fat Mach-O file, and what lies between its slices, belong to none.
        fat = report.format is Format.MACHO and bytes(data[:4]) in (FAT_MAGIC, FAT_MAGIC_64)
        assert groups <= report.size if fat else groups == report.size, "groups"
        allow(MEMORY)
        sizes = read_sizes(data, report)
        assert sum(group.size for group in sizes) == report.size, "sizes"
    allow(MEMORY)
    found = Inspection(name="x", report=report, verdict=examine(report), sizes=sizes)
    to_json(found)
    inspection(found)


def check_archive(path: Path) -> None:
    """The candidates of a file, or troubles."""
    items = 0
    for item in collect([str(path)]):
        items += 1
        assert item.name.isprintable(), "a name that speaks to the terminal"
        if isinstance(item, Trouble):
            assert item.message
            assert item.hint
        else:
            with opened(item) as data:
                assert len(data) == item.size, "another size"
        allow(ARCHIVE_MEMORY)
    assert items, "neither a candidate nor a trouble"


def check(path: Path) -> None:
    """A saved case, or a new one: as an archive if its name says so."""
    archive = path.name.startswith("archive")
    allow(ARCHIVE_MEMORY if archive else MEMORY)
    try:
        (check_archive if archive else check_binary)(path)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        resource.setrlimit(resource.RLIMIT_DATA, (-1, resource.getrlimit(resource.RLIMIT_DATA)[1]))


def allow(memory: int) -> None:
    """A second of processor time and so much memory, from now on."""
    used = int(Path("/proc/self/statm").read_text("ascii").split()[5]) * mmap.PAGESIZE
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    resource.setrlimit(resource.RLIMIT_DATA, (used + memory, hard))
    signal.setitimer(signal.ITIMER_PROF, SECONDS)


class Cases:
    """Numbered cases of one seed; a number gives the same bytes each time, on one machine."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        real = [folder for folder in REAL if folder.is_dir()]
        self._binaries = mutations.seeds(mutations.binaries(real), _read_all)
        self._archives = mutations.seeds(mutations.packed(), lambda data: None)

    def write(self, number: int, folder: Path) -> Path:
        """The file of a case."""
        chance = random.Random(f"{self._seed}:{number}")  # noqa: S311  it must be repeatable
        archive = number % ARCHIVE_EVERY == 0
        _name, data = mutations.mutant(chance, self._archives if archive else self._binaries)
        if archive:
            data = mutations.repacked(chance, data)
        path = folder / ("archive" if archive else "binary")
        path.write_bytes(data)
        if chance.randrange(HOLE_EVERY) == 0:
            os.truncate(path, max(len(data), chance.choice(HOLES)))
        return path


def _read_all(data: bytes) -> None:
    with contextlib.suppress(FormatError):
        read_sizes(data, binary.read(data))


class Worker:
    """A process that runs every `step`-th case from `first`, until one fails."""

    _CELL = struct.Struct("<Q")

    def __init__(self, cases: Cases, folder: Path, first: int, step: int) -> None:
        self._cell = mmap.mmap(-1, mmap.PAGESIZE)
        self._log = folder / "log"
        self.step = step
        folder.mkdir(exist_ok=True)
        self.pid = os.fork()
        if self.pid == 0:
            with self._log.open("w") as log:
                try:
                    _prepare(log)
                    for number in _count(first, step):
                        self._CELL.pack_into(self._cell, 0, number)
                        check(cases.write(number, folder))
                except BaseException:
                    traceback.print_exc(file=log)
                finally:
                    log.flush()
                    os._exit(1)

    @property
    def number(self) -> int:
        """The case that runs, or ran last."""
        return int(self._CELL.unpack_from(self._cell)[0])

    def failure(self, status: int) -> Failure:
        """What the process left behind."""
        what = self._log.read_text("utf-8", "replace")
        places = [line.strip() for line in what.splitlines() if "/staticgo/" in line]
        if os.WIFSIGNALED(status):
            # faulthandler prints the innermost call first.
            what = f"ended by signal {os.WTERMSIG(status)}: more than {SECONDS:g} s?\n{what}"
            kind = places[0] if places else "outside"
        else:
            kind = f"{places[-1:]}{what.strip().rpartition(chr(10))[2][:40]}"
        return Failure(self.number, what, kind)


def _count(first: int, step: int) -> Iterator[int]:
    while True:
        yield first
        first += step


def _prepare(log: TextIO) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    # A traceback of what took too long, even where C code did; then the signal ends the process.
    faulthandler.register(signal.SIGPROF, file=log, chain=True)
    faulthandler.enable(file=log)


def fuzz(cases: Cases, seconds: float, jobs: int, folder: Path) -> Iterator[Failure]:
    """Runs cases until the time is over; each kind of failure once."""
    kinds: set[str] = set()
    ends = time.monotonic() + seconds
    workers = {}

    def start(index: int, first: int) -> None:
        worker = Worker(cases, folder / str(index), first, jobs)
        workers[worker.pid] = index, worker

    for index in range(jobs):
        start(index, index + 1)
    try:
        while time.monotonic() < ends and len(kinds) < KINDS_LIMIT:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                time.sleep(0.05)
                continue
            index, worker = workers.pop(pid)
            failure = worker.failure(status)
            if failure.kind not in kinds:
                kinds.add(failure.kind)
                yield failure
            start(index, worker.number + jobs)
    finally:
        for pid in workers:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        done = sum(worker.number // jobs for _index, worker in workers.values())
        print(f"{done} cases, {len(kinds)} kinds of failures", flush=True)


def saver(cases: Cases, folder: Path) -> Callable[[Failure], None]:
    """Keeps cases that failed."""

    def save(failure: Failure) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        made = cases.write(failure.number, folder)
        path = made.rename(folder / f"{made.name}-{failure.number}")
        path.with_suffix(".txt").write_text(failure.what)
        print(f"{failure.what}\nrepeat: python -m tools.fuzz {path}\n", flush=True)

    return save


def main() -> None:
    """Exit code 1 where anything failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("case", nargs="*", type=Path, help="saved cases, to run them again")
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--save", type=Path, default=Path("build/fuzz"))
    given = parser.parse_args()
    if given.case:
        _prepare(sys.stderr)
        for path in given.case:
            check(path)
        return
    print(f"seed {given.seed}, {given.jobs} processes, {given.minutes:g} minutes", flush=True)
    cases = Cases(given.seed)
    save = saver(cases, given.save / str(given.seed))
    failed = False
    with tempfile.TemporaryDirectory() as scratch:
        for failure in fuzz(cases, given.minutes * 60, given.jobs, Path(scratch)):
            save(failure)
            failed = True
    sys.exit(failed)


if __name__ == "__main__":
    main()
