"""How much an archive may ask of us: every bound in one place, and what happens beyond it.

Honest archives stay far below: a large image has 300,000 files and a few gigabytes; source code
packs 10 to 1, executables 3 to 1. Whoever has more can unpack it and name the folder.
"""

from __future__ import annotations

from collections.abc import Callable

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30

HEADERS = 1_000_000
"""Entries of one archive, all layers of an image together."""
IMAGE_PATHS = 600_000
"""Paths of one image: those of upper layers are remembered, at about 80 bytes each."""
MEMBER = 4 * GIB
"""One binary in an archive."""
TOTAL = 16 * GIB
"""What one archive may unpack to, and what standard input may hold. What is kept counts once more."""
RATIO, GRACE = 100, 64 * MIB
"""Beyond the grace, an archive may not unpack to more than so many times its own size."""
ENTRY, FRAME = 2 * KIB, 16 * KIB
"""An entry, or a frame of its own to unpack, takes as long as unpacking so many bytes does."""
IN_MEMORY = 16 * MIB
"""Larger members go to a temporary file."""
WINDOW_LOG = 26
"""zstd: 64 MiB of history. `zstd -19` uses 8; only `--long=27` and `--ultra -22` ask for 128."""
XZ_MEMORY = 66 * MIB
"""`xz -9`, the largest preset, needs 65 MiB to unpack."""
NAME = 64 * KIB
"""One extended header of a tar, which holds a long name; Linux's longest path is 4 KiB."""
JSON = 2 * MIB
"""One manifest or configuration of an image."""
MANIFESTS = 1000
"""Programs' images in one layout; index files may name each other four deep."""
TROUBLES = 100
"""After so many in one archive, the rest is not read."""
NESTED = 10
"""Archives in one archive that are named one by one; the others are counted."""
LAYERS = 1000
"""Archives in a tar that may turn out to be an image's layers."""
CHUNK = 256 * KIB

UNPACK = "unpack it in a safe place, and name the folder"
AGAIN = "fetch or make it again"


class Refused(Exception):
    """Why an archive, or a part of it, is not read; becomes a `Trouble`."""

    def __init__(self, message: str, *, hint: str = AGAIN) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class TooMuch(Refused):
    """The whole archive asks for too much: no more of it is read."""


class Budget:
    """What one archive has used up; `tick` is called at every step, to show that there is one."""

    __slots__ = ("headers", "packed", "tick", "unpacked")

    def __init__(self, packed: int, tick: Callable[[], None] = lambda: None) -> None:
        self.packed = packed
        self.tick = tick
        self.headers = 0
        self.unpacked = 0

    def header(self) -> None:
        """One more entry."""
        self.headers += 1
        if self.headers > HEADERS:
            raise TooMuch(f"more than {HEADERS:,} entries", hint=UNPACK)
        self.bytes(ENTRY)

    def bytes(self, count: int) -> None:
        """`count` more bytes came out of a decompressor, or what takes as long was done."""
        self.tick()
        self.unpacked += count
        if self.unpacked > TOTAL:
            raise TooMuch(f"unpacks to more than {TOTAL // GIB} GiB", hint=UNPACK)
        if self.unpacked > GRACE and self.unpacked > RATIO * self.packed:
            raise TooMuch(
                f"unpacks to more than {RATIO} times its size: a decompression bomb, or an archive "
                "of hardly anything but zeros",
                hint=UNPACK,
            )
