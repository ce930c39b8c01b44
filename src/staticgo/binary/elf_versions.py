"""Symbol versions that an ELF file asks of its libraries: `GLIBC_2.34`, and who asks for it.

Everything is found through the dynamic section, as ld.so finds it; section headers may lie.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from staticgo.binary.cursor import Unreadable
from staticgo.binary.elf_dynamic import Dynamic, Strings
from staticgo.binary.elf_image import Image
from staticgo.facts.elf import IMPLIED_GLIBC, VERSION_FAMILIES
from staticgo.model.binary import Gap, Requirement

VERSION_NEEDS = "version needs"

_DT_SYMTAB = 6
_DT_VERSYM, _DT_VERNEED, _DT_VERNEEDNUM = 0x6FFFFFF0, 0x6FFFFFFE, 0x6FFFFFFF
# Tags whose value is the address of a table; where the next one begins, the one before has ended.
# (The dynamic section does not say how many symbols there are, and DT_GNU_HASH leaves out those
# that are undefined.)
_TABLES = frozenset(
    (
        *(3, 4, 5, 6, 7, 12, 13, 17, 23, 25, 26, 32, 36),  # DT_PLTGOT to DT_RELR in the gABI
        *(0x6FFFFEF5, _DT_VERSYM, 0x6FFFFFFC, _DT_VERNEED),  # DT_GNU_HASH, DT_VERDEF
        *(0x6000000F, 0x60000011, 0x70000035, 0x70000036),  # Android's relocations, MIPS' own
    )
)
# A version that only weak references ask for may be missing: glibc elf/dl-version.c, match_symbol.
_VER_FLG_WEAK = 2
_INDEX = 0x7FFF  # the upper bit hides a symbol from the linker

_RECORD = 16  # Elf_Verneed and Elf_Vernaux alike, for 32 and 64 bits
_RECORDS_LIMIT = 4096  # a large real program has some 60
_TABLE_LIMIT = 1 << 17
_VERSION_LIMIT = 256
# A version is searched for in DT_VERSYM: these bound what a hostile table can make that cost.
_SYMBOLS_LIMIT = 1 << 18
_INDICES_LIMIT = 16
_MATCHES_LIMIT = 4096
_NAMES_LIMIT = 1024
_SHOWN = 8

_NUMBERED = re.compile(r"(.+)_([0-9]+(?:\.[0-9]+)*)", re.ASCII)


class _Need(NamedTuple):
    """One version of one library, and the number that DT_VERSYM calls it by."""

    version: str
    weak: bool
    number: int


def read_requirements(
    image: Image, dynamic: Dynamic
) -> tuple[tuple[Requirement, ...], tuple[Gap, ...]]:
    """The highest version of each family that the file asks for, with the symbols that ask."""
    address, count = dynamic.first(_DT_VERNEED), dynamic.first(_DT_VERNEEDNUM)
    if not address or not count:
        return (), ()
    try:
        if dynamic.strings is None:
            raise Unreadable(VERSION_NEEDS, "there is no table of their names")
        needs = list(_needs(image, dynamic.strings, address, count))
    except Unreadable as error:
        return (), (error.gap,)
    highest = _highest(needs)
    found = []
    gaps: dict[Gap, None] = {}
    symbols = _Symbols(image, dynamic, dynamic.strings)
    for what, (version, indices) in sorted(highest.items()):
        askers: tuple[str, ...] = ()
        try:
            # Names come from the file, so there may be thousands: only known ones are worth a search.
            if what in VERSION_FAMILIES.values():
                askers = symbols.asking_for(indices)
        except Unreadable as error:
            gaps[error.gap] = None
        found.append(Requirement(what=what, version=version, asked_by=askers))
    return tuple(found), tuple(gaps)


def _needs(image: Image, strings: Strings, address: int, count: int) -> Iterator[_Need]:
    """The records of DT_VERNEED; each says where the next one is, and may lie."""
    load = image.mapping(address, _RECORD, VERSION_NEEDS)
    past = address - load.vaddr
    table = image.cursor.up_to(load.offset + past, min(load.filesz - past, _TABLE_LIMIT))
    order = ">" if image.header.big_endian else "<"
    files, needs = struct.Struct(order + "HHIII"), struct.Struct(order + "IHHII")
    budget = _RECORDS_LIMIT
    at = 0
    for _number in range(count):
        _version, versions, _file, first, step = _record(files, table, at)
        need_at = at + first
        for _part in range(versions):
            budget -= 1
            if budget == 0:
                raise Unreadable(VERSION_NEEDS, f"more than {_RECORDS_LIMIT} of them")
            _hash, flags, index, name, need_step = _record(needs, table, need_at)
            text = strings.at(name, _VERSION_LIMIT)
            if not text:
                raise Unreadable(VERSION_NEEDS, "a version has no readable name")
            yield _Need(text, bool(flags & _VER_FLG_WEAK), index & _INDEX)
            if not need_step:
                break
            need_at += need_step
        budget -= 1
        if budget <= 0:
            raise Unreadable(VERSION_NEEDS, f"more than {_RECORDS_LIMIT} of them")
        if not step:
            return
        at += step


def _record(form: struct.Struct, table: bytes, at: int) -> tuple[int, ...]:
    if at + _RECORD > len(table):
        raise Unreadable(VERSION_NEEDS, "a record lies outside of its segment")
    return form.unpack_from(table, at)


def _highest(needs: Iterable[_Need]) -> dict[str, tuple[str, frozenset[int]]]:
    """For each family its highest version, and all indices of it: libraries share families."""
    best: dict[str, tuple[tuple[int, ...], str, frozenset[int]]] = {}
    for need in needs:
        if need.weak:
            continue
        name = IMPLIED_GLIBC.get(need.version, need.version)
        numbered = _NUMBERED.fullmatch(name)
        if numbered:
            family, version = numbered.groups()
            what = VERSION_FAMILIES.get(family, family)
            # Digits are few: a version is no longer than its limit.
            order = tuple(int(part) for part in version.split("."))
        else:
            what, version, order = name, "", ()
        known, text, indices = best.get(what, ((), "", frozenset()))
        if order > known or what not in best:
            best[what] = (order, version, frozenset((need.number,)))
        elif order == known:
            best[what] = (order, text, indices | {need.number})
    return {what: (text, indices) for what, (_order, text, indices) in best.items()}


class _Symbols(NamedTuple):
    """DT_SYMTAB and, in the same order, DT_VERSYM."""

    image: Image
    dynamic: Dynamic
    strings: Strings | None

    def asking_for(self, indices: frozenset[int]) -> tuple[str, ...]:
        """The symbols of these versions: sorted, the first few, and how many more."""
        what = "symbol versions"
        versym, symtab = self.dynamic.first(_DT_VERSYM), self.dynamic.first(_DT_SYMTAB)
        if not versym or not symtab or self.strings is None:
            return ()
        size = 24 if self.image.header.bits == 64 else 16
        versions_at, versions_room = self._table(versym, what)
        symbols_at, symbols_room = self._table(symtab, what)
        count = min(versions_room // 2, symbols_room // size, _SYMBOLS_LIMIT)
        versions = self.image.cursor.up_to(versions_at, 2 * count)
        positions = self._positions(versions, indices)
        names = set()
        for position in positions[:_NAMES_LIMIT]:
            ((offset,),) = self.image.cursor.records("I", symbols_at + position * size, 1, what)
            names.add(self.strings.at(offset) or "")
        names.discard("")
        shown = sorted(names)[:_SHOWN]
        more = len(names) - len(shown) + len(positions[_NAMES_LIMIT:])
        return (*shown, *([f"and {more} more"] if more else []))

    def _table(self, address: int, what: str) -> tuple[int, int]:
        """Where a table is in the file, and the bytes up to the next table, or its segment's end."""
        load = self.image.mapping(address, 1, what)
        end = load.vaddr + load.filesz
        later = [
            value for tag, value in self.dynamic.entries if tag in _TABLES and address < value < end
        ]
        return address - load.vaddr + load.offset, min([end, *later]) - address

    def _positions(self, versions: bytes, indices: frozenset[int]) -> list[int]:
        order: Literal["big", "little"] = "big" if self.image.header.big_endian else "little"
        found = []
        for index in sorted(indices)[:_INDICES_LIMIT]:
            for number in (index, index | _INDEX + 1):
                wanted = number.to_bytes(2, order)
                at = -1
                for _match in range(_MATCHES_LIMIT):
                    at = versions.find(wanted, at + 1)
                    if at < 0:
                        break
                    if at % 2 == 0:
                        found.append(at // 2)
        return found
