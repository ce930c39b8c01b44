"""Reads a compiler's or linker's log from anywhere: what it means, and what of it is not known."""

from __future__ import annotations

import codecs
import dataclasses
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from staticgo.errors import UsageError
from staticgo.model.diagnosis import Reading
from staticgo.rules.log import read_lines, split_lines

READ_LIMIT = 256 << 20
"""Bytes of a log that are read; what a failed build says last is said long before."""
_BLOCK = 1 << 20


def read_log(name: str, *, limit: int = READ_LIMIT) -> Reading:
    """What the log in the file `name` says; `-` is standard input.

    Raises UsageError for what cannot be read.
    """
    try:
        if name == "-":
            return _read(sys.stdin.buffer, limit)
        with Path(name).open("rb") as file:
            if file.peek(4).startswith((b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe")):
                raise UsageError(
                    f"{name} is a binary, and no log", hint="`staticgo inspect` reads binaries"
                )
            return _read(file, limit)
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else error
        raise UsageError(
            f"{name} cannot be read: {said}",
            hint="name a file that holds a log, or - for standard input",
        ) from error


def _read(stream: BinaryIO, limit: int) -> Reading:
    reading = read_lines(_lines(stream, limit))
    # One byte tells whether there is more: a device or a pipe may have no end.
    return dataclasses.replace(reading, cut=bool(stream.read(1)))


def _lines(stream: BinaryIO, limit: int) -> Iterator[str]:
    """The log's lines; a line that never ends comes in parts, so that memory stays small."""
    rest = ""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    while limit > 0 and (block := stream.read(min(_BLOCK, limit))):
        limit -= len(block)
        text = rest + decoder.decode(block)
        held = "\r" if text.endswith("\r") else ""  # its LF may begin the next block
        *lines, rest = split_lines(text.removesuffix(held))
        rest += held
        yield from lines
        if len(rest) > _BLOCK:
            yield rest
            rest = ""
    yield from split_lines(rest + decoder.decode(b"", final=True))
