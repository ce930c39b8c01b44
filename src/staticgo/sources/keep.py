"""Where bytes from archives are kept: memory, or a file without a name. Never where a name says."""

from __future__ import annotations

import contextlib
import mmap
from collections.abc import Iterator
from typing import BinaryIO, Protocol

from staticgo.sources.limits import CHUNK, GIB, IN_MEMORY, MEMBER, TOTAL, UNPACK, Budget, Refused
from staticgo.sources.streams import CUT

_FULL = "free some space, or set TMPDIR to a folder on a larger disk"


class Readable(Protocol):
    """What can be read from front to back."""

    def read(self, size: int) -> bytes:
        """The next bytes; fewer than `size` only at the end."""


def keep(head: bytes, rest: Readable, size: int | None, budget: Budget) -> mmap.mmap | bytes:
    """`head` and what follows it, `size` bytes together; None: as many as there are."""
    pieces, kept = [head], len(head)
    chunks = _chunks(rest, None if size is None else size - kept, budget)
    for chunk in chunks:
        pieces.append(chunk)
        kept += len(chunk)
        if kept > IN_MEMORY:
            return _mapped(pieces, chunks)
    return b"".join(pieces)


@contextlib.contextmanager
def spooled(stream: Readable, budget: Budget) -> Iterator[BinaryIO]:
    """All of `stream` in a temporary file that nobody else can see, for reading out of order."""
    with _temporary() as file:
        left = TOTAL
        while chunk := stream.read(CHUNK):
            budget.tick()
            left -= len(chunk)
            if left < 0:
                raise Refused(f"more than {TOTAL // GIB} GiB", hint=UNPACK)
            _write(file, chunk)
        yield file


def _chunks(rest: Readable, left: int | None, budget: Budget) -> Iterator[bytes]:
    kept = 0
    while left is None or left > 0:
        chunk = rest.read(CHUNK if left is None else min(CHUNK, left))
        if not chunk:
            if left is not None:
                raise Refused(CUT)
            return
        if left is not None:
            left -= len(chunk)
        kept += len(chunk)
        if kept > MEMBER:
            raise Refused(f"more than {MEMBER // GIB} GiB", hint=UNPACK)
        budget.bytes(len(chunk))
        yield chunk


def _mapped(pieces: list[bytes], chunks: Iterator[bytes]) -> mmap.mmap:
    with _temporary() as file:
        for piece in pieces:
            _write(file, piece)
        pieces.clear()
        for chunk in chunks:
            _write(file, chunk)
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _temporary() -> BinaryIO:
    import tempfile

    try:
        return tempfile.TemporaryFile(buffering=0)
    except OSError as error:
        raise Refused(f"cannot be unpacked: {error.strerror}", hint=_FULL) from error


def _write(file: BinaryIO, data: bytes) -> None:
    try:
        view = memoryview(data)
        while view:
            view = view[file.write(view) :]
    except OSError as error:
        raise Refused(f"cannot be unpacked: {error.strerror}", hint=_FULL) from error
