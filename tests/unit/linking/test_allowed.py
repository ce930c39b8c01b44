"""Which words of `#cgo` lines Go lets through: its own lists, read from its source."""

from __future__ import annotations

import pytest

from staticgo.linking.allowed import Rules, read_rules, refused

SOURCE = """
var validCompilerFlags = []*lazyregexp.Regexp{
	re(`-D([A-Za-z_].*)`),
	re(`-I([^@\\-].*)`),
	re(`-f(no-)?omit-frame-pointer`),
}

var validCompilerFlagsWithNextArg = []string{
	"-D",
	"-I",
}

var invalidLinkerFlags = []*lazyregexp.Regexp{
	re(`-lto_library`),
}

var validLinkerFlags = []*lazyregexp.Regexp{
	re(`-l([^@\\-].*)`),
	re(`-Wl,--(no-)?as-needed`),
	re(`-Wl,--push-state`),
}

var validLinkerFlagsWithNextArg = []string{
	"-framework",
	"-Wl,-framework",
}
"""


def rules() -> tuple[Rules, Rules]:
    found = read_rules(SOURCE)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), ""),
        (("-DX=1", "-Iinclude", "-fno-omit-frame-pointer"), ""),
        (("-D", "X", "-I", "include"), ""),
        (("-DX", "-fplugin=x.so"), "-fplugin=x.so"),
        (("-I@file",), "-I@file"),
        (("-I", "-fplugin=x.so"), "-I"),
        (("-I", "@file"), "-I"),
        (("-I",), "-I"),
        (("-fomit-frame-pointer,x",), "-fomit-frame-pointer,x"),
    ],
)
def test_words_for_the_compiler(words: tuple[str, ...], expected: str) -> None:
    assert refused(words, rules()[0]) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("-lm", "-Wl,--as-needed"), ""),
        (("-lto_library",), "-lto_library"),
        (("-framework", "Foundation"), ""),
        (("-Wl,-framework", "-Wl,Foundation"), ""),
        (("-Wl,-framework", "-Wl,a,b"), "-Wl,-framework"),
        (("-Wl,--push-state,--as-needed",), ""),
        (("-Wl,--push-state,-Map=x",), "-Wl,--push-state,-Map=x"),
        (("-Wl,-Map=x",), "-Wl,-Map=x"),
    ],
)
def test_words_for_the_linker(words: tuple[str, ...], expected: str) -> None:
    assert refused(words, rules()[1]) == expected


def test_the_user_allows_and_forbids() -> None:
    compiler = rules()[0]
    assert refused(("-fplugin=x",), compiler, allow="-fplugin=.*") == ""
    assert refused(("-DX",), compiler, disallow="-D.*") == "-DX"
    assert refused(("-DX",), compiler, allow="-D.*", disallow="-D.*") == "-DX"


@pytest.mark.parametrize("source", ["", "var validCompilerFlags = nothing", SOURCE[:200]])
def test_without_the_lists_there_are_no_rules(source: str) -> None:
    assert read_rules(source) is None
