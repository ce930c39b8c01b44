"""What the catalogue's rules say of reports."""

from __future__ import annotations

import pytest

from staticgo.facts.rules import BY_ID, RULES
from staticgo.model.binary import (
    BinaryReport,
    Clue,
    Format,
    GoBuildInfo,
    Kind,
    Linkage,
    Protection,
    Requirement,
    Slice,
    State,
)
from staticgo.model.inspection import Require
from staticgo.model.verdict import Finding, Outcome
from staticgo.rules.inspection import examine
from tests.unit.rules.given import FULL, piece, report


def findings(found: BinaryReport, rule: str) -> list[Finding]:
    return [finding for finding in examine(found).findings if finding.rule == rule]


def go(*settings: tuple[str, str]) -> GoBuildInfo:
    return GoBuildInfo(version="go1.26.8", settings=settings)


# One report that makes each rule speak, beside PASS.
SPEAKING: dict[str, BinaryReport] = {
    "linkage": report(piece(linkage=Linkage.DYNAMIC)),
    "foreign-library": report(piece(foreign=("libgcc_s_seh-1.dll",)), form=Format.PE),
    "minimum-version": report(piece(requires=(Requirement(what="glibc", version="2.34"),))),
    "static-libc": report(FULL),
    "empty-machine": report(FULL),
    "claims": report(
        piece(go=go(("CGO_ENABLED", "1")), cgo=Clue(value="no", evidence="its functions"))
    ),
    "signature": report(
        piece(machine="arm64", os="darwin", signature=Clue(value="none")), form=Format.MACHO
    ),
    "executable-stack": report(
        piece(protections=(Protection(name="NX", state=State.OFF, evidence="PF_X"),))
    ),
    "run-path": report(piece(run_paths=("lib",))),
    "repeated-library": report(
        piece(os="darwin", repeated=("/usr/lib/libobjc.A.dylib",)), form=Format.MACHO
    ),
}


def test_every_rule_of_the_catalogue_has_a_case() -> None:
    assert SPEAKING.keys() == BY_ID.keys()
    assert len(RULES) == len(BY_ID)


@pytest.mark.parametrize("rule", SPEAKING)
def test_a_rule_speaks_where_it_should_and_is_in_the_catalogue(rule: str) -> None:
    assert findings(SPEAKING[rule], rule)
    assert {finding.rule for finding in examine(SPEAKING[rule]).findings} <= BY_ID.keys()


def test_a_plain_static_program_passes_with_nothing_else_to_say() -> None:
    (finding,) = examine(report()).findings
    assert (finding.rule, finding.outcome) == ("linkage", Outcome.PASS)


@pytest.mark.parametrize(
    ("linkage", "static", "system_only"),
    [
        (Linkage.STATIC, Outcome.PASS, Outcome.PASS),
        (Linkage.STATIC_PIE, Outcome.PASS, Outcome.PASS),
        (Linkage.SYSTEM_ONLY, Outcome.FAIL, Outcome.PASS),
        (Linkage.DYNAMIC, Outcome.FAIL, Outcome.FAIL),
        (Linkage.UNKNOWN, Outcome.UNKNOWN, Outcome.UNKNOWN),
    ],
)
def test_what_a_gate_lets_pass(linkage: Linkage, static: Outcome, system_only: Outcome) -> None:
    found = report(piece(linkage=linkage))
    assert examine(found, Require.STATIC).outcome is static
    assert examine(found, Require.SYSTEM_ONLY).outcome is system_only


@pytest.mark.parametrize("kind", [Kind.RELOCATABLE, Kind.CORE])
def test_what_is_no_program_is_let_through_by_no_gate(kind: Kind) -> None:
    found = report(piece(kind=kind, linkage=Linkage.UNKNOWN))
    assert examine(found).outcome is Outcome.PASS
    assert examine(found, Require.STATIC).outcome is Outcome.UNKNOWN


def test_a_shared_library_does_not_pass_as_static() -> None:
    found = report(piece(kind=Kind.SHARED_OBJECT, linkage=Linkage.DYNAMIC))
    assert examine(found, Require.STATIC).outcome is Outcome.FAIL


def test_one_bad_slice_of_a_fat_file_is_enough_and_named() -> None:
    bad = piece(machine="arm64", linkage=Linkage.DYNAMIC)
    verdict = examine(report(piece(), bad, form=Format.MACHO), Require.SYSTEM_ONLY)
    assert verdict.outcome is Outcome.FAIL
    messages = [f.message for f in verdict.findings if f.outcome is Outcome.FAIL]
    assert messages == ["arm64: it is dynamic, and system-only is required"]


def test_a_file_without_programs_is_unknown() -> None:
    assert examine(BinaryReport(format=Format.MACHO, size=8, slices=())).outcome is Outcome.UNKNOWN


def test_a_leak_is_named_with_what_brings_it() -> None:
    (finding,) = findings(SPEAKING["foreign-library"], "foreign-library")
    assert "MinGW" in finding.message


def test_the_same_function_of_another_libc_means_something_else() -> None:
    musl = Clue(value="musl", evidence="a text")
    (finding,) = findings(report(piece(libc=musl, functions=FULL.functions)), "static-libc")
    assert "resolv.conf" in finding.message
    assert not findings(report(piece(functions=FULL.functions)), "static-libc")


CLAIMS: tuple[tuple[Slice, str], ...] = (
    (piece(go=go(("CGO_ENABLED", "0")), cgo=Clue(value="yes")), "CGO_ENABLED=0"),
    (piece(go=go(("-buildmode", "pie"))), "no PIE"),
)


@pytest.mark.parametrize(("found", "said"), CLAIMS)
def test_a_claim_that_the_binary_belies(found: Slice, said: str) -> None:
    (finding,) = findings(report(found), "claims")
    assert said in finding.message


@pytest.mark.parametrize(
    "found",
    [
        piece(go=go(("CGO_ENABLED", "1")), cgo=Clue()),  # nothing is known of cgo
        piece(go=go(("CGO_ENABLED", "1")), cgo=Clue(value="yes")),
        piece(go=go(("-buildmode", "pie")), kind=Kind.PIE),
        piece(cgo=Clue(value="yes")),
    ],
)
def test_a_claim_that_is_kept_or_cannot_be_checked(found: Slice) -> None:
    assert not findings(report(found), "claims")


@pytest.mark.parametrize("path", ["/opt/lib", "$ORIGIN/../lib", "@loader_path", "${ORIGIN}"])
def test_a_run_path_that_does_not_move_is_no_finding(path: str) -> None:
    assert not findings(report(piece(run_paths=(path,))), "run-path")
