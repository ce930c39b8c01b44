"""Archives of each kind, and images, looked into. Loaded only when there is one."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator

from staticgo.model.source import Trouble
from staticgo.sources import debs
from staticgo.sources.disk import Window
from staticgo.sources.files import Layers, in_compressed, in_tars, in_zip, is_tar_or_empty
from staticgo.sources.images import FolderStore, TarStore, image_members
from staticgo.sources.keep import spooled
from staticgo.sources.limits import UNPACK, Budget, Refused
from staticgo.sources.magic import COMPRESSED, TAR_BLOCK, Nature, nature
from staticgo.sources.member import Member
from staticgo.sources.streams import Stream, unpacked


def in_layout(path: str, name: str, tick: Callable[[], None]) -> Iterator[Member | Trouble]:
    """The binaries of the images in a folder that is an OCI image layout."""
    yield from image_members(FolderStore(path), name, Budget(_size(path), tick))


def in_archive(
    file: Window, kind: Nature, name: str, tick: Callable[[], None]
) -> Iterator[Member | Trouble]:
    """The binaries of an archive, or of the images in it."""
    budget = Budget(file.size, tick)
    if kind is Nature.ZIP:
        yield from in_zip(file, name, budget)
    elif kind is Nature.DEB:
        data = debs.data(file, budget)
        packing = nature(data.head())
        if packing in COMPRESSED:
            yield from _in_package(unpacked(data, packing, budget), name, budget)
        elif packing is Nature.TAR:
            yield from _in_package(data, name, budget)
        else:
            raise Refused("its data.tar is packed in a way that is not known", hint=UNPACK)
    elif kind in COMPRESSED:
        stream = unpacked(file, kind, budget)
        if not is_tar_or_empty(stream.peek(TAR_BLOCK)):
            yield from in_compressed(stream, name, budget)
        elif (layers := (yield from in_tars(stream, name, budget))) is not None:
            # Its layers are needed in another order than they stand in.
            again = Budget(file.size, tick)
            with spooled(unpacked(file.part(0, file.size), kind, again), again) as whole:
                size = os.fstat(whole.fileno()).st_size
                yield from _in_image(
                    Window(whole.fileno(), 0, size), name, Budget(file.size, tick), layers
                )
    elif (layers := (yield from in_tars(file, name, budget))) is not None:
        yield from _in_image(file.part(0, file.size), name, Budget(file.size, tick), layers)


def _in_package(stream: Stream, name: str, budget: Budget) -> Iterator[Member | Trouble]:
    """A package may bring an image along, whose layers are no part of it."""
    layers = yield from in_tars(stream, name, budget)
    yield from (layers or {}).values()


def _in_image(
    file: Window, name: str, budget: Budget, archives: Layers
) -> Iterator[Member | Trouble]:
    store = TarStore(file, budget)
    yield from image_members(store, name, budget)
    for path, trouble in archives.items():
        if path not in store.opened and not path.startswith("blobs/"):
            yield trouble


def _size(path: str) -> int:
    """The bytes of a layout in a folder, not of what stands beside it; no link is followed."""
    total = 0
    for folder, _, names in os.walk(os.path.join(path, "blobs")):  # noqa: PTH118
        for name in names:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(folder, name)).st_size  # noqa: PTH118
    return total
