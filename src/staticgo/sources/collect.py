"""Candidates, one by one, from files, folders, archives and standard input."""

from __future__ import annotations

import contextlib
import mmap
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from staticgo.host.files import mapped
from staticgo.model.source import Trouble
from staticgo.sources.disk import open_window
from staticgo.sources.limits import NESTED, TROUBLES, UNPACK, Budget, Refused
from staticgo.sources.magic import Nature, nature
from staticgo.sources.member import Member
from staticgo.sources.nested import is_nested, more
from staticgo.sources.walk import STANDARD_INPUT, Edge, Found, trouble, walk

NOTHING = "holds no program or library"
NOTHING_HINT = "name what was built"


def collect(paths: Iterable[str], *, standard_input: int = 0) -> Iterator[Member | Trouble]:
    """All candidates in order, found as they are asked for; what cannot be opened is a Trouble."""
    told = 0
    with contextlib.ExitStack() as stack:
        for found in found_in(paths, stack, standard_input):
            if isinstance(found, Edge):
                if not found.begins and not told:
                    yield nothing(found.name)
                told = 0
                continue
            for item in (found,) if isinstance(found, Trouble) else members(found):
                told += 1
                yield item


def found_in(
    paths: Iterable[str], stack: contextlib.ExitStack, standard_input: int
) -> Iterator[Found | Edge | Trouble]:
    """What the paths lead to; standard input becomes a file first, which `stack` closes."""
    paths = list(paths)
    given: Found | Trouble | None = None
    if STANDARD_INPUT in paths:
        given = stack.enter_context(_from_standard_input(standard_input))
    for found in walk(paths):
        ours = given and isinstance(found, Found) and found.path == STANDARD_INPUT
        yield given if given and ours else found


@contextlib.contextmanager
def opened(member: Member) -> Iterator[mmap.mmap | bytes]:
    """The bytes of a member; what stands on the disk is memory-mapped. Raises UsageError."""
    if member.data is not None:
        yield member.data
    else:
        with mapped(Path(member.path)) as data:
            yield data


def nothing(name: str) -> Trouble:
    """Where something was named, and holds nothing to read."""
    return Trouble(name=name, message=NOTHING, hint=NOTHING_HINT)


@contextlib.contextmanager
def _from_standard_input(fd: int) -> Iterator[Found | Trouble]:
    from staticgo.sources.keep import spooled

    result: Found | Trouble
    name = STANDARD_INPUT
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(spooled(_Descriptor(fd), Budget(0)))
        except Refused as refused:
            result = Trouble(name=name, message=refused.message, hint=refused.hint)
        except OSError as error:
            result = trouble(name, error)
        else:
            # It has no name; this opens it anew, here and in a forked process.
            path = f"/dev/fd/{file.fileno()}"
            result = Found(name, path, os.fstat(file.fileno()).st_size, True)
        yield result


class _Descriptor:
    def __init__(self, fd: int) -> None:
        self._fd = fd

    def read(self, size: int) -> bytes:
        return os.read(self._fd, size)


def members(found: Found, tick: Callable[[], None] = lambda: None) -> Iterator[Member | Trouble]:
    """The candidates in one file; `tick` is called at every step of unpacking."""
    told = troubles = unread = 0
    try:
        for item in _members(found, tick):
            told += 1
            if isinstance(item, Trouble) and is_nested(item):
                unread += 1
                if unread <= NESTED:
                    yield item
                continue
            yield item
            troubles += isinstance(item, Trouble)
            if troubles >= TROUBLES:
                raise Refused("is not read any further after so much trouble", hint=UNPACK)
    except Refused as refused:
        yield Trouble(name=found.name, message=refused.message, hint=refused.hint)
    except OSError as error:
        yield trouble(found.name, error)
    else:
        if found.named and not told:
            yield nothing(found.name)
    if unread > NESTED:
        yield more(found.name, unread - NESTED)


def _members(found: Found, tick: Callable[[], None]) -> Iterator[Member | Trouble]:
    if found.layout:
        from staticgo.sources.archives import in_layout

        yield from in_layout(found.path, found.name, tick)
        return
    with open_window(found.path) as file:
        kind = nature(file.head())
        # What is nothing that is known is for the reader to name, if the user asked for it.
        if kind is Nature.BINARY or (kind is Nature.OTHER and found.named):
            yield Member(name=found.name, size=file.size, path=found.path)
        elif kind is not Nature.OTHER:
            from staticgo.sources.archives import in_archive

            yield from in_archive(file, kind, found.name, tick)
