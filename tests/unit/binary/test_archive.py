"""Static libraries: which names their members give and want."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest

from staticgo.binary.archive import Member, read_archive, wanted
from staticgo.errors import FormatError
from tests.binaries.libraries import (
    ABSOLUTE,
    COMMON,
    GLOBAL,
    LOCAL,
    MAGIC,
    TEXT,
    THREAD_LOCAL,
    UNDEFINED,
    WEAK,
    bsd,
    gnu,
    member,
    object_file,
)

SYMBOLS = [
    (b"main", GLOBAL, TEXT),
    (b"weakling", WEAK, TEXT),
    (b"common", GLOBAL, COMMON),
    (b"constant", GLOBAL, ABSOLUTE),
    (b"hidden", LOCAL, TEXT),
    (b"puts", GLOBAL, UNDEFINED),
    (b"perhaps", WEAK, UNDEFINED),
    (b"errno", GLOBAL | THREAD_LOCAL, UNDEFINED),  # no function's address answers for it
    (b"own_errno", GLOBAL | THREAD_LOCAL, TEXT),
    (b"", GLOBAL, UNDEFINED),
]
DEFINES = frozenset({b"main", b"weakling", b"common", b"constant", b"own_errno"})
ONE = object_file(SYMBOLS)
TWO = object_file([(b"second", GLOBAL, TEXT)])
LONG = b"a_name_longer_than_sixteen_bytes.o"


@pytest.mark.parametrize("bits", [32, 64])
@pytest.mark.parametrize("big_endian", [False, True])
@pytest.mark.parametrize("layout", [gnu, bsd])
def test_names_given_and_wanted(
    *, bits: int, big_endian: bool, layout: Callable[[dict[bytes, bytes]], bytes]
) -> None:
    one = object_file(SYMBOLS, bits=bits, big_endian=big_endian)
    two = object_file([(b"second", GLOBAL, TEXT)], bits=bits, big_endian=big_endian)
    assert read_archive(layout({b"a.o": one, LONG: two})) == (
        Member(defines=DEFINES, wants=frozenset({b"puts"})),
        Member(defines=frozenset({b"second"}), wants=frozenset()),
    )


def test_members_of_other_formats_are_passed_over() -> None:
    data = gnu({b"readme": b"text", b"empty": b"", b"mach.o": b"\xcf\xfa\xed\xfe\x07", b"a.o": TWO})
    (found,) = read_archive(data)
    assert found.defines == {b"second"}


def test_an_empty_archive_has_no_members() -> None:
    assert read_archive(MAGIC) == ()
    assert read_archive(MAGIC + b"\n") == ()


def test_an_object_without_symbols() -> None:
    empty = Member(defines=frozenset(), wants=frozenset())
    assert read_archive(gnu({b"a.o": object_file([])})) == (empty,)
    # No section headers at all.
    assert read_archive(gnu({b"a.o": ONE[:0x28] + bytes(24)})) == (empty,)


def _changed(form: str, offset: int, value: int, image: bytes = ONE) -> bytes:
    data = bytearray(image)
    struct.pack_into(form, data, offset, value)
    return bytes(data)


CORRUPT = {
    "no archive": b"!<arch>",
    "another magic": b"!<thin>\n" + member(b"a.o/", ONE),
    "a program": ONE,
    "nothing": b"",
    "a size that is no number": MAGIC + member(b"a.o/", ONE, size=b"big"),
    "a negative size": MAGIC + member(b"a.o/", ONE, size=b"-8"),
    "no size": MAGIC + member(b"a.o/", ONE, size=b""),
    "a size past the end": MAGIC + member(b"a.o/", ONE, size=b"9999999999"),
    "a wrong end of the header": MAGIC + member(b"a.o/", ONE, end=b"xx"),
    "a cut object": gnu({b"a.o": ONE[:40]}),
    "four bytes of an object": gnu({b"a.o": ONE[:4]}),
    "section headers past the end": gnu({b"a.o": _changed("<Q", 0x28, 1 << 40)}),
    "section headers beyond all bounds": gnu({b"a.o": _changed("<Q", 0x28, (1 << 64) - 1)}),
    "section headers of no size": gnu({b"a.o": _changed("<H", 0x3A, 0)}),
    "section headers without end": gnu({b"a.o": _changed("<H", 0x3C, 0xFFFF)}),
    "names in a section that is not there": gnu(
        {b"a.o": _changed("<I", len(ONE) - 128 + 40, 1 << 20)}
    ),
}


@pytest.mark.parametrize("data", CORRUPT.values(), ids=CORRUPT)
def test_what_is_broken_is_said(data: bytes) -> None:
    with pytest.raises(FormatError) as raised:
        read_archive(data)
    assert raised.value.message
    assert raised.value.hint


@pytest.mark.parametrize(
    ("offset", "value"),
    [(24, 1 << 40), (32, 1 << 40), (24, (1 << 64) - 1), (32, 0), (32, 25)],
    ids=["far away", "too long", "beyond all bounds", "empty", "not whole"],
)
def test_a_table_that_lies_about_itself_gives_what_is_there(offset: int, value: int) -> None:
    """Of the symbol table's own place and size only what stands in the file is read."""
    data = gnu({b"a.o": _changed("<Q", len(ONE) - 128 + offset, value)})
    (found,) = read_archive(data)
    assert found.defines <= DEFINES


def test_many_tables_of_the_same_symbols_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("staticgo.binary.archive._MOST_SYMBOLS", 11 * len(SYMBOLS))
    assert len(read_archive(gnu({b"%d.o" % n: ONE for n in range(9)}))) == 9
    with pytest.raises(FormatError, match="too many symbols"):
        read_archive(gnu({b"%d.o" % n: ONE for n in range(15)}))


def test_many_members_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("staticgo.binary.archive._MOST_MEMBERS", 5)
    with pytest.raises(FormatError, match="too many members"):
        read_archive(gnu({b"%d" % n: b"" for n in range(6)}))


def _member(defines: str, wants: str = "") -> Member:
    return Member(
        defines=frozenset(name.encode() for name in defines.split()),
        wants=frozenset(name.encode() for name in wants.split()),
    )


MEMBERS = (
    _member("open close", "read malloc"),
    _member("read", "memcpy open"),
    _member("unused", "getcontext"),
    _member("read", "other"),
)


@pytest.mark.parametrize(
    ("roots", "outside"),
    [
        (["open"], {"malloc", "memcpy"}),
        (["read"], {"malloc", "memcpy"}),
        (["unused"], {"getcontext"}),
        (["nowhere"], set()),
        ([], set()),
    ],
)
def test_a_member_is_taken_if_it_defines_what_is_wanted(
    roots: list[str], outside: set[str]
) -> None:
    assert wanted(MEMBERS, roots) == outside
