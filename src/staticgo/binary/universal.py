"""Several Mach-O images in one file, one for each CPU, as Apple's lipo joins them."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from staticgo.binary.cursor import Buffer, Unreadable
from staticgo.binary.macho_image import read_header
from staticgo.errors import FormatError
from staticgo.facts.macho import CPU_TYPE_X86_64, FAT_MAGICS, machine_name

_HINT = "join programs that were each built for one CPU of the Mac"
# Offsets of 32 bits: what lipo writes, and all that systems before macOS 10.13 read.
_LARGEST = 1 << 32
_ALIGN_X86_64, _ALIGN_ARM64 = 12, 14
"""Powers of two: the page sizes of the two CPUs' kernels, which map a slice as it stands."""


class _Part(NamedTuple):
    """One image, in the order of the file."""

    cputype: int
    cpusubtype: int
    image: Buffer

    @property
    def align(self) -> int:
        return _ALIGN_X86_64 if self.cputype == CPU_TYPE_X86_64 else _ALIGN_ARM64


def universal(images: Sequence[Buffer]) -> Iterator[Buffer]:
    """The pieces of the file that holds all `images`, in its order; the same for any order of theirs.

    Raises FormatError, before the first piece, for what is no Mach-O image, for two of one CPU, and
    where the file would be 4 GiB or more.
    """
    parts = _parts(images)
    table, end = b"", 8 + 20 * len(parts)
    body: list[Buffer] = []
    for part in parts:
        start = -(-end >> part.align) << part.align
        table += struct.pack(
            ">5I", part.cputype, part.cpusubtype, start, len(part.image), part.align
        )
        body += [bytes(start - end), part.image]
        end = start + len(part.image)
        if end >= _LARGEST:
            raise FormatError(f"{end} bytes together: a universal binary holds 4 GiB", hint=_HINT)
    return iter([FAT_MAGICS[0] + struct.pack(">I", len(parts)) + table, *body])


def _parts(images: Sequence[Buffer]) -> list[_Part]:
    found: dict[str, _Part] = {}
    for image in images:
        try:
            header, _ = read_header(image)
        except Unreadable as error:
            raise FormatError(f"no Mach-O image for one CPU: {error}", hint=_HINT) from error
        name = machine_name(header.cputype, header.cpusubtype)
        if name in found:
            raise FormatError(f"two images for {name}", hint=_HINT)
        found[name] = _Part(header.cputype, header.cpusubtype, image)
    if not found:
        raise FormatError("no images to join", hint=_HINT)
    return sorted(found.values(), key=lambda part: part[:2])
