"""What is read in Go source: names, preambles, directives."""

from __future__ import annotations

import pytest

from staticgo.linking.gosource import (
    code_only,
    declared,
    exported,
    has_main,
    imported_libraries,
    preambles,
    selects,
    uses,
)

DECLARATIONS = """package p

import "fmt"

type Reader struct{}

func Open(name string) *Reader { return nil }

func (r *Reader) Close() {}

func Generic[T any](t T) {}

const Limit, other = 1, 2

var (
\tone, two = 1, 2
\tthree    int
)

type (
\tAlias = int
)

func init() {}

// func Commented() {}
var text = `
func InText() {}
`
"""


def test_names_of_the_package_are_found_and_methods_are_not() -> None:
    names = declared([DECLARATIONS])
    assert {"Reader", "Open", "Generic", "Limit", "one", "two", "three", "Alias"} <= names
    assert not names & {"Close", "init", "Commented", "InText", "fmt", "r"}


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("func f() { helper(1) }", "helper"),
        ("var x = helper{}", "helper"),
        ("func f() { x.helper(1) }", ""),
        ("func f() { // helper(1)\n}", ""),
        ('func f() { print("helper(1)") }', ""),
        ("func f() { print(`\nhelper(1)`) }", ""),
        ("func f() { /* helper(1) */ }", ""),
        ("func f() { helper := g; helper(1) }", ""),
        ("func f() { _, helper := g(); helper(1) }", ""),
        ("func f() { helpers(1) }", ""),
        ("func f() { print('\"'); helper(1) }", "helper"),
        ("func f() { print('\\''); helper(1) }", "helper"),
        ('func f() { print("\\"/*"); helper(1) }', "helper"),
    ],
)
def test_what_the_package_s_own_code_uses(code: str, found: str) -> None:
    assert uses(f"package p\n\n{code}\n", frozenset({"helper"})) == found


@pytest.mark.parametrize(
    ("imports", "code", "found"),
    [
        ('import "example.com/x/db"', "db.Open()", "Open"),
        ('import (\n\t"example.com/x/db"\n)', "db.Open()", "Open"),
        ('import other "example.com/x/db"', "other.Open()", "Open"),
        ('import other "example.com/x/db"', "db.Open()", ""),
        ('import _ "example.com/x/db"', "db.Open()", ""),
        ('import "example.com/x/db/sub"', "db.Open()", ""),
        ('import "example.com/x/db"', "db.Close()", ""),
        ('import "example.com/x/db"', "s.db.Open()", ""),
        ('import "example.com/x/db"', "// db.Open()", ""),
    ],
)
def test_what_another_package_takes(imports: str, code: str, found: str) -> None:
    text = f"package main\n\n{imports}\n\nfunc main() {{\n\t{code}\n}}\n"
    assert selects(text, "example.com/x/db", "db", frozenset({"Open"})) == found


def test_a_package_may_be_named_otherwise_than_its_folder() -> None:
    text = 'import "example.com/go-db"\n\nfunc main() { db.Open() }\n'
    assert selects(text, "example.com/go-db", "db", frozenset({"Open"})) == "Open"


def test_main_is_a_function_at_the_line_s_beginning() -> None:
    assert has_main(["package main\n", "package main\n\nfunc main() {\n}\n"])
    assert not has_main(["package main\n\nfunc (x T) main() {}\n// func main() {}\n"])


def test_preambles_are_the_c_before_import_c() -> None:
    text = (
        "// Copyright.\n\npackage p\n\n/*\n#cgo LDFLAGS: -lm\n#include <math.h>\n"
        'static int f(void) { return 1; }\n*/\nimport "C"\n'
    )
    (found,) = preambles(text)
    assert "#include <math.h>" in found
    assert "static int f(void)" in found
    assert "cgo" not in found
    assert "Copyright" not in found


def test_preambles_of_line_comments() -> None:
    text = (
        "// Copyright.\n\npackage p\n\n"
        '// #cgo pkg-config: x\n// #include <stdio.h>\n//int a;\nimport "C"\n'
    )
    assert [part.split() for part in preambles(text)] == [["#include", "<stdio.h>", "int", "a;"]]


@pytest.mark.parametrize(
    "text",
    [
        'package p\n\nimport "C"\n',
        '// #include <stdio.h>\npackage p\n\nimport "C"\n',
        'package p\n\n// #include <stdio.h>\nimport "c"\n',
    ],
)
def test_no_preamble(text: str) -> None:
    assert preambles(text) == ()


def test_a_comment_s_signs_in_a_literal_open_no_preamble() -> None:
    text = 'package p\n\nvar a = "/*" // and */*\n\nvar b = `/*`\n\n/*\nint x;\n*/\nimport "C"\n'
    assert [part.strip() for part in preambles(text)] == ["int x;"]


def test_libraries_and_exports() -> None:
    text = (
        "package p\n\n"
        '//go:cgo_import_dynamic libc_getpid getpid "libc.so"\n'
        '//go:cgo_import_dynamic _ _ "libc.so"\n'
        '//go:cgo_import_dynamic x y "/usr/lib/libSystem.B.dylib"\n'
        "//go:cgo_import_dynamic local\n"
        ' //go:cgo_import_dynamic a b "indented.so"\n'
        "//export Callback\nfunc Callback() {}\n"
    )
    assert imported_libraries(text) == ("libc.so", "/usr/lib/libSystem.B.dylib")
    assert exported(text) == ("Callback",)


def test_what_is_left_is_code() -> None:
    assert code_only('a /* b */ c // d\n`e\n` "f\\"" \'g\' h').split() == ["a", "c", "h"]
