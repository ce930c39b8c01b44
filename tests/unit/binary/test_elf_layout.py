"""Sizes by purpose, protections, and the marks of linkers in an ELF file."""

from __future__ import annotations

import pytest

from staticgo.binary import read
from staticgo.binary.cursor import Cursor
from staticgo.binary.elf_dynamic import read_dynamic
from staticgo.binary.elf_image import Image, read_header, read_segments
from staticgo.binary.elf_layout import program_of
from staticgo.binary.elf_notes import read_notes
from staticgo.binary.elf_protections import Hardened, read_protections
from staticgo.binary.elf_sections import read_sections
from staticgo.binary.program import Program, Signs
from staticgo.model.binary import Clue, GoBuildInfo, Kind, State
from tests.binaries import elf
from tests.binaries.elf import (
    DF_1_PIE,
    DT_FLAGS_1,
    DYNAMIC,
    DYNAMIC_PIE,
    PT_GNU_EH_FRAME,
    PT_GNU_RELRO,
    PT_GNU_STACK,
    PT_NOTE,
    SHT_STRTAB,
    SHT_SYMTAB,
    STATIC,
    STATIC_PIE,
    Elf,
    Phdr,
    Shdr,
)
from tests.binaries.elf_tables import DT_BIND_NOW, DT_FLAGS, DT_JMPREL, GNU_TAG, note, words

ALLOC, WRITE, EXEC = 2, 1, 4


def groups(image: Elf) -> dict[str, int]:
    report = read(image.build())
    sizes = {group.name: group.size for group in report.slices[0].sections}
    assert sum(sizes.values()) == report.size
    return sizes


PURPOSES = {
    "code": Shdr(name=b".text", flags=ALLOC | EXEC),
    "read-only data": Shdr(name=b".rodata", flags=ALLOC),
    "data": Shdr(name=b".data", flags=ALLOC | WRITE),
    "Go tables": Shdr(name=b".gopclntab", flags=ALLOC),
    "debug information": Shdr(name=b".debug_info"),
    "symbols": Shdr(name=b".strtab", type=SHT_STRTAB),
    "relocations": Shdr(name=b".rela.dyn", type=4, flags=ALLOC),
}


@pytest.mark.parametrize("purpose", PURPOSES)
def test_every_section_counts_for_its_purpose(purpose: str) -> None:
    section = PURPOSES[purpose]
    image = STATIC.but(
        sections=(
            Shdr(name=section.name, type=section.type, flags=section.flags, contents=b"x" * 99),
        )
    )
    assert groups(image)[purpose] == 99


@pytest.mark.parametrize(
    ("name", "purpose"),
    [
        (b".data.rel.ro.gopclntab", "Go tables"),
        (b".go.buildinfo", "Go tables"),
        (b".note.go.buildid", "Go tables"),
        (b".data.rel.ro", "data"),
        (b".gnu_debugdata", "debug information"),
    ],
)
def test_names_tell_more_than_flags(name: bytes, purpose: str) -> None:
    section = Shdr(name=name, flags=ALLOC | WRITE, contents=b"x" * 99)
    assert groups(STATIC.but(sections=(section,)))[purpose] == 99


def test_sections_without_bytes_in_the_file_count_for_nothing() -> None:
    section = Shdr(name=b".bss", type=8, flags=ALLOC | WRITE, contents=b"x" * 99)
    assert set(groups(STATIC.but(sections=(section,)))) == {"other"}


def test_without_section_headers_the_segments_tell() -> None:
    image = STATIC.but(data=b"x" * 99)
    assert groups(image) == {"code": image.data_at, "data": 99}


def test_sections_that_overlap_are_counted_once() -> None:
    image = bytearray(
        STATIC.but(
            sections=(
                Shdr(name=b".text", flags=ALLOC | EXEC, contents=b"x" * 64),
                Shdr(name=b".rodata", flags=ALLOC, contents=b"y" * 64),
            )
        ).build()
    )
    shoff = int.from_bytes(image[40:48], "little")
    # sh_offset of the second is that of the first, and its size goes past the end of the file.
    image[shoff + 152 : shoff + 160] = image[shoff + 88 : shoff + 96]
    image[shoff + 160 : shoff + 168] = b"\xff" * 8
    report = read(bytes(image))
    assert sum(group.size for group in report.slices[0].sections) == len(image)


def test_the_largest_group_comes_first() -> None:
    sizes = [group.size for group in read(DYNAMIC.but(data=b"x").build()).slices[0].sections]
    assert sizes == sorted(sizes, reverse=True)


def hardened(
    image: Elf,
    kind: Kind = Kind.EXECUTABLE,
    os: str = "linux",
    go: GoBuildInfo | None = None,
    signs: Signs | None = None,
) -> dict[str, tuple[State, str]]:
    data = image.build()
    header = read_header(data)
    cursor = Cursor(data, big_endian=header.big_endian)
    whole = Image(cursor, header, read_segments(cursor, header))
    sections = read_sections(cursor, header)
    found = Hardened(whole, read_dynamic(whole), sections, kind, os, go, signs or Signs())
    return {each.name: (each.state, each.evidence) for each in read_protections(found)}


def phdr(kind: int, flags: int = 6, vaddr: int = 0, size: int = 0) -> Phdr:
    return Phdr(type=kind, offset=0, vaddr=vaddr, filesz=0, memsz=size, flags=flags)


PURE = {
    "go": GoBuildInfo(version="go1.26.8"),
    "signs": Signs(link_mode=Clue(value="internal"), cgo=Clue(value="no")),
}
RELRO = phdr(PT_GNU_RELRO, 4, elf.BASE, 0x1000)
LAZY = (DT_JMPREL, 64)
GOT = Shdr(name=b".got.plt", flags=ALLOC | WRITE, address=elf.BASE + 16, contents=bytes(24))
ELSEWHERE = Shdr(name=b".got.plt", flags=ALLOC | WRITE, address=0x900000, contents=bytes(24))


@pytest.mark.parametrize(
    ("image", "state"),
    [
        (DYNAMIC, State.OFF),
        (DYNAMIC.but(extra=(RELRO,), dynamic=(LAZY,)), State.PARTIAL),
        (DYNAMIC.but(extra=(RELRO,)), State.ON),
        (DYNAMIC.but(extra=(RELRO,), dynamic=(LAZY, (DT_BIND_NOW, 0))), State.ON),
        (DYNAMIC.but(extra=(RELRO,), dynamic=(LAZY, (DT_FLAGS, 8))), State.ON),
        (DYNAMIC.but(extra=(RELRO,), dynamic=(LAZY, (DT_FLAGS_1, 1))), State.ON),
        (DYNAMIC.but(extra=(RELRO,), dynamic=(LAZY, (DT_FLAGS_1, DF_1_PIE))), State.PARTIAL),
        (STATIC.but(extra=(RELRO,)), State.PARTIAL),
        (STATIC.but(extra=(RELRO,), sections=(GOT,)), State.ON),
        (STATIC.but(extra=(RELRO,), sections=(ELSEWHERE,)), State.PARTIAL),
        (STATIC.but(extra=(RELRO,), sections=(Shdr(name=b".text"),)), State.ON),
        (STATIC_PIE.but(extra=(RELRO,), patch={1: phdr(elf.PT_DYNAMIC)}), State.UNKNOWN),
    ],
)
def test_relro(image: Elf, state: State) -> None:
    found, evidence = hardened(image)["RELRO"]
    assert found is state, evidence


def test_relro_means_nothing_where_go_s_linker_fixed_all_addresses() -> None:
    assert hardened(STATIC)["RELRO"][0] is State.OFF
    assert hardened(STATIC, **PURE)["RELRO"][0] is State.NOT_APPLICABLE  # type: ignore[arg-type]
    assert hardened(STATIC_PIE, Kind.PIE, **PURE)["RELRO"][0] is State.OFF  # type: ignore[arg-type]


def test_static_musl_programs_do_not_heed_relro() -> None:
    musl = Signs(libc=Clue(value="musl"))
    image = STATIC_PIE.but(extra=(RELRO,), dynamic=((DT_FLAGS_1, DF_1_PIE | 1),))
    assert hardened(image, Kind.PIE, signs=musl)["RELRO"][0] is State.OFF
    assert hardened(image, Kind.PIE)["RELRO"][0] is State.ON
    assert hardened(image, Kind.SHARED_OBJECT, signs=musl)["RELRO"][0] is State.ON


@pytest.mark.parametrize(
    ("extra", "os", "state"),
    [
        ((), "linux", State.UNKNOWN),
        ((), "openbsd", State.ON),
        ((phdr(PT_GNU_STACK),), "linux", State.ON),
        ((phdr(PT_GNU_STACK, 7),), "linux", State.OFF),
        ((phdr(PT_GNU_STACK), phdr(PT_GNU_STACK, 7)), "linux", State.OFF),
        ((phdr(0x6FFFFFFB),), "solaris", State.ON),
        ((phdr(PT_GNU_STACK), phdr(elf.PT_LOAD, 7)), "linux", State.OFF),
    ],
)
def test_nx(extra: tuple[Phdr, ...], os: str, state: State) -> None:
    assert hardened(STATIC.but(extra=extra), os=os)["NX"][0] is state


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (Kind.PIE, State.ON),
        (Kind.EXECUTABLE, State.OFF),
        (Kind.SHARED_OBJECT, State.NOT_APPLICABLE),
    ],
)
def test_pie(kind: Kind, state: State) -> None:
    assert hardened(DYNAMIC_PIE, kind)["PIE"][0] is state


def with_names(*names: bytes) -> Elf:
    table = b"\0" + b"".join(name + b"\0" for name in names)
    strtab = Shdr(name=b".strtab", type=SHT_STRTAB, contents=table)
    return STATIC.but(sections=(Shdr(name=b".symtab", type=SHT_SYMTAB), strtab))


@pytest.mark.parametrize(
    ("image", "state"),
    [
        (with_names(b"main", b"__stack_chk_fail"), State.ON),
        (with_names(b"__stack_smash_handler"), State.ON),
        (with_names(b"main", b"x__stack_chk_fail", b"__stack_chk_failed"), State.OFF),
        (DYNAMIC, State.OFF),
        # What the recipe needs to put the name into the table of a stripped program.
        (DYNAMIC.but(needed=("libc.so.6", "__stack_chk_fail")), State.ON),
        (STATIC, State.UNKNOWN),
    ],
)
def test_canaries_are_told_by_the_function_that_they_call(image: Elf, state: State) -> None:
    assert hardened(image)["stack canary"][0] is state


def test_canaries_mean_nothing_in_pure_go_code() -> None:
    found = hardened(with_names(b"main.main"), **PURE)["stack canary"]  # type: ignore[arg-type]
    assert found[0] is State.NOT_APPLICABLE
    cgo = Signs(link_mode=Clue(value="internal"), cgo=Clue(value="yes"))
    go = GoBuildInfo(version="go1.26.8")
    assert hardened(with_names(b"main.main"), go=go, signs=cgo)["stack canary"][0] is State.OFF


def test_what_nobody_runs_has_no_protections() -> None:
    assert hardened(STATIC, Kind.RELOCATABLE) == {}
    assert read(STATIC.but(header={"phnum": 0xFFFF}).build()).slices[0].protections == ()


def program(image: Elf, go: GoBuildInfo | None = None) -> Program:
    data = image.build()
    header = read_header(data)
    cursor = Cursor(data, big_endian=header.big_endian)
    whole = Image(cursor, header, read_segments(cursor, header))
    sections = read_sections(cursor, header)
    return program_of(whole, read_dynamic(whole), sections, go, read_notes(whole))


def texts(found: Program, ranges: tuple[tuple[int, int], ...]) -> list[bytes]:
    return [found.cursor.up_to(*each) for each in ranges]


def test_the_marks_of_another_linker_are_named() -> None:
    sections = tuple(Shdr(name=name) for name in (b".text", b".init", b".comment"))
    assert program(STATIC.but(sections=sections)).external == "sections .init, .comment"
    assert program(STATIC.but(extra=(phdr(PT_GNU_EH_FRAME),))).external == "PT_GNU_EH_FRAME"
    assert program(STATIC).external == ""


def test_signs_are_looked_for_where_sections_are_named() -> None:
    sections = (
        Shdr(name=b".rodata", contents=b"messages"),
        Shdr(name=b".data.rel.ro", contents=b"merged"),
        Shdr(name=b".gopclntab", contents=b"table"),
        Shdr(name=b".symtab", type=SHT_SYMTAB),
        Shdr(name=b".strtab", type=SHT_STRTAB, contents=b"\0main\0"),
    )
    found = program(DYNAMIC.but(sections=sections))
    assert texts(found, found.texts) == [b"messages"]
    assert texts(found, found.pclntab) == [b"table"]
    assert texts(found, found.searched)[0] == b"merged"
    assert texts(found, found.symbols)[1:] == [b"\0main\0"]
    assert texts(found, found.symbols)[0].startswith(b"\0libc.so.6\0")
    assert found.dynamic


def test_without_section_headers_segments_are_looked_at() -> None:
    found = program(STATIC.but(data=b"data"))
    whole = [(0, STATIC.but(data=b"data").data_at)]
    assert list(found.texts) == whole
    assert [*found.searched[:1]] == whole
    assert texts(found, found.searched)[1] == b"data"
    assert (found.pclntab, found.symbols, found.dynamic) == ((), (), False)


def test_notes_and_claims_are_handed_on() -> None:
    go = GoBuildInfo(version="go1.26.8", settings=(("CGO_ENABLED", "1"),))
    found = program(STATIC.with_segment(PT_NOTE, GNU_TAG), go)
    assert (found.gnu_note, found.android_note) == (True, False)
    assert (found.is_go, found.claims_cgo) == (True, True)
    assert program(STATIC.with_segment(PT_NOTE, note(b"Android\0", 1, words(24)))).android_note
