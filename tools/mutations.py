"""Damage for the fuzzer: what it begins with, where readers look, and what is done there."""

from __future__ import annotations

import gzip
import lzma
import random
import struct
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from staticgo.binary.cursor import Cursor
from tests.binaries import (
    archives,
    corrupt,
    corrupt_pe,
    elf,
    elf_tables,
    go,
    macho,
    make,
    pclntab,
    pe,
)

_PLACES_LIMIT = 4096
_REAL_LIMIT = 200_000
_BLOCK = 512
_WORDS = (0, 1, 2, 7, 8, 15, 16, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x10000)
_HUGE = tuple(near for bits in (31, 32, 63, 64) for near in (2**bits - 1, 2**bits, 2**bits - 16))


class Seed(NamedTuple):
    """An honest or a corrupt file, and the ranges of it that are looked at."""

    name: str
    data: bytes
    places: tuple[tuple[int, int], ...]


class _Reads:
    """Ranges that were read."""

    def __init__(self) -> None:
        self.places: dict[tuple[int, int], None] = {}

    def note(self, offset: int, size: int) -> None:
        if size > 0 and offset >= 0 and len(self.places) < _PLACES_LIMIT:
            self.places[offset, min(size, 1 << 12)] = None


@contextmanager
def _watched() -> Iterator[_Reads]:
    """Every read through a Cursor in the block; the readers know nothing of it."""
    reads = _Reads()
    up_to, exactly = Cursor.up_to, Cursor.exactly

    def noted_up_to(self: Cursor, offset: int, size: int) -> bytes:
        reads.note(offset, size)
        return up_to(self, offset, size)

    def noted_exactly(self: Cursor, offset: int, size: int, what: str) -> bytes:
        reads.note(offset, size)
        return exactly(self, offset, size, what)

    Cursor.up_to, Cursor.exactly = noted_up_to, noted_exactly  # type: ignore[method-assign]
    try:
        yield reads
    finally:
        Cursor.up_to, Cursor.exactly = up_to, exactly  # type: ignore[method-assign]


def seeds(images: Iterable[tuple[str, bytes]], read: Callable[[bytes], object]) -> tuple[Seed, ...]:
    """The images, each with the places where `read` looks."""
    found = []
    for name, data in images:
        with _watched() as reads:
            read(data)
        places = tuple(place for place in reads.places if place[0] < len(data))
        found.append(Seed(name, data, places or ((0, len(data)),)))
    return tuple(found)


def binaries(folders: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    """All recipes, and small real files of `folders`, the same at each call."""
    for recipe in (
        make.IMAGES,
        corrupt.CORRUPT,
        corrupt_pe.CORRUPT,
        corrupt_pe.DAMAGED_BUT_DYNAMIC,
    ):
        yield from recipe.items()
    for module, kind in ((macho, macho.Macho), (pe, pe.Pe)):
        for name, image in sorted(vars(module).items()):
            if isinstance(image, kind):
                yield f"{module.__name__}.{name}", image.build()
    yield "fat", macho.fat((macho.ARM64, macho.PROGRAM.build()), (macho.AMD64, macho.INTEL.build()))
    wanted = elf_tables.versioned(elf_tables.NEEDS, elf_tables.SYMBOLS, elf.DYNAMIC)
    yield "versions", wanted.build()
    for magic in pclntab.FORMATS:
        for functions in (pclntab.PURE, pclntab.CGO):
            table = pclntab.table(functions, magic=magic)
            section = elf.Shdr(name=b".gopclntab", contents=table, flags=2)
            yield f"pclntab {magic:x}", elf.STATIC.but(sections=(section,)).build()
            yield f"pclntab, stripped {magic:x}", elf.STATIC.but(data=go.inline() + table).build()
    for folder in folders:
        yield from _real(folder)


def _real(folder: Path) -> Iterator[tuple[str, bytes]]:
    files = (path for path in sorted(folder.iterdir()) if path.is_file() and not path.is_symlink())
    small = (path for path in files if path.stat().st_size < _REAL_LIMIT)
    heads = ((path, path.read_bytes()) for path in small)
    magics = (b"\x7fELF", b"MZ", *macho_magics())
    binary = ((path.name, data) for path, data in heads if data.startswith(magics))
    yield from islice(binary, 0, 120, 5)


def macho_magics() -> tuple[bytes, ...]:
    """Thin and fat, both byte orders."""
    return tuple(bytes.fromhex(text) for text in ("cefaedfe", "cffaedfe", "feedface", "cafebabe"))


def packed() -> Iterator[tuple[str, bytes]]:
    """Archives and images of every kind."""
    tar = archives.tar(
        archives.extended(path="long/name"),
        archives.entry("x", archives.PROGRAM),
        archives.entry("text", archives.TEXT),
    )
    layout = archives.Layout()
    layout.index(layout.manifest([gzip.compress(tar), tar], "linux/amd64"))
    yield "tar", tar
    yield "tar.gz", gzip.compress(tar)
    yield "tar.xz", lzma.compress(tar)
    yield "gz", gzip.compress(archives.PROGRAM)
    yield "deb", archives.deb("data.tar.gz", gzip.compress(tar))
    yield "zip", archives.zipped({"app": archives.PROGRAM, "text": archives.TEXT})
    yield "saved", archives.saved([tar, archives.files({"x/.wh..wh..opq": b""})])
    yield "layout", layout.tar()


def mutant(chance: random.Random, all_seeds: tuple[Seed, ...]) -> tuple[str, bytes]:
    """One damaged file, and the name of what it was."""
    seed = chance.choice(all_seeds)
    data = bytearray(seed.data)
    for _change in range(chance.choice((1, 1, 1, 2, 2, 3, 4, 8))):
        if not data:
            break
        chance.choice(_CHANGES)(chance, data, seed)
    if chance.random() < 0.03:
        data = data[: chance.randrange(len(data) + 1)]
    if chance.random() < 0.03:
        data += chance.choice(all_seeds).data
    return seed.name, bytes(data)


def repacked(chance: random.Random, data: bytes) -> bytes:
    """A damaged tar, made credible: its checksums right, or compressed anew."""
    if chance.random() < 0.5:
        parts = [data[at : at + _BLOCK] for at in range(0, len(data), _BLOCK)]
        data = b"".join(map(_summed, parts))
    if chance.random() < 0.1:
        data = chance.choice((gzip.compress, lzma.compress))(data)
    return data


def _summed(block: bytes) -> bytes:
    if len(block) < _BLOCK or block[257:262] != b"ustar":
        return block
    blank = block[:148] + b" " * 8 + block[156:]
    return blank[:148] + b"%06o\0 " % sum(blank) + blank[156:]


def _where(chance: random.Random, data: bytearray, seed: Seed) -> int:
    """Mostly where readers look: a real program's bytes are nearly all code."""
    if chance.random() < 0.9:
        start, size = chance.choice(seed.places)
        return min(start + chance.randrange(size), len(data) - 1)
    return chance.randrange(len(data))


def _byte(chance: random.Random, data: bytearray, seed: Seed) -> None:
    data[_where(chance, data, seed)] = chance.randrange(256)


def _bit(chance: random.Random, data: bytearray, seed: Seed) -> None:
    data[_where(chance, data, seed)] ^= 1 << chance.randrange(8)


def _number(chance: random.Random, data: bytearray, seed: Seed) -> None:
    """A field of any width and byte order: a boundary, an offset of this file, or near what it was."""
    width = chance.choice((1, 2, 4, 4, 8, 8))
    order = chance.choice(("little", "little", "big"))
    at = _where(chance, data, seed)
    at -= at % chance.choice((1, 2, 4, 4))
    old = int.from_bytes(data[at : at + width], order)  # type: ignore[arg-type]
    size = len(data)
    new = chance.choice(
        (
            chance.choice(_WORDS),
            chance.choice(_HUGE),
            size + chance.randrange(-16, 17),
            chance.choice(seed.places)[0],
            old + chance.randrange(-16, 17),
            old << chance.randrange(1, 9),
            chance.getrandbits(8 * width),
        )
    )
    data[at : at + width] = (new % (1 << 8 * width)).to_bytes(width, order)  # type: ignore[arg-type]


def _copy(chance: random.Random, data: bytearray, seed: Seed) -> None:
    """One record over another one: tables that overlap, or lead in a circle."""
    size = chance.choice((2, 4, 8, 16, 20, 24, 40, 56, 64, 128))
    source, target = _where(chance, data, seed), _where(chance, data, seed)
    block = bytes(data[source : source + size])
    data[target : target + len(block)] = block


def _repeat(chance: random.Random, data: bytearray, seed: Seed) -> None:
    """One record, over and over."""
    size = chance.choice((1, 2, 4, 8, 12, 16, 20, 24, 40, 64))
    at = _where(chance, data, seed)
    block = bytes(data[at : at + size]) * chance.choice((2, 8, 64, 512))
    if chance.random() < 0.5:
        data[at : at + len(block)] = block
    else:
        data[at:at] = block


def _fill(chance: random.Random, data: bytearray, seed: Seed) -> None:
    at = _where(chance, data, seed)
    size = min(chance.choice((4, 8, 16, 64, 512, 4096)), len(data) - at)
    data[at : at + size] = bytes((chance.choice((0, 1, 0x20, 0x80, 0xFF)),)) * size


def _remove(chance: random.Random, data: bytearray, seed: Seed) -> None:
    at = _where(chance, data, seed)
    del data[at : at + chance.choice((1, 2, 4, 8, 16, 64, 512))]


def _insert(chance: random.Random, data: bytearray, seed: Seed) -> None:
    at = _where(chance, data, seed)
    data[at:at] = chance.randbytes(chance.choice((1, 2, 4, 8, 16, 64)))


def _text(chance: random.Random, data: bytearray, seed: Seed) -> None:
    """What ends names, leads out of folders, or counts in a way of its own."""
    at = _where(chance, data, seed)
    text = chance.choice((b"\0", b"/", b"../", b"\xff", b"\x1b[2J", b"9" * 20, b"9" * 5000, b"\n"))
    data[at : at + len(text)] = text


def _magic(chance: random.Random, data: bytearray, seed: Seed) -> None:
    """The beginning of something that readers look for."""
    at = _where(chance, data, seed) & -16
    magics = [struct.pack("<I", magic) + b"\0\0\1\x08" for magic in pclntab.FORMATS]
    data[at : at + 16] = chance.choice((*magics, go.MAGIC + b"\0\2", b"UPX!", b"GNU\0"))


_CHANGES = (
    *(_byte, _bit, _number, _number, _number, _number),
    *(_copy, _copy, _repeat, _fill, _remove, _insert, _text, _magic),
)
