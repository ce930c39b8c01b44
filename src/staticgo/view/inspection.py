"""What `inspect` and `diff` say, as plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from staticgo.facts.rules import Rule
from staticgo.model.binary import BinaryReport, Format, Group, Protection, Requirement, Slice, State
from staticgo.model.inspection import Inspection
from staticgo.model.source import Trouble
from staticgo.model.verdict import Outcome
from staticgo.view.words import printable, size

if TYPE_CHECKING:  # `inspect` has no need of it, and dataclasses take time to make
    from staticgo.model.change import Change

_WIDTH = 13
_LONG = 60
_ASKING = 3
"""So many symbols that ask for a version are named."""
_MARKS = {Outcome.FAIL: "FAIL", Outcome.UNKNOWN: "unknown", Outcome.WARN: "warning"}
_FORMATS = {Format.ELF: "ELF", Format.MACHO: "Mach-O", Format.PE: "PE"}
_STATES = {State.NOT_APPLICABLE: "not applicable"}


def inspection(found: Inspection) -> str:
    """One binary in full: what was read, and the findings that ask for attention."""
    lines = [_headline(found)]
    slices = found.report.slices
    for piece in slices:
        if len(slices) > 1:
            lines.append(f"  for {printable(piece.platform)}")
        lines += [f"  {line}" for line in _slice(piece)]
    if found.sizes:
        lines.append("  size by origin")
        lines += [f"    {size(group.size):>9}  {printable(group.name)}" for group in found.sizes]
    lines += [
        f"  not read     {printable(gap.what)}: {printable(gap.why)}" for gap in found.report.gaps
    ]
    lines += findings(found)
    return "\n".join(lines)


def findings(found: Inspection, at_most: Outcome = Outcome.WARN) -> list[str]:
    """What asks for attention, with its rule and the way out; none that is better than `at_most`."""
    lines = []
    for finding in found.verdict.findings:
        if finding.outcome > at_most:
            continue
        lines.append(f"  {_MARKS[finding.outcome]}: {printable(finding.message)} [{finding.rule}]")
        if finding.evidence and finding.rule != "linkage":  # it stands above
            lines.append(f"    seen: {printable(finding.evidence)}")
        if finding.hint:
            lines.append(f"    next: {printable(finding.hint)}")
    return lines


def line(found: Inspection) -> str:
    """One binary in one line, for many of them."""
    linkages = ", ".join(dict.fromkeys(str(piece.linkage) for piece in found.report.slices))
    mark = _MARKS.get(found.verdict.outcome, "")
    said = f"  {mark}" if mark in ("FAIL", "unknown") else ""
    return f"{printable(found.name)}: {_platforms(found.report)}, {linkages}{said}"


def trouble(found: Trouble) -> str:
    """What could not be read, for standard error."""
    said = f"{printable(found.name)}: {printable(found.message)}"
    return f"staticgo: {said}\nnext: {printable(found.hint)}"


def rule(entry: Rule) -> str:
    """The long form of a rule, as Markdown that reads well as it stands."""
    return (
        f"{entry.id}: {entry.title}\n\n"
        f"Looks at: {entry.looks_at}\n\nWhy: {entry.why}\n\nWhat to do: {entry.fix}\n"
    )


def changes(found: Sequence[Change]) -> str:
    """The differences, by topic; sizes with their growth."""
    lines = []
    topic = ""
    for change in found:
        if change.topic != topic:
            topic = change.topic
            lines.append(printable(topic))
        name = f"{printable(change.what)}: " if change.what else ""
        lines.append(f"  {name}{_change(change)}")
    return "\n".join(lines) or "no difference"


def _change(change: Change) -> str:
    if change.bytes:
        sign = "+" if change.bytes > 0 else "-"
        return f"{sign}{size(abs(change.bytes))} ({size(int(change.before))} -> {size(int(change.after))})"
    if change.what and change.before in ("", change.what) and change.after in ("", change.what):
        return "added" if change.after else "removed"
    before, after = (printable(text) or "none" for text in (change.before, change.after))
    return f"{before} -> {after}"


def _headline(found: Inspection) -> str:
    report = found.report
    kinds = ", ".join(dict.fromkeys(str(piece.kind) for piece in report.slices))
    return (
        f"{printable(found.name)}: {_FORMATS[report.format]} {kinds}, {_platforms(report)}, "
        f"{size(report.size)}"
    )


def _platforms(report: BinaryReport) -> str:
    return " + ".join(printable(piece.platform) for piece in report.slices)


def _slice(piece: Slice) -> Iterator[str]:
    order = "big-endian" if piece.big_endian else "little-endian"
    yield _field("ABI", ", ".join(filter(None, (piece.abi, f"{piece.bits} bit", order))))
    yield _field("linkage", f"{piece.linkage} ({piece.linkage_evidence})")
    if piece.interpreter:
        yield _field("interpreter", piece.interpreter)
    promised = [name for name in piece.needed if name not in piece.foreign]
    if piece.foreign:
        yield _field("needs", ", ".join(piece.foreign))
    if promised:
        yield _field("system's", ", ".join(promised))
    if piece.run_paths:
        yield _field("looks in", ", ".join(piece.run_paths))
    if piece.requires:
        yield _field("at least", ", ".join(map(_required, piece.requires)))
    yield _field("stripped", {True: "yes", False: "no", None: "unknown"}[piece.stripped])
    if piece.signature.value:
        fits = {"match": ", and it fits the file", "mismatch": ", which does not fit the file"}
        yield _field("signature", piece.signature.value + fits.get(piece.seal.value, ""))
    yield from _go(piece)
    for name, clue in (("linked by", piece.link_mode), ("cgo", piece.cgo), ("libc", piece.libc)):
        if clue.value:
            words = {"internal": "Go's own linker", "external": "an external linker"}
            said = words.get(clue.value, clue.value)
            yield _field(name, f"{said} ({clue.evidence})" if clue.evidence else said)
    if piece.sections:
        yield _field("bytes", _groups(piece.sections))
    if piece.protections:
        yield _field("hardening", ", ".join(map(_protection, piece.protections)))


def _go(piece: Slice) -> Iterator[str]:
    info = piece.go
    if info is None:
        if piece.go_version.value:
            yield _field("Go", f"{piece.go_version.value} ({piece.go_version.evidence})")
        return
    main = info.main
    module = f", module {main.path} {main.version}" if main else ""
    count = len(info.dependencies)
    others = "1 dependency" if count == 1 else f"{count} dependencies"
    yield _field("Go", ", ".join(filter(None, (info.version, info.path + module, others))))
    if info.settings:
        yield _field("settings", " ".join(_setting(*setting) for setting in info.settings))


def _required(requirement: Requirement) -> str:
    by = requirement.asked_by
    more = ", ..." if len(by) > _ASKING else ""
    asking = f" (for {', '.join(by[:_ASKING])}{more})" if by else ""
    return f"{requirement.what} {requirement.version}".rstrip() + asking


def _setting(name: str, value: str) -> str:
    """One setting; DefaultGODEBUG may be a screenful."""
    return f"{name}={value}" if len(value) <= _LONG else f"{name}={value[:_LONG]}..."


def _field(name: str, value: str) -> str:
    return f"{name:<{_WIDTH}}{printable(value)}"


def _groups(groups: Sequence[Group]) -> str:
    return ", ".join(f"{group.name} {size(group.size)}" for group in groups)


def _protection(protection: Protection) -> str:
    return f"{protection.name} {_STATES.get(protection.state, str(protection.state))}"
