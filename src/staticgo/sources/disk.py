"""Opening what is on the disk: regular files only, and nothing is ever waited for."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator

from staticgo.sources.limits import Refused
from staticgo.sources.magic import HEAD


class Window:
    """A part of an open file. Read with `pread`: a file that shrinks ends early, without SIGBUS."""

    __slots__ = ("_at", "_end", "_fd", "start")

    def __init__(self, fd: int, start: int, size: int) -> None:
        self._fd = fd
        self.start = start
        self._at = start
        self._end = start + size

    @property
    def size(self) -> int:
        """All of it, whatever was read already."""
        return self._end - self.start

    def part(self, offset: int, size: int) -> Window:
        """A window of this one; what lies outside is refused."""
        if offset < 0 or size < 0 or offset + size > self.size:
            raise Refused("points past its end")
        return Window(self._fd, self.start + offset, size)

    def head(self) -> bytes:
        """The first bytes, wherever reading has come."""
        return self.part(0, min(self.size, HEAD)).read(HEAD)

    def tell(self) -> int:
        """How far reading has come."""
        return self._at - self.start

    def has_holes(self, size: int) -> bool:
        """Whether the next `size` bytes, at most to the end, are known not to be all on the disk."""
        try:
            return os.lseek(self._fd, self._at, os.SEEK_HOLE) < min(self._at + size, self._end)
        except OSError:  # past the end, or a file system that cannot tell
            return False

    def read(self, size: int) -> bytes:
        """The next bytes; fewer than `size` only at the end."""
        wanted = min(size, self._end - self._at)
        pieces = []
        while wanted > 0 and (piece := os.pread(self._fd, wanted, self._at)):
            pieces.append(piece)
            self._at += len(piece)
            wanted -= len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def skip(self, size: int) -> None:
        """Goes on `size` bytes further, perhaps past the end."""
        self._at += size


@contextlib.contextmanager
def open_window(path: str) -> Iterator[Window]:
    """A regular file, all of it. Raises OSError, or Refused for anything but a regular file."""
    # It may have become a FIFO since it was found: O_NONBLOCK does not wait for a writer.
    fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    try:
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode):
            raise Refused("is not a regular file", hint="name a regular file")
        yield Window(fd, 0, status.st_size)
    finally:
        os.close(fd)
