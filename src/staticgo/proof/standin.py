"""Writes a DLL without code, whose one function is another DLL's (a forwarder).

PE/COFF, https://learn.microsoft.com/windows/win32/debug/pe-format: headers, and one section with an
export directory.
"""

from __future__ import annotations

import struct

_ALIGNMENT = 0x200
_PAGE = 0x1000
_MACHINES = {"386": 0x14C, "amd64": 0x8664, "arm64": 0xAA64}
_DLL, _EXECUTABLE, _32_BITS, _LARGE = 0x2000, 0x2, 0x100, 0x20
_DYNAMIC_BASE, _NX = 0x40, 0x100
_READABLE_DATA = 0x40000040


def forwarder(machine: str, dll: str, function: str, to: str) -> bytes:
    """The DLL for a CPU in Go's words; `to` is `library.function`."""
    exports = _exports(dll, function, to)
    wide = machine != "386"
    optional = _optional_header(len(exports), wide=wide)
    kind = _DLL | _EXECUTABLE | (_LARGE if wide else _32_BITS)
    headers = (
        b"MZ".ljust(60, b"\0")
        + struct.pack("<I", 64)
        + b"PE\0\0"
        + struct.pack("<HHIIIHH", _MACHINES[machine], 1, 0, 0, 0, len(optional), kind)
        + optional
        + struct.pack(
            "<8s6I2HI",
            b".rdata",
            len(exports),
            _PAGE,
            _ALIGNMENT,
            _ALIGNMENT,
            *(0, 0, 0, 0),
            _READABLE_DATA,
        )
    )
    return headers.ljust(_ALIGNMENT, b"\0") + exports.ljust(_ALIGNMENT, b"\0")


def _exports(dll: str, function: str, to: str) -> bytes:
    """The section: directory, three tables of one entry each, three names."""
    names = [text.encode() + b"\0" for text in (dll, to, function)]
    addresses = _PAGE + 40
    at = [addresses + 10]
    for name in names:
        at.append(at[-1] + len(name))
    own, target, exported, _ = at
    # An address that points into this section is a forwarder's name, not code.
    directory = struct.pack(
        "<II2H7I", 0, 0, 0, 0, own, 1, 1, 1, addresses, addresses + 4, addresses + 8
    )
    return directory + struct.pack("<IIH", target, exported, 0) + b"".join(names)


def _optional_header(exports: int, *, wide: bool) -> bytes:
    magic, word = (0x20B, "Q") if wide else (0x10B, "I")
    base = struct.pack("<Q", 0x180000000) if wide else struct.pack("<II", _PAGE, 0x10000000)
    return (
        struct.pack("<HBB5I", magic, 14, 0, 0, _ALIGNMENT, 0, 0, _PAGE)
        + base
        + struct.pack("<II6H", _PAGE, _ALIGNMENT, 6, 0, 0, 0, 6, 0)
        + struct.pack("<4I2H", 0, 2 * _PAGE, _ALIGNMENT, 0, 3, _DYNAMIC_BASE | _NX)
        + struct.pack(f"<4{word}II", 1 << 20, _PAGE, 1 << 20, _PAGE, 0, 16)
        + struct.pack("<II", _PAGE, exports)
        + bytes(15 * 8)
    )
