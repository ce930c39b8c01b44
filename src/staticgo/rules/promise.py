"""Holds a binary against what its plan promised."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

from staticgo.facts.glibc import parts
from staticgo.model.binary import BinaryReport, Kind, Linkage, Slice
from staticgo.model.plan import Plan, Promise
from staticgo.model.verdict import Finding, Outcome, Verdict
from staticgo.rules.inspection import libc_functions
from staticgo.rules.mac import mac_findings


def judge(report: BinaryReport, promise: Promise) -> Verdict:
    """What each rule says of the binary. What could not be read is UNKNOWN, never a pass."""
    return Verdict(findings=_held(report.slices, promise))


def judge_result(report: BinaryReport, plan: Plan) -> Verdict:
    """What each rule says of what `plan` made: each part of a universal binary by its own promise."""
    if not plan.parts:
        return judge(report, plan.expects)
    promises = [part.expects for part in plan.parts]
    findings = [_complete(report, promises)]
    for promise in promises:
        findings += _held((p for p in report.slices if p.machine == promise.machine), promise)
    return Verdict(findings=tuple(findings))


def _complete(report: BinaryReport, promises: list[Promise]) -> Finding:
    """Whether a universal binary holds a program for each CPU, and no other."""
    wanted = sorted(promise.machine for promise in promises)
    found = sorted(piece.machine for piece in report.slices)
    return Finding(
        rule="parts",
        outcome=Outcome.PASS if found == wanted else Outcome.FAIL,
        message=f"the file holds programs for {', '.join(found)}",
        hint="" if found == wanted else "this is a bug of staticgo: report it",
    )


def _held(slices: Iterable[Slice], promise: Promise) -> tuple[Finding, ...]:
    findings: list[Finding] = []
    for piece in slices:
        findings += (
            _linkage(piece, promise),
            *_position(piece, promise),
            *_libraries(piece, promise),
            *_libc(piece, promise),
            _machine(piece, promise),
            _stripped(piece, promise),
            *_build_info(piece, promise),
            *_oldest_macos(piece, promise),
            *_seal(piece, promise),
            *(_broken(finding) for finding in mac_findings(piece)),
        )
    return tuple(findings)


def _seal(piece: Slice, promise: Promise) -> Iterator[Finding]:
    """A Mac's signature that could not be read is no pass; what is wrong with one, `rules.mac` says."""
    if dict(promise.settings).get("GOOS") != "darwin" or piece.signature.value == "none":
        return
    if not piece.signature.value or not piece.seal.value:
        yield Finding(
            rule="signature",
            outcome=Outcome.UNKNOWN,
            message="whether its signature fits it cannot be told",
            evidence=piece.seal.evidence or piece.signature.evidence,
            hint="on a Mac, `codesign -v FILE` tells; `codesign -f -s - FILE` signs it anew",
        )


def _position(piece: Slice, promise: Promise) -> Iterator[Finding]:
    """Whether it may be loaded at any address, where that was asked for."""
    if promise.pie:
        good = piece.kind is Kind.PIE
        yield Finding(
            rule="pie",
            outcome=Outcome.PASS if good else Outcome.FAIL,
            message="it is position-independent" if good else "it is no PIE, and --pie was given",
            hint=""
            if good
            else "look for -no-pie in --ldflags, CGO_LDFLAGS, or a #cgo LDFLAGS line",
        )


def _oldest_macos(piece: Slice, promise: Promise) -> Iterator[Finding]:
    """Whether it starts on the oldest macOS that Go supports."""
    if not promise.macos:
        return
    found = next((r.version for r in piece.requires if r.what == "macos"), "")
    good = bool(found) and parts(found) <= parts(promise.macos)
    yield Finding(
        rule="minimum-version",
        outcome=Outcome.PASS if good else Outcome.FAIL if found else Outcome.UNKNOWN,
        message=(f"it starts on macOS {found} and later" if found else "it names no macOS version")
        + ("" if good else f", and {promise.macos} was to be enough"),
        hint=""
        if good
        else "look for -mmacosx-version-min or a -target in CGO_CFLAGS or CGO_LDFLAGS",
    )


def _broken(finding: Finding) -> Finding:
    """What some Mac does not start is not what was promised."""
    return dataclasses.replace(finding, outcome=Outcome.FAIL)


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


def _libraries(piece: Slice, promise: Promise) -> Iterator[Finding]:
    """Where a program may be dynamic: only on the libraries, and the glibc, that were named."""
    if piece.linkage is not Linkage.DYNAMIC or not promise.libraries:
        return
    others = [name for name in piece.needed if name not in promise.libraries and not _loader(name)]
    yield Finding(
        rule="libraries",
        outcome=Outcome.FAIL if others else Outcome.PASS,
        message=f"the binary needs {', '.join(others)}, which the system does not promise"
        if others
        else f"it needs only {', '.join(piece.needed)}, which every such system has",
        hint="link these statically: build them with a [[c-library]] table" if others else "",
    )
    loader = piece.interpreter
    if promise.interpreters and loader not in promise.interpreters:
        yield Finding(
            rule="interpreter",
            outcome=Outcome.FAIL,
            message=f"it is started by {loader or 'no loader'}, and the system's is "
            f"{promise.interpreters[0]}",
            hint="look for --dynamic-linker in --ldflags, CGO_LDFLAGS, or a #cgo LDFLAGS line",
        )
    for path in piece.run_paths:
        yield Finding(
            rule="run-path",
            outcome=Outcome.WARN,
            message=f"libraries are first looked for in {path!r}, and the system's are elsewhere",
            hint="look for -rpath in --ldflags, CGO_LDFLAGS, or a #cgo LDFLAGS line",
        )
    if promise.glibc:
        yield from _private(piece)
        yield _glibc(piece, promise.glibc)


def _private(piece: Slice) -> Iterator[Finding]:
    """GLIBC_PRIVATE and GLIBC_ABI_*: no glibc promises the one, and no release is named by the other."""
    for required in piece.requires:
        if required.what.startswith("GLIBC_"):
            yield Finding(
                rule="glibc",
                outcome=Outcome.FAIL,
                message=f"it asks for {required.what}, which not every glibc of that version has",
                evidence=", ".join(required.asked_by),
                hint="look for prebuilt archives that were made for one system's glibc",
            )


def _libc(piece: Slice, promise: Promise) -> Iterator[Finding]:
    """A libc without a sign says nothing; another's sign says that another compiler was at work."""
    found = piece.libc.value
    if not promise.libc or not found:
        return
    same = found == promise.libc
    yield Finding(
        rule="libc",
        outcome=Outcome.PASS if same else Outcome.FAIL,
        message=f"{found} is linked in" + ("" if same else f", not {promise.libc}"),
        evidence=piece.libc.evidence,
        hint="" if same else "look for -L, -specs or prebuilt archives that bring another libc in",
    )
    if found == "glibc":
        yield from libc_functions(piece)


def _loader(name: str) -> bool:
    """glibc's loader, which is asked for by name on some CPUs."""
    return name.startswith(("ld-linux", "ld64.so", "ld.so"))


def _glibc(piece: Slice, newest: str) -> Finding:
    found = [r for r in piece.requires if r.what == "glibc"]
    if not found:
        return Finding(
            rule="glibc",
            outcome=Outcome.UNKNOWN,
            message="the binary does not say which glibc it needs",
            hint="`readelf -V` shows what it records of versions",
        )
    above = [r for r in found if parts(r.version) > parts(newest)]
    return Finding(
        rule="glibc",
        outcome=Outcome.FAIL if above else Outcome.PASS,
        message=f"it asks for glibc {above[0].version}, and {newest} was to be enough"
        if above
        else f"it starts on glibc {found[0].version} and newer, and {newest} was to be enough",
        evidence=", ".join(name for r in above for name in r.asked_by),
        hint="look for prebuilt archives that were made on a newer system" if above else "",
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
