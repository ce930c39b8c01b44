"""Results, proofs and errors as plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from staticgo.errors import StaticgoError
from staticgo.model.proof import Proof
from staticgo.model.result import BuildResult
from staticgo.model.verdict import Outcome
from staticgo.view.words import duration, printable, size

_FIRST_LINES, _LAST_LINES = 10, 30


def short(path: str, relative_to: str) -> str:
    """The path as seen from a folder, where it lies below it."""
    return path.removeprefix(relative_to.rstrip("/") + "/")


HEADINGS = ("target", "strategy", "linkage", "proof", "size", "time", "file")


def rows(results: Sequence[BuildResult], relative_to: str) -> list[tuple[str, ...]]:
    """The cells of the table of results, under HEADINGS."""
    return [
        (
            str(result.plan.target),
            str(result.plan.strategy),
            ", ".join(dict.fromkeys(str(piece.linkage) for piece in result.report.slices)),
            proof_word(result.proof),
            size(result.report.size),
            "unchanged" if result.reused else duration(result.seconds),
            printable(short(result.path, relative_to)),
        )
        for result in results
    ]


def table(cells: Sequence[Sequence[str]], headings: Sequence[str] = HEADINGS) -> str:
    """Columns as wide as their widest cell."""
    lines = [headings, *cells]
    widths = [max(len(line[i]) for line in lines) for i in range(len(headings))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def proof_word(proof: Proof | None) -> str:
    """A proof in two words, for a table."""
    if proof is None:
        return "not asked"
    if proof.outcome is Outcome.PASS:
        return f"{proof.level} ({proof.how})"
    if proof.outcome is Outcome.FAIL:
        return "FAILED"
    return proof.how if proof.observed is None else f"inconclusive ({proof.how})"


def proof_text(name: str, proof: Proof) -> str:
    """A proof in full."""
    head = {Outcome.PASS: "pass", Outcome.FAIL: "FAIL"}.get(proof.outcome, "inconclusive")
    lines = [f"{head}: {printable(name)}: {printable(proof.summary)}"]
    lines += [f"  needs: {printable(need)}" for need in proof.needs]
    if proof.hint:
        lines.append(f"  next: {printable(proof.hint)}")
    return "\n".join(lines)


def warnings(results: Sequence[BuildResult]) -> Iterator[str]:
    """What the user should know of results that passed: each thing once."""
    seen: dict[str, list[str]] = {}
    for result in results:
        for reason in result.plan.reasons:
            if reason.warning:
                text = f"{reason.decision}: {reason.why}"
                seen.setdefault(text, []).append(str(result.plan.target))
        for finding in result.verdict.findings:
            if finding.outcome is Outcome.WARN:
                seen.setdefault(finding.message, []).append(str(result.plan.target))
    for text, targets in seen.items():
        yield f"warning: {printable(text)} [{', '.join(targets)}]"


def error(failure: StaticgoError) -> str:
    """An error for a tired reader: what happened, the tool's last words, what to do next."""
    lines = [f"staticgo: {printable(failure.message)}"]
    details = failure.details.strip().splitlines()
    left_out = len(details) - _FIRST_LINES - _LAST_LINES
    if left_out > 0:
        details[_FIRST_LINES:-_LAST_LINES] = [f"... ({left_out} lines left out)"]
    lines += [f"  {printable(line)}" for line in details]
    lines.append(f"next: {printable(failure.hint)}")
    return "\n".join(lines)
