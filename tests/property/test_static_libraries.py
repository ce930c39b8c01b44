"""Static libraries: any bytes give members or a format error, in bounded time."""

from __future__ import annotations

import struct
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staticgo.binary.archive import Member, machines, normalised, read_archive, wanted
from staticgo.errors import FormatError
from tests.binaries.libraries import GLOBAL, LOCAL, MAGIC, TEXT, UNDEFINED, WEAK, bsd, gnu, member
from tests.binaries.libraries import object_file as make

SYMBOLS = st.lists(
    st.tuples(
        st.binary(max_size=6).map(lambda name: name.replace(b"\0", b"x")),
        st.sampled_from([LOCAL, GLOBAL, WEAK]),
        st.sampled_from([UNDEFINED, TEXT]),
    ),
    max_size=8,
)
SEEDS = [
    layout({b"a.o": make([(b"f", GLOBAL, TEXT), (b"g", GLOBAL, UNDEFINED)], bits=bits)})
    for layout in (gnu, bsd)
    for bits in (32, 64)
]


def attempt(data: bytes) -> tuple[Member, ...]:
    """The members, () for a FormatError; any other exception fails the test."""
    try:
        machines(data)
        assert len(normalised(data)) == len(data)
        return read_archive(data)
    except FormatError as error:
        assert error.hint
        return ()


@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    attempt(data)
    attempt(MAGIC + data)
    attempt(gnu({b"a.o": b"\x7fELF" + data}))
    attempt(MAGIC + member(b"#1/" + data[:13], data[13:]))


@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(0, 255)), min_size=1, max_size=6),
    st.integers(0, 600),
)
def test_any_damage(image: bytes, changes: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(image)
    for position, value in changes:
        data[position % len(data)] = value
    attempt(bytes(data))
    attempt(bytes(data[:cut]))


@given(SYMBOLS, st.sampled_from([32, 64]), st.booleans(), st.sampled_from([gnu, bsd]))
def test_what_is_written_is_read(
    symbols: list[tuple[bytes, int, int]], bits: int, big_endian: bool, layout: object
) -> None:
    assert callable(layout)
    (found,) = read_archive(layout({b"x.o": make(symbols, bits=bits, big_endian=big_endian)}))
    named = [(name, binding, section) for name, binding, section in symbols if name]
    assert found.defines == {n for n, b, s in named if b != LOCAL and s == TEXT}
    assert found.wants == {n for n, b, s in named if b == GLOBAL and s == UNDEFINED}


NAMES = st.sets(st.sampled_from("abcdefgh"), max_size=4)


@given(st.lists(st.tuples(NAMES, NAMES), max_size=6), NAMES)
def test_what_is_wanted_is_what_a_slow_linker_wants(
    members: list[tuple[set[str], set[str]]], roots: set[str]
) -> None:
    """A member is taken as soon as anything wants what it is the first to define."""
    first: dict[str, int] = {}
    for index, (defines, _) in enumerate(members):
        for name in defines:
            first.setdefault(name, index)
    taken: set[int] = set()
    want = set(roots)
    while more := {first[name] for name in want if name in first} - taken:
        taken |= more
        want |= {name for index in more for name in members[index][1]}
    outside = {name for index in taken for name in members[index][1]} - first.keys() - roots
    given_ = [
        Member(frozenset(n.encode() for n in d), frozenset(n.encode() for n in w))
        for d, w in members
    ]
    assert wanted(given_, roots) == outside


def test_sections_that_share_one_large_table_take_bounded_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """65,000 sections, each said to be the same table of 10,000 symbols."""
    monkeypatch.setattr("staticgo.binary.archive._MOST_SYMBOLS", 100_000)
    table = struct.pack("<IBBHQQ", 1, GLOBAL, 0, TEXT, 0, 0) * 10_000
    names = b"\0f\0"
    sections = bytearray(struct.pack("<IIQQQQIIQQ", 0, 3, 0, 0, 64, len(names), 0, 0, 1, 0))
    start = 64 + len(names)
    sections += struct.pack("<IIQQQQIIQQ", 0, 2, 0, 0, start, len(table), 0, 0, 8, 24) * 65_000
    header = b"\x7fELF\x02\x01\x01" + bytes(9)
    header += struct.pack(
        "<HHIQQQIHHHHHH", 1, 62, 1, 0, 0, start + len(table), 0, 64, 0, 0, 64, 65_001, 0
    )
    began = time.monotonic()
    attempt(gnu({b"a.o": header + names + table + bytes(sections)}))
    assert time.monotonic() - began < 2


def test_one_name_of_great_length_named_often_takes_bounded_time() -> None:
    """100,000 symbols, each with a name of nearly 1 MB."""
    names = b"\0" + b"f" * 1_000_000
    table = b"".join(struct.pack("<IBBHQQ", 1 + n, GLOBAL, 0, TEXT, 0, 0) for n in range(100_000))
    sections = struct.pack("<IIQQQQIIQQ", 0, 3, 0, 0, 64, len(names), 0, 0, 1, 0)
    sections += struct.pack("<IIQQQQIIQQ", 0, 2, 0, 0, 64 + len(names), len(table), 0, 0, 8, 24)
    header = b"\x7fELF\x02\x01\x01" + bytes(9)
    header += struct.pack(
        "<HHIQQQIHHHHHH", 1, 62, 1, 0, 0, 64 + len(names) + len(table), 0, 64, 0, 0, 64, 2, 0
    )
    began = time.monotonic()
    attempt(gnu({b"a.o": header + names + table + sections}))
    assert time.monotonic() - began < 5
