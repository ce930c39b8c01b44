"""Go's linker, cgo, libc and hazards, told by names and texts."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from staticgo.binary.cursor import Cursor
from staticgo.binary.program import apart
from staticgo.binary.signs import Program, Signs, read_signs
from staticgo.facts.signs import FAMILIES, FUNCTIONS, LIBC_TEXTS, NSS_TEXT, PACKAGES
from tests.binaries import elf
from tests.binaries.pclntab import CGO, FORMATS, PURE, table

HEADER = elf.STATIC.build()
GO_HEADER = elf.STATIC.but(header={"shoff": 64 + 56}).build()
"""Section headers right behind the program headers: only Go's linker lays a file out so."""


def program(
    names: Sequence[str] | bytes | None = PURE,
    *,
    head: bytes = GO_HEADER,
    texts: bytes = b"",
    symbols: Sequence[str] = (),
    **changes: object,
) -> Program:
    """A program of these parts, one behind the other."""
    functions = b"" if names is None else names if isinstance(names, bytes) else table(names)
    strings = b"\0" + b"".join(symbol.encode() + b"\0" for symbol in symbols)
    data = head + functions + texts + strings
    texts_at = len(head) + len(functions)
    found = Program(
        cursor=Cursor(data),
        format="elf",
        dynamic=False,
        is_go=names is not None,
        pclntab=((len(head), len(functions)),) if functions else (),
        symbols=((texts_at + len(texts), len(strings)),) if symbols else (),
        texts=((texts_at, len(texts)),) if texts else (),
    )
    return found._replace(**changes)  # type: ignore[arg-type]


def signs(*args: object, **changes: object) -> Signs:
    return read_signs(program(*args, **changes))  # type: ignore[arg-type]


def values(clues: Sequence[object]) -> list[str]:
    return [clue.value for clue in clues]  # type: ignore[attr-defined]


def test_a_pure_go_program_has_no_cgo_and_no_libc() -> None:
    found = signs()
    assert (found.cgo.value, found.link_mode.value, found.libc.value) == ("no", "internal", "none")
    assert "runtime.main" in found.cgo.evidence
    assert found.go_version.value == "1.20 or later"
    assert (found.functions, found.packages, found.gaps) == ((), (), ())


@pytest.mark.parametrize("magic", FORMATS)
def test_cgo_is_told_by_a_function_of_the_runtime_in_every_format(magic: int) -> None:
    assert signs(table(magic=magic)).cgo.value == "no"
    found = signs(table(CGO, magic=magic))
    assert found.cgo.value == "yes"
    assert "_cgo_topofstack, main._Cfunc_sin" in found.cgo.evidence


def test_a_stand_in_for_runtime_cgo_is_no_cgo() -> None:
    purego = "github.com/ebitengine/purego"
    found = signs(
        (*PURE, "crosscall2", f"{purego}/internal/fakecgo.x_cgo_init", f"{purego}.Dlopen")
    )
    assert found.cgo.value == "no"
    assert values(found.packages) == [purego]


def test_where_no_name_can_be_read_nothing_is_said_of_cgo() -> None:
    obfuscated = signs(("q7x.Zb", "q7x.Fk"))
    assert obfuscated.cgo.value == ""
    assert obfuscated.libc.value == ""
    assert "garble hashes names" in obfuscated.cgo.evidence
    assert obfuscated.go_version.value == "1.20 or later"
    missing = signs(b"\x12\x34\x56\x78" + table()[4:])
    assert (missing.cgo.value, missing.go_version.value, missing.libc.value) == ("", "", "")
    assert "garble alters it" in missing.cgo.evidence
    assert "garble alters it" in missing.go_version.evidence


def test_symbols_tell_of_cgo_where_the_function_table_does_not() -> None:
    found = signs(("q7x.Zb",), symbols=("_cgo_topofstack",))
    assert found.cgo.value == "yes"
    found = signs(("q7x.Zb",), symbols=("__cgo_topofstack",), symbol_prefix=b"_")
    assert found.cgo.value == "yes"


def test_another_linker_s_mark_comes_first() -> None:
    found = signs(CGO, external="sections .comment")
    assert (found.link_mode.value, found.link_mode.evidence) == ("external", "sections .comment")


def test_go_s_linker_is_told_by_the_layout_of_the_file() -> None:
    assert signs(CGO).link_mode.value == "internal"
    # After strip(1): without cgo no other linker has work to do, with cgo one may have had.
    assert signs(PURE, head=HEADER).link_mode.value == "internal"
    assert signs(CGO, head=HEADER).link_mode.value == ""
    assert signs(CGO, head=HEADER, format="pe").link_mode.value == "internal"


def test_the_linker_of_a_program_that_is_not_go_s_is_nobody_s_business() -> None:
    assert signs(None, external="sections .comment") == Signs()


@pytest.mark.parametrize(("libc", "text"), LIBC_TEXTS)
def test_libc_is_told_by_its_texts(libc: str, text: bytes) -> None:
    assert signs(None, texts=b"some" + text).libc.value == libc
    assert signs(CGO, texts=b"some" + text).libc.value == libc
    assert signs(CGO, texts=b"some" + text, dynamic=True).libc.value == ""


def test_libc_is_told_by_the_notes_of_its_start_files() -> None:
    assert signs(None, gnu_note=True).libc.value == "glibc"
    assert signs(None, android_note=True).libc.value == "bionic"
    assert signs(None, gnu_note=True, dynamic=True).libc.value == ""
    assert signs(CGO).libc.value == ""


def test_texts_far_inside_of_a_large_file_are_not_looked_for() -> None:
    text = LIBC_TEXTS[0][1]
    for before, after, expected in ((0, 9, "glibc"), (9, 0, "glibc"), (9, 9, "")):
        texts = bytes(before << 20) + text + bytes(after << 20)
        assert signs(None, texts=texts).libc.value == expected


@pytest.mark.parametrize("sign", FUNCTIONS)
def test_functions_are_told_by_symbols(sign: object) -> None:
    for name in (sign.function, *sign.symbols):  # type: ignore[attr-defined]
        assert values(signs(None, symbols=("a", name, "z")).functions) == [sign.function]  # type: ignore[attr-defined]
        assert signs(None, symbols=("a", name, "z"), dynamic=True).functions == ()
        assert signs(None, symbols=(f"_nss_files_{name}", f"{name}2")).functions == ()


@pytest.mark.parametrize(("family", "name", "text"), FAMILIES)
def test_families_are_told_by_texts_of_glibc(family: str, name: str, text: bytes) -> None:
    assert values(signs(None, texts=NSS_TEXT + text, gnu_note=True).functions) == [name]
    assert signs(None, texts=NSS_TEXT + text).functions == ()
    exact = next(sign.function for sign in FUNCTIONS if sign.family == family)
    found = signs(None, texts=NSS_TEXT + text, gnu_note=True, symbols=(exact,))
    assert values(found.functions) == [exact]


def test_musl_s_dlopen_is_told_by_its_only_answer() -> None:
    found = signs(None, texts=b"Dynamic loading not supported\0")
    assert (found.libc.value, values(found.functions)) == ("musl", ["dlopen"])


def test_calls_through_cgo_have_names_of_go_s() -> None:
    calls = ("net._C2func_getaddrinfo", "os/user._Cfunc_mygetpwnam_r", "main._Cfunc_dlopen")
    found = signs((*CGO, *calls), gnu_note=True)
    assert values(found.functions) == ["getaddrinfo", "getpwnam_r", "dlopen"]
    assert found.functions[0].evidence == "net._C2func_getaddrinfo among its functions"
    assert signs((*PURE, "main.my_func_dlopen"), gnu_note=True).functions == ()


@pytest.mark.parametrize("sign", PACKAGES)
def test_packages_are_told_by_the_functions_that_need_something(sign: object) -> None:
    function = sign.function.decode().rstrip("\0")  # type: ignore[attr-defined]
    for form in ("elf", "mach-o", "pe"):
        found = values(signs((*PURE, function), format=form).packages)
        assert found == ([sign.package] if form in sign.formats else [])  # type: ignore[attr-defined]
    assert signs((*PURE, f"{sign.package}.Other", f"x{function}")).packages == ()  # type: ignore[attr-defined]
    if sign.unless:  # type: ignore[attr-defined]
        brought = sign.unless.decode().rstrip("\0")  # type: ignore[attr-defined]
        assert signs((*PURE, function, brought)).packages == ()


def test_the_first_name_of_all_is_found() -> None:
    assert values(signs(("time.LoadLocation", *PURE)).packages) == ["time"]


def test_places_are_looked_at_once() -> None:
    assert apart([(0, 10), (5, 10), (0, 20), (2, 3)], 18) == [(0, 10), (10, 5), (15, 3)]
    assert apart([(4, 2), (0, 10)], 10) == [(4, 2), (0, 4), (6, 4)]
    assert apart([(-5, 9), (1 << 70, 9), (3, -1)], 10) == [(0, 4)]
    assert len(apart([(at, 1) for at in range(100)], 100)) == 32
