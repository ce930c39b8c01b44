"""What is read from an ELF file beside its linkage, and what is refused."""

from __future__ import annotations

import mmap
from pathlib import Path

import pytest

from staticgo.binary import read
from staticgo.errors import ExitCode, FormatError
from staticgo.facts.elf import GO_ARCH
from staticgo.model.binary import Format, Kind, Linkage, Slice
from tests.binaries import elf
from tests.binaries.elf import SHT_STRTAB, SHT_SYMTAB, Elf, Shdr


def look(image: Elf) -> Slice:
    (found,) = read(image.build()).slices
    return found


def test_the_report_knows_its_format_and_size() -> None:
    report = read(elf.STATIC.build())
    assert (report.format, report.size, report.gaps) == (Format.ELF, len(elf.STATIC.build()), ())


@pytest.mark.parametrize(("key", "name"), GO_ARCH.items())
def test_every_cpu_has_go_s_name_and_can_be_static(key: tuple[int, int, bool], name: str) -> None:
    machine, bits, big_endian = key
    found = look(Elf(machine=machine, bits=bits, big_endian=big_endian))
    assert (found.machine, found.bits, found.big_endian) == (name, bits, big_endian)
    assert found.linkage is Linkage.STATIC


def test_a_big_endian_32_bit_program_is_read() -> None:
    found = look(elf.MIPS_DYNAMIC)
    assert (found.machine, found.interpreter, found.needed) == ("mips", "/lib/ld.so.1", ("c",))


def test_the_n32_abi_of_mips_is_not_go_s_mips() -> None:
    n32 = Elf(bits=32, big_endian=True, machine=8, flags=0x20)
    assert look(n32).machine == "mips64p32"


@pytest.mark.parametrize(
    ("machine", "name"), [(15, "parisc (64 bits)"), (0x1234, "machine 4660 (64 bits)")]
)
def test_a_cpu_that_go_does_not_know_keeps_its_own_name(machine: int, name: str) -> None:
    assert look(Elf(machine=machine)).machine == name


def test_the_flags_of_the_header_are_kept() -> None:
    assert look(elf.ARM_STATIC.but(flags=0x5000400)).flags == 0x5000400


def test_no_section_headers_means_stripped() -> None:
    assert look(elf.STATIC).stripped is True


@pytest.mark.parametrize(
    ("section", "stripped"),
    [
        (Shdr(name=b".symtab", type=SHT_SYMTAB), False),
        (Shdr(name=b".debug_info"), False),
        (Shdr(name=b".zdebug_info"), False),
        (Shdr(name=b".debug_info", flags=0x800), False),
        (Shdr(name=b".gopclntab"), True),
        (Shdr(name=b".dynsym", type=11), True),
    ],
)
def test_symbols_and_dwarf_mean_not_stripped(section: Shdr, stripped: bool) -> None:
    assert look(elf.STATIC.but(sections=(section,))).stripped is stripped


HOSTILE_SECTIONS = {
    "past the end": elf.STATIC.but(header={"shoff": 1 << 40}),
    "of no size": elf.STATIC.but(sections=(Shdr(name=b"a"),), header={"shentsize": 0}),
    "none of them": elf.STATIC.but(header={"shoff": 64}),
    "too many": elf.STATIC.but(sections=(Shdr(name=b"a"),), header={"shnum": 0xFFFF}),
    "names nowhere": elf.STATIC.but(sections=(Shdr(name=b"a"),), header={"shstrndx": 9}),
    "names without a table": elf.STATIC.but(sections=(Shdr(name=b"a"),), header={"shstrndx": 0}),
    "names in code": elf.STATIC.but(sections=(Shdr(name=b"a"),), header={"shstrndx": 1}),
    "compressed names": elf.STATIC.but(
        sections=(Shdr(name=b"a", type=SHT_STRTAB, flags=0x800, contents=b"\0" * 24),),
        header={"shstrndx": 1},
    ),
}


@pytest.mark.parametrize("name", HOSTILE_SECTIONS)
def test_hostile_section_headers_leave_a_gap_and_the_linkage_alone(name: str) -> None:
    report = read(HOSTILE_SECTIONS[name].build())
    (found,) = report.slices
    assert (found.stripped, found.linkage) == (None, Linkage.STATIC)
    assert [gap.what for gap in report.gaps] == ["section headers"]


def test_an_mmap_can_be_closed_after_reading(tmp_path: Path) -> None:
    path = tmp_path / "program"
    path.write_bytes(elf.DYNAMIC.build())
    with path.open("rb") as file:
        view = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    assert read(view) == read(elf.DYNAMIC.build())
    view.close()


def test_a_memoryview_of_words_is_read_as_bytes() -> None:
    image = elf.STATIC.build()
    assert read(memoryview(image).cast("I")) == read(image)


MAGICS = {
    b"": "an empty file",
    b"#!/bin/sh\n": "a script",
    b"\xca\xfe\xba\xbe\0\0\0\x34": "a Java class",
    b"\0asm\x01\0\0\0": "a WebAssembly module",
    b"\x1f\x8b\x08\0": "a gzip archive",
    b"hello, world\n": "a text file",
    "naïve café\n".encode(): "a text file",
    ("x" * 511 + "é").encode(): "a text file",
    bytes(range(1, 30)): "a file of no known binary format",
    b"\x7fELF": "a malformed ELF file",
    b"\x7fELF" + bytes(60): "a malformed ELF file",
    b"\x7fELF\x02\x01" + bytes(57): "a malformed ELF file",
}


@pytest.mark.parametrize("data", MAGICS)
def test_what_is_no_binary_is_named_and_refused(data: bytes) -> None:
    with pytest.raises(FormatError) as caught:
        read(data)
    assert caught.value.message.startswith(MAGICS[data])
    assert caught.value.hint
    assert caught.value.exit_code is ExitCode.INCONCLUSIVE


def test_a_header_without_the_rest_is_reported_not_refused() -> None:
    (found,) = read(elf.STATIC.build()[:64]).slices
    assert (found.kind, found.linkage) == (Kind.EXECUTABLE, Linkage.UNKNOWN)
