"""Recipes for what hangs on an ELF dynamic section (symbol versions, run paths), and for notes."""

from __future__ import annotations

import struct
from collections.abc import Mapping

from tests.binaries.elf import DATA, DT_NEEDED, DT_STRTAB, Elf

DT_SYMTAB, DT_RPATH, DT_RUNPATH = 6, 15, 29
DT_BIND_NOW, DT_FLAGS, DT_JMPREL = 24, 30, 23
DT_VERSYM, DT_VERNEED, DT_VERNEEDNUM = 0x6FFFFFF0, 0x6FFFFFFE, 0x6FFFFFFF
VER_FLG_WEAK = 2

Needs = Mapping[str, Mapping[str, int]]
"""Library to versions; each with its flags."""


class Strings:
    """A string table that grows."""

    def __init__(self) -> None:
        self.contents = b"\0"

    def add(self, text: str) -> int:
        """The offset of `text`."""
        at = len(self.contents)
        self.contents += text.encode() + b"\0"
        return at


def versioned(
    needs: Needs,
    symbols: Mapping[str, str | None],
    image: Elf,
    *extra: tuple[int, int],
    number: int | None = None,
) -> Elf:
    """`image`, needing the libraries of `needs`; each symbol of a version ("" and None: of none).

    In `data`: DT_SYMTAB, DT_VERSYM, DT_VERNEED and DT_STRTAB. Versions are numbered from 2 in order.
    """
    strings = Strings()
    order = image.order
    numbers = {
        version: index
        for index, version in enumerate((v for found in needs.values() for v in found), start=2)
    }
    entry = "IIQQ" if image.bits == 64 else "IIII"
    blank = struct.calcsize(order + entry)
    symtab, versym = bytes(blank), struct.pack(order + "H", 0)
    for name, version in symbols.items():
        symtab += struct.pack(order + "I", strings.add(name)).ljust(blank, b"\0")
        versym += struct.pack(order + "H", numbers[version] if version else 1)
    verneed = b""
    for index, (library, versions) in enumerate(needs.items()):
        last = index == len(needs) - 1
        size = 16 + 16 * len(versions)
        head = (1, len(versions), strings.add(library), 16, 0 if last else size)
        verneed += struct.pack(order + "HHIII", *head)
        for position, (version, flags) in enumerate(versions.items()):
            step = 0 if position == len(versions) - 1 else 16
            part = (0, flags, numbers[version], strings.add(version), step)
            verneed += struct.pack(order + "IHHII", *part)
    libraries = [(DT_NEEDED, strings.add(library)) for library in needs]
    versym = versym.ljust(-(-len(versym) // 4) * 4, b"\0")
    versym_at = DATA + len(symtab)
    verneed_at = versym_at + len(versym)
    return image.but(
        data=symtab + versym + verneed + strings.contents,
        dynamic=(
            *libraries,
            (DT_SYMTAB, DATA),
            (DT_VERSYM, versym_at),
            (DT_VERNEED, verneed_at),
            (DT_VERNEEDNUM, len(needs) if number is None else number),
            (DT_STRTAB, verneed_at + len(verneed)),
            *extra,
        ),
    )


def note(
    owner: bytes, kind: int, content: bytes, *, big_endian: bool = False, align: int = 4
) -> bytes:
    """One note, its parts padded."""
    head = struct.pack((">" if big_endian else "<") + "III", len(owner), len(content), kind)
    start = (head + owner).ljust(-(-(12 + len(owner)) // align) * align, b"\0")
    return start + content.ljust(-(-len(content) // align) * align, b"\0")


def words(*numbers: int, big_endian: bool = False) -> bytes:
    """32-bit words, as the content of a note."""
    return struct.pack(f"{'>' if big_endian else '<'}{len(numbers)}I", *numbers)


GNU_TAG = note(b"GNU\0", 1, words(0, 3, 2, 0))
"""glibc's: Linux 3.2.0."""
NEEDS = {
    "libc.so.6": {"GLIBC_2.2.5": 0, "GLIBC_2.34": 0, "GLIBC_2.4": 0},
    "libm.so.6": {"GLIBC_2.29": 0},
    "libstdc++.so.6": {"GLIBCXX_3.4.9": 0, "GLIBCXX_3.4.30": 0, "CXXABI_1.3": 0},
}
SYMBOLS = {
    "malloc": "GLIBC_2.2.5",
    "__libc_start_main": "GLIBC_2.34",
    "dlsym": "GLIBC_2.34",
    "pow": "GLIBC_2.29",
    "__gmon_start__": None,
    "_ZSt4cout": "GLIBCXX_3.4.30",
}
