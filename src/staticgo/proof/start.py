"""What a root of its own holds, and what is started in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_EMPTY = (("PATH", "/"), ("HOME", "/"))

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A command, and the root that it sees; names without a leading slash are in that root."""

    argv: tuple[str, ...]
    files: tuple[tuple[str, Path], ...]
    """Copied into the root: what stands at the second is seen as the first."""
    environment: Pairs = _EMPTY
    directory: str = "/"
    shown: tuple[str, ...] = ()
    """Files and folders of this machine that are seen at their own place, read-only."""
    folders: tuple[str, ...] = ()
    texts: tuple[tuple[str, bytes], ...] = ()
    links: Pairs = ()
    linked: Pairs = ()
    """Folders, each with a link to every entry of a folder of this machine."""

    def as_request(self) -> dict[str, object]:
        """As proof/inside.py reads it."""
        return {
            "argv": self.argv,
            "files": {name: str(path) for name, path in self.files},
            "environment": dict(self.environment),
            "directory": self.directory,
            "shown": self.shown,
            "folders": self.folders,
            "texts": {name: content.decode("latin-1") for name, content in self.texts},
            "links": dict(self.links),
            "linked": dict(self.linked),
        }


def in_empty_root(path: Path, emulator: Path | None, arguments: Sequence[str]) -> Start:
    """The program alone, or with its emulator."""
    if emulator is None:
        return Start(argv=("/app", *arguments), files=(("app", path),))
    return Start(
        argv=("/emulator", "/app", *arguments), files=(("app", path), ("emulator", emulator))
    )
