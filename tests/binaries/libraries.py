"""A recipe for tiny static libraries: `ar` archives of relocatable ELF files, each field free to lie."""

from __future__ import annotations

import struct
from collections.abc import Iterable

MAGIC = b"!<arch>\n"
LOCAL, GLOBAL, WEAK = 0x00, 0x10, 0x20
THREAD_LOCAL = 0x06
"""A type, to be added to the binding."""
UNDEFINED, TEXT, ABSOLUTE, COMMON = 0, 1, 0xFFF1, 0xFFF2

Symbol = tuple[bytes, int, int]
"""Name, binding and type, section."""


def object_file(symbols: Iterable[Symbol], *, bits: int = 64, big_endian: bool = False) -> bytes:
    """A relocatable file: header, names, symbols, section headers (none, symbols, names)."""
    order = ">" if big_endian else "<"
    names, table = b"\0", bytes(24 if bits == 64 else 16)
    for name, info, section in symbols:
        at = len(names) if name else 0
        names += name + b"\0" if name else b""
        table += (
            struct.pack(order + "IBBHQQ", at, info, 0, section, 0, 0)
            if bits == 64
            else struct.pack(order + "IIIBBH", at, 0, 0, info, 0, section)
        )
    header, section_form = (64, "IIQQQQIIQQ") if bits == 64 else (52, "IIIIIIIIII")
    names += bytes(-len(names) % 8)
    table_at = header + len(names)
    headers_at = table_at + len(table)
    form = struct.Struct(order + section_form)
    entry = 24 if bits == 64 else 16
    sections = (
        form.pack(*[0] * 10)
        + form.pack(0, 2, 0, 0, table_at, len(table), 2, 1, 8, entry)
        + form.pack(0, 3, 0, 0, header, len(names), 0, 0, 1, 0)
    )
    ident = b"\x7fELF" + bytes((2 if bits == 64 else 1, 2 if big_endian else 1, 1)) + bytes(9)
    word = "Q" if bits == 64 else "I"
    rest = struct.pack(
        f"{order}HHI{word}{word}{word}IHHHHHH",
        *(1, 62 if bits == 64 else 3, 1, 0, 0, headers_at, 0, header, 0, 0, form.size, 3, 2),
    )
    return ident + rest + names + table + sections


def member(name: bytes, content: bytes, *, size: bytes | None = None, end: bytes = b"`\n") -> bytes:
    """One member, padded to an even length."""
    length = str(len(content)).encode() if size is None else size
    header = name.ljust(16) + b"0".ljust(12) + b"0".ljust(6) + b"0".ljust(6) + b"644".ljust(8)
    return header + length.ljust(10) + end + content + b"\n" * (len(content) & 1)


def gnu(files: dict[bytes, bytes]) -> bytes:
    """An archive as GNU ar writes it: an index, a table of long names, members."""
    long_names = b"".join(name + b"/\n" for name in files if len(name) > 15)
    data = MAGIC + member(b"/", b"\0\0\0\0")
    if long_names:
        data += member(b"//", long_names)
    for name, content in files.items():
        at = long_names.find(name + b"/\n")
        data += member(b"/%d" % at if at >= 0 else name + b"/", content)
    return data


def bsd(files: dict[bytes, bytes]) -> bytes:
    """An archive as BSD's and Apple's ar write it: each name stands before the content."""
    data = MAGIC
    for name, content in files.items():
        padded = name + bytes(-len(name) % 4)
        data += member(b"#1/%d" % len(padded), padded + content)
    return data
