"""What a PE file says of itself: CPU, symbols, sizes, signature, hardening, Go's marks."""

from __future__ import annotations

import mmap
import tempfile

import pytest

from staticgo.binary.pe import read_pe
from staticgo.errors import FormatError
from staticgo.model.binary import Format, Slice, State
from tests.binaries import go, pe
from tests.binaries.pe import Pe, Scn

GO_DATA = Scn(name=b".data", contents=go.inline(), characteristics=pe.DATA)


def look(image: Pe) -> Slice:
    (found,) = read_pe(image.build()).slices
    return found


def state(image: Pe, name: str) -> State | None:
    return next((one.state for one in look(image).protections if one.name == name), None)


def sizes(image: Pe) -> dict[str, int]:
    report = read_pe(image.build())
    groups = {group.name: group.size for group in report.slices[0].sections}
    assert sum(groups.values()) == report.size
    return groups


def test_a_report_says_what_the_headers_say() -> None:
    report = read_pe(pe.SYSTEM_ONLY.build())
    assert (report.format, report.size) == (Format.PE, len(pe.SYSTEM_ONLY.build()))
    found = report.slices[0]
    assert (found.machine, found.bits, found.big_endian) == ("amd64", 64, False)
    assert (found.os, found.abi) == ("windows", "subsystem console")


@pytest.mark.parametrize(
    ("machine", "bits", "name"),
    [
        (pe.I386, 32, "386"),
        (pe.ARM64, 64, "arm64"),
        (0x1C4, 32, "arm"),
        (0x200, 64, "ia64 (64 bits)"),
        (0x4242, 64, "machine 0x4242 (64 bits)"),
    ],
)
def test_cpus_have_go_s_names_where_go_has_one(machine: int, bits: int, name: str) -> None:
    assert look(Pe(machine=machine, bits=bits)).machine == name


def test_the_window_subsystem_and_unknown_ones_are_named() -> None:
    assert look(Pe(subsystem=pe.GUI)).abi == "subsystem windows"
    assert look(Pe(subsystem=99)).abi == "subsystem 99"


def test_a_memory_map_is_read_and_can_be_closed() -> None:
    with tempfile.TemporaryFile() as file:
        file.write(pe.MINGW.build())
        file.flush()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            assert read_pe(mapped) == read_pe(pe.MINGW.build())


DOS = bytearray(pe.STATIC.build())
DOS[60:64] = (256).to_bytes(4, "little")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"MZ", "cut short"),
        (b"MZ".ljust(64, b"\0"), "MS-DOS program (MZ"),
        (bytes(DOS), "MS-DOS program (MZ"),
        (pe.STATIC.build()[:66], "cut short"),
        (pe.STATIC.build().replace(b"PE\0\0", b"NE\0\0"), "(NE)"),
        (pe.STATIC.build().replace(b"PE\0\0", b"LE\0\0"), "(LE)"),
        (pe.STATIC.build().replace(b"PE\0\0", b"LX\0\0"), "(LX)"),
        (pe.STATIC.build()[:80], "ends within its headers"),
        (Pe(header={"magic": 0x107}).build(), "0x107"),
    ],
)
def test_what_is_no_pe_file_is_named(data: bytes, words: str) -> None:
    with pytest.raises(FormatError) as raised:
        read_pe(data)
    assert words in raised.value.message
    assert raised.value.hint


@pytest.mark.parametrize(
    ("image", "stripped"),
    [
        (pe.STATIC, True),
        (Pe(symbols=((b"a_long_name", 1, 0),)), False),
        (Pe(sections=(Scn(name=b".debug_info", contents=b"x"),)), False),
        (Pe(sections=(Scn(name=b".zdebug_info", contents=b"x"),)), False),
        (Pe(sections=(Scn(name=b".long_but_other", contents=b"x"),)), True),
    ],
)
def test_symbols_and_dwarf_are_seen(image: Pe, stripped: bool) -> None:
    assert look(image).stripped is stripped


def test_a_long_section_name_may_have_its_place_in_base_64() -> None:
    image = Pe(sections=(Scn(name=b".debug_info", contents=b"x"),)).build()
    (found,) = read_pe(image.replace(b"/4\0\0\0\0\0\0", b"//AAAAAE")).slices
    assert found.stripped is False


def test_symbols_past_the_end_are_a_gap_and_no_more() -> None:
    report = read_pe(Pe(header={"symbols_at": 0xFFFFFF, "symbols": 5}).build())
    assert [gap.what for gap in report.gaps] == ["COFF symbol table"]


def test_bytes_are_counted_by_purpose() -> None:
    image = pe.STATIC.but(
        symbols=((b"a_long_name", 1, 0),),
        certificate=bytes(100),
        sections=(
            Scn(name=b".rdata", contents=b"x"),
            Scn(name=b".data", contents=b"x", characteristics=pe.DATA),
            Scn(name=b".reloc", contents=b"x", characteristics=pe.DISCARDABLE),
            Scn(name=b".rsrc", contents=b"x"),
            Scn(name=b".debug_info", contents=bytes(600), characteristics=pe.DISCARDABLE),
        ),
    )
    assert sizes(image) == {
        "code": 512,
        "read-only data": 512,
        "data": 512,
        "relocations": 512,
        "resources": 512,
        "debug information": 1024,
        "symbols": 18 + 4 + len(b".debug_info\0\0a_long_name\0"),
        "signature": 100,
        "other": 1024,
    }


def test_sections_that_share_bytes_are_counted_once() -> None:
    lying = Scn(name=b".data", contents=b"x", header={"pointer": 0x200, "raw_size": 1 << 31})
    assert sum(sizes(pe.STATIC.but(sections=(lying,))).values())


def test_go_s_function_table_is_found_by_its_symbols() -> None:
    image = pe.STATIC.but(
        sections=(Scn(name=b".rdata", contents=bytes(1024)),),
        symbols=((b"runtime.pclntab", 2, 100), (b"runtime.epclntab", 2, 400)),
    )
    assert sizes(image)["Go tables"] == 300
    assert sizes(image)["read-only data"] == 724


@pytest.mark.parametrize(("number", "start", "end"), [(9, 0, 4), (2, 400, 100), (2, 0, 1 << 30)])
def test_a_function_table_out_of_bounds_is_none(number: int, start: int, end: int) -> None:
    image = pe.STATIC.but(
        sections=(Scn(name=b".rdata", contents=bytes(1024)),),
        symbols=((b"runtime.pclntab", number, start), (b"runtime.epclntab", 2, end)),
    )
    assert "Go tables" not in sizes(image)


def test_a_signature_is_there_or_not_and_not_verified() -> None:
    assert look(pe.STATIC).signature.value == "none"
    signed = look(pe.STATIC.but(certificate=bytes(64))).signature
    assert (signed.value, "not verified" in signed.evidence) == ("signed", True)


def test_a_signature_past_the_end_is_a_gap() -> None:
    report = read_pe(pe.STATIC.but(directories={pe.SECURITY: (0x400, 1 << 30)}).build())
    assert report.slices[0].signature.value == ""
    assert [gap.what for gap in report.gaps] == ["certificate table"]


def test_go_s_build_information_is_read() -> None:
    found = look(pe.GO.but(sections=(GO_DATA,)))
    assert found.go is not None
    assert found.go.version == go.VERSION
    assert [(one.version, one.asked_by) for one in found.requires] == [
        ("10.0", ("Go 1.21 and later",))
    ]


def test_only_the_first_section_of_plain_data_is_searched() -> None:
    other = Scn(name=b".bss", contents=b"x", characteristics=pe.DATA)
    assert look(pe.GO.but(sections=(other, GO_DATA))).go is None
    code = Scn(name=b".x", contents=go.inline(), characteristics=pe.CODE)
    assert look(pe.GO.but(sections=(code,))).go is None


def test_go_s_build_information_with_pointers_is_read() -> None:
    blob = go.pointers(pe.BASE + 2 * pe.PAGE, width=4)
    data = Scn(name=b".data", contents=blob, characteristics=pe.DATA)
    found = look(pe.SYSTEM_ONLY_32.but(sections=(data,)))
    assert found.go is not None
    assert found.go.path == "example.com/app"


COOKIE = pe.load_config(64, cookie=1)


@pytest.mark.parametrize(
    ("image", "name", "expected"),
    [
        (pe.GO, "ASLR", State.ON),
        (pe.STATIC, "ASLR", State.OFF),
        (pe.GO.but(relocations=False), "ASLR", State.OFF),
        (pe.GO, "high-entropy ASLR", State.ON),
        (pe.STATIC, "high-entropy ASLR", State.OFF),
        (pe.SYSTEM_ONLY_32, "high-entropy ASLR", None),
        (pe.STATIC, "NX", State.ON),
        (pe.STATIC.but(dll_characteristics=0), "NX", State.ON),
        (pe.SYSTEM_ONLY_32.but(dll_characteristics=0), "NX", State.OFF),
        (pe.STATIC, "control flow guard", State.OFF),
        (pe.STATIC.but(dll_characteristics=pe.GUARD_CF), "control flow guard", State.PARTIAL),
        (
            Pe(dll_characteristics=pe.GUARD_CF, load_config=pe.load_config(64, guard=0x100)),
            "control flow guard",
            State.ON,
        ),
        (Pe(load_config=COOKIE), "stack canary", State.ON),
        (Pe(load_config=COOKIE[:4] + bytes(144)), "stack canary", State.UNKNOWN),
        (Pe(symbols=((b"__stack_chk_fail", 1, 0),)), "stack canary", State.ON),
        (Pe(symbols=((b"another_name", 1, 0),)), "stack canary", State.OFF),
        (pe.SYSTEM_ONLY_32, "SafeSEH", State.OFF),
        (pe.SYSTEM_ONLY_32.but(dll_characteristics=pe.NO_SEH), "SafeSEH", State.ON),
        (pe.SYSTEM_ONLY_32.but(load_config=pe.load_config(32, handlers=8)), "SafeSEH", State.ON),
        (pe.STATIC, "SafeSEH", None),
    ],
)
def test_protections(image: Pe, name: str, expected: State | None) -> None:
    assert state(image, name) is expected


@pytest.mark.parametrize("name", ["stack canary", "control flow guard"])
def test_pure_go_makes_some_questions_meaningless(name: str) -> None:
    assert state(pe.GO.but(sections=(GO_DATA,)), name) is State.NOT_APPLICABLE


def test_a_load_configuration_that_is_cut_short_makes_its_answers_unknown() -> None:
    image = pe.SYSTEM_ONLY.but(directories={pe.LOAD_CONFIG: (0x700000, 64)})
    assert state(image, "stack canary") is State.UNKNOWN
    assert state(image, "control flow guard") is State.UNKNOWN
