"""Real last words of Go, zig and the linker, and the diagnosis of each."""

from __future__ import annotations

import re

import pytest

from staticgo.facts.catalogue import ENTRIES
from staticgo.facts.diagnosis import diagnose
from staticgo.model.diagnosis import Entry

# A text, and words of the meaning that it must be given.
TEXTS: dict[str, tuple[str, str]] = {
    "disk": ("write /tmp/go-build1/b001: no space left on device", "disk is full"),
    "disk, zig": ("error: unable to write output file: No space left on device", "disk is full"),
    "large files": (
        "sqlite3-binding.c:38:10: error: use of undeclared identifier 'pread64'",
        "large-file names",
    ),
    "large files, type": ("error: unknown type name 'off64_t'", "large-file names"),
    "libstdc++": (
        "ld.lld: error: undefined symbol: std::__cxx11::basic_string<char>::_M_create",
        "libstdc++",
    ),
    "fortified glibc": ("ld.lld: error: undefined symbol: __memcpy_chk", "made for glibc"),
    "glibc's own": ("error: undefined symbol: gnu_get_libc_version", "made for glibc"),
    "glibc's resolver": ("error: undefined symbol: __res_init", "made for glibc"),
    "glibc's contexts": ("error: undefined symbol: getcontext", "made for glibc"),
    "glibc's large files": ("error: undefined symbol: fstat64", "made for glibc"),
    "unwinder": ("ld.lld: error: undefined symbol: _Unwind_Resume", "unwind"),
    "any symbol": ("ld.lld: error: undefined symbol: pcap_open_live", "lacks a library"),
    "library": (
        "error: unable to find dynamic system library 'pcap' using strategy 'paths_first'",
        "C library that is not here",
    ),
    "library, lld": ("ld.lld: error: unable to find library -lpcap", "C library that is not here"),
    "linker argument": ("error: unsupported linker arg: --exclude-libs", "refuses an argument"),
    "no pkg-config": (
        'go: exec: "pkg-config": executable file not found in $PATH',
        "pkg-config is not installed",
    ),
    "another pkg-config": (
        'exec: "/opt/bin/arm-linux-pkg-config": stat: no such file',
        "pkg-config is not installed",
    ),
    "nothing in pkg-config": (
        "Package libpcap was not found in the pkg-config search path.\n"
        "Perhaps you should add the directory\npkg-config: exit status 1",
        "asks for through pkg-config",
    ),
    "header, clang": ("./main.go:5:10: fatal error: 'pcap.h' file not found", "header is missing"),
    "header, gcc": ("main.go:5:10: fatal error: pcap/pcap.h: No such file", "header is missing"),
    "flag": ("go: invalid flag in #cgo LDFLAGS: -Wl,--foo", "refuses a flag"),
    "nothing to compile": (
        "package example.com/app\n\timports example.com/c: build constraints exclude all Go files "
        "in /src/c",
        "no code for this platform",
    ),
    "no module": (
        "go: go.mod file not found in current directory or any parent directory",
        "no go.mod",
    ),
    "no module, older": ("go: cannot find main module, but found .git/config", "no go.mod"),
    "newer Go": (
        "go: go.mod requires go >= 1.27 (running go 1.26.8; GOTOOLCHAIN=local)",
        "newer Go",
    ),
    "newer Go, workspace": ("go: go.work requires go >= 1.27 (running go 1.26.8)", "newer Go"),
    "broken go.mod": (
        "go: errors parsing go.mod:\n/src/go.mod:3: unknown directive: requier",
        "cannot be read",
    ),
    "go.sum": (
        "main.go:3:8: missing go.sum entry for module providing package example.com/d",
        "do not agree",
    ),
    "go.mod behind": ("go: updates to go.mod needed; to update it:\n\tgo mod tidy", "do not agree"),
    "no requirement": (
        "main.go:3:8: no required module provides package example.com/d; to add it:",
        "no module that go.mod requires",
    ),
    "a slip in a path": ("package cmd/ap is not in std (/go/src/cmd/ap)", "no such folder"),
    "a slip in linker flags": (
        "# example.com/app\nflag provided but not defined: -bogus\nusage: link [options] main.o",
        "a flag that it was given",
    ),
    "no main": (
        "runtime.main_main·f: function main is undeclared in the main package",
        "no function main",
    ),
    "network": (
        'go: example.com/d@v1: Get "https://proxy.example.org/x": dial tcp: lookup '
        "proxy.example.org: no such host",
        "could not be fetched",
    ),
    "network turned off": ("example.com/d@v1: module lookup disabled by GOPROXY=off", "fetched"),
    "checksum": (
        "verifying example.com/d@v1.0.0: checksum mismatch\n\tdownloaded: h1:a=\n\tgo.sum: h1:b=\n"
        "SECURITY ERROR",
        "is not what go.sum",
    ),
    "memory": ("github.com/x/y: /go/pkg/tool/compile: signal: killed", "out of memory"),
    "memory, zig": ("error: out of memory", "out of memory"),
    "program": ("./main.go:3:15: undefined: undefined", "does not compile"),
    "program without column": ("main.go:3: syntax error", "does not compile"),
}


@pytest.mark.parametrize(("text", "words"), TEXTS.values(), ids=TEXTS)
def test_real_texts_are_understood(text: str, words: str) -> None:
    found = diagnose(text)
    assert found is not None
    assert words in found.meaning


@pytest.mark.parametrize(("text", "words"), TEXTS.values(), ids=TEXTS)
def test_they_are_understood_in_the_middle_of_others(text: str, words: str) -> None:
    found = diagnose(f"# example.com/app\ngo: downloading example.com/d v1.0.0\n{text}\n\n")
    assert found is not None
    assert words in found.meaning


@pytest.mark.parametrize("text", ["", "\n", "some words", "warning: unused variable 'x'"])
def test_what_is_not_known_has_no_diagnosis(text: str) -> None:
    assert diagnose(text) is None


@pytest.mark.parametrize(
    ("general", "particular", "words"),
    [
        ("./m.go:3:1: some error", "fatal error: 'x.h' file not found", "header is missing"),
        ("error: undefined symbol: foo", "error: undefined symbol: _Unwind_Resume", "unwind"),
        ("error: undefined symbol: foo", "error: undefined symbol: std::__cxx11::x", "libstdc++"),
        ("m.go:3:8: no required module provides package d", "no space left on device", "disk"),
        ("m.go:2:8: cannot find x", "m.go:3:8: missing go.sum entry for d", "do not agree"),
    ],
)
def test_the_particular_wins_over_the_general_in_either_order(
    general: str, particular: str, words: str
) -> None:
    for text in (f"{general}\n{particular}", f"{particular}\n{general}"):
        found = diagnose(text)
        assert found is not None
        assert words in found.meaning


MISTAKEN = {
    "a glibc archive's large-file calls": (
        "ld.lld: error: undefined symbol: pread64\n>>> referenced by libfoo.a(io.o)",
        "made for glibc",
    ),
    "a glibc archive compiled with headers of 2.38": (
        "ld.lld: error: undefined symbol: __isoc23_strtol",
        "made for glibc",
    ),
    "a path that no module can have": (
        'goatcounter@v2.7.0: malformed module path "goatcounter": missing dot in first path element',
        "path",
    ),
}


@pytest.mark.parametrize(("text", "words"), MISTAKEN.values(), ids=MISTAKEN)
def test_texts_that_are_easily_mistaken(text: str, words: str) -> None:
    found = diagnose(text)
    assert found is not None
    assert words in found.meaning
    assert "go.mod" not in found.meaning


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_texts_of_entries_are_parts_of_sentences(entry: Entry) -> None:
    assert entry.signs
    # They stand in sentences of others: `PACKAGE: meaning`, `next: fix`.
    for text in (entry.meaning, entry.cause, entry.fix):
        assert text
        assert text == text.strip().rstrip(".")
        assert "\n" not in text
    assert entry.link == "" or entry.link.startswith("https://")
    if "{names}" in entry.meaning + entry.cause + entry.fix:
        assert "name" in re.compile(entry.pattern).groupindex


def test_entries_have_names_of_their_own() -> None:
    assert len({entry.id for entry in ENTRIES}) == len(ENTRIES)


def test_only_what_changes_no_program_is_applied_unasked() -> None:
    assert {e.remedy.value for e in ENTRIES if e.remedy and e.remedy.safe} == {
        "-D_LARGEFILE64_SOURCE"
    }


def test_names_are_filled_in_and_many_are_cut() -> None:
    found = diagnose("\n".join(f"ld.lld: error: undefined symbol: f{n}" for n in range(20)))
    assert found is not None
    assert found.names == tuple(f"f{n}" for n in range(8))
    assert found.meaning.endswith("(f0, f1, f2, f3, f4, f5, f6, f7, ...)")
    assert found.times == 20
