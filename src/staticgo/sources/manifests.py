"""Which layers make which image: OCI image layouts and `docker save` archives.

Sources: the OCI image specification (image-layout.md, image-index.md, manifest.md, descriptor.md), and
docker's image/spec for manifest.json. All of it is JSON that somebody else wrote.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any, NamedTuple, Protocol

from staticgo.sources.disk import Window
from staticgo.sources.limits import JSON, MANIFESTS, MIB, Refused

OCI, DOCKER = "oci-layout", "manifest.json"
_DIGEST = re.compile(r"([a-z0-9]{1,20}):([0-9a-f]{32,128})")
_DEEPEST = 4
_ATTESTATION = "attestation-manifest"
"""What BuildKit calls provenance that stands beside the images (vnd.docker.reference.type)."""


class Store(Protocol):
    """The files of a layout, in a folder or in a tar."""

    def open(self, name: str) -> AbstractContextManager[Window | None]:
        """The file of that name, or None where there is none."""


class Image(NamedTuple):
    """One image for one platform; the layers' files from the lowest up."""

    label: str
    layers: tuple[str, ...]


def images(store: Store) -> tuple[Image, ...]:
    """All images of a layout; labels tell them apart. Raises Refused where there is none."""
    with store.open(OCI) as layout:
        oci = layout is not None
    found = tuple(dict.fromkeys(_of_index(store) if oci else _of_docker(store)))
    if not found:
        raise Refused("names no image that is in it")
    return found


def is_docker(data: bytes) -> bool:
    """Whether this is the manifest.json of `docker save`, and not somebody else's."""
    try:
        manifest = _parsed(data, DOCKER)
    except Refused:
        return False
    return any("Layers" in image for image in _objects(manifest))


def _of_docker(store: Store) -> Iterator[Image]:
    for manifest in _objects(_json(store, DOCKER)):
        layers = manifest.get("Layers")
        if not isinstance(layers, list) or not all(isinstance(layer, str) for layer in layers):
            raise Refused(f"is damaged: {DOCKER} has no list of layers")
        tags = manifest.get("RepoTags")
        tag = tags[0] if isinstance(tags, list) and tags else ""
        yield Image(tag if isinstance(tag, str) else "", tuple(layers))


def _of_index(store: Store) -> Iterator[Image]:
    waiting = [(item, "", 0) for item in reversed(_manifests(_json(store, "index.json")))]
    seen = 0
    while waiting:
        item, reference, depth = waiting.pop()
        seen += 1
        if seen > MANIFESTS or depth > _DEEPEST:
            raise Refused(f"has more than {MANIFESTS} manifests, or an index in an index in one")
        notes = _object(item.get("annotations"))
        if notes.get("vnd.docker.reference.type") == _ATTESTATION:
            continue
        reference = reference or _string(notes, "org.opencontainers.image.ref.name")
        manifest = _object(_json(store, _blob(item), missing={}))
        # A layout may name platforms that it does not hold: image-layout.md, "Blobs".
        if "manifests" in manifest:
            below = [(inner, reference, depth + 1) for inner in _manifests(manifest)]
            waiting.extend(reversed(below))
        elif "layers" in manifest:
            platform = _platform(item) or _platform({"platform": _config(store, manifest)})
            layers = tuple(map(_blob, _objects(manifest["layers"])))
            yield Image(" ".join(filter(None, (reference, platform))), layers)


def _config(store: Store, manifest: dict[str, Any]) -> Any:
    config = manifest.get("config")
    return _json(store, _blob(config), missing={}) if isinstance(config, dict) else {}


def _platform(item: dict[str, Any]) -> str:
    platform = _object(item.get("platform"))
    parts = (_string(platform, key) for key in ("os", "architecture", "variant"))
    return "/".join(filter(None, parts))


def _blob(descriptor: dict[str, Any]) -> str:
    digest = _DIGEST.fullmatch(_string(descriptor, "digest"))
    if not digest:
        raise Refused("is damaged: a manifest without a proper digest")
    return f"blobs/{digest[1]}/{digest[2]}"


def _json(store: Store, name: str, missing: Any = None) -> Any:
    with store.open(name) as file:
        if file is None:
            if missing is None:
                raise Refused(f"has no {name}")
            return missing
        if file.size > JSON:
            raise Refused(f"its {name} is larger than {JSON // MIB} MiB")
        return _parsed(file.read(file.size), name)


def _parsed(data: bytes, name: str) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Refused(f"is damaged: {name} is no JSON") from error


def _manifests(index: Any) -> list[dict[str, Any]]:
    return _objects(_object(index).get("manifests"))


def _objects(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _string(value: dict[str, Any], key: str) -> str:
    text = value.get(key)
    return text if isinstance(text, str) else ""
