"""Candidates whose bytes can be read."""

from __future__ import annotations

import mmap
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One candidate binary: a file, or a file in an archive.

    Names are for people only: `app.tar.gz!usr/bin/app`, with whatever is not printable escaped.
    Nothing is ever opened by them.
    """

    name: str
    size: int
    path: str = ""
    """Where the file stands on the disk; "" for what came out of an archive."""
    data: mmap.mmap | bytes | None = None
    """What came out of an archive: memory, or a temporary file that has no name any more."""
