"""Files made to harm their reader: each gets an answer, in bounded time and memory.

What the fuzzer (tools/fuzz.py) found, and was mended, stands in the folder `hostile`.
"""

from __future__ import annotations

import os
import struct
import time
import tracemalloc
from pathlib import Path

import pytest

from staticgo.binary import read
from staticgo.binary.sizes import read_sizes
from staticgo.errors import FormatError
from staticgo.host.files import mapped
from staticgo.model.binary import BinaryReport, Linkage
from tests.binaries import elf, go, macho, pclntab, pe
from tests.binaries.elf import PT_LOAD, Phdr, Shdr
from tests.binaries.elf_tables import NEEDS, SYMBOLS, versioned
from tools.mutations import binaries

HOSTILE = Path(__file__).with_name("hostile")
FOUND = dict(
    line.split(": ", 1) for line in (HOSTILE / "INDEX").read_text("utf-8").splitlines() if line
)
FIXTURES = dict(binaries([]))

SECONDS, MEMORY = 1.0, 64 << 20
MIB, TIB = 1 << 20, 1 << 40
SLOW_DOWN = 3
"""What a slow machine may take, and one that others use too."""


def attempt(data: bytes) -> BinaryReport | None:
    """The report, with all that is read for it; None for a FormatError."""
    try:
        report = read(data)
    except FormatError as error:
        assert error.message
        assert error.hint
        return None
    assert sum(group.size for group in read_sizes(data, report)) == report.size
    assert sum(group.size for part in report.slices for group in part.sections) <= report.size
    return report


def report_of(data: bytes) -> BinaryReport:
    report = bounded(data)
    assert report is not None
    return report


def bounded(data: bytes) -> BinaryReport | None:
    """The same, within the time and the memory of one file."""
    start = time.process_time()
    report = attempt(data)
    assert time.process_time() - start < SECONDS * SLOW_DOWN
    tracemalloc.start()  # makes everything slower
    try:
        attempt(data)
        assert tracemalloc.get_traced_memory()[1] < MEMORY
    finally:
        tracemalloc.stop()
    return report


def grown(folder: Path, data: bytes, size: int) -> BinaryReport:
    """What is said of `data` at the beginning of a file of zeros, most of which is on no disk."""
    path = folder / "grown"
    path.write_bytes(data)
    os.truncate(path, size)
    with mapped(path) as mapping:
        return report_of(mapping)  # type: ignore[arg-type]


def gaps(report: BinaryReport) -> str:
    return "; ".join(f"{gap.what}: {gap.why}" for gap in report.gaps)


@pytest.mark.parametrize("name", FOUND)
def test_what_the_fuzzer_found(name: str) -> None:
    bounded((HOSTILE / name).read_bytes())


def test_every_fixture_of_the_fuzzer_says_what_it_was() -> None:
    assert {path.name for path in HOSTILE.iterdir()} == {*FOUND, "INDEX"}


@pytest.mark.parametrize("name", FIXTURES)
def test_cut_anywhere(name: str) -> None:
    """At every length where headers and tables are; a longer rest is padding, or code."""
    data = FIXTURES[name]
    for size in {*range(min(len(data), 700)), *range(0, len(data), 61)}:
        attempt(data[:size])


@pytest.mark.parametrize("value", [2**31, 2**32 - 1, 2**63, 2**64 - 1, 2**64 - 4096])
@pytest.mark.parametrize("image", [elf.STATIC, elf.DYNAMIC, elf.ARM_STATIC], ids=str)
def test_sizes_and_offsets_past_the_end_of_an_elf_file(image: elf.Elf, value: int) -> None:
    width = 8 if image.bits == 64 else 4
    whole = image.but(sections=(Shdr(name=b".gopclntab", contents=pclntab.table()),)).build()
    for at in range(16, len(whole) - width, width // 2):
        field = (value % (1 << 8 * width)).to_bytes(width, "little")
        report = attempt(whole[:at] + field + whole[at + width :])
        assert report is None or report.size == len(whole)


@pytest.mark.parametrize("value", [2**31, 2**32 - 1, 2**32 - 4096])
@pytest.mark.parametrize("image", [pe.MINGW.build(), macho.SIGNED.build()], ids=["pe", "mach-o"])
def test_sizes_and_offsets_past_the_end_of_other_files(image: bytes, value: int) -> None:
    for at in range(4, min(len(image), 1600) - 4, 4):
        attempt(image[:at] + struct.pack("<I", value) + image[at + 4 :])


@pytest.mark.parametrize("field", [{"shentsize": 0}, {"phnum": 0xFFFF}, {"phentsize": 0}])
def test_entries_without_size_and_without_number(field: dict[str, int]) -> None:
    image = elf.STATIC.but(sections=(Shdr(name=b".text"),), header=field)
    report = report_of(image.build())
    assert "headers" in gaps(report)
    assert report.slices[0].linkage in (
        (Linkage.STATIC,) if "shentsize" in field else (Linkage.UNKNOWN,)
    )


def test_as_many_sections_as_section_0_says() -> None:
    """e_shnum is 0: the number is 2^64-1, or as many as there is room for, all in one place."""
    image = elf.STATIC.but(sections=(Shdr(name=b".text"),), header={"shnum": 0}).build()
    at = struct.unpack_from("<Q", image, 40)[0]
    for number in (2**64 - 1, 0x4001, 0x4000):
        data = image[: at + 32] + struct.pack("<Q", number) + image[at + 40 :]
        assert "section headers" in gaps(report_of(data))
        assert report_of(data + bytes(number % (MIB // 64 + 1) * 64)).slices


def test_segments_over_each_other_are_counted_once() -> None:
    """A file of 1,000 segments, each of which is all of it, with Go's tables to be searched for."""
    load = Phdr(type=PT_LOAD, offset=0, vaddr=0x400000, filesz=2 * MIB, memsz=2 * MIB, flags=6)
    image = elf.STATIC.but(extra=(load,) * 1000, data=go.inline()).build()
    report = report_of(image.ljust(2 * MIB, b"\xfb"))
    assert report.slices[0].linkage is Linkage.UNKNOWN
    assert sum(group.size for group in report.slices[0].sections) == report.size


def test_version_needs_over_each_other() -> None:
    """Every record steps by one byte, and says that there are four milliards of them."""
    image = versioned(NEEDS, SYMBOLS, elf.DYNAMIC, number=2**32 - 1).build()
    for step in (1, 2, 16):
        data = image.replace(struct.pack("<I", 16), struct.pack("<I", step))
        assert report_of(data).slices[0].linkage is Linkage.DYNAMIC


def test_a_compressed_section_is_never_inflated() -> None:
    """Section names that are a bomb: SHF_COMPRESSED, and a header that promises 2^62 bytes."""
    bomb = struct.pack("<IIQQ", 1, 0, 2**62, 1) + b"\x78\x9c" + bytes(64)
    sections = tuple(
        Shdr(name=name, flags=0x800, contents=bomb)
        for name in (b".debug_info", b".gopclntab", b".go.buildinfo", b".rodata")
    )
    image = bytearray(elf.STATIC.but(sections=sections).build())
    assert report_of(bytes(image)).slices[0].linkage is Linkage.STATIC
    (at,) = struct.unpack_from("<Q", image, 40)
    (index,) = struct.unpack_from("<H", image, 62)
    struct.pack_into("<Q", image, at + 64 * index + 8, 0x800)
    assert "the section that should hold the names cannot" in gaps(report_of(bytes(image)))


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("count", [0, 17, 2**16, 2**31, 2**32 - 1])
def test_fat_files_of_no_and_of_too_many_slices(count: int, wide: bool) -> None:
    image = macho.fat((macho.ARM64, macho.PROGRAM.build()), wide=wide, count=count)
    assert bounded(image) is None
    assert bounded(image.ljust(MIB, b"\0")) is None


def test_a_fat_file_within_itself() -> None:
    """Slices that are the whole file, over each other, and a fat file as a slice."""
    program = macho.PROGRAM.build()
    inner = macho.fat((macho.ARM64, program))
    whole = {index: (0, len(inner)) for index in range(3)}
    circular = macho.fat(*((macho.ARM64, program),) * 3, places=whole)
    shared = macho.fat(*((macho.ARM64, program),) * 3, places={1: (68, len(program))})
    for data in (circular, shared, macho.fat((macho.ARM64, inner))):
        report = report_of(data)
        assert Linkage.UNKNOWN in {part.linkage for part in report.slices}
        assert report.gaps


@pytest.mark.parametrize("version", [45, 52, 69, 0x0003002D])
def test_java_classes_are_no_fat_files(version: int) -> None:
    with pytest.raises(FormatError, match="Java"):
        read(b"\xca\xfe\xba\xbe" + struct.pack(">I", version) + bytes(200))


@pytest.mark.parametrize(
    "length", [b"\xff" * 9 + b"\x01", b"\xff" * 10, b"\x80" * 9 + b"\x02", b"\xff" * 4 + b"\x0f"]
)
def test_a_length_of_the_build_information_that_overflows(length: bytes) -> None:
    blob = (go.MAGIC + bytes((0, 2))).ljust(32, b"\0") + length + b"go1.26"
    arm = macho.PROGRAM.but(data=blob)
    windows = pe.STATIC.but(
        sections=(pe.Scn(name=b".data", contents=blob, characteristics=pe.DATA),)
    )
    for image in (elf.STATIC.but(data=blob).build(), arm.build(), windows.build()):
        report = report_of(image)
        assert report.slices[0].go is None
        assert "Go build information" in gaps(report)


@pytest.mark.parametrize("magic", pclntab.FORMATS)
@pytest.mark.parametrize("count", [2**20, 2**20 + 1, 2**31, 2**32 - 1, 2**63, 2**64 - 1])
def test_a_function_table_of_many_functions(magic: int, count: int, tmp_path: Path) -> None:
    """In a small file that cannot hold them, and in a sparse one that could."""
    table = pclntab.table(magic=magic, header={0: count})
    section = Shdr(name=b".gopclntab", contents=table, flags=2)
    image = elf.STATIC.but(data=go.inline(), sections=(section,)).build()
    assert not report_of(image).slices[0].go_version.value
    behind = elf.STATIC.but(data=go.inline() + table).build()
    assert grown(tmp_path, behind, 64 * MIB).size == 64 * MIB


@pytest.mark.parametrize(("size", "flags"), [(200 * MIB, 6), (200 * MIB, 4), (TIB, 5), (TIB, 6)])
def test_a_segment_of_zeros_behind_a_plausible_header(
    size: int, flags: int, tmp_path: Path
) -> None:
    """No section says where to look: so much is searched, and a gap says that it was not all."""
    load = Phdr(type=PT_LOAD, offset=0, vaddr=1 << 28, filesz=size, memsz=size, flags=flags)
    plain = grown(tmp_path, elf.STATIC.but(extra=(load,)).build(), size)
    assert plain.slices[0].linkage is Linkage.STATIC
    assert ("Go build information: not in the first" in gaps(plain)) == (flags == 6)
    program = grown(tmp_path, elf.STATIC.but(data=go.inline(), extra=(load,)).build(), size)
    assert program.slices[0].go
    assert "Go function table: not in the first" in gaps(program)
    loaded = elf.DYNAMIC.but(extra=(load,)).build()
    assert grown(tmp_path, loaded, size).slices[0].linkage is Linkage.DYNAMIC


@pytest.mark.parametrize("size", [200 * MIB, TIB])
@pytest.mark.parametrize("name", sorted({*FIXTURES} & {"fat", *(n for n in FIXTURES if "." in n)}))
def test_zeros_behind_any_other_program(name: str, size: int, tmp_path: Path) -> None:
    assert grown(tmp_path, FIXTURES[name], size).size == size


def test_a_section_of_a_terabyte(tmp_path: Path) -> None:
    """Each of those that are looked into, from its place to the end of the file."""
    names = (b".gopclntab", b".go.buildinfo", b".rodata", b".data.rel.ro", b".strtab", b".symtab")
    sections = tuple(Shdr(name=name, flags=2 * (name[1:4] != b"str")) for name in names)
    image = bytearray(elf.STATIC.but(data=go.inline(), sections=sections).build())
    (at,) = struct.unpack_from("<Q", image, 40)
    for index in range(1, len(names) + 1):
        struct.pack_into("<Q", image, at + 64 * index + 32, TIB - 4096)
    types = {names.index(b".strtab"): 3, names.index(b".symtab"): 2}
    for index, kind in types.items():
        struct.pack_into("<I", image, at + 64 * (index + 1) + 4, kind)
    report = grown(tmp_path, bytes(image), TIB)
    assert report.slices[0].linkage is Linkage.STATIC


def test_many_functions_with_one_long_name(tmp_path: Path) -> None:
    """All of a sparse table's functions have the name of the first, which is cut."""
    name = "a." + "b" * 70_000
    table = pclntab.table([name], header={0: 1 << 16})
    image = elf.STATIC.but(data=go.inline() + table).build()
    assert grown(tmp_path, image, 8 * MIB).size == 8 * MIB


@pytest.mark.parametrize("length", [64 * MIB, 2**32 - 1])
def test_symbols_of_gigabytes(length: int, tmp_path: Path) -> None:
    """COFF's table of names, in a sparse file: a name is searched for in the first part only."""
    image = bytearray(pe.GO.but(symbols=((b"runtime.text", 1, 0),)).build())
    names = image.index(b"runtime.text\0") - 4
    struct.pack_into("<I", image, names, length)
    assert grown(tmp_path, bytes(image), 8 << 30).size == 8 << 30
    struct.pack_into("<I", image, 64 + 4 + 12 - 4, 2**31)  # so many records before it
    assert grown(tmp_path, bytes(image), TIB).size == TIB


@pytest.mark.parametrize(
    "text", ['"' + "\\x41" * 250_000 + '"=1', '"a"="' + '\\"' * 500_000, "`" * 10**6]
)
def test_a_setting_of_a_megabyte(text: str) -> None:
    """Quoted, with an end and without: no backtracking, and no list of its characters."""
    report_of(elf.STATIC.but(data=go.inline(modules=f"build\t{text}\n")).build())


def test_a_symbol_table_of_one_long_name() -> None:
    """Half a milliard bytes of names, if each were read to its end."""
    symbols = struct.pack("<IBBHQQ", 1, 2, 0, 1, 0, 1) * (1 << 16)
    sections = (
        Shdr(name=b".text", flags=6, contents=bytes(MIB)),
        Shdr(name=b".symtab", type=2, contents=symbols),
        Shdr(name=b".strtab", type=3, contents=b"\0" + b"a" * 8000 + b"\0"),
    )
    assert report_of(elf.STATIC.but(sections=sections).build()).slices
