"""Holds a binary against what its plan promised."""

from __future__ import annotations

from collections.abc import Iterator

from staticgo.model.binary import BinaryReport, Linkage, Slice
from staticgo.model.plan import Promise
from staticgo.model.verdict import Finding, Outcome, Verdict


def judge(report: BinaryReport, promise: Promise) -> Verdict:
    """What each rule says of the binary. What could not be read is UNKNOWN, never a pass."""
    findings: list[Finding] = []
    for piece in report.slices:
        findings += (
            _linkage(piece, promise),
            _machine(piece, promise),
            _stripped(piece, promise),
            *_build_info(piece, promise),
        )
    return Verdict(findings=tuple(findings))


def _linkage(piece: Slice, promise: Promise) -> Finding:
    if piece.linkage in promise.linkages:
        return Finding(
            rule="linkage",
            outcome=Outcome.PASS,
            message=f"the binary is {piece.linkage}",
            evidence=piece.linkage_evidence,
        )
    if piece.linkage is Linkage.UNKNOWN:
        return Finding(
            rule="linkage",
            outcome=Outcome.UNKNOWN,
            message="the binary's linkage cannot be told",
            evidence=piece.linkage_evidence,
            hint="build it again; if that does not help, report the file as a bug of staticgo",
        )
    asks = [f"the interpreter {piece.interpreter}"] if piece.interpreter else []
    asks += [f"the libraries {', '.join(piece.needed)}"] if piece.needed else []
    return Finding(
        rule="linkage",
        outcome=Outcome.FAIL,
        message=f"the binary is {piece.linkage} and will not start without {' and '.join(asks)}"
        if asks
        else f"the binary is {piece.linkage}",
        evidence=piece.linkage_evidence,
        hint="look for linker flags that undo -static: in --ldflags, CGO_LDFLAGS, or a #cgo LDFLAGS line"
        if promise.cgo_enabled
        else "look for a package that names libraries itself (//go:cgo_import_dynamic, as purego does); "
        "without --cgo off, it may be linked statically",
    )


def _machine(piece: Slice, promise: Promise) -> Finding:
    same = piece.machine == promise.machine
    return Finding(
        rule="machine",
        outcome=Outcome.PASS if same else Outcome.FAIL,
        message=f"the binary is for {piece.machine}"
        + ("" if same else f", not for {promise.machine}"),
        hint="" if same else "this is a bug of staticgo, or of the compiler it called: report it",
    )


def _stripped(piece: Slice, promise: Promise) -> Finding:
    if not promise.stripped:
        return Finding(rule="stripped", outcome=Outcome.PASS, message="symbols were to be kept")
    outcome = {True: Outcome.PASS, False: Outcome.WARN, None: Outcome.UNKNOWN}[piece.stripped]
    return Finding(
        rule="stripped",
        outcome=outcome,
        message={
            Outcome.PASS: "no symbol table and no DWARF",
            Outcome.WARN: "symbols or DWARF are left in spite of -s -w",
            Outcome.UNKNOWN: "the section headers cannot be read",
        }[outcome],
        hint="" if outcome is Outcome.PASS else "look for -g in CGO_LDFLAGS or a #cgo LDFLAGS line",
    )


def _build_info(piece: Slice, promise: Promise) -> Iterator[Finding]:
    if piece.go is None:
        yield Finding(
            rule="build-info",
            outcome=Outcome.UNKNOWN,
            message="the binary holds no Go build information",
            hint="look for linker flags that drop sections, such as --gc-sections with a script",
        )
        return
    wanted = (*promise.settings, ("CGO_ENABLED", "1" if promise.cgo_enabled else "0"))
    for name, value in wanted:
        found = piece.go.setting(name)
        if found is None:  # Go 1.22 and older record fewer settings
            yield Finding(
                rule="build-info",
                outcome=Outcome.WARN,
                message=f"the binary does not record {name}",
            )
            continue
        yield Finding(
            rule="build-info",
            outcome=Outcome.PASS if found == value else Outcome.FAIL,
            message=f"built with {name}={found}"
            + ("" if found == value else f", and {value} was asked for"),
            hint="" if found == value else "this is a bug of staticgo: report it",
        )
