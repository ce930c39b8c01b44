"""Go's function table: every format, found where it is named or searched for, and damage."""

from __future__ import annotations

import struct

import pytest

from staticgo.binary.cursor import Buffer, Cursor
from staticgo.binary.pclntab import FunctionTable, find_function_table, read_function_table
from tests.binaries.pclntab import FORMATS, PURE, V12, V116, V118, V120, table


def look(data: Buffer, *, big_endian: bool = False) -> FunctionTable | None:
    return read_function_table(Cursor(data, big_endian=big_endian), 0, len(data))


def search(data: bytes, *places: tuple[int, int]) -> FunctionTable | None:
    return find_function_table(Cursor(data), (), places or ((0, len(data)),))


def listed(found: FunctionTable | None) -> list[tuple[str, int, int]]:
    assert found is not None
    return [(name.decode(), address, size) for name, address, size in found.functions()]


EXPECTED = [(name, 32 * index, 32) for index, name in enumerate(PURE)]


@pytest.mark.parametrize("big_endian", [False, True])
@pytest.mark.parametrize("pointer", [4, 8])
@pytest.mark.parametrize("magic", FORMATS)
def test_every_format_is_read(magic: int, pointer: int, big_endian: bool) -> None:
    data = table(magic=magic, pointer=pointer, big_endian=big_endian)
    found = look(data, big_endian=big_endian)
    assert listed(found) == EXPECTED
    assert look(data, big_endian=not big_endian) is None


@pytest.mark.parametrize(
    ("magic", "versions"),
    [
        (V12, "1.2 to 1.15"),
        (V116, "1.16 or 1.17"),
        (V118, "1.18 or 1.19"),
        (V120, "1.20 or later"),
    ],
)
def test_the_format_tells_which_versions_of_go_write_it(magic: int, versions: str) -> None:
    found = look(table(magic=magic))
    assert found is not None
    assert found.version == versions


@pytest.mark.parametrize("magic", FORMATS)
def test_names_lie_in_the_range_of_names(magic: int) -> None:
    data = table(magic=magic)
    found = look(data)
    assert found is not None
    start, size = found.names
    assert all(name.encode() in data[start : start + size] for name in PURE)


@pytest.mark.parametrize("magic", FORMATS)
def test_it_is_found_among_other_data(magic: int) -> None:
    false = struct.pack("<I", magic) + bytes(60)
    data = b"something else" + false + table(magic=magic) + b"more"
    assert listed(search(data)) == EXPECTED
    assert search(data, (0, 40)) is None
    assert search(data, (1 << 40, 8), (-5, 9), (0, 0)) is None


def test_a_named_section_is_looked_at_first() -> None:
    named, other = table(("a.named",)), table(("b.other",))
    data = other + named
    found = find_function_table(Cursor(data), ((len(other), len(named)),), ((0, len(other)),))
    assert [name for name, _address, _size in listed(found)] == ["a.named"]


def test_a_view_of_memory_can_be_searched_too() -> None:
    data = bytes(3 << 20) + table()
    with memoryview(data) as view:
        assert listed(find_function_table(Cursor(view), (), ((0, len(data)),))) == EXPECTED


@pytest.mark.parametrize(
    "header",
    [
        {0: 0},
        {0: 1 << 62},
        {0: 1 << 20},
        {3: 0},
        {3: 1 << 63},
        {4: 0},
        {7: 0},
        {7: 1 << 40},
        {7: 1},
    ],
)
def test_a_header_that_lies_is_no_table(header: dict[int, int]) -> None:
    assert look(table(header=header)) is None


@pytest.mark.parametrize("magic", FORMATS)
def test_a_table_that_is_cut_short_is_none_or_whole(magic: int) -> None:
    data = table(magic=magic)
    for size in range(len(data)):
        found = look(data[:size])
        assert found is None or set(listed(found)) <= set(EXPECTED)


def test_functions_that_go_backwards_are_left_out() -> None:
    data = bytearray(table())
    found = look(bytes(data))
    assert found is not None
    data[found.entries + 8 : found.entries + 12] = b"\xff\xff\xff\x7f"
    assert [entry[0] for entry in listed(look(bytes(data)))] == [PURE[0], *PURE[2:]]


def test_a_name_outside_of_the_names_is_left_out() -> None:
    data = bytearray(table())
    found = look(bytes(data))
    assert found is not None
    records = found.entries + (2 * len(PURE) + 1) * 4
    data[records + 8 + 4 : records + 8 + 8] = b"\xff\xff\xff\xff"
    assert [entry[0] for entry in listed(look(bytes(data)))] == [PURE[0], *PURE[2:]]


def test_it_knows_its_size() -> None:
    found = look(table() + bytes(1000))
    assert found is not None
    assert len(table()) - 8 <= found.size <= len(table())
