"""Reading all that was given, several files at a time, answers in the order of the files."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from staticgo.errors import FormatError, UsageError
from staticgo.model.source import Trouble
from staticgo.sources.collect import found_in, members, nothing, opened
from staticgo.sources.disk import open_window
from staticgo.sources.limits import MIB, Refused
from staticgo.sources.magic import HEAD, Nature, nature
from staticgo.sources.member import Member
from staticgo.sources.walk import Edge, Found

SMALL = 2 * MIB
"""A single file of that size is copied into memory, here: that is cheaper than a process."""

T = TypeVar("T")
Reader = Callable[[Any], T]

_CHANGED = "changed while it was read"
_WAIT = "try again when nothing writes to it"


class Answer(NamedTuple, Generic[T]):
    """What was read from one member."""

    name: str
    result: T


class Watch(Protocol):
    """Who wants to know what is being read."""

    def begin(self, index: int, name: str) -> None:
        """From now on it is this file of the batch."""

    def at(self, name: str, size: int) -> None:
        """From now on it is this member, of that size."""

    def tick(self) -> None:
        """One more step was made."""


class Unwatched:
    """Nobody."""

    def begin(self, index: int, name: str) -> None:
        """Nothing."""

    def at(self, name: str, size: int) -> None:
        """Nothing."""

    def tick(self) -> None:
        """Nothing."""


def read_all(
    paths: Iterable[str], read: Reader[T], jobs: int = 0, *, standard_input: int = 0
) -> Iterator[Answer[T] | Trouble]:
    """`read` applied to every candidate in `paths`, `jobs` at a time (0: one a processor).

    `read` raises nothing but FormatError, and its results can be pickled. Start no thread before
    the first answer is asked for: where other threads run, or processes cannot be forked, all is
    read in this one, which a file that is cut meanwhile may end.
    """
    told = 0
    with contextlib.ExitStack() as stack:
        for item in _read(found_in(paths, stack, standard_input), read, jobs):
            if not isinstance(item, Edge):
                told += 1
                yield item
                continue
            if not item.begins and not told:
                yield nothing(item.name)
            told = 0


def _read(
    found: Iterator[Found | Edge | Trouble], read: Reader[T], jobs: int
) -> Iterator[Answer[T] | Edge | Trouble]:
    first, second = next(found, None), next(found, None)
    if second is None and isinstance(first, Found) and (answer := _small(first, read)):
        yield answer
        return
    found = chain(filter(None, (first, second)), found)
    if hasattr(os, "fork") and threading.active_count() == 1:
        from staticgo.sources.pool import in_order

        yield from in_order(found, Work(read), jobs or os.cpu_count() or 1)
        return
    for item in found:
        yield from Work(read)([(0, item)], Unwatched()) if isinstance(item, Found) else (item,)


class Work(Generic[T]):
    """What is done with a batch of files."""

    def __init__(self, read: Reader[T]) -> None:
        self._read = read

    def __call__(
        self, batch: list[tuple[int, Found]], watch: Watch
    ) -> Iterator[Answer[T] | Trouble]:
        """The answers to every file's members, in order."""
        for index, found in batch:
            watch.begin(index, found.name)
            try:
                for item in members(found, watch.tick):
                    if isinstance(item, Trouble):
                        yield item
                    else:
                        watch.at(item.name, item.size)
                        yield _answer(item, self._read)
                    watch.begin(index, found.name)
            except Exception as error:
                yield _failure(found.name, error)


def _small(found: Found, read: Reader[T]) -> Answer[T] | Trouble | None:
    """A small file that was named alone; None for anything else. Copied, it cannot be cut."""
    if found.layout or found.size > SMALL:
        return None
    try:
        with open_window(found.path) as file:
            data = file.read(SMALL)
            if nature(data[:HEAD]) not in (Nature.BINARY, Nature.OTHER):
                return None
            if len(data) != found.size:
                return Trouble(name=found.name, message=_CHANGED, hint=_WAIT)
    except (OSError, Refused):  # members() says what it is
        return None
    return _answer(Member(name=found.name, size=len(data), data=data), read)


def _answer(member: Member, read: Reader[T]) -> Answer[T] | Trouble:
    before = _stamp(member.path)
    try:
        with opened(member) as data:
            result = read(data)
    except (FormatError, UsageError) as error:
        message = error.message.removeprefix(member.path).lstrip(": ")
        return Trouble(name=member.name, message=message, hint=error.hint)
    except Exception as error:
        return _failure(member.name, error)
    if _stamp(member.path) != before:
        return Trouble(name=member.name, message=_CHANGED, hint=_WAIT)
    return Answer(member.name, result)


def _failure(name: str, error: Exception) -> Trouble:
    """A mistake of ours: one file must not take the others' answers along."""
    if isinstance(error, MemoryError):
        said = "takes too much memory to read"
    else:
        said = f"staticgo failed to read it ({type(error).__name__}: {error})"
    hint = "it is hostile, or this is a bug in staticgo: please report it, with the file"
    return Trouble(name=name, message=said, hint=hint)


def _stamp(path: str) -> tuple[int, ...]:
    """What changes when somebody writes to a file, or puts another in its place."""
    if not path:
        return ()
    try:
        status = Path(path).stat()
    except OSError:
        return (-1,)
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
