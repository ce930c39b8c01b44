"""Tar archives, header by header: POSIX pax, ustar, GNU and the oldest form.

Sources: POSIX `pax`; GNU tar's tar.h; Go's archive/tar (format.go), whose answers are followed where
those differ. Not Python's tarfile: it reads an extended header of any size into memory, and keeps
every entry.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from staticgo.sources.disk import Window
from staticgo.sources.limits import NAME, UNPACK, Budget, Refused
from staticgo.sources.magic import TAR_BLOCK, tar_checksum_holds
from staticgo.sources.streams import CUT, Stream

_ZERO = bytes(TAR_BLOCK)


class Kind(StrEnum):
    """What an entry is, as far as it matters here."""

    FILE = "file"
    SPARSE = "sparse"
    FOLDER = "folder"
    HARD_LINK = "hard link"
    SYMBOLIC_LINK = "symbolic link"
    CONTINUED = "continued"
    """The rest of a file that began in another volume."""
    OTHER = "other"


class Entry(NamedTuple):
    """One entry. Its bytes are read from `body` before the next entry is asked for."""

    name: str
    kind: Kind
    size: int
    link: str
    body: Body


class Body:
    """The bytes of one entry, which end where they should."""

    __slots__ = ("_stream", "left")

    def __init__(self, stream: Stream, size: int) -> None:
        self._stream = stream
        self.left = size

    def read(self, size: int) -> bytes:
        """The next bytes. Raises Refused where the archive ends before them."""
        wanted = min(size, self.left)
        data = self._stream.read(wanted)
        self.left -= len(data)
        if len(data) < wanted:
            raise Refused(CUT)
        return data

    def has_holes(self, size: int) -> bool:
        """Whether the next `size` bytes, at most to the end, are known not to be all on the disk."""
        return isinstance(self._stream, Window) and self._stream.has_holes(min(size, self.left))

    def skip(self, size: int) -> None:
        """Goes on `size` bytes further, at most to the end."""
        size = min(size, self.left)
        self.left -= size
        self._stream.skip(size)


class _Extended(NamedTuple):
    """What headers before an entry say of it; None: nothing."""

    name: str | None = None
    link: str | None = None
    size: int | None = None
    sparse: bool = False


# Types without contents, whatever their size field says (isHeaderOnlyType in Go).
_EMPTY = frozenset(b"123456")
# Whatever is not here is a regular file: POSIX pax, and GNU tar's extract.c.
_KINDS = {
    ord("1"): Kind.HARD_LINK,
    ord("2"): Kind.SYMBOLIC_LINK,
    ord("3"): Kind.OTHER,  # devices, and a FIFO
    ord("4"): Kind.OTHER,
    ord("6"): Kind.OTHER,
    ord("5"): Kind.FOLDER,
    ord("D"): Kind.FOLDER,  # with a list of what was in it
    ord("M"): Kind.CONTINUED,
    ord("N"): Kind.OTHER,  # long names, as GNU tar once kept them
    ord("S"): Kind.SPARSE,
    ord("V"): Kind.OTHER,  # the volume's label
}
_REGULAR = b"\x0007"
_EXTENSIONS = b"xXLK"
"""Of the next entry; `X` is Solaris' `x`."""


def entries(stream: Stream, budget: Budget) -> Iterator[Entry]:
    """The entries from front to back. Raises Refused for what is damaged or too much."""
    extended = _Extended()
    while (block := _block(stream, budget)) != _ZERO:
        if not tar_checksum_holds(block):
            raise Refused("is damaged: a header's checksum is wrong")
        mark, size = block[156], _number(block[124:136])
        if mark in _EXTENSIONS:
            extended = _extend(extended, mark, _extension(stream, size))
            continue
        size = 0 if mark in _EMPTY else size if extended.size is None else extended.size
        if mark == ord("S"):
            _skip_sparse_map(block, stream, budget)
        body = Body(stream, size)
        if mark != ord("g"):
            yield _entry(block, extended, size, body)
            extended = _Extended()
        body.skip(size)
        stream.skip(-size % TAR_BLOCK)


def _block(stream: Stream, budget: Budget) -> bytes:
    budget.header()
    block = stream.read(TAR_BLOCK)
    if len(block) < TAR_BLOCK:
        raise Refused(CUT)
    return block


def _entry(block: bytes, extended: _Extended, size: int, body: Body) -> Entry:
    name = extended.name
    if name is None:
        name = _text(block[:100])
        # GNU keeps times where POSIX keeps the front of a long name.
        if block[257:263] == b"ustar\0" and (prefix := _text(block[345:500])):
            name = f"{prefix}/{name}"
    kind = _KINDS.get(block[156], Kind.FILE)
    if kind is Kind.FILE and extended.sparse:
        kind = Kind.SPARSE
    elif block[156] in _REGULAR and name.endswith("/"):  # before ustar, folders were known by this
        kind = Kind.FOLDER
    link = _text(block[157:257]) if extended.link is None else extended.link
    return Entry(name, kind, size, link, body)


def _extension(stream: Stream, size: int) -> bytes:
    if size > NAME:
        raise Refused(f"an extended header of {size:,} bytes", hint=UNPACK)
    data = stream.read(size)
    if len(data) < size:
        raise Refused(CUT)
    stream.skip(-size % TAR_BLOCK)
    return data


def _extend(known: _Extended, mark: int, data: bytes) -> _Extended:
    if mark == ord("L"):
        return known._replace(name=_text(data))
    if mark == ord("K"):
        return known._replace(link=_text(data))
    for key, value in _records(data):
        if key in (b"path", b"GNU.sparse.name"):
            known = known._replace(name=_text(value))
        elif key == b"linkpath":
            known = known._replace(link=_text(value))
        elif key == b"size":
            known = known._replace(size=_decimal(value))
        if key.startswith(b"GNU.sparse."):
            known = known._replace(sparse=True)
    return known


def _records(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The records of a pax header: `LENGTH KEY=VALUE`, newline; the length counts all of it."""
    at = 0
    while at < len(data):
        space = data.find(b" ", at, at + 8)
        length = _decimal(data[at:space]) if space > 0 else 0
        end = at + length
        equals = data.find(b"=", space, end)
        if equals < 0 or end > len(data) or data[end - 1 : end] != b"\n":
            raise Refused("is damaged: a malformed extended header")
        yield data[space + 1 : equals], data[equals + 1 : end - 1]
        at = end


def _skip_sparse_map(block: bytes, stream: Stream, budget: Budget) -> None:
    """GNU's old form: more blocks of the map follow while a byte says so."""
    more = block[482]
    while more:
        more = _block(stream, budget)[504]


def _number(field: bytes) -> int:
    """A size: octal digits, or GNU's big-endian binary form, whose first byte is 0x80."""
    if field[0] & 0x80:
        value = int.from_bytes(field, "big") & ~(0x80 << 8 * (len(field) - 1))
        if value >= 1 << 63:  # negative there
            raise Refused("is damaged: a header with an impossible size")
        return value
    digits = field.strip(b" \0") or b"0"
    try:
        if digits.isdigit():  # int() would take signs and underscores
            return int(digits, 8)
    except ValueError:
        pass
    raise Refused("is damaged: a header with an impossible size")


def _decimal(digits: bytes) -> int:
    if not digits.isdigit() or len(digits) > 18:
        raise Refused("is damaged: a malformed extended header")
    return int(digits)


def _text(field: bytes) -> str:
    return field.partition(b"\0")[0].decode("utf-8", "surrogateescape")
