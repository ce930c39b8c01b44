"""Libraries that a package brings: what they are for, and for which libc they were made."""

from __future__ import annotations

import pytest

from staticgo.binary.archive import machines, normalised, read_archive
from staticgo.errors import FormatError
from staticgo.facts.prebuilt import is_glibc_only
from staticgo.linking.prebuilt import (
    only_glibcs,
    roots,
    wanted_by,
    words,
    wrong_libc,
    wrong_machine,
)
from staticgo.model.linking import Prebuilt
from staticgo.model.plan import Libc
from staticgo.model.target import Target
from tests.binaries.libraries import GLOBAL, TEXT, UNDEFINED, bsd, gnu, object_file

AMD64 = Target(os="linux", arch="amd64")
COFF = b"\x64\x86\x01\x00" + bytes(4) + (60).to_bytes(4, "little") + bytes(8) + bytes(40)
MACHO = b"\xcf\xfa\xed\xfe\x0c\x00\x00\x01" + bytes(24)


def library(**members: list[tuple[bytes, int, int]]) -> bytes:
    return gnu({name.encode() + b".o": object_file(symbols) for name, symbols in members.items()})


KAFKA = library(
    start=[(b"kafka_new", GLOBAL, TEXT), (b"getcontext", GLOBAL, UNDEFINED)],
    other=[(b"kafka_other", GLOBAL, TEXT), (b"__printf_chk", GLOBAL, UNDEFINED)],
)


@pytest.mark.parametrize("layout", [gnu, bsd])
def test_what_members_are_for(layout: object) -> None:
    files = {b"a.o": object_file([]), b"b.o": object_file([], bits=32), b"c": COFF, b"d": MACHO}
    assert machines(layout(files)) == {  # type: ignore[operator]
        ("elf", "amd64"),
        ("elf", "386"),
        ("coff", "amd64"),
        ("macho", "arm64"),
    }
    assert machines(layout({b"readme": b"just text, and nothing else"})) == frozenset()  # type: ignore[operator]


def test_an_archive_of_another_cpu_or_system() -> None:
    arm = Prebuilt(path="a", machines=("elf arm64",))
    assert wrong_machine(arm, AMD64) == "elf arm64"
    assert wrong_machine(arm, Target(os="linux", arch="arm64")) == ""
    assert wrong_machine(arm, Target(os="darwin", arch="arm64")) == "elf arm64"
    assert wrong_machine(Prebuilt(path="a"), AMD64) == ""


def test_only_what_the_calls_lead_to_is_missed() -> None:
    members = read_archive(KAFKA)
    assert only_glibcs([members], ["kafka_new"]) == {"getcontext"}
    assert only_glibcs([members], ["kafka_other"]) == {"__printf_chk"}
    assert only_glibcs([members], ["main"]) == frozenset()
    assert wanted_by(members, ["getcontext", "elsewhere"]) == ("getcontext",)


def test_whoever_defines_the_function_knows_why() -> None:
    archive = Prebuilt(path="a", glibc=("fopen64", "getcontext"))
    assert wrong_libc(archive, Libc.MUSL, frozenset()) == ("fopen64", "getcontext")
    shim = words(["int getcontext(void *p) { return -1; }"])
    assert wrong_libc(archive, Libc.MUSL, shim) == ("fopen64",)
    assert wrong_libc(archive, Libc.GLIBC, frozenset()) == ()


def test_calls_are_those_of_go_and_of_the_c_beside_it() -> None:
    go = 'package a\n\n// static int mine(void) { return theirs(); }\nimport "C"\n\nvar x = C.called()\n'
    assert {"called", "theirs", "helper"} <= roots([go], ["int y(void) { return helper(); }"])


@pytest.mark.parametrize(
    "name", ["open64", "__memcpy_chk", "__isoc23_strtol", "gnu_get_libc_version", "makecontext"]
)
def test_names_of_glibc(name: str) -> None:
    assert is_glibc_only(name)


@pytest.mark.parametrize(
    "name", ["__stack_chk_fail", "__isoc99_sscanf", "open", "__errno_location"]
)
def test_names_that_musl_has_too(name: str) -> None:
    assert not is_glibc_only(name)


def test_an_archive_without_times_and_owners() -> None:
    dated = KAFKA.replace(
        b"0".ljust(12) + b"0".ljust(6), b"1700000000".ljust(12) + b"1000".ljust(6)
    )
    assert dated != KAFKA
    assert normalised(dated) == normalised(KAFKA)
    assert read_archive(normalised(dated)) == read_archive(KAFKA)
    with pytest.raises(FormatError):
        normalised(b"!<thin>\n")
