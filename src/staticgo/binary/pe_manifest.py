"""What a PE file's manifest asks the loader for: side-by-side assemblies, and files of its own.

Layout of resources: "PE Format", "The .rsrc Section". Manifests: Microsoft Learn, "Application
Manifests" and "Assembly Manifests"; Windows reads them before it maps a single import.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from staticgo.binary.cursor import Cursor, Unreadable
from staticgo.binary.pe_image import RESOURCE, Image
from staticgo.facts.libraries_windows import is_system_assembly
from staticgo.model.binary import Gap

MANIFEST = "manifest"

_RT_MANIFEST = 24
_SUBDIRECTORY = 0x80000000
# Far above any real file: its types, and the manifests' numbers and languages.
_TYPES_LIMIT = 1024
_MANIFESTS_LIMIT = 16
_SIZE_LIMIT = 64 << 10

# XML, as far as it matters here: no value of an attribute may hold a `<`, so what stands between two
# of them is one tag and the text behind it.
_TAG = re.compile(rb"(/?)(?:[^\s/>:]*:)?(\w+)(?![^\s/>])")
_NAME = re.compile(rb"\sname\s*=\s*[\"']([^\"']*)[\"']")


class Manifest(NamedTuple):
    """What was read; `gaps` says whether that is all of it."""

    loads: tuple[tuple[str, str], ...] = ()
    """How each thing that Windows does not promise is asked for, and its name."""
    gaps: tuple[Gap, ...] = ()


def read_manifest(image: Image) -> Manifest:
    """All of the manifests in the resources, whatever number and language they have."""
    loads: list[tuple[str, str]] = []
    try:
        for text in _manifests(image):
            loads += _asked_for(text)
    except Unreadable as error:
        return Manifest(tuple(loads), (error.gap,))
    return Manifest(tuple(dict.fromkeys(loads)))


def _manifests(image: Image) -> Iterator[bytes]:
    """Three levels: types, numbers, languages. The loader never looks at the directory's size."""
    place = image.directory(RESOURCE)
    if place is None:
        return
    root = place[0]
    count = 0
    for kind, numbers in _entries(image, root, 0, _TYPES_LIMIT):
        if kind != _RT_MANIFEST:
            continue
        for _number, languages in _entries(image, root, numbers, _MANIFESTS_LIMIT):
            for _language, at in _entries(image, root, languages, _MANIFESTS_LIMIT):
                count += 1
                if count > _MANIFESTS_LIMIT:
                    raise Unreadable(MANIFEST, f"more than {_MANIFESTS_LIMIT} of them")
                yield _contents(image, root + at)


def _entries(image: Image, root: int, offset: int, limit: int) -> Iterator[tuple[int, int]]:
    """Number (or place of a name) and offset of each entry of a "Resource Directory Table"."""
    # A subdirectory's offset has the uppermost bit set; where levels are mixed up, so is the loader.
    at = root + (offset & ~_SUBDIRECTORY)
    head = image.up_to(at, 16)
    if len(head) < 16:
        raise Unreadable(MANIFEST, "the file ends before its resources do, or holds none of them")
    count = sum(Cursor(head).records("HH", 12, 1, MANIFEST)[0])
    if count > limit:
        raise Unreadable(MANIFEST, f"{count} entries in a directory of resources")
    table = image.up_to(at + 16, 8 * count)
    if len(table) < 8 * count:
        raise Unreadable(MANIFEST, "the file ends within a directory of resources")
    entries = Cursor(table).records("II", 0, count, MANIFEST)
    yield from ((number, place) for number, place in entries)


def _contents(image: Image, at: int) -> bytes:
    """The bytes that a "Resource Data Entry" describes."""
    entry = image.up_to(at, 16)
    if len(entry) < 16:
        raise Unreadable(MANIFEST, "the file ends before its resources do, or holds none of them")
    address, size = Cursor(entry).records("II", 0, 1, MANIFEST)[0]
    if size > _SIZE_LIMIT:
        raise Unreadable(MANIFEST, f"{size} bytes, where {_SIZE_LIMIT} are read")
    text = image.up_to(address, size)
    if len(text) < size:
        raise Unreadable(MANIFEST, f"the file holds no {size} bytes for address {address:#x}")
    return text


def _asked_for(text: bytes) -> Iterator[tuple[str, str]]:
    """The assemblies and the files that a manifest names.

    What is in a comment counts too: to tell one for sure takes a parser of XML.
    """
    text = text.rstrip(b"\0")
    if b"\0" in text:  # UTF-16, the one encoding beside UTF-8
        order = "utf-16-be" if text.startswith((b"\0", b"\xfe\xff")) else "utf-16-le"
        text = text.decode(order, "replace").encode()
    depends = known = False
    for tag in text.split(b"<"):
        if tag.startswith((b"!DOCTYPE", b"!ENTITY")):
            raise Unreadable(MANIFEST, "it defines entities, which may stand for anything")
        parts = _TAG.match(tag)
        if parts is None:
            continue
        end, element = parts.groups()
        known = known or element == b"assembly"
        if element == b"dependentAssembly":
            depends = not end
        if end or not (element == b"file" or (element == b"assemblyIdentity" and depends)):
            continue
        names = [name.decode("utf-8", "replace") for name in _NAME.findall(tag)]
        if not names:
            raise Unreadable(MANIFEST, f"<{element.decode()}> has no name")
        if element == b"file":
            yield from (("has in its manifest the file", name) for name in names)
        else:
            strange = (name for name in names if not is_system_assembly(name))
            yield from (("has in its manifest the assembly", name) for name in strange)
    if not known:
        raise Unreadable(MANIFEST, "it has no <assembly>: not text that we know")
