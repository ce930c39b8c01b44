"""Which files are read: those that were named, and those in folders, sorted; none is opened here."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from staticgo.model.source import Trouble
from staticgo.sources.names import shown

STANDARD_INPUT = "-"
PATH = "check the path and its permissions"
_LAYOUT, _BLOBS = frozenset({"oci-layout", "index.json", "blobs"}), "blobs"


class Found(NamedTuple):
    """A file to look into; or a folder that is an OCI image layout."""

    name: str
    path: str
    size: int
    named: bool
    """By the user, not found in a folder: something must be said of it."""
    layout: bool = False


class Edge(NamedTuple):
    """Where what was found in a named folder begins, or ends."""

    name: str
    begins: bool


def walk(paths: Iterable[str]) -> Iterator[Found | Edge | Trouble]:
    """What the paths lead to. Symbolic links are followed where they were named, and to files."""
    seen: set[tuple[int, int]] = set()
    for path in paths:
        if path == STANDARD_INPUT:
            yield Found(path, path, 0, True)
            continue
        try:
            status = Path(path).stat()
        except (OSError, ValueError) as error:  # ValueError: a NUL in it
            yield trouble(path, error)
            continue
        if stat.S_ISDIR(status.st_mode):
            yield from _named_folder(path, seen)
        elif stat.S_ISREG(status.st_mode):
            seen.add((status.st_dev, status.st_ino))
            yield Found(shown(path), path, status.st_size, True)
        else:
            yield Trouble(
                name=shown(path),
                message="is not a regular file",
                hint="name a file, or give its bytes to standard input: staticgo inspect -",
            )


def trouble(path: str, error: OSError | ValueError) -> Trouble:
    """What the operating system said against a path."""
    said = error.strerror if isinstance(error, OSError) else None
    return Trouble(name=shown(path), message=(said or str(error)).lower(), hint=PATH)


def _named_folder(path: str, seen: set[tuple[int, int]]) -> Iterator[Found | Edge | Trouble]:
    name = shown(path)
    yield Edge(name, True)
    links: list[str] = []
    yield from _folder(path, seen, links)
    # Last, so that a file in the folder goes by its own name.
    for link in sorted(links, key=os.fsencode):
        yield from _linked(link, seen)
    yield Edge(name, False)


def _folder(
    top: str, seen: set[tuple[int, int]], links: list[str]
) -> Iterator[Found | Edge | Trouble]:
    waiting = [top]  # not recursive: folders may be nested as deep as a path is long
    while waiting:
        path = waiting.pop()
        try:
            with os.scandir(path) as scan:
                inside = sorted(scan, key=lambda entry: os.fsencode(entry.name))
            if _is_layout(inside):
                yield Found(shown(path), path, 0, False, True)
                inside = [
                    entry for entry in inside if entry.name != _BLOBS or not _is_folder(entry)
                ]
        except OSError as error:
            yield trouble(path, error)
            continue
        folders = []
        for entry in inside:
            try:
                if entry.is_symlink():
                    links.append(entry.path)
                elif _is_folder(entry):
                    folders.append(entry.path)
                elif entry.is_file(follow_symlinks=False):
                    yield from _file(entry.path, entry.stat(follow_symlinks=False), seen)
            except OSError as error:
                yield trouble(entry.path, error)
        waiting.extend(reversed(folders))


def _is_layout(inside: list[os.DirEntry[str]]) -> bool:
    """Whether it is an image: its blobs are read as that, what stands beside them as in any folder."""
    return {entry.name for entry in inside} >= _LAYOUT


def _is_folder(entry: os.DirEntry[str]) -> bool:
    return entry.is_dir(follow_symlinks=False)


def _file(path: str, status: os.stat_result, seen: set[tuple[int, int]]) -> Iterator[Found]:
    """The file, unless it was found before under another name, or is empty."""
    key = (status.st_dev, status.st_ino)
    if status.st_size and key not in seen:
        seen.add(key)
        yield Found(shown(path), path, status.st_size, False)


def _linked(link: str, seen: set[tuple[int, int]]) -> Iterator[Found | Trouble]:
    try:
        status = Path(link).stat()
    except PermissionError as error:
        yield trouble(link, error)
    except OSError:  # it leads nowhere, or round in a circle: there is nothing to read
        return
    else:
        if stat.S_ISREG(status.st_mode):
            yield from _file(link, status, seen)
