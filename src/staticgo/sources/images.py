"""The files of an image: its layers from the top down, less what an upper one replaced or removed."""

from __future__ import annotations

import contextlib
import posixpath
from collections.abc import Iterator

from staticgo.model.source import Trouble
from staticgo.sources import tars
from staticgo.sources.disk import Window, open_window
from staticgo.sources.files import in_tar, tar_stream
from staticgo.sources.limits import IMAGE_PATHS, UNPACK, Budget, Refused
from staticgo.sources.magic import HEAD, is_binary
from staticgo.sources.manifests import Image, Store, images
from staticgo.sources.member import Member
from staticgo.sources.names import inside, plain
from staticgo.sources.tars import Entry, Kind

_WHITEOUT, _OPAQUE, _META = ".wh.", ".wh..wh..opq", ".wh..wh."
_ENTRIES = 50_000
"""Files of the layout itself: a few for each layer."""


class FolderStore:
    """A layout in a folder. Only regular files are opened, by names that hold no `..`."""

    def __init__(self, path: str) -> None:
        self._path = path

    @contextlib.contextmanager
    def open(self, name: str) -> Iterator[Window | None]:
        """The file of that name, or None where there is none."""
        try:
            opened = open_window(posixpath.join(self._path, name))
            window = opened.__enter__()
        except FileNotFoundError:
            yield None
            return
        with contextlib.ExitStack() as stack:
            stack.push(opened.__exit__)
            yield window


class TarStore:
    """A layout in a tar: where each of its files begins. Links are followed in it, a few times."""

    def __init__(self, file: Window, budget: Budget) -> None:
        self._file = file
        self.opened: set[str] = set()
        """Files that were asked for."""
        self._files: dict[str, tuple[int, int]] = {}
        self._links: dict[str, str] = {}
        for entry in tars.entries(file, budget):
            name = plain(entry.name)
            if entry.kind is Kind.FILE:
                self._files[name] = (file.tell(), entry.size)
            elif entry.kind is Kind.SYMBOLIC_LINK:
                self._links[name] = plain(posixpath.join(posixpath.dirname(name), entry.link))
            elif entry.kind is Kind.HARD_LINK:
                self._links[name] = plain(entry.link)
            if len(self._files) + len(self._links) > _ENTRIES:
                raise Refused(f"an image of more than {_ENTRIES:,} files", hint=UNPACK)

    @contextlib.contextmanager
    def open(self, name: str) -> Iterator[Window | None]:
        """The file of that name, or None where there is none."""
        name = plain(name)
        for _ in range(8):
            if name in self._files:
                self.opened.add(name)
                yield self._file.part(*self._files[name])
                return
            name = self._links.get(name, "")
        yield None


def image_members(store: Store, name: str, budget: Budget) -> Iterator[Member | Trouble]:
    """The binaries of all images of a layout."""
    found = images(store)
    for image in found:
        place = inside(name, image.label) if len(found) > 1 and image.label else name
        try:
            yield from _of_image(store, image, place, budget)
        except Refused as refused:
            yield Trouble(name=place, message=refused.message, hint=refused.hint)


def _of_image(store: Store, image: Image, name: str, budget: Budget) -> Iterator[Member | Trouble]:
    above = _Above()
    for layer in reversed(image.layers):
        with store.open(layer) as file:
            if file is None:
                raise Refused(f"its layer {layer} is missing")
            stream = tar_stream(file, budget)
            if stream is None:
                raise Refused(f"its layer {layer} is no tar archive")
            for entry in tars.entries(stream, budget):
                yield from above.visit(entry, name, budget)
            above.next_layer()


class _Above:
    """What the layers above hold and hide. Paths are kept as hashes: an image may have many."""

    def __init__(self) -> None:
        self._seen: set[int] = set()
        """Folders: they replace a file of the same path."""
        self._gone: set[int] = set()
        """Whatever replaces, or removes, a path and all below it."""
        self._opaque: set[int] = set()
        """Folders whose earlier contents are removed."""
        self._now: list[tuple[set[int], int]] = []
        """What this layer adds to those; it hides nothing of the layer itself."""
        self._files: dict[int, bool] = {}
        """Files of this layer that are hidden, and whether they are binaries."""

    def next_layer(self) -> None:
        """Goes one layer down."""
        for where, path in self._now:
            where.add(path)
        self._now.clear()
        self._files.clear()

    def visit(self, entry: Entry, name: str, budget: Budget) -> Iterator[Member | Trouble]:
        """The entry, if it is a binary and in the image."""
        path = plain(entry.name)
        folder, base = posixpath.split(path)
        if base.startswith(_WHITEOUT):
            if base == _OPAQUE:
                self._add(self._opaque, folder)
            elif not base.startswith(_META):  # aufs keeps its own things under such names
                self._add(self._gone, posixpath.join(folder, base[len(_WHITEOUT) :]))
            return
        self._add(self._seen if entry.kind is Kind.FOLDER else self._gone, path)
        if not self._hides(path):
            if entry.kind is Kind.HARD_LINK and self._lost(plain(entry.link)):
                yield Trouble(
                    name=inside(name, path),
                    message=f"is a hard link to {entry.link}, which an upper layer replaced",
                    hint=UNPACK,
                )
            yield from in_tar(entry, name, budget)
        elif entry.kind is Kind.FILE:
            self._files[hash(path)] = is_binary(entry.body.read(HEAD))

    def _add(self, where: set[int], path: str) -> None:
        self._now.append((where, hash(path)))
        known = len(self._seen) + len(self._gone) + len(self._opaque) + len(self._now)
        if known > IMAGE_PATHS:
            raise Refused(f"an image of more than {IMAGE_PATHS:,} paths", hint=UNPACK)

    def _lost(self, target: str) -> bool:
        """Whether a link's target may be a binary that is read under no other name."""
        if not self._hides(target):
            return False
        return self._files.get(hash(target), True)

    def _hides(self, path: str) -> bool:
        if hash(path) in self._seen or hash(path) in self._gone:
            return True
        while path:
            path = posixpath.dirname(path)
            if hash(path) in self._gone or hash(path) in self._opaque:
                return True
        return False
