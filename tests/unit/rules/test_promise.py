"""A binary held against its promise: nothing but a sure "static" passes."""

from __future__ import annotations

import dataclasses

import pytest

from staticgo.model.binary import (
    BinaryReport,
    Clue,
    Format,
    GoBuildInfo,
    Kind,
    Linkage,
    Requirement,
    Slice,
)
from staticgo.model.plan import Promise
from staticgo.model.verdict import Outcome, Verdict
from staticgo.planning.compose import joined
from staticgo.rules.promise import judge, judge_result
from tests.unit.planning.given import plan_for

PROMISE = Promise(
    linkages=(Linkage.STATIC, Linkage.STATIC_PIE),
    machine="arm64",
    stripped=True,
    cgo_enabled=True,
    settings=(("GOOS", "linux"), ("GOARCH", "arm64"), ("GOARM64", "v8.0")),
)
GOOD = Slice(
    machine="arm64",
    bits=64,
    big_endian=False,
    kind=Kind.EXECUTABLE,
    linkage=Linkage.STATIC,
    linkage_evidence="no PT_INTERP and no PT_DYNAMIC",
    stripped=True,
    go=GoBuildInfo(
        version="go1.26.8",
        settings=(*PROMISE.settings, ("CGO_ENABLED", "1")),
    ),
)


def verdict(**changes: object) -> Verdict:
    piece = dataclasses.replace(GOOD, **changes)  # type: ignore[arg-type]
    return judge(BinaryReport(format=Format.ELF, size=1, slices=(piece,)), PROMISE)


def test_what_was_promised_passes() -> None:
    assert verdict().outcome is Outcome.PASS


@pytest.mark.parametrize("linkage", [Linkage.DYNAMIC, Linkage.SYSTEM_ONLY])
def test_a_dynamic_binary_fails(linkage: Linkage) -> None:
    found = verdict(linkage=linkage, interpreter="/lib/ld.so", needed=("libc.so.6",))
    assert found.outcome is Outcome.FAIL
    assert "/lib/ld.so" in found.findings[0].message
    assert "libc.so.6" in found.findings[0].message


def test_an_unknown_linkage_is_no_pass() -> None:
    assert verdict(linkage=Linkage.UNKNOWN).outcome is Outcome.UNKNOWN


def test_no_program_in_the_file_is_no_pass() -> None:
    empty = BinaryReport(format=Format.ELF, size=1, slices=())
    assert judge(empty, PROMISE).outcome is Outcome.UNKNOWN


def test_another_cpu_fails() -> None:
    assert verdict(machine="amd64").outcome is Outcome.FAIL


def test_symbols_left_in_are_a_warning() -> None:
    assert verdict(stripped=False).outcome is Outcome.WARN
    assert verdict(stripped=None).outcome is Outcome.UNKNOWN


def test_a_binary_without_build_info_is_no_pass() -> None:
    assert verdict(go=None).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("name", ["GOOS", "GOARCH", "GOARM64", "CGO_ENABLED"])
def test_build_settings_must_be_as_planned(name: str) -> None:
    assert GOOD.go
    settings = GOOD.go.settings
    other = tuple((key, "x" if key == name else value) for key, value in settings)
    missing = tuple((key, value) for key, value in settings if key != name)
    assert verdict(go=dataclasses.replace(GOOD.go, settings=other)).outcome is Outcome.FAIL
    assert verdict(go=dataclasses.replace(GOOD.go, settings=missing)).outcome is Outcome.WARN


@pytest.mark.parametrize(
    ("promised", "found", "outcome"),
    [
        ("musl", "musl", Outcome.PASS),
        ("musl", "glibc", Outcome.FAIL),
        ("glibc", "musl", Outcome.FAIL),
        ("musl", "", None),  # no sign of any says nothing
        ("", "glibc", None),
    ],
)
def test_the_libc_inside_is_the_toolchains(
    promised: str, found: str, outcome: Outcome | None
) -> None:
    piece = dataclasses.replace(GOOD, libc=Clue(value=found, evidence="a text"))
    promise = dataclasses.replace(PROMISE, libc=promised)
    judged = judge(BinaryReport(format=Format.ELF, size=1, slices=(piece,)), promise)
    findings = [finding for finding in judged.findings if finding.rule == "libc"]
    assert [finding.outcome for finding in findings] == ([] if outcome is None else [outcome])


def test_what_static_glibc_looks_for_at_run_time_is_warned_of() -> None:
    piece = dataclasses.replace(
        GOOD, libc=Clue(value="glibc"), functions=(Clue(value="getaddrinfo", evidence="a call"),)
    )
    promise = dataclasses.replace(PROMISE, libc="glibc")
    judged = judge(BinaryReport(format=Format.ELF, size=1, slices=(piece,)), promise)
    assert judged.outcome is Outcome.WARN
    assert any("getaddrinfo" in finding.message for finding in judged.findings)


@pytest.mark.parametrize(
    "broken",
    [
        {"signature": Clue(value="none")},
        {"signature": Clue(value="ad-hoc"), "seal": Clue(value="mismatch")},
        {"signature": Clue(value="ad-hoc"), "repeated": ("/usr/lib/libobjc.A.dylib",)},
    ],
)
def test_what_a_mac_does_not_start_is_not_what_was_promised(broken: dict[str, object]) -> None:
    assert verdict(os="darwin", **broken).outcome is Outcome.FAIL
    assert verdict(os="darwin", signature=Clue(value="ad-hoc")).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("version", "outcome"),
    [
        ("12.0", Outcome.PASS),
        ("11.0", Outcome.PASS),
        ("12.1", Outcome.FAIL),
        ("15.0", Outcome.FAIL),
        ("", Outcome.UNKNOWN),
    ],
)
def test_the_oldest_macos_is_promised(version: str, outcome: Outcome) -> None:
    asks = (Requirement(what="macos", version=version),) if version else ()
    mac = dataclasses.replace(GOOD, os="darwin", signature=Clue(value="ad-hoc"), requires=asks)
    report = BinaryReport(format=Format.MACHO, size=1, slices=(mac,))
    assert judge(report, dataclasses.replace(PROMISE, macos="12.0")).outcome is outcome


GLIBC = dataclasses.replace(
    PROMISE,
    linkages=(*PROMISE.linkages, Linkage.DYNAMIC),
    libraries=("libc.so.6", "libm.so.6"),
    glibc="2.17",
)


def dynamic(needed: tuple[str, ...], *requires: Requirement) -> Verdict:
    piece = dataclasses.replace(GOOD, linkage=Linkage.DYNAMIC, needed=needed, requires=requires)
    return judge(BinaryReport(format=Format.ELF, size=1, slices=(piece,)), GLIBC)


LOADER = "/lib64/ld-linux-x86-64.so.2"


def at_glibc(**changes: object) -> Verdict:
    promise = dataclasses.replace(GLIBC, interpreters=(LOADER,))
    fields: dict[str, object] = {
        "linkage": Linkage.DYNAMIC,
        "needed": ("libc.so.6",),
        "interpreter": LOADER,
        "requires": (glibc("2.17"),),
    }
    piece = dataclasses.replace(GOOD, **{**fields, **changes})  # type: ignore[arg-type]
    return judge(BinaryReport(format=Format.ELF, size=1, slices=(piece,)), promise)


def test_a_dynamic_program_takes_nothing_from_the_machine_that_built_it() -> None:
    assert at_glibc().outcome is Outcome.PASS
    for loader in ("/nix/store/x/ld-linux.so.2", ""):
        assert at_glibc(interpreter=loader).outcome is Outcome.FAIL
    assert at_glibc(run_paths=("/home/me/lib",)).outcome is Outcome.WARN
    private = Requirement(what="GLIBC_PRIVATE", version="", asked_by=("_dl_x",))
    assert at_glibc(requires=(glibc("2.17"), private)).outcome is Outcome.FAIL


@pytest.mark.parametrize("linkage", [Linkage.STATIC, Linkage.DYNAMIC])
def test_a_pie_is_one_however_it_is_linked(linkage: Linkage) -> None:
    promise = dataclasses.replace(GLIBC, pie=True)
    for kind, outcome in ((Kind.PIE, Outcome.PASS), (Kind.EXECUTABLE, Outcome.FAIL)):
        piece = dataclasses.replace(
            GOOD, kind=kind, linkage=linkage, needed=("libc.so.6",), requires=(glibc("2.17"),)
        )
        report = BinaryReport(format=Format.ELF, size=1, slices=(piece,))
        assert judge(report, promise).outcome is outcome


MAC = dataclasses.replace(PROMISE, settings=(("GOOS", "darwin"), ("GOARCH", "arm64")))


@pytest.mark.parametrize(
    ("signature", "seal", "outcome"),
    [
        ("ad-hoc", "match", Outcome.PASS),
        ("signed", "match", Outcome.PASS),
        ("ad-hoc", "", Outcome.UNKNOWN),
        ("", "", Outcome.UNKNOWN),
        ("ad-hoc", "mismatch", Outcome.FAIL),
        ("none", "", Outcome.FAIL),
    ],
)
def test_a_macs_signature_that_cannot_be_read_is_no_pass(
    signature: str, seal: str, outcome: Outcome
) -> None:
    piece = dataclasses.replace(
        GOOD,
        os="darwin",
        signature=Clue(value=signature),
        seal=Clue(value=seal),
        go=GoBuildInfo(version="go1.26.8", settings=(*MAC.settings, ("CGO_ENABLED", "1"))),
    )
    report = BinaryReport(format=Format.MACHO, size=1, slices=(piece,))
    assert judge(report, MAC).outcome is outcome


def glibc(version: str) -> Requirement:
    return Requirement(what="glibc", version=version, asked_by=("strtol",))


def test_a_glibc_that_is_old_enough_passes() -> None:
    assert dynamic(("libc.so.6", "ld-linux-x86-64.so.2"), glibc("2.17")).outcome is Outcome.PASS
    assert dynamic(("libc.so.6",), glibc("2.2.5")).outcome is Outcome.PASS


def test_a_newer_glibc_fails_and_the_symbols_that_ask_for_it_are_named() -> None:
    found = dynamic(("libc.so.6",), glibc("2.34"))
    assert found.outcome is Outcome.FAIL
    (bad,) = [finding for finding in found.findings if finding.outcome is Outcome.FAIL]
    assert "2.34" in bad.message
    assert bad.evidence == "strtol"


def test_a_glibc_that_is_not_told_is_no_pass() -> None:
    assert dynamic(("libc.so.6",)).outcome is Outcome.UNKNOWN


def test_other_libraries_than_glibcs_fail() -> None:
    found = dynamic(("libc.so.6", "libstdc++.so.6"), glibc("2.17"))
    assert found.outcome is Outcome.FAIL
    assert any("libstdc++.so.6" in finding.message for finding in found.findings)


def test_dynamic_is_no_promise_where_nothing_was_named() -> None:
    piece = dataclasses.replace(GOOD, linkage=Linkage.DYNAMIC, needed=("libc.so.6",))
    report = BinaryReport(format=Format.ELF, size=1, slices=(piece,))
    assert judge(report, PROMISE).outcome is Outcome.FAIL


def test_a_universal_binary_is_judged_part_by_part() -> None:
    parts = tuple(plan_for("hello", f"darwin/{cpu}") for cpu in ("amd64", "arm64"))

    def piece(cpu: str, **changes: object) -> Slice:
        (expected,) = [p.expects for p in parts if p.target.arch == cpu]
        settings = (*expected.settings, ("CGO_ENABLED", "0"))
        return dataclasses.replace(
            GOOD,
            machine=cpu,
            linkage=Linkage.SYSTEM_ONLY,
            signature=Clue(value="ad-hoc"),
            seal=Clue(value="match"),
            go=GoBuildInfo(version="go1.26.8", settings=settings),
            **changes,  # type: ignore[arg-type]
        )

    def outcome(*slices: Slice) -> Outcome:
        report = BinaryReport(format=Format.MACHO, size=1, slices=slices)
        return judge_result(report, joined(parts)).outcome

    assert outcome(piece("amd64"), piece("arm64")) is Outcome.PASS
    assert outcome(piece("amd64")) is Outcome.FAIL
    assert outcome(piece("amd64"), piece("amd64")) is Outcome.FAIL
    assert outcome(piece("amd64"), piece("arm64", stripped=False)) is Outcome.WARN
    assert outcome() is Outcome.FAIL
