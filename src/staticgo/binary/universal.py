"""Joins Mach-O files for several CPUs into one universal file, as `lipo -create` does."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from staticgo.errors import FormatError

_MAGIC = 0xCAFEBABE
_MACHO_64 = 0xFEEDFACF
_CPU_ARM64 = 0x0100000C
_ALIGNMENT = {_CPU_ARM64: 14}
"""Powers of two: a CPU's pages; 12 for any other (cctools' lipo.c)."""


def join(parts: Sequence[bytes]) -> bytes:
    """One universal file of 64-bit little-endian Mach-O files, in their order.

    Raises FormatError for what is no such file, and for what grows beyond the format's 4 GiB.
    """
    table = struct.pack(">II", _MAGIC, len(parts))
    end = len(table) + 20 * len(parts)
    body = b""
    start = end
    for part in parts:
        if len(part) < 16 or struct.unpack_from("<I", part)[0] != _MACHO_64:
            raise FormatError("a part is no 64-bit Mach-O file", hint="report this as a bug")
        cpu, subtype = struct.unpack_from("<II", part, 4)
        alignment = _ALIGNMENT.get(cpu, 12)
        offset = -(-end // (1 << alignment)) << alignment
        if offset + len(part) >= 1 << 32:
            raise FormatError("the parts are too large for one file", hint="ship them apart")
        table += struct.pack(">5I", cpu, subtype, offset, len(part), alignment)
        body += bytes(offset - end) + part
        end = offset + len(part)
    assert len(table) == start
    return table + body
