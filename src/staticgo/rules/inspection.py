"""What the rules of the catalogue say of anybody's binary. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from staticgo.facts.libraries_windows import origin
from staticgo.facts.signs import PACKAGES, Hazard, hazard_of
from staticgo.model.binary import BinaryReport, Clue, Format, Kind, Linkage, Slice, State
from staticgo.model.inspection import Require
from staticgo.model.verdict import Finding, Outcome, Verdict
from staticgo.rules.mac import mac_findings

_GOOD = {
    Require.STATIC: {Linkage.STATIC, Linkage.STATIC_PIE},
    Require.SYSTEM_ONLY: {Linkage.STATIC, Linkage.STATIC_PIE, Linkage.SYSTEM_ONLY},
}
_NO_PROGRAMS = {Kind.RELOCATABLE, Kind.CORE}
_PACKAGES = {sign.package: sign for sign in PACKAGES}


def examine(report: BinaryReport, require: Require | None = None) -> Verdict:
    """All findings; with `require`, a program whose linkage falls short of it fails."""
    findings: list[Finding] = []
    for piece in report.slices:
        where = f"{piece.machine}: " if len(report.slices) > 1 else ""
        for finding in _findings(report.format, piece, require):
            findings.append(_prefixed(finding, where))
    return Verdict(findings=tuple(findings))


def _findings(form: Format, piece: Slice, require: Require | None) -> Iterator[Finding]:
    yield _linkage(piece, require)
    yield from _foreign(form, piece)
    yield from _versions(piece)
    yield from libc_functions(piece)
    yield from _packages(piece)
    yield from _claims(piece)
    yield from mac_findings(piece)
    yield from _stack(piece)
    yield from _run_paths(piece)


def _linkage(piece: Slice, require: Require | None) -> Finding:
    if piece.kind in _NO_PROGRAMS:
        # A gate lets through what it knows to be good; of an object nobody knows how it will be linked.
        outcome = Outcome.PASS if require is None else Outcome.UNKNOWN
        said = f"it is no program to start, but of the kind {piece.kind}"
    elif piece.linkage is Linkage.UNKNOWN:
        outcome, said = Outcome.UNKNOWN, "how it is linked cannot be told"
    elif require is None:
        good = piece.linkage is not Linkage.DYNAMIC
        outcome, said = Outcome.PASS if good else Outcome.WARN, f"it is {piece.linkage}"
    else:
        good = piece.linkage in _GOOD[require]
        said = f"it is {piece.linkage}" + ("" if good else f", and {require} is required")
        outcome = Outcome.PASS if good else Outcome.FAIL
    return Finding(rule="linkage", outcome=outcome, message=said, evidence=piece.linkage_evidence)


def _foreign(form: Format, piece: Slice) -> Iterator[Finding]:
    if form is Format.ELF:  # there, linkage says it all
        return
    for name in piece.foreign:
        source = origin(name) if form is Format.PE else ""
        yield Finding(
            rule="foreign-library",
            outcome=Outcome.WARN,
            message=f"it needs {name}, which the system does not promise"
            + (f": it comes from {source}" if source else ""),
        )


def _versions(piece: Slice) -> Iterator[Finding]:
    for required in piece.requires:
        yield Finding(
            rule="minimum-version",
            outcome=Outcome.PASS,
            message=f"it starts on {required.what} {required.version} and later only",
            evidence=", ".join(required.asked_by),
        )


def libc_functions(piece: Slice) -> Iterator[Finding]:
    """Functions of the libc inside that look for something on the machine."""
    hazards: dict[Hazard, list[Clue]] = {}
    for clue in piece.functions:
        hazard = hazard_of(piece.libc.value, clue.value)
        if hazard is not None:
            hazards.setdefault(hazard, []).append(clue)
    for hazard, clues in hazards.items():
        names = ", ".join(clue.value for clue in clues)
        yield Finding(
            rule="static-libc",
            outcome=Outcome.WARN,
            message=f"{names} of {piece.libc.value} linked in, which looks for {hazard.wants}: "
            f"{hazard.why}",
            evidence="; ".join(dict.fromkeys(clue.evidence for clue in clues)),
            hint=hazard.fix,
        )


def _packages(piece: Slice) -> Iterator[Finding]:
    for clue in piece.packages:
        sign = _PACKAGES.get(clue.value)
        if sign is not None:
            yield Finding(
                rule="empty-machine",
                outcome=Outcome.WARN,
                message=f"{clue.value} is linked in, and looks for {sign.wants}: {sign.why}",
                evidence=clue.evidence,
                hint=sign.fix,
            )


def _claims(piece: Slice) -> Iterator[Finding]:
    if piece.go is None:
        return
    if piece.go.setting("CGO_ENABLED") == "1" and piece.cgo.value == "no":
        yield Finding(
            rule="claims",
            outcome=Outcome.WARN,
            message="CGO_ENABLED=1 is recorded, and no cgo is inside",
            evidence=piece.cgo.evidence,
        )
    if piece.go.setting("CGO_ENABLED") == "0" and piece.cgo.value == "yes":
        yield Finding(
            rule="claims",
            outcome=Outcome.WARN,
            message="CGO_ENABLED=0 is recorded, and cgo is inside",
            evidence=piece.cgo.evidence,
        )
    if piece.go.setting("-buildmode") == "pie" and piece.kind is Kind.EXECUTABLE:
        yield Finding(
            rule="claims",
            outcome=Outcome.WARN,
            message="-buildmode=pie is recorded, and it is no PIE",
        )


def _stack(piece: Slice) -> Iterator[Finding]:
    for protection in piece.protections:
        if protection.name.startswith("NX") and protection.state is State.OFF:
            yield Finding(
                rule="executable-stack",
                outcome=Outcome.WARN,
                message="writable memory may be executed",
                evidence=protection.evidence,
            )


def _run_paths(piece: Slice) -> Iterator[Finding]:
    for path in piece.run_paths:
        if not path.startswith(("/", "$ORIGIN", "${ORIGIN}", "@")):
            yield Finding(
                rule="run-path",
                outcome=Outcome.WARN,
                message=f"libraries are looked for in {path!r}, below whatever folder it is started in",
            )


def _prefixed(finding: Finding, where: str) -> Finding:
    if not where:
        return finding
    return Finding(
        rule=finding.rule,
        outcome=finding.outcome,
        message=where + finding.message,
        evidence=finding.evidence,
        hint=finding.hint,
    )
