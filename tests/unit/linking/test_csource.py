"""What is read in preprocessed C: calls, definitions, tables, thread-local data."""

from __future__ import annotations

import pytest

from staticgo.linking.csource import (
    called,
    called_from_go,
    defined,
    in_tables,
    own_text,
    thread_local,
    undeclared,
    uses_cxx_runtime,
    without_literals,
)

PREPROCESSED = """# 0 "<built-in>"
int builtin(void);
# 1 "main.c"
# 1 "/usr/include/math.h" 1 3 4
extern double sqrt(double);
# 2 "main.c" 2
static double root(double x) { return sqrt(x); }
char *text = "called(1)";
# 1 "own.h" 1
int own_header(void);
# 4 "main.c" 2
"""


def test_own_text_is_what_no_system_header_brings() -> None:
    own = own_text(PREPROCESSED)
    assert "root" in own
    assert "own_header" in own
    assert "extern double sqrt" not in own
    assert "builtin" not in own
    assert "called" not in own


def test_calls_and_definitions() -> None:
    text = own_text(PREPROCESSED)
    assert {"sqrt", "root"} <= called(text)
    assert defined(text) == {"root"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("int f(void) { return 0; }", {"f"}),
        ("int f(int (*cb)(int), int a)\n{\n}", {"f"}),
        ("int f(void) __attribute__((noinline)) { }", {"f"}),
        ("int f(void) __attribute__((format(printf, 1, 2))) { }", {"f"}),
        ("int f(void);", set()),
        ("void g(void) { if (x) { } while (y) { } for (;;) { } switch (z) { } }", {"g"}),
        ("struct s { int a; };", set()),
    ],
)
def test_functions_with_a_body(text: str, names: set[str]) -> None:
    assert defined(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("x = f(1);", {"f"}),
        ("s.f(1); s->g(1);", set()),
        ("return (1);", set()),
        ("int (*f)(void);", set()),
        ("f (1)", {"f"}),
    ],
)
def test_names_before_a_parenthesis(text: str, names: set[str]) -> None:
    assert called(text) & {"f", "g", "return"} == names


@pytest.mark.parametrize(
    "line",
    [
        "a.c:3:5: warning: implicit declaration of function 'unknown' [-Wimplicit-function-declaration]",
        "a.c:3:5: warning: implicit declaration of function `unknown'",
        "<stdin>:1:20: error: call to undeclared function 'unknown'; ISO C99 and later do not support",
        "a.c:1:9: error: call to undeclared library function 'unknown' with type 'int (void)'",
    ],
)
def test_what_nobody_declares_is_in_the_compiler_s_words(line: str) -> None:
    assert undeclared(f"a.c: In function 'main':\n{line}\n    3 | unknown(1)\n") == {"unknown"}


def test_called_from_go() -> None:
    text = "func f() { C.sqrt(2); C.int(3); x := C.y // C.comment(1)\n}"
    assert called_from_go(text) == {"sqrt", "int"}


@pytest.mark.parametrize("word", ["__thread", "_Thread_local", "thread_local"])
def test_thread_local_data(word: str) -> None:
    assert thread_local(f"static {word} int x;")
    assert not thread_local(f"static int my{word};")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("void *t[] = { f, 0 };", {"f"}),
        ("void *t[] = { 0, &f };", {"f"}),
        ('struct s t[] = { {"n", (fp)f}, {0, 0} };', {"f"}),
        ("struct s t = { .open = f, .close = 0 };", {"f"}),
        ("void g(void) { void *t[] = { f }; }", set()),
        ("enum { f, g };", set()),
        ("int x = f;", set()),
    ],
)
def test_addresses_in_tables(text: str, found: set[str]) -> None:
    assert in_tables(text, frozenset({"f"})) == found


@pytest.mark.parametrize(
    ("text", "uses"),
    [
        ("#include <string>\n", True),
        ("# include <vector>", True),
        ("#include <math.h>\n", False),
        ("int f() { throw 1; }", True),
        ("auto x = new T;", True),
        ('extern "C" int f() { return 1; }', False),
        ("int renewed;", False),
    ],
)
def test_cxx_that_takes_from_its_run_time(text: str, *, uses: bool) -> None:
    assert uses_cxx_runtime(text) is uses


def test_literals_are_no_code() -> None:
    text = without_literals("""f("g(1)", 'h', "\\"i(");""")
    assert called(text) == {"f"}
