"""Zip archives by their central directory, entry by entry (PKWARE's APPNOTE.TXT 6.3).

Not Python's zipfile: it reads the whole directory into memory, at half a kilobyte an entry.
"""

from __future__ import annotations

import bisect
import stat
import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from staticgo.sources.disk import Window
from staticgo.sources.limits import KIB, UNPACK, Budget, Refused
from staticgo.sources.magic import START, Nature, may_be_archive, may_be_binary
from staticgo.sources.streams import CUT, Stream, buffered, first_inflated, inflated, unpacked

_END = struct.Struct("<4s4H2LH")
_LOCATOR = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_MOST = 0xFFFFFFFF
"""The value is in the zip64 extra field."""
_ENCRYPTED, _UTF8 = 1 << 0, 1 << 11
_STORED, _DEFLATED = 0, 8
_UNIX = 3
"""The system that an entry was made on, and whose file modes it has."""
_METHODS = {12: Nature.BZIP2, 93: Nature.ZSTD, 95: Nature.XZ}
_DAMAGED = "is damaged: "
_START = 512
"""What is read of an entry at first: its header, its name, and enough for the first bytes."""


class Entry(NamedTuple):
    """One file, as the central directory describes it."""

    name: str
    size: int
    packed: int
    offset: int
    method: int
    encrypted: bool
    crc: int
    link: bool
    """A symbolic link, whose bytes are where it points."""


def entries(file: Window, budget: Budget, *, everything: bool = False) -> Iterator[Entry]:
    """The entries that hold bytes; with `everything`, empty files and folders (`name/`) as well.

    Raises Refused for what is damaged or too much.
    """
    directory, prefix = _directory(file)
    left = directory.size
    stream = buffered(directory)
    while left > 0:
        budget.header()
        fixed = stream.read(_CENTRAL.size)
        if len(fixed) < _CENTRAL.size or fixed[:4] != b"PK\x01\x02":
            raise Refused(_DAMAGED + "its list of contents is malformed")
        (_, made_by, _, flags, method, _, _, crc, packed, size, *rest) = _CENTRAL.unpack(fixed)
        name_size, extra_size, comment_size, _, _, attributes, offset = rest
        rest_size = name_size + extra_size + comment_size
        text = stream.read(rest_size)
        left -= _CENTRAL.size + rest_size
        if len(text) < rest_size or left < 0:
            raise Refused(_DAMAGED + "its list of contents is malformed")
        if everything or (size and text[name_size - 1 : name_size] != b"/"):
            extra = text[name_size : name_size + extra_size]
            size, packed, offset = _wide(extra, size, packed, offset)
            encrypted = bool(flags & _ENCRYPTED)
            name = text[:name_size].decode("utf-8" if flags & _UTF8 else "cp437", "replace")
            link = made_by >> 8 == _UNIX and stat.S_ISLNK(attributes >> 16)
            yield Entry(name, size, packed, offset + prefix, method, encrypted, crc, link)


def _directory(file: Window) -> tuple[Window, int]:
    """The central directory, and how many bytes stand before the archive itself."""
    tail_at = max(0, file.size - _END.size - 64 * KIB)
    tail = file.part(tail_at, file.size - tail_at).read(file.size - tail_at)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + _END.size > len(tail):
        raise Refused(CUT)
    *_, size, offset, _ = _END.unpack_from(tail, at)
    end = tail_at + at
    locator = tail[at - _LOCATOR.size : at] if at >= _LOCATOR.size else b""
    if locator[:4] == b"PK\x06\x07":
        *_, at64, _ = _LOCATOR.unpack(locator)
        record = file.part(at64, _END64.size).read(_END64.size)
        if record[:4] != b"PK\x06\x06" or len(record) < _END64.size:
            raise Refused(_DAMAGED + "its zip64 record is elsewhere")
        *_, size, offset = _END64.unpack(record)
        end = at64
    prefix = end - size - offset
    if prefix < 0:
        raise Refused(_DAMAGED + "its list of contents is not where it should be")
    return file.part(offset + prefix, size), prefix


def _wide(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """The three fields, those that did not fit taken from the zip64 extra field."""
    values = [size, packed, offset]
    if _MOST not in values:
        return size, packed, offset
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            field = extra[at + 4 : at + 4 + length]
            for index, value in enumerate(values):
                if value == _MOST and len(field) >= 8:
                    values[index], field = int.from_bytes(field[:8], "little"), field[8:]
            break
        at += 4 + length
    return values[0], values[1], values[2]


class Opener:
    """Opens entries, and sees that no two of them share bytes: that is how zip bombs are made."""

    __slots__ = ("_everything", "_file", "_taken")

    def __init__(self, file: Window, *, everything: bool = False) -> None:
        self._file = file
        self._everything = everything
        self._taken: list[tuple[int, int]] = []

    def open(self, entry: Entry, budget: Budget) -> Stream | None:
        """The unpacked bytes of what may be a binary, or an archive; None for what is surely none.

        Where everything is wanted, there is no None. Raises Refused where it cannot be unpacked.
        """
        if entry.encrypted:
            raise Refused("is encrypted", hint=UNPACK)
        head = self._file.part(entry.offset, min(_START, self._file.size - entry.offset)).read(
            _START
        )
        if head[:4] != b"PK\x03\x04" or len(head) < _LOCAL.size:
            raise Refused(_DAMAGED + "no entry is where the list of contents says")
        name_size, extra_size = _LOCAL.unpack_from(head)[-2:]
        at = _LOCAL.size + name_size + extra_size
        source = self._file.part(entry.offset + at, entry.packed)
        start = head[at : at + entry.packed]
        if entry.method == _DEFLATED:
            start = first_inflated(start, START)
            return inflated(source, budget) if self._wanted(start, entry) else None
        if entry.method == _STORED:
            return source if self._wanted(start[:START], entry) else None
        if entry.method in _METHODS:
            return unpacked(source, _METHODS[entry.method], budget)
        raise Refused(f"is compressed by method {entry.method}", hint=UNPACK)

    def _wanted(self, start: bytes, entry: Entry) -> bool:
        """Whether an entry that begins so, or of which not enough was looked at, may be of interest."""
        return (
            self._everything
            or len(start) < START
            or may_be_binary(start)
            or may_be_archive(start, entry.size)
        )

    def claim(self, entry: Entry) -> None:
        """Takes the entry's bytes for it alone: called for those that are unpacked as a whole."""
        start, end = entry.offset, entry.offset + _LOCAL.size + entry.packed
        at = bisect.bisect(self._taken, (start, end))
        if (at and self._taken[at - 1][1] > start) or (
            at < len(self._taken) and self._taken[at][0] < end
        ):
            raise Refused("shares its bytes with another entry, as in a zip bomb", hint=UNPACK)
        self._taken.insert(at, (start, end))


class Checked:
    """The bytes of an entry behind its first ones; their number and checksum must be as stated."""

    __slots__ = ("_crc", "_entry", "_left", "_stream")

    def __init__(self, stream: Stream, entry: Entry, head: bytes) -> None:
        self._stream = stream
        self._entry = entry
        self._left = entry.size - len(head)
        self._crc = zlib.crc32(head)

    def read(self, size: int) -> bytes:
        """The next bytes; fewer than `size` only at the end."""
        data = self._stream.read(min(size, self._left))
        self._left -= len(data)
        self._crc = zlib.crc32(data, self._crc)
        return data

    def finish(self) -> None:
        """Raises Refused where this was not the end, or not what was packed."""
        if self._left or self._crc != self._entry.crc or self._stream.read(1):
            raise Refused(_DAMAGED + "its size or checksum is not as stated")
