"""What `inspect` reads: files, folders, archives and images, as candidates; nothing is executed."""

from __future__ import annotations

from staticgo.sources.collect import collect, opened
from staticgo.sources.read import Answer, read_all

__all__ = ["Answer", "collect", "opened", "read_all"]
