"""What versions an ELF file asks of libraries, and who asks; through the dynamic section alone."""

from __future__ import annotations

import struct

import pytest

from staticgo.binary import read
from staticgo.model.binary import Linkage, Requirement
from tests.binaries import elf
from tests.binaries.elf import DATA, DT_STRTAB, Elf
from tests.binaries.elf_tables import (
    DT_RPATH,
    DT_RUNPATH,
    DT_SYMTAB,
    DT_VERNEED,
    DT_VERNEEDNUM,
    DT_VERSYM,
    NEEDS,
    SYMBOLS,
    VER_FLG_WEAK,
    Strings,
    versioned,
)

PROGRAM = Elf(interpreter=elf.GLIBC)
LAYOUTS = [
    PROGRAM,
    PROGRAM.but(bits=32, machine=3),
    PROGRAM.but(bits=32, machine=8, big_endian=True),
    PROGRAM.but(machine=22, big_endian=True),
]


def requires(image: Elf) -> dict[str, Requirement]:
    report = read(image.build())
    return {need.what: need for need in report.slices[0].requires}


def gaps(image: Elf) -> list[str]:
    return [gap.what for gap in read(image.build()).gaps]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_highest_version_is_told_with_the_symbols_that_ask_for_it(layout: Elf) -> None:
    image = versioned(NEEDS, SYMBOLS, layout)
    glibc = requires(image)["glibc"]
    assert (glibc.version, glibc.asked_by) == ("2.34", ("__libc_start_main", "dlsym"))
    assert gaps(image) == []


def test_numbers_are_compared_as_numbers() -> None:
    image = versioned({"libc.so.6": {"GLIBC_2.9": 0, "GLIBC_2.10": 0}}, {}, PROGRAM)
    assert requires(image)["glibc"].version == "2.10"


def test_other_libraries_have_versions_too() -> None:
    found = requires(versioned(NEEDS, SYMBOLS, PROGRAM))
    assert sorted(found) == ["glibc", "libstdc++ (CXXABI)", "libstdc++ (GLIBCXX)"]
    assert found["libstdc++ (GLIBCXX)"].version == "3.4.30"
    assert found["libstdc++ (GLIBCXX)"].asked_by == ("_ZSt4cout",)


def test_a_family_without_a_name_of_ours_keeps_its_own() -> None:
    image = versioned({"libssl.so.3": {"OPENSSL_3.0.0": 0}}, {"SSL_new": "OPENSSL_3.0.0"}, PROGRAM)
    assert requires(image) == {"OPENSSL": Requirement(what="OPENSSL", version="3.0.0")}


def test_libraries_share_the_versions_of_glibc() -> None:
    needs = {"libm.so.6": {"GLIBC_2.35": 0}, "libc.so.6": {"GLIBC_2.34": 0}}
    image = versioned(needs, {"hypot": "GLIBC_2.35", "puts": "GLIBC_2.34"}, PROGRAM)
    glibc = requires(image)["glibc"]
    assert (glibc.version, glibc.asked_by) == ("2.35", ("hypot",))


def test_a_version_that_only_weak_references_ask_for_is_no_requirement() -> None:
    needs = {"libc.so.6": {"GLIBC_2.34": 0, "GLIBC_2.38": VER_FLG_WEAK}}
    assert requires(versioned(needs, {}, PROGRAM))["glibc"].version == "2.34"


def test_packed_relocations_ask_for_the_first_glibc_that_knows_them() -> None:
    needs = {"libc.so.6": {"GLIBC_2.34": 0, "GLIBC_ABI_DT_RELR": 0}}
    assert requires(versioned(needs, {}, PROGRAM))["glibc"].version == "2.36"


def test_a_version_without_a_number_stands_for_itself() -> None:
    needs = {"libc.so.6": {"GLIBC_PRIVATE": 0, "GLIBC_2.2.5": 0}}
    found = requires(versioned(needs, {}, PROGRAM))
    assert found["GLIBC_PRIVATE"] == Requirement(what="GLIBC_PRIVATE", version="")


def test_many_symbols_are_counted() -> None:
    symbols = {f"f{number:02}": "GLIBC_2.34" for number in range(12)}
    asked = requires(versioned({"libc.so.6": {"GLIBC_2.34": 0}}, symbols, PROGRAM))["glibc"]
    assert asked.asked_by == (*(f"f{number:02}" for number in range(8)), "and 4 more")


def test_a_hidden_symbol_asks_as_well() -> None:
    image = versioned({"libc.so.6": {"GLIBC_2.34": 0}}, {"dlsym": "GLIBC_2.34"}, PROGRAM)
    place = 48 + 2  # two symbols of 24 bytes, and the first one's version
    hidden = image.data[:place] + struct.pack("<H", 2 | 0x8000) + image.data[place + 2 :]
    assert requires(image.but(data=hidden))["glibc"].asked_by == ("dlsym",)


def test_no_versions_is_no_gap() -> None:
    assert requires(elf.DYNAMIC) == {}
    assert gaps(versioned(NEEDS, {}, PROGRAM, number=0)) == []


def patched(tag: int, value: int) -> Elf:
    """The image of a program, one entry of its dynamic section changed."""
    image = versioned(NEEDS, SYMBOLS, PROGRAM)
    assert image.dynamic is not None
    entries = tuple((t, value if t == tag else v) for t, v in image.dynamic)
    return image.but(dynamic=entries)


@pytest.mark.parametrize("value", [1, DATA + 0x10000, 2**64 - 8])
def test_a_table_nowhere_is_a_gap_and_nothing_more(value: int) -> None:
    report = read(patched(DT_VERNEED, value).build())
    assert report.slices[0].linkage is Linkage.DYNAMIC
    assert report.slices[0].requires == ()
    assert [gap.what for gap in report.gaps] == ["version needs"]


@pytest.mark.parametrize("tag", [DT_SYMTAB, DT_VERSYM])
def test_symbols_nowhere_leave_the_versions(tag: int) -> None:
    image = patched(tag, 1)
    assert requires(image)["glibc"] == Requirement(what="glibc", version="2.34")
    assert gaps(image) == ["symbol versions"]


def test_records_that_go_in_circles_come_to_an_end() -> None:
    # vn_next of 2^32 - 1 leaves the table; of 1 it would read the same bytes, shifted.
    for step in (1, 2**32 - 1):
        image = versioned(NEEDS, SYMBOLS, PROGRAM, number=2**63)
        at = image.data.index(struct.pack("<HH", 1, 3))
        data = bytearray(image.data)
        data[at + 12 : at + 16] = struct.pack("<I", step)
        assert "version needs" in gaps(image.but(data=bytes(data)))


def test_more_records_than_any_program_has_are_not_read() -> None:
    needs = {f"l{number}": {f"V_{number}.{part}": 0 for part in range(10)} for number in range(500)}
    assert gaps(versioned(needs, {}, PROGRAM)) == ["version needs"]


def test_names_that_do_not_end_are_a_gap() -> None:
    image = patched(DT_STRTAB, DATA + 8)
    image = image.but(data=image.data[:-1] + b"x")
    assert "version needs" in gaps(image)


def test_the_count_bounds_what_is_read() -> None:
    found = requires(patched(DT_VERNEEDNUM, 1))
    assert list(found) == ["glibc"]


def run_paths(*entries: tuple[int, str]) -> tuple[str, ...]:
    strings = Strings()
    dynamic = tuple((tag, strings.add(text)) for tag, text in entries)
    image = Elf(dynamic=(*dynamic, (DT_STRTAB, DATA)), data=strings.contents)
    return read(image.build()).slices[0].run_paths


def test_run_paths_are_listed_in_order() -> None:
    assert run_paths((DT_RUNPATH, "$ORIGIN/../lib:/opt/lib")) == ("$ORIGIN/../lib", "/opt/lib")
    assert run_paths((DT_RPATH, "/opt/lib")) == ("/opt/lib",)
    assert run_paths((DT_RUNPATH, "")) == ()


def test_a_runpath_takes_the_place_of_an_rpath() -> None:
    assert run_paths((DT_RUNPATH, "/new"), (DT_RPATH, "/old")) == ("/new",)


def test_an_unreadable_run_path_is_a_gap() -> None:
    assert "run paths" in gaps(Elf(dynamic=((DT_RUNPATH, 1 << 30),)))
