"""Debian packages: an `ar` archive whose `data.tar` holds the files (deb(5), ar(5))."""

from __future__ import annotations

from staticgo.sources.disk import Window
from staticgo.sources.limits import Budget, Refused
from staticgo.sources.streams import CUT

_MAGIC = b"!<arch>\n"
_HEADER = 60


def data(file: Window, budget: Budget) -> Window:
    """The `data.tar` of a package, compressed as it is."""
    at = len(_MAGIC)
    while at < file.size:
        budget.header()
        header = file.part(at, min(_HEADER, file.size - at)).read(_HEADER)
        if len(header) < _HEADER:
            raise Refused(CUT)
        digits = header[48:58].strip(b" ")
        if header[58:] != b"`\n" or not digits.isdigit():
            raise Refused("is damaged: a malformed header")
        size = int(digits)
        at += _HEADER
        if header[:16].startswith(b"data.tar"):
            return file.part(at, size)
        at += size + size % 2
    raise Refused("holds no data.tar")
