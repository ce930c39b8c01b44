"""Bytes in order: a window of a file, and what comes out of a decompressor, both bounded."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from staticgo.sources.limits import (
    CHUNK,
    FRAME,
    KIB,
    UNPACK,
    WINDOW_LOG,
    XZ_MEMORY,
    Budget,
    Refused,
)
from staticgo.sources.magic import Nature

CUT = "ends too early"
_INPUT = 64 * KIB
_WINDOW_WORDS = "memory", "Memory", "window"


class Stream(Protocol):
    """Something to read from front to back."""

    def read(self, size: int) -> bytes:
        """The next bytes; fewer than `size` only at the end."""

    def skip(self, size: int) -> None:
        """Goes on `size` bytes further, perhaps past the end."""


class Unpacked:
    """What chunks of bytes make together, from front to back."""

    __slots__ = ("_at", "_chunk", "_chunks")

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._chunk = b""
        self._at = 0

    def peek(self, size: int) -> bytes:
        """The next bytes, which stay to be read; fewer than `size` only at the end."""
        while len(self._chunk) - self._at < size and (chunk := next(self._chunks, b"")):
            self._chunk = self._chunk[self._at :] + chunk
            self._at = 0
        return self._chunk[self._at : self._at + size]

    def read(self, size: int) -> bytes:
        """The next bytes; fewer than `size` only at the end."""
        data = self._take(size)
        if len(data) == size or not data:
            return data
        pieces, size = [data], size - len(data)
        while size > 0 and (piece := self._take(size)):
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def skip(self, size: int) -> None:
        """Unpacks `size` bytes, and forgets them."""
        inside = min(size, len(self._chunk) - self._at)
        self._at += inside
        size -= inside
        while size > 0 and (piece := self._take(size)):
            size -= len(piece)

    def _take(self, size: int) -> bytes:
        """The next bytes that stand in one chunk; none only at the end."""
        if self._at >= len(self._chunk):
            self._chunk = next(self._chunks, b"")
            self._at = 0
        piece = self._chunk[self._at : self._at + size]
        self._at += len(piece)
        return piece


def buffered(source: Stream) -> Unpacked:
    """The same bytes, taken in large pieces."""
    return Unpacked(iter(lambda: source.read(_INPUT), b""))


class _Decompressor(Protocol):
    """What bz2, lzma and zstd have in common (PEP 784)."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Zlib:
    """zlib with the others' interface; `wbits` is 31 for gzip, -15 for bare deflate."""

    __slots__ = ("_inner",)

    def __init__(self, wbits: int) -> None:
        self._inner = zlib.decompressobj(wbits)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


def unpacked(source: Stream, nature: Nature, budget: Budget) -> Unpacked:
    """What `source`, compressed as `nature` says, unpacks to."""
    make, again = _DECOMPRESSORS[nature]
    return Unpacked(_frames(source, make, again, budget))


def inflated(source: Stream, budget: Budget) -> Unpacked:
    """What bare deflate, as it is in zip files, unpacks to."""
    return Unpacked(_frame(_Zlib(-15), source.read(_INPUT), source, budget))


def first_inflated(data: bytes, size: int) -> bytes:
    """Up to `size` first bytes that bare deflate unpacks to; none where it is damaged."""
    try:
        return zlib.decompressobj(-15).decompress(data, size)
    except zlib.error:
        return b""


def _frames(
    source: Stream, make: Callable[[], _Decompressor], again: bytes, budget: Budget
) -> Iterator[bytes]:
    """Frame after frame, as the command line tools unpack them; what begins otherwise is padding."""
    rest = source.read(_INPUT)
    while rest:
        budget.bytes(FRAME)
        decompressor = make()
        yield from _frame(decompressor, rest, source, budget)
        rest = decompressor.unused_data
        if len(rest) < len(again):
            rest += source.read(_INPUT)
        if not rest.startswith(again):
            return


def _frame(
    decompressor: _Decompressor, data: bytes, source: Stream, budget: Budget
) -> Iterator[bytes]:
    ended = False
    try:
        while not decompressor.eof:
            out = decompressor.decompress(data, CHUNK)
            data = b""
            budget.bytes(len(out))
            if out:
                yield out
            elif ended and not decompressor.eof:
                raise Refused(CUT)
            if decompressor.needs_input and not decompressor.eof:
                data = source.read(_INPUT)
                ended = not data
                if ended and not isinstance(decompressor, _Zlib):
                    raise Refused(CUT)
    except (zlib.error, OSError, EOFError) as error:
        raise _damaged(error) from error
    except Exception as error:
        # Modules are loaded only where they are needed, so their errors are known by name.
        if type(error).__name__ not in ("LZMAError", "ZstdError"):
            raise
        raise _damaged(error) from error


def _damaged(error: Exception) -> Refused:
    if any(word in str(error) for word in _WINDOW_WORDS):
        return Refused(
            f"is compressed so that unpacking takes too much memory ({error})", hint=UNPACK
        )
    return Refused(f"is damaged: {error}")


def _zstd() -> _Decompressor:
    zstd: Any
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    options = {zstd.DecompressionParameter.window_log_max: WINDOW_LOG}
    made: _Decompressor = zstd.ZstdDecompressor(options=options)
    return made


def _bzip2() -> _Decompressor:
    import bz2

    return bz2.BZ2Decompressor()


def _xz() -> _Decompressor:
    import lzma

    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY)


# How to unpack it, and how a further frame begins. zstd's may also be skippable ones, of the same
# end: RFC 8878, 3.1.2; what is neither is refused by the decompressor.
_DECOMPRESSORS: dict[Nature, tuple[Callable[[], _Decompressor], bytes]] = {
    Nature.GZIP: (lambda: _Zlib(31), b"\x1f\x8b"),
    Nature.XZ: (_xz, b"\xfd7zXZ"),
    Nature.BZIP2: (_bzip2, b"BZh"),
    Nature.ZSTD: (_zstd, b""),
}
