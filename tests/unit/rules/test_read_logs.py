"""Logs are read as what they are: real texts, one at least for each entry of the catalogue."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from staticgo.facts.catalogue import ENTRIES
from staticgo.facts.diagnosis import diagnose
from staticgo.facts.signs import FAMILIES, FUNCTIONS
from staticgo.model.diagnosis import Severity
from staticgo.rules.log import LINE_LIMIT, read_text
from staticgo.view.log import log_text

LOGS = Path(__file__).parents[2] / "logs"
INDEX = tomllib.loads((LOGS / "index.toml").read_text(encoding="utf-8"))
TEXTS = {row["name"]: row for kind in ("provoked", "quoted") for row in INDEX[kind]}


def log(name: str) -> str:
    return (LOGS / f"{name}.txt").read_text(encoding="utf-8")


def ids(text: str) -> list[str]:
    return [advice.id for advice in read_text(text).advices]


@pytest.mark.parametrize("row", TEXTS.values(), ids=TEXTS)
def test_a_real_text_is_read_as_what_it_is(row: dict[str, Any]) -> None:
    assert ids(log(row["name"])) == row["says"]


@pytest.mark.parametrize("row", TEXTS.values(), ids=TEXTS)
def test_errors_of_one_line_are_led_by_the_same_cause(row: dict[str, Any]) -> None:
    lead = read_text(log(row["name"])).lead
    found = diagnose(log(row["name"]))
    assert (found.id if found else "") == (lead.id if lead else "")
    assert (found.meaning if found else "") == (lead.meaning if lead else "")


def test_every_text_has_its_row_and_every_entry_its_text() -> None:
    assert {file.stem for file in LOGS.glob("*.txt")} == set(TEXTS)
    reached = {name for row in TEXTS.values() for name in row["says"]}
    assert {entry.id for entry in ENTRIES} == reached


@pytest.mark.parametrize("row", INDEX["provoked"], ids=lambda row: row["name"])
def test_a_text_is_read_alike_between_others(row: dict[str, Any]) -> None:
    noise = "# example.com/app\r\ngo: downloading example.com/d v1.0.0\r\nsome words\r\n"
    assert ids(noise + log(row["name"]).replace("\n", "\r\n") + noise) == row["says"]


@pytest.mark.parametrize(
    "stamp", ["2024-06-14T17:33:53.7746167Z ", "#12 42.57 ", "42.57 ", "\x1b[1m\x1b[31m", ""]
)
@pytest.mark.parametrize("row", INDEX["provoked"], ids=lambda row: row["name"])
def test_a_text_is_read_alike_in_a_ci_systems_log(row: dict[str, Any], stamp: str) -> None:
    lines = log(row["name"]).splitlines()
    assert ids("\n".join(stamp + line + "\x1b[0m" for line in lines)) == row["says"]


# What other versions and other tools say instead, and the name in it.
VARIANTS = [
    ("ld: library not found for -lpcap", "missing-library", "pcap"),
    ("ld: library 'pcap' not found", "missing-library", "pcap"),
    ("ld.lld: error: unable to find library -lpcap", "missing-library", "pcap"),
    ("ld: cannot find -lstdc++", "missing-library", "stdc++"),
    ("/usr/bin/ld: cannot find -lc", "no-static-glibc", "c"),
    ("/usr/bin/ld: cannot find -lcurl: No such file or directory", "missing-library", "curl"),
    ("ld: framework not found Cocoa", "missing-framework", "Cocoa"),
    ("ld: framework 'Cocoa' not found", "missing-framework", "Cocoa"),
    ("error: unable to find framework 'Security'", "missing-framework", "Security"),
    ("ld.lld: error: unknown argument '--exclude-libs'", "linker-argument", "--exclude-libs"),
    ("error: unsupported linker arg: --exclude-libs", "linker-argument", "--exclude-libs"),
    (
        "x.o: undefined reference to symbol 'dlopen@@GLIBC_2.2.5'",
        "undefined-symbol",
        "dlopen@@GLIBC_2.2.5",
    ),
    ("ld: duplicate symbol '_x' in:", "duplicate-symbol", "_x"),
    ("duplicate symbol '_x' in:", "duplicate-symbol", "_x"),
    ("undefined reference to `operator new(unsigned long)'", "no-c++-runtime", "operator new"),
    ("undefined reference to `vtable for __cxxabiv1::__x'", "no-c++-runtime", "__cxxabiv1::__x"),
    ("undefined reference to `_ZNSt6vectorIiE4sizeEv'", "no-c++-runtime", "_ZNSt6vectorIiE4sizeEv"),
    ("undefined reference to `fopen64'", "glibc-archive", "fopen64"),
    ("undefined reference to `__res_nsearch'", "glibc-archive", "__res_nsearch"),
    ("net(.text): relocation target stderr not defined", "internal-link", "stderr"),
    (
        "relocation R_X86_64_32S against `.rodata' can not be used when making a PIE object",
        "position-dependent",
        "R_X86_64_32S",
    ),
    (
        "ld.lld: error: relocation R_X86_64_32 cannot be used against symbol 'x'; recompile with -fPIC",
        "position-dependent",
        "R_X86_64_32",
    ),
    (
        "./app: /lib64/ld-linux.so.2: bad ELF interpreter: No such file",
        "missing-interpreter",
        "/lib64/ld-linux.so.2",
    ),
    ("exec /app: no such file or directory", "missing-interpreter", "/app"),
    ("exec /app: exec format error", "exec-format", ""),
    ("zsh: bad CPU type in executable: ./app", "exec-format", ""),
    ("app: libc.so.6: version `GLIBCXX_3.4.30' not found", "newer-glibc", "GLIBCXX_3.4.30"),
    ("gcc: error: unrecognized command line option \u2018-m64\u2019", "wrong-cpu-compiler", "-m64"),
    (
        "cc1: error: bad value (\u2018armv8-a\u2019) for \u2018-march=\u2019 switch",
        "wrong-cpu-compiler",
        "armv8-a",
    ),
    ("clang: error: unsupported argument 'z13' to option '-march='", "wrong-cpu-compiler", "z13"),
    ("main.go:4:11: fatal error: pcap.h: No such file or directory", "missing-header", "pcap.h"),
    ("x.cc:1:10: fatal error: 'string' file not found", "missing-header", "string"),
    ("x.cc:1:10: fatal error: string: No such file or directory", "missing-header", "string"),
    ("package example.com/app/c: no Go source files", "no-go-files", "example.com/app/c"),
    ("note: module requires Go 1.99", "go-too-old", "1.99"),
    ("go: example.com/d@v1.0.0 requires go >= 1.99.1 (running go 1.26.8)", "go-too-old", "1.99.1"),
    ("fatal error: unexpected signal: cannot allocate memory", "memory", ""),
    ("fork/exec /go/pkg/tool/compile: cannot allocate memory", "memory", ""),
    (
        "Binary was compiled with 'CGO_ENABLED=0', go-sqlite3 requires cgo to work. This is a stub",
        "go-sqlite3-stub",
        "",
    ),
    (
        "unable to get the current user: user: Current requires cgo or $USER set in environment",
        "no-user-name",
        "",
    ),
    ("x509: failed to load system roots and no roots provided", "no-certificates", ""),
]


@pytest.mark.parametrize(("text", "entry", "name"), VARIANTS)
def test_what_others_say_instead_is_read_too(text: str, entry: str, name: str) -> None:
    (advice,) = read_text(text).advices
    assert (advice.id, advice.names) == (entry, (name,) if name else ())


# Lines that look like one of the catalogue's and are none.
@pytest.mark.parametrize(
    "text",
    [
        "main.go:23: listening on :8080",
        "    main_test.go:12: it works",
        "./main.go:4:3: warning: odd things may happen [-W#warnings]",
        "./main.go:4:3: note: declared here",
        "0 errors generated",
        "compiling duplicate.c",
        "x.c:1:2: error: use of undeclared identifier 'htole64'",
        "the library was found: -lpcap",
    ],
)
def test_nothing_is_said_of_other_lines(text: str) -> None:
    assert read_text(text).advices == ()


@pytest.mark.parametrize(
    ("function", "entry"),
    [
        *(
            (sign.function, f"nss-{what}")
            for sign in FUNCTIONS
            for what in ("hosts",)
            if sign.family == "hosts"
        ),
        *((sign.function, "nss-users") for sign in FUNCTIONS if sign.family == "passwd"),
        *((sign.function, "nss-groups") for sign in FUNCTIONS if sign.family == "group"),
        ("getspnam", "nss-users"),
        ("getservbyname_r", "nss-networks"),
        ("getprotobynumber", "nss-networks"),
        ("initgroups", "nss-groups"),
        ("dlopen", "static-dlopen"),
        ("dlmopen", "static-dlopen"),
    ],
)
def test_each_function_of_nss_has_its_own_words(function: str, entry: str) -> None:
    (advice,) = read_text(
        f"x.c:(.text+0x1): warning: Using '{function}' in statically linked applications requires at "
        "runtime the shared libraries from the glibc version used for linking"
    ).advices
    assert (advice.id, advice.severity) == (entry, Severity.SIGNIFICANT)
    assert function in advice.meaning
    assert FAMILIES


def test_every_warning_that_this_libc_gives_is_told_apart() -> None:
    advices = {advice.id: advice for advice in read_text(log("static-glibc-all")).advices}
    assert "static-glibc-function" not in advices
    assert {name: advices[name].times for name in advices if name.startswith("nss-")} == {
        "nss-hosts": 11,
        "nss-users": 14,
        "nss-groups": 16,
        "nss-networks": 38,
    }


def test_only_these_are_ever_called_harmless() -> None:
    assert {entry.id for entry in ENTRIES if entry.severity is Severity.HARMLESS} == {
        "sqlite-local-address",
        "macos-dysymtab",
        "macos-duplicate-libraries",
    }


def test_unknown_warnings_are_shown_and_nothing_is_said_of_them() -> None:
    reading = read_text(log("unknown"))
    assert reading.advices == ()
    assert reading.not_recognised == len(reading.complaints) == 6
    assert "harmless: " not in log_text(reading)


def test_dlopen_elsewhere_than_in_sqlite_is_not_taken_for_sqlites() -> None:
    warning = (
        "n.c:(.text+0x4f): warning: Using 'dlopen' in statically linked applications requires at "
        "runtime the shared libraries from the glibc version used for linking\n"
    )
    within = "/usr/bin/ld: n.o: in function `unixDlOpen':\n"
    other = "/usr/bin/ld: n.o: in function `load_plugin':\n"
    assert ids(within + warning) == ["sqlite-dlopen"]
    assert ids(other + warning) == ["static-dlopen"]
    assert ids(within + other + warning) == ["static-dlopen"]
    assert ids(warning) == ["static-dlopen"]


def test_the_gravest_comes_first_and_the_cause_before_its_effects() -> None:
    text = (
        "./main.go:3:15: undefined: x\n"
        "ld: warning: ignoring duplicate libraries: '-lobjc'\n"
        + log("executable-stack")
        + "ld.lld: error: undefined symbol: pcap_open_live\n"
        + "write /tmp/x: no space left on device\n"
    )
    reading = read_text(text)
    assert [advice.id for advice in reading.advices] == [
        "disk-full",
        "undefined-symbol",
        "undefined-go-name",
        "executable-stack",
        "macos-duplicate-libraries",
    ]
    assert reading.lead is reading.advices[0]


def test_evidence_is_the_line_and_its_number_and_repetitions_are_counted() -> None:
    (advice,) = read_text("\n\n" + "/usr/bin/ld: cannot find -lpcap\n" * 9).advices
    assert advice.times == 9
    assert advice.names == ("pcap",)
    assert [line.number for line in advice.evidence] == [3, 4, 5]
    assert advice.evidence[0].text == "/usr/bin/ld: cannot find -lpcap"


def test_a_message_far_out_in_a_long_line_is_found_and_shown_short() -> None:
    (advice,) = read_text(
        "x" * 10 * LINE_LIMIT + " " + "fatal error: 'pcap.h' file not found"
    ).advices
    assert (advice.names, advice.evidence[0].number) == (("pcap.h",), 1)
    assert len(advice.evidence[0].text) <= 300


def test_an_empty_log_says_nothing() -> None:
    assert read_text("\n \n").lines == 0
    assert log_text(read_text("")) == "the log is empty\n"


@pytest.mark.parametrize(
    "name",
    ["static-glibc", "large-file-names-gcc", "wrong-cpu-go", "macos", "unknown", "zig-symbols"],
)
def test_a_reading_as_text(name: str, golden: Callable[[str, str], None]) -> None:
    golden(f"log/{name}.txt", log_text(read_text(log(name))))


@pytest.mark.parametrize(
    "name",
    ["missing-framework", "host-strip", "bfd-wanted", "mips-hard-float", "race-needs-cgo"],
)
def test_where_our_own_build_does_without_the_trouble_the_advice_says_so(name: str) -> None:
    (entry,) = [entry for entry in ENTRIES if entry.id == name]
    assert "`staticgo build" in entry.fix


def test_a_missing_symbol_is_not_musls_trouble_on_every_system() -> None:
    (entry,) = [entry for entry in ENTRIES if entry.id == "undefined-symbol"]
    assert "its libc" in entry.fix
