"""Go's build information: both encodings, every kind of line, and damage."""

from __future__ import annotations

import struct

import pytest

from staticgo.binary import read
from staticgo.binary.buildinfo_text import parse_module_text
from staticgo.model.binary import BinaryReport, GoBuildInfo, GoModule, Linkage
from tests.binaries import elf, go
from tests.binaries.elf import DATA, Elf, Shdr

EXPECTED = GoBuildInfo(
    version="go1.26.8",
    path="example.com/app",
    main=GoModule(path="example.com/app", version="(devel)"),
    dependencies=(
        GoModule(path="golang.org/x/sys", version="v0.39.0", sum="h1:abc="),
        GoModule(
            path="golang.org/x/text",
            version="v0.32.0",
            replaced_by=GoModule(path="../text", version="(devel)"),
        ),
    ),
    settings=(
        ("-buildmode", "exe"),
        ("CGO_CFLAGS", "-O2 -g"),
        ("CGO_ENABLED", "1"),
        ("CGO_LDFLAGS", ""),
    ),
)


def look(data: bytes, image: Elf = elf.STATIC) -> BinaryReport:
    return read(image.but(data=data).build())


def found(data: bytes, image: Elf = elf.STATIC) -> GoBuildInfo | None:
    return look(data, image).slices[0].go


def test_the_inline_form_is_read() -> None:
    assert found(go.inline()) == EXPECTED
    assert look(go.inline()).gaps == ()


@pytest.mark.parametrize("big_endian", [False, True])
@pytest.mark.parametrize("width", [4, 8])
def test_the_pointer_form_is_read(width: int, big_endian: bool) -> None:
    blob = go.pointers(DATA, "go1.17", width=width, big_endian=big_endian)
    machine, bits = (8, 32) if width == 4 else (183, 64)
    image = Elf(machine=machine, bits=bits, big_endian=big_endian)
    info = found(blob, image)
    assert info is not None
    assert (info.version, info.settings) == ("go1.17", EXPECTED.settings)


def test_a_long_module_text_has_a_length_of_several_bytes() -> None:
    modules = "".join(f"dep\texample.com/m{number}\tv1.0.0\n" for number in range(2000))
    info = found(go.inline(modules=modules))
    assert info is not None
    assert len(info.dependencies) == 2000


def test_a_program_that_is_not_go_s_has_none_and_no_gap() -> None:
    assert found(b"C data") is None
    assert look(b"C data").gaps == ()


def test_a_go_program_without_modules_has_a_version_only() -> None:
    assert found(go.inline(modules="")) == GoBuildInfo(version="go1.26.8")


@pytest.mark.parametrize("before", [16, 1 << 20, (1 << 20) - 16])
def test_the_beginning_is_found_behind_other_data(before: int) -> None:
    assert found(bytes(before) + go.inline()) == EXPECTED


def test_a_beginning_that_is_not_aligned_is_passed_over() -> None:
    decoy = (b"12345" + go.MAGIC).ljust(32, b"\0")
    assert found(decoy + go.inline()) == EXPECTED


def test_the_section_made_for_it_is_looked_at_first() -> None:
    # Without the section, the search would meet the broken one first.
    decoy = (go.MAGIC + bytes((3, 0))).ljust(32, b"\0")
    data = decoy + go.inline()
    section = Shdr(name=b".go.buildinfo", address=DATA + 32, contents=go.inline())
    assert found(data, elf.STATIC.but(sections=(section,))) == EXPECTED


DAMAGED = {
    "pointers of a strange width": (go.MAGIC + bytes((3, 0))).ljust(32, b"\0"),
    "pointers to nowhere": (go.MAGIC + bytes((8, 0)) + struct.pack("<QQ", 9, 9)),
    "an empty version": go.inline(version=""),
    "a header and no more": (go.MAGIC + bytes((0, 2))).ljust(32, b"\0"),
    "a length without end": (go.MAGIC + bytes((0, 2))).ljust(32, b"\0") + b"\xff" * 20,
    "an absurd length": (go.MAGIC + bytes((0, 2))).ljust(32, b"\0") + go.varint(2**60),
    "a text cut short": go.inline()[:-8],
    "too many false beginnings": b"x" + (go.MAGIC + b"xx") * 5000,
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damage_is_a_gap_and_leaves_the_linkage_alone(name: str) -> None:
    report = look(DAMAGED[name])
    assert report.slices[0].go is None
    assert [gap.what for gap in report.gaps] == ["Go build information"]
    assert report.slices[0].linkage is Linkage.STATIC


def test_a_malformed_module_text_is_a_gap_that_keeps_the_version() -> None:
    report = look(go.inline(modules="path\tx\nmod\tone-column\n"))
    assert report.slices[0].go == GoBuildInfo(version="go1.26.8")
    assert "line 2" in report.gaps[0].why


@pytest.mark.parametrize(
    ("line", "setting"),
    [
        ("a=b", ("a", "b")),
        ("a=", ("a", "")),
        ("a=b=c", ("a", "b=c")),
        ('"a b"=c', ("a b", "c")),
        ('`a"b`=`c d`', ('a"b', "c d")),
        (r'a="\t\"\\\x41\101\u00e9\U0001f600"', ("a", '\t"\\AAé😀')),
        (r'a="\xc3\xa9"', ("a", "é")),
        (r'a="\xff"', ("a", "\ufffd")),
        ('"a"="é"', ("a", "é")),
    ],
)
def test_settings_are_unquoted_as_go_quotes_them(line: str, setting: tuple[str, str]) -> None:
    assert parse_module_text("go1", f"build\t{line}\n").settings == (setting,)


@pytest.mark.parametrize(
    "line",
    [
        "build\t",
        "build\t=b",
        "build\tkey",
        "build\ta b=c",
        "build\ta=b c",
        'build\t"a',
        'build\t"a"',
        'build\t"a"b=c',
        'build\ta="b',
        'build\ta="b"c"',
        r'build\ta="\q"'.replace(r"\t", "\t", 1),
        r'build\ta="\ud800"'.replace(r"\t", "\t", 1),
        r'build\ta="\UFFFFFFFF"'.replace(r"\t", "\t", 1),
        "mod\tx",
        "dep\ta\tb\tc\td",
        "=>\ta\tb\tc",
        "dep\ta\tb\n=>\ta\tb",
        "dep\ta\tb\n=>\ta\tb\tc\n=>\ta\tb\tc",
    ],
)
def test_lines_that_go_refuses_are_refused(line: str) -> None:
    with pytest.raises(ValueError, match="line"):
        parse_module_text("go1", line + "\n")


def test_unknown_lines_and_an_unfinished_last_line_are_passed_over() -> None:
    assert parse_module_text("go1", "new\tthing\n\npath\tp\nmod\tx") == GoBuildInfo(
        version="go1", path="p"
    )
