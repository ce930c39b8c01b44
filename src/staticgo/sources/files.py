"""The binaries in each kind of archive: found by their first bytes, the rest is never kept."""

from __future__ import annotations

import posixpath
from collections.abc import Generator, Iterator

from staticgo.model.source import Trouble
from staticgo.sources import tars, zips
from staticgo.sources.disk import Window
from staticgo.sources.keep import keep
from staticgo.sources.limits import (
    GIB,
    IN_MEMORY,
    JSON,
    LAYERS,
    MEMBER,
    UNPACK,
    Budget,
    Refused,
    TooMuch,
)
from staticgo.sources.magic import (
    COMPRESSED,
    HEAD,
    SMALLEST,
    TAR_BLOCK,
    is_binary,
    is_tar,
    may_be_archive,
    nature,
)
from staticgo.sources.manifests import DOCKER, OCI, is_docker
from staticgo.sources.member import Member
from staticgo.sources.names import inside, plain
from staticgo.sources.nested import is_archive, is_nested, nested
from staticgo.sources.streams import Stream, Unpacked, unpacked
from staticgo.sources.tars import Body, Entry, Kind

Layers = dict[str, Trouble]
"""The archives in a tar, by their plain names, and what is said of each unless it is a layer."""

_HOLES = "is stored with holes (a sparse file)"
_CONTINUED = "began in another volume of the archive"
_JOIN = "unpack all volumes together (tar -M), and name the folder"


def tar_stream(file: Window, budget: Budget) -> Stream | None:
    """The tar that `file` is, compressed or not; None where it is none."""
    head = file.head()
    kind = nature(head)
    if kind in COMPRESSED:
        stream = unpacked(file, kind, budget)
        return stream if is_tar_or_empty(stream.peek(TAR_BLOCK)) else None
    return file if is_tar_or_empty(head[:TAR_BLOCK]) else None


def is_tar_or_empty(block: bytes) -> bool:
    """A tar without entries, such as an empty layer, is nothing but zeros."""
    return is_tar(block) or block == bytes(TAR_BLOCK)


def in_tar(entry: Entry, archive: str, budget: Budget) -> Iterator[Member | Trouble]:
    """The entry, if it is a binary."""
    if entry.kind is Kind.SPARSE:
        yield Trouble(name=inside(archive, entry.name), message=_HOLES, hint=UNPACK)
    elif entry.kind is Kind.CONTINUED:
        yield Trouble(name=inside(archive, entry.name), message=_CONTINUED, hint=_JOIN)
    if entry.kind is not Kind.FILE or entry.size < SMALLEST:
        return
    head = entry.body.read(HEAD)
    if is_binary(head):
        name = inside(archive, entry.name)
        if said := _unfit(entry.size, entry.body):
            yield Trouble(name=name, message=said, hint=UNPACK)
        else:
            data = keep(head, entry.body, entry.size, budget)
            yield Member(name=name, size=entry.size, data=data)
    elif may_be_archive(head, entry.size) and is_archive(head, entry.body, budget):
        yield nested(archive, entry.name)


def in_zip(file: Window, archive: str, budget: Budget) -> Iterator[Member | Trouble]:
    """The binaries of a zip; one entry that is damaged does not hide the others."""
    opener = zips.Opener(file)
    for entry in zips.entries(file, budget):
        try:
            stream = opener.open(entry, budget)
            if stream is None:
                continue
            head = stream.read(min(HEAD, entry.size))
            if is_binary(head):
                if said := _unfit(entry.size, stream):
                    raise Refused(said, hint=UNPACK)
                opener.claim(entry)
                checked = zips.Checked(stream, entry, head)
                data = keep(head, checked, entry.size, budget)
                checked.finish()
                yield Member(name=inside(archive, entry.name), size=entry.size, data=data)
            elif may_be_archive(head, entry.size) and is_archive(head, stream, budget):
                yield nested(archive, entry.name)
        except TooMuch:
            raise
        except Refused as refused:
            name = inside(archive, entry.name)
            yield Trouble(name=name, message=refused.message, hint=refused.hint)


def in_compressed(stream: Unpacked, archive: str, budget: Budget) -> Iterator[Member | Trouble]:
    """The one file that a compressed file is, if it is a binary: `app.gz` holds `app`."""
    head = stream.peek(HEAD)
    stem = posixpath.basename(archive).rpartition(".")[0] or "contents"
    if is_binary(head):
        data = keep(b"", stream, None, budget)
        yield Member(name=inside(archive, stem), size=len(data), data=data)
    elif is_archive(stream.read(HEAD), stream, budget):
        yield nested(archive, stem)


def in_tars(
    stream: Stream, archive: str, budget: Budget
) -> Generator[Member | Trouble, None, Layers | None]:
    """The binaries of a tar; where it is an image, returns what may be layers, to be read as well."""
    image = False
    layers: Layers = {}
    for entry in tars.entries(stream, budget):
        name = plain(entry.name)
        if name in (OCI, DOCKER) and entry.kind is Kind.FILE:
            image = image or name == OCI or is_docker(entry.body.read(JSON))
            continue
        for item in in_tar(entry, archive, budget):
            if isinstance(item, Trouble) and is_nested(item) and len(layers) < LAYERS:
                layers[name] = item
            else:
                yield item
    if image:
        return layers
    yield from layers.values()
    return None


def _unfit(size: int, stream: Stream | Body) -> str:
    """Why a binary cannot be unpacked; "" where it can."""
    if size > MEMBER:
        return f"more than {MEMBER // GIB} GiB"
    # A file of terabytes that is nothing but holes must not be written out as zeros.
    if size > IN_MEMORY and isinstance(stream, Window | Body) and stream.has_holes(size):
        return _HOLES
    return ""
