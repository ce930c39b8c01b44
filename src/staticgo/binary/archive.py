"""Static libraries: which symbols each member of an `ar` archive defines and wants.

Format: ar(5), System V and BSD; the members are ELF relocatable files (System V ABI, chapter 4).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from staticgo.binary.cursor import Buffer
from staticgo.errors import FormatError
from staticgo.facts import elf, macho, pe

_MAGIC = b"!<arch>\n"
_HEADER = 60
_MOST_MEMBERS = 200_000
_MOST_SYMBOLS = 4_000_000
_MOST_NAME_BYTES = 128 * 1024 * 1024
_SHT_SYMTAB = 2
_WEAK = 2
_LOCAL = 0
_TLS = 6


class Member(NamedTuple):
    """One object file: the names it gives to others, and those it wants from them.

    Thread-local data that it wants is left out: it cannot be asked for like a function.
    """

    defines: frozenset[bytes]
    wants: frozenset[bytes]


class _Budget:
    """What a file may still cost: sections can share one table, and symbols one long name."""

    def __init__(self) -> None:
        self._symbols = _MOST_SYMBOLS
        self._name_bytes = _MOST_NAME_BYTES

    def take(self, *, symbols: int = 0, name_bytes: int = 0) -> None:
        self._symbols -= symbols
        self._name_bytes -= name_bytes
        if self._symbols < 0 or self._name_bytes < 0:
            raise FormatError("a static library with too many symbols", hint="report it as a bug")


def read_archive(data: Buffer) -> tuple[Member, ...]:
    """The ELF members of a static library. Members of other formats are passed over.

    Raises FormatError where `data` is no archive, or a broken one.
    """
    if bytes(data[:8]) != _MAGIC:
        raise FormatError("no static library (ar archive)", hint="give a lib*.a file")
    budget = _Budget()
    return tuple(
        _read_member(data, start, end, budget)
        for start, end in _members(data)
        if bytes(data[start : start + 4]) == b"\x7fELF"
    )


def machines(data: Buffer) -> frozenset[tuple[str, str]]:
    """What the members are for: `elf`, `macho` or `coff`, and Go's word for the CPU.

    Raises FormatError where `data` is no archive, or a broken one.
    """
    if bytes(data[:8]) != _MAGIC:
        raise FormatError("no static library (ar archive)", hint="give a lib*.a file")
    found = (_machine(bytes(data[start : min(start + 20, end)])) for start, end in _members(data))
    return frozenset(machine for machine in found if machine is not None)


def _machine(head: bytes) -> tuple[str, str] | None:
    if len(head) < 20:
        return None
    if head[:4] == b"\x7fELF":
        big = head[5] == 2
        number = int.from_bytes(head[18:20], "big" if big else "little")
        arch = elf.GO_ARCH.get((number, 64 if head[4] == 2 else 32, big))
        return ("elf", arch) if arch else None
    if head[:4] in (b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe"):
        cpu = macho.CPUS.get(int.from_bytes(head[4:8], "little"))
        return ("macho", cpu.name) if cpu else None
    # An object file of Windows has no magic; its symbol table stands behind its header (PE Format, 3).
    table = int.from_bytes(head[8:12], "little")
    for (number, _), arch in pe.GO_ARCH.items():
        if head[:2] == number.to_bytes(2, "little") and table >= 20 and head[16:18] == b"\0\0":
            return "coff", arch
    return None


def normalised(data: bytes) -> bytes:
    """The same archive with each member's time, owner and mode set to what `ar D` writes.

    Raises FormatError where `data` is no archive, or a broken one.
    """
    if data[:8] != _MAGIC:
        raise FormatError("no static library (ar archive)", hint="give a lib*.a file")
    result = bytearray(data)
    for header in _headers(data):
        # Date, owner, group and mode: 12, 6, 6 and 8 places after the name's 16.
        result[header + 16 : header + 48] = b"%-12d%-6d%-6d%-8o" % (0, 0, 0, 0o644)
    return bytes(result)


def wanted(members: Iterable[Member], roots: Iterable[str]) -> frozenset[str]:
    """What a link that starts at the symbols `roots` wants from outside the archives.

    As a linker goes: a member is taken if it defines what is wanted, and then wants things itself.
    """
    homes: dict[bytes, Member] = {}
    for member in members:
        for name in member.defines:
            homes.setdefault(name, member)
    outside: set[bytes] = set()
    seen = {name.encode() for name in roots}
    queue = [name for name in seen if name in homes]
    for name in queue:  # grows while we walk it
        for want in homes[name].wants:
            if want not in seen:
                seen.add(want)
                if want in homes:
                    queue.append(want)
                else:
                    outside.add(want)
    return frozenset(name.decode("utf-8", "replace") for name in outside)


def _headers(data: Buffer) -> Iterator[int]:
    """Where each member's header begins."""
    position, size = len(_MAGIC), len(data)
    for _ in range(_MOST_MEMBERS):
        if position + _HEADER > size:
            return
        header = bytes(data[position : position + _HEADER])
        try:
            length = int(header[48:58])
        except ValueError as error:
            raise FormatError("a broken static library", hint="build it again") from error
        end = position + _HEADER + length
        if header[58:60] != b"`\n" or length < 0 or end > size:
            raise FormatError("a broken static library", hint="build it again")
        yield position
        position = end + (end & 1)
    raise FormatError("a static library with too many members", hint="report it as a bug")


def _members(data: Buffer) -> Iterator[tuple[int, int]]:
    """Where each member's content begins and ends."""
    for position in _headers(data):
        header = bytes(data[position : position + _HEADER])
        start = position + _HEADER
        end = start + int(header[48:58])
        # BSD: the name stands before the content.
        long_name = header[:3] == b"#1/" and header[3:16].strip().isdigit()
        skip = int(header[3:16]) if long_name else 0
        yield min(start + skip, end), end


def _read_member(data: Buffer, start: int, end: int, budget: _Budget) -> Member:
    try:
        return _symbols(bytes(data[start:end]), budget)
    except (struct.error, IndexError, ValueError, OverflowError) as error:
        raise FormatError(
            "a broken object file in a static library", hint="build it again"
        ) from error


def _symbols(image: bytes, budget: _Budget) -> Member:
    wide, order = image[4] == 2, "<" if image[5] == 1 else ">"
    if wide:
        (offset,) = struct.unpack_from(order + "Q", image, 0x28)
        entry, count = struct.unpack_from(order + "HH", image, 0x3A)
        section = struct.Struct(order + "IIQQQQIIQQ")
    else:
        (offset,) = struct.unpack_from(order + "I", image, 0x20)
        entry, count = struct.unpack_from(order + "HH", image, 0x2E)
        section = struct.Struct(order + "IIIIIIIIII")
    if count and entry < section.size:
        raise ValueError("section headers too small")
    defines: set[bytes] = set()
    wants: set[bytes] = set()
    for index in range(count):
        fields = section.unpack_from(image, offset + index * entry)
        if fields[1] != _SHT_SYMTAB:
            continue
        strings = section.unpack_from(image, offset + fields[6] * entry)
        names = image[strings[4] : strings[4] + strings[5]]
        table = image[fields[4] : fields[4] + fields[5]]
        _take(table, names, order, defines, wants, budget, wide=wide)
    return Member(frozenset(defines), frozenset(wants))


def _take(
    table: bytes,
    names: bytes,
    order: str,
    defines: set[bytes],
    wants: set[bytes],
    budget: _Budget,
    *,
    wide: bool,
) -> None:
    symbol = struct.Struct(order + ("IBBHQQ" if wide else "IIIBBH"))
    usable = len(table) - len(table) % symbol.size
    budget.take(symbols=usable // symbol.size)
    for fields in symbol.iter_unpack(table[:usable]):
        name, info, section = (
            (fields[0], fields[1], fields[3]) if wide else (fields[0], fields[3], fields[5])
        )
        if not name or info >> 4 == _LOCAL:
            continue
        end = names.find(b"\0", name)
        text = names[name : end if end >= 0 else len(names)]
        budget.take(name_bytes=len(text))
        if section:
            defines.add(text)
        elif info >> 4 != _WEAK and info & 0xF != _TLS:
            wants.add(text)
