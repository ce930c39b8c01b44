"""Versions, notes, sections and protections of hostile ELF files: a report, soon, that adds up."""

from __future__ import annotations

import struct
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staticgo.binary import read
from staticgo.errors import FormatError
from staticgo.model.binary import BinaryReport, Linkage
from tests.binaries import elf
from tests.binaries.elf import DATA, DT_STRTAB, PT_NOTE, Elf, Shdr
from tests.binaries.elf_tables import (
    DT_RUNPATH,
    DT_SYMTAB,
    DT_VERNEED,
    DT_VERNEEDNUM,
    DT_VERSYM,
    GNU_TAG,
    NEEDS,
    SYMBOLS,
    note,
    versioned,
    words,
)

SECONDS = 1.0
NAMES = (b".text", b".rodata", b".got.plt", b".comment", b".gopclntab", b".debug_info", b".strtab")
SEEDS = [
    versioned(NEEDS, SYMBOLS, Elf(interpreter=elf.GLIBC), (DT_RUNPATH, 1)).build(),
    versioned(NEEDS, SYMBOLS, Elf(bits=32, machine=8, big_endian=True)).build(),
    elf.STATIC.with_segment(PT_NOTE, GNU_TAG + note(b"NetBSD\0", 1, words(1))).build(),
    Elf(interpreter="/usr/libexec/ld.so", needed=("libc.so",), osabi=12).build(),
    elf.STATIC.but(sections=tuple(Shdr(name=name, contents=name * 3) for name in NAMES)).build(),
]
OPENBSD = Elf(interpreter="/usr/libexec/ld.so", needed=("libc.so", "libz.so")).build()


def attempt(data: bytes) -> BinaryReport | None:
    """The report, which always adds up, or None for a FormatError."""
    try:
        report = read(data)
    except FormatError:
        return None
    (found,) = report.slices
    assert sum(group.size for group in found.sections) == len(data)
    assert all(group.size > 0 for group in found.sections)
    assert set(found.foreign) <= set(found.needed)
    assert found.linkage is not Linkage.SYSTEM_ONLY or not found.foreign
    return report


@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), min_size=1, max_size=8),
)
def test_any_damage_gives_a_report_that_adds_up(
    image: bytes, changes: list[tuple[int, int]]
) -> None:
    data = bytearray(image)
    for position, value in changes:
        data[position % len(data)] = value
    attempt(bytes(data))


@pytest.mark.parametrize("number", range(len(SEEDS)))
def test_a_file_cut_anywhere_gives_a_report_that_adds_up(number: int) -> None:
    for size in range(0, len(SEEDS[number]), 3):
        attempt(SEEDS[number][:size])


def test_no_single_bit_makes_a_foreign_library_the_system_s() -> None:
    for position in range(len(OPENBSD)):
        for bit in range(8):
            data = bytearray(OPENBSD)
            data[position] ^= 1 << bit
            report = attempt(bytes(data))
            if report and report.slices[0].linkage is Linkage.SYSTEM_ONLY:
                # Then the library is not asked for any more, or has another name.
                assert "libz.so" not in report.slices[0].needed, position


tags = st.sampled_from((DT_SYMTAB, DT_VERSYM, DT_VERNEED, DT_VERNEEDNUM, DT_STRTAB, DT_RUNPATH, 1))
values = st.one_of(
    st.integers(DATA - 16, DATA + 512), st.integers(0, 64), st.integers(0, 2**64 - 1)
)


@given(st.lists(st.tuples(tags, values), max_size=10), st.binary(max_size=400))
def test_any_dynamic_section_gives_a_report(dynamic: list[tuple[int, int]], data: bytes) -> None:
    attempt(Elf(interpreter=elf.GLIBC, dynamic=tuple(dynamic), data=data + b"x").build())


@given(st.binary(max_size=200), st.sampled_from((0, 4, 8, 2**63)))
def test_any_notes_give_a_report(contents: bytes, align: int) -> None:
    assert attempt(elf.STATIC.with_segment(PT_NOTE, contents, align=align).build())


def crowded(count: int) -> Elf:
    """A program whose symbols all ask for the same version, and all have the same name."""
    order = "<"
    symtab = struct.pack(order + "I", 1).ljust(24, b"\0") * count
    versym = struct.pack(order + "H", 2) * count
    strings = b"\0f\0GLIBC_2.34\0"
    need = struct.pack(order + "HHIII", 1, 1, 1, 16, 0) + struct.pack(
        order + "IHHII", 0, 0, 2, 3, 0
    )
    places = (DATA, DATA + len(symtab), DATA + len(symtab) + len(versym))
    return Elf(
        interpreter=elf.GLIBC,
        data=symtab + versym + need + strings,
        dynamic=(
            (DT_SYMTAB, places[0]),
            (DT_VERSYM, places[1]),
            (DT_VERNEED, places[2]),
            (DT_VERNEEDNUM, 1),
            (DT_STRTAB, places[2] + len(need)),
        ),
    )


SLOW = {
    "a hundred thousand symbols that ask for one version": crowded(100_000),
    "versions without end": Elf(
        data=(struct.pack("<HHIII", 1, 0xFFFF, 1, 0, 1) * 20000) + b"\0A_1\0",
        dynamic=((DT_VERNEED, DATA), (DT_VERNEEDNUM, 2**64 - 1), (DT_STRTAB, DATA)),
    ),
    "notes of no size": elf.STATIC.with_segment(PT_NOTE, bytes(1 << 20)),
    "a hundred notes over the same bytes": elf.STATIC.but(
        extra=(elf.Phdr(type=PT_NOTE, offset=0, vaddr=0, filesz=1 << 20, memsz=0),) * 100,
        data=bytes(1 << 20),
    ),
}


def repeated(section: Shdr) -> bytes:
    """A file with one section sixteen thousand times, of a megabyte."""
    count = 16_000
    image = bytearray(elf.STATIC.but(sections=(section,), data=b"\0x" * (1 << 19)).build())
    table = image[int.from_bytes(image[40:48], "little") :]
    first, each, names = table[:64], table[64:128], table[128:192]
    each[24:40] = struct.pack("<QQ", 0, 1 << 20)
    struct.pack_into("<Q", image, 40, len(image))
    struct.pack_into("<HH", image, 60, count + 2, count + 1)
    return bytes(image + first + each * count + names)


MANY = (b".strtab", b".symtab", b".gopclntab", b".go.buildinfo", b".rodata", b".data.rel.ro")


@pytest.mark.parametrize("name", SLOW)
def test_hostile_counts_cost_less_than_a_second(name: str) -> None:
    assert_quick(SLOW[name].build())


@pytest.mark.parametrize("name", MANY)
def test_very_many_sections_cost_less_than_a_second(name: bytes) -> None:
    kind = {b".strtab": 3, b".symtab": 2}.get(name, 1)
    assert_quick(repeated(Shdr(name=name, type=kind)))


def assert_quick(data: bytes) -> None:
    start = time.process_time()
    attempt(data)
    assert time.process_time() - start < SECONDS
