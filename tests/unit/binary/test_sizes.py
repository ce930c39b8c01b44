"""Sizes by package: from the function table, from symbols, and never more than there is."""

from __future__ import annotations

import struct

import pytest

from staticgo.binary import read
from staticgo.binary.sizes import package_of, read_sizes
from tests.binaries import go
from tests.binaries.elf import SHT_STRTAB, SHT_SYMTAB, Elf, Shdr
from tests.binaries.pclntab import CGO, PURE, table

EXEC, CONSTANT, WRITE = 6, 2, 3


@pytest.mark.parametrize(
    ("function", "package"),
    [
        ("main.main", "main"),
        ("net/http.(*Server).Serve.func1", "net/http"),
        ("github.com/a/b.Map[go.shape.string,c.d/e.T].Get", "github.com/a/b"),
        ("gopkg.in/yaml%2ev3.Unmarshal", "gopkg.in/yaml.v3"),
        ("type:.eq.net/http.http2Frame", "net/http"),
        ("go.(*struct { a/b.C; sync.Mutex }).Lock", "go"),
        ("slices.SortFunc[go.shape.[]a/b.T]", "slices"),
        ("main.init.0", "main"),
        ("memeqbody", ""),
        ("_cgo_topofstack", ""),
        ("go:string.*", ""),
        ("x_cgo_munmap.cold", ""),
        ("memcpy.part.0", ""),
        ("sqlite3VdbeExec.constprop.12", ""),
        ("", ""),
        (".", ""),
    ],
)
def test_the_package_of_a_function(function: str, package: str) -> None:
    assert package_of(function.encode()) == package


def symbol(name: int, size: int, section: int, kind: int) -> bytes:
    return struct.pack("<IBBHQQ", name, kind, 0, section, 0, size)


def image(
    functions: tuple[str, ...] = CGO, symbols: tuple[tuple[str, int, int, int], ...] = ()
) -> Elf:
    names, entries = b"\0", bytes(24)
    for name, size, section, kind in symbols:
        entries += symbol(len(names), size, section, kind)
        names += name.encode() + b"\0"
    tables = (
        Shdr(name=b".symtab", type=SHT_SYMTAB, contents=entries),
        Shdr(name=b".strtab", type=SHT_STRTAB, contents=names),
    )
    return Elf(
        data=go.inline(),
        sections=(
            Shdr(name=b".text", flags=EXEC, contents=bytes(1000)),
            Shdr(name=b".rodata", flags=CONSTANT, contents=bytes(500)),
            Shdr(name=b".data", flags=WRITE, contents=bytes(300)),
            Shdr(name=b".gopclntab", flags=CONSTANT, contents=table(functions)),
            *(tables if symbols else ()),
        ),
    )


def sizes(made: Elf) -> dict[str, int]:
    data = made.build()
    groups = read_sizes(data, read(data))
    assert sum(group.size for group in groups) == len(data)
    assert list(groups) == sorted(groups, key=lambda group: (-group.size, group.name))
    return {group.name: group.size for group in groups}


def test_code_by_package_in_a_stripped_program() -> None:
    found = sizes(image())
    assert (found["runtime"], found["main"]) == (64, 64)
    assert found["runtime/cgo"] == 64
    assert found["C and runtime libraries"] == 1000 - 7 * 32
    assert (found["read-only data"], found["data"]) == (500, 300)


def test_without_cgo_the_rest_is_no_c() -> None:
    found = sizes(image((*PURE, "memeqbody")))
    assert "C and runtime libraries" not in found
    assert (found["Go assembly"], found["code"]) == (32, 1000 - 5 * 32)


def test_symbols_tell_of_variables_and_of_c() -> None:
    function, variable = 2, 1
    found = sizes(
        image(
            symbols=(
                ("main.main", 32, 1, function),
                ("main.table", 100, 3, variable),
                ("sqlite3VdbeExec", 200, 1, function),
                ("sqlite3CtypeMap", 50, 2, variable),
                ("go:string.*", 400, 2, variable),
                ("undefined", 400, 0, function),
            )
        )
    )
    assert found["main"] == 64 + 100
    assert found["C: SQLite"] == 250
    assert (found["read-only data"], found["data"]) == (450, 200)


def test_symbols_that_lie_take_no_more_than_there_is() -> None:
    found = sizes(image(symbols=(("sqlite3_one", 1 << 60, 3, 1), ("sqlite3_two", 5, 99, 1))))
    assert found["C: SQLite"] == 300
    assert "data" not in found


def test_a_program_that_is_not_go_s_keeps_its_groups() -> None:
    made = Elf(sections=(Shdr(name=b".text", flags=EXEC, contents=bytes(1000)),))
    assert sizes(made)["code"] == 1000
