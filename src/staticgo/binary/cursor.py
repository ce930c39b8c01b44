"""Bounded access to the bytes of a file: nothing is read that was not asked for and measured."""

from __future__ import annotations

import mmap
import struct

from staticgo.model.binary import Gap

Buffer = bytes | memoryview | mmap.mmap


class Unreadable(Exception):
    """A part of the file that could not be read; becomes a `Gap`, never leaves this package."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(f"{what}: {why}")
        self.gap = Gap(what=what, why=why)


class Cursor:
    """A buffer, its size and its byte order.

    Slices are copied: a `memoryview` kept alive would forbid closing the `mmap` below it.
    """

    __slots__ = ("_data", "_order", "size")

    def __init__(self, data: Buffer, *, big_endian: bool = False) -> None:
        self._data = data.cast("B") if isinstance(data, memoryview) else data
        self._order = ">" if big_endian else "<"
        self.size = len(self._data)

    def up_to(self, offset: int, size: int) -> bytes:
        """The bytes from `offset`, fewer than `size` where the file ends."""
        # A negative index would count from the end of the file.
        return bytes(self._data[offset : offset + size]) if offset >= 0 and size > 0 else b""

    def exactly(self, offset: int, size: int, what: str) -> bytes:
        """`size` bytes from `offset`, or Unreadable; checked before anything is copied."""
        if offset < 0 or size < 0 or offset + size > self.size:
            raise Unreadable(
                what, f"bytes {offset:#x} to {offset + size:#x} of a file of {self.size:#x} bytes"
            )
        return bytes(self._data[offset : offset + size])

    def records(self, layout: str, offset: int, count: int, what: str) -> list[tuple[int, ...]]:
        """`count` equal records of integers, `layout` in `struct`'s notation."""
        form = struct.Struct(self._order + layout)
        return list(form.iter_unpack(self.exactly(offset, form.size * count, what)))
