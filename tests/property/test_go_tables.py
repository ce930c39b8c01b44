"""Any bytes give signs or gaps, in bounded time; sizes always sum up to the file's."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from staticgo.binary import read
from staticgo.binary.cursor import Cursor
from staticgo.binary.pclntab import read_function_table
from staticgo.binary.signs import Program, read_signs
from staticgo.binary.sizes import package_of, read_sizes
from staticgo.errors import FormatError
from tests.binaries import elf, go
from tests.binaries.elf import SHT_STRTAB, SHT_SYMTAB, Elf, Shdr
from tests.binaries.pclntab import CGO, FORMATS, table

TABLES = [
    table(CGO, magic=magic, pointer=pointer, big_endian=big_endian)
    for magic in FORMATS
    for pointer in (4, 8)
    for big_endian in (False, True)
]
PROGRAM = Elf(
    data=go.inline(),
    sections=(
        Shdr(name=b".text", flags=6, contents=bytes(900)),
        Shdr(name=b".gopclntab", flags=2, contents=table(CGO)),
        Shdr(name=b".symtab", type=SHT_SYMTAB, contents=bytes(48)),
        Shdr(name=b".strtab", type=SHT_STRTAB, contents=b"\0main.main\0"),
    ),
).build()
changes = st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(0, 255)), min_size=1, max_size=6)
ranges = st.tuples(st.integers(-10, 1 << 12), st.integers(-10, 1 << 12))
huge = st.tuples(st.integers(0, 1 << 64), st.integers(0, 1 << 64))


def changed(data: bytes, edits: list[tuple[int, int]]) -> bytes:
    image = bytearray(data)
    for position, value in edits:
        image[position % len(image)] = value
    return bytes(image)


@given(st.sampled_from(TABLES), changes, st.booleans())
def test_a_damaged_table_is_read_or_refused(
    data: bytes, edits: list[tuple[int, int]], big_endian: bool
) -> None:
    data = changed(data, edits)
    found = read_function_table(Cursor(data, big_endian=big_endian), 0, len(data))
    if found is not None:
        assert len(list(found.functions())) <= found.number
        assert 0 <= found.size <= len(data)


@given(
    st.binary(max_size=300),
    st.sampled_from(TABLES),
    st.lists(st.one_of(ranges, huge), max_size=4),
    st.booleans(),
    st.booleans(),
)
def test_places_may_lie(
    head: bytes, data: bytes, places: list[tuple[int, int]], is_go: bool, dynamic: bool
) -> None:
    where = tuple(places)
    found = read_signs(
        Program(
            cursor=Cursor(head + data),
            format="elf",
            dynamic=dynamic,
            is_go=is_go,
            pclntab=where,
            searched=where,
            symbols=where,
            texts=where,
        )
    )
    assert found.cgo.value in ("", "yes")


@given(changes)
def test_sizes_sum_up_to_the_file_s(edits: list[tuple[int, int]]) -> None:
    data = changed(PROGRAM, edits)
    try:
        report = read(data)
    except FormatError:
        return
    groups = read_sizes(data, report)
    assert sum(group.size for group in groups) == len(data)
    assert all(group.size > 0 and group.name for group in groups)


@given(st.binary(max_size=80))
def test_any_name_has_a_package_or_none(name: bytes) -> None:
    assert "\0" not in package_of(name.replace(b"\0", b""))


def test_the_seed_of_sizes_is_a_program() -> None:
    names = {group.name for group in read_sizes(PROGRAM, read(PROGRAM))}
    assert {"runtime", "main", "C and runtime libraries", "Go tables"} <= names
    assert elf.STATIC.build()[:4] == PROGRAM[:4]
