"""Recipes for Go's build information, in both of its encodings (Go's debug/buildinfo)."""

from __future__ import annotations

import struct

MAGIC = b"\xff Go buildinf:"
# cmd/go/internal/modload, infoStart and infoEnd.
START = bytes.fromhex("3077af0c9274080241e1c107e6d618e6")
END = bytes.fromhex("f932433186182072008242104116d8f2")

VERSION = "go1.26.8"
MODULES = (
    "path\texample.com/app\n"
    "mod\texample.com/app\t(devel)\t\n"
    "dep\tgolang.org/x/sys\tv0.39.0\th1:abc=\n"
    "dep\tgolang.org/x/text\tv0.32.0\n"
    "=>\t../text\t(devel)\t\n"
    "build\t-buildmode=exe\n"
    'build\tCGO_CFLAGS="-O2 -g"\n'
    "build\tCGO_ENABLED=1\n"
    "build\tCGO_LDFLAGS=\n"
)


def varint(number: int) -> bytes:
    """encoding/binary's Uvarint."""
    encoded = bytearray()
    while number >= 0x80:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*encoded, number])


def framed(modules: str) -> bytes:
    """The module text between its sentinels."""
    return START + modules.encode() + END


def inline(version: str = VERSION, modules: str = MODULES) -> bytes:
    """The encoding of Go 1.18 and later."""
    strings = (version.encode(), framed(modules) if modules else b"")
    header = (MAGIC + bytes((0, 2))).ljust(32, b"\0")
    return header + b"".join(varint(len(string)) + string for string in strings)


def pointers(
    address: int,
    version: str = VERSION,
    modules: str = MODULES,
    *,
    width: int = 8,
    big_endian: bool = False,
) -> bytes:
    """The encoding before Go 1.18, for a blob that stands at `address`."""
    texts = (version.encode(), framed(modules))
    form = (">" if big_endian else "<") + ("QQ" if width == 8 else "II")
    headers_at = address + 32
    texts_at = headers_at + 4 * width
    blob = (
        MAGIC + bytes((width, big_endian)) + struct.pack(form, headers_at, headers_at + 2 * width)
    )
    return b"".join(
        (
            blob.ljust(32, b"\0"),
            struct.pack(form, texts_at, len(texts[0])),
            struct.pack(form, texts_at + len(texts[0]), len(texts[1])),
            *texts,
        )
    )
