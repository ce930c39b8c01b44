"""Bounded access to the bytes of a file: nothing is read that was not asked for and measured."""

from __future__ import annotations

import mmap
import struct

from staticgo.model.binary import Gap

Buffer = bytes | memoryview | mmap.mmap

_CHUNK = 1 << 20


class Unreadable(Exception):
    """A part of the file that could not be read; becomes a `Gap`, never leaves this package."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(f"{what}: {why}")
        self.gap = Gap(what=what, why=why)


class Cursor:
    """A buffer, its size and its byte order.

    Slices are copied: a `memoryview` kept alive would forbid closing the `mmap` below it.
    """

    __slots__ = ("_data", "order", "size")

    def __init__(self, data: Buffer, *, big_endian: bool = False) -> None:
        self._data = data.cast("B") if isinstance(data, memoryview) else data
        self.order = ">" if big_endian else "<"
        self.size = len(self._data)

    def up_to(self, offset: int, size: int) -> bytes:
        """The bytes from `offset`, fewer than `size` where the file ends."""
        # A negative index would count from the end of the file.
        return bytes(self._data[offset : offset + size]) if offset >= 0 and size > 0 else b""

    def find(self, needle: bytes, start: int, end: int) -> int:
        """The offset of the first `needle` that lies within `start` and `end`, else -1.

        Nothing is copied but where the buffer is a `memoryview`, which cannot search.
        """
        start, end = max(0, start), min(end, self.size)
        if not isinstance(self._data, memoryview):
            return self._data.find(needle, start, end) if start < end else -1
        while start < end:
            chunk = bytes(self._data[start : min(end, start + _CHUNK + len(needle) - 1)])
            at = chunk.find(needle)
            if at >= 0:
                return start + at
            start += _CHUNK
        return -1

    def exactly(self, offset: int, size: int, what: str) -> bytes:
        """`size` bytes from `offset`, or Unreadable; checked before anything is copied."""
        if offset < 0 or size < 0 or offset + size > self.size:
            raise Unreadable(
                what, f"bytes {offset:#x} to {offset + size:#x} of a file of {self.size:#x} bytes"
            )
        return bytes(self._data[offset : offset + size])

    def records(self, layout: str, offset: int, count: int, what: str) -> list[tuple[int, ...]]:
        """`count` equal records of integers, `layout` in `struct`'s notation."""
        form = struct.Struct(self.order + layout)
        return list(form.iter_unpack(self.exactly(offset, form.size * count, what)))
