"""A recipe for tiny archives and images, honest or not: headers may say what they like."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence

from tests.binaries import elf

PROGRAM = elf.STATIC.build()
"""A candidate; `OTHER_PROGRAM` is another, and `TEXT` is none."""
OTHER_PROGRAM = elf.DYNAMIC.build()
TEXT = b"There is nothing to run here.\n" * 4

END = bytes(1024)
"""What ends a tar."""


def header(
    name: str,
    size: int | bytes = 0,
    *,
    kind: bytes = b"0",
    link: str = "",
    magic: bytes = b"ustar\x0000",
    tail: bytes = b"",
) -> bytes:
    """One header of a tar, its checksum right; `size` as bytes is the field itself."""
    field = size if isinstance(size, bytes) else b"%011o\0" % size
    front = name.encode("utf-8", "surrogateescape")[:100].ljust(100, b"\0")
    back = kind + link.encode()[:100].ljust(100, b"\0") + magic
    block = front + b"0000644\0" * 3 + field + b"00000000000\0" + b" " * 8 + back
    block = block.ljust(345, b"\0") + tail
    block = block.ljust(512, b"\0")
    return block[:148] + b"%06o\0 " % sum(block) + block[156:]


def padded(data: bytes) -> bytes:
    """Whole blocks of a tar."""
    return data + bytes(-len(data) % 512)


def entry(name: str, data: bytes = b"", *, kind: bytes = b"0", link: str = "") -> bytes:
    """One entry of a tar."""
    return header(name, len(data), kind=kind, link=link) + padded(data)


def extended(kind: bytes = b"x", **records: str) -> bytes:
    """A pax header; `_` in a keyword stands for a dot."""
    data = b""
    for key, value in records.items():
        record = f" {key.replace('_', '.')}={value}\n".encode()
        length = len(record) + 1
        while length != len(record) + len(str(length)):
            length += 1
        data += str(length).encode() + record
    return entry("././@PaxHeader", data, kind=kind)


def tar(*entries: bytes) -> bytes:
    """A tar of entries."""
    return b"".join(entries) + END


def files(contents: Mapping[str, bytes]) -> bytes:
    """A tar of plain files."""
    return tar(*(entry(name, data) for name, data in contents.items()))


def ar(members: Sequence[tuple[str, bytes]]) -> bytes:
    """An `ar` archive."""
    parts = [b"!<arch>\n"]
    for name, data in members:
        head = f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(data):<10}`\n"
        parts.append(head.encode() + data + b"\n" * (len(data) % 2))
    return b"".join(parts)


def deb(name: str, data: bytes) -> bytes:
    """A Debian package with a member `name` of files."""
    return ar([("debian-binary", b"2.0\n"), ("control.tar", END), (name, data)])


def zipped(contents: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in contents.items():
            archive.writestr(name, data)
    return file.getvalue()


class Layout:
    """An OCI image layout in the making: its files by name."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {"oci-layout": b'{"imageLayoutVersion":"1.0.0"}'}

    def blob(self, data: bytes) -> dict[str, object]:
        """Adds a blob; its descriptor."""
        digest = hashlib.sha256(data).hexdigest()
        self.files[f"blobs/sha256/{digest}"] = data
        return {"digest": f"sha256:{digest}", "size": len(data)}

    def manifest(self, layers: Sequence[bytes], platform: str = "") -> dict[str, object]:
        """Adds an image; the descriptor of its manifest."""
        system, _, cpu = platform.partition("/")
        config = self.blob(json.dumps({"os": system, "architecture": cpu}).encode())
        return self.json({"config": config, "layers": [self.blob(layer) for layer in layers]})

    def json(self, value: object) -> dict[str, object]:
        """Adds a blob of JSON."""
        return self.blob(json.dumps(value).encode())

    def index(self, *manifests: dict[str, object]) -> Layout:
        """Writes index.json."""
        self.files["index.json"] = json.dumps({"manifests": manifests}).encode()
        return self

    def tar(self) -> bytes:
        """All of it in a tar."""
        return files(self.files)


def saved(layers: Sequence[bytes], tag: str = "app:latest") -> bytes:
    """What `docker save` wrote before it wrote layouts."""
    names = [f"{number:064x}/layer.tar" for number in range(len(layers))]
    manifest = [{"Config": "config.json", "RepoTags": [tag], "Layers": names}]
    contents = dict(zip(names, layers, strict=True))
    return files({**contents, "manifest.json": json.dumps(manifest).encode()})
