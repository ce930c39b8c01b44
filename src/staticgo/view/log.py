"""What a log says, as text: each cause with its severity, and what is not known as it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from staticgo.model.diagnosis import Advice, Reading, Severity
from staticgo.model.result import BuildResult
from staticgo.view.words import printable


def log_text(reading: Reading) -> str:
    """A reading in full, the most telling cause first."""
    lines: list[str] = []
    for advice in reading.advices:
        lines += [*_advice(advice), ""]
    lines += _unknown(reading)
    return "\n".join(lines) + "\n"


def sentence(advice: Advice) -> str:
    """An advice in one sentence: `harmless: ..., because ...`; `significant: ...; fix: ...`."""
    text = f"{advice.severity}: {advice.meaning}"
    if advice.severity is Severity.HARMLESS:
        text += f", because {advice.cause}"
    else:
        text += f"; fix: {advice.fix}"
    return printable(text)


def build_remarks(results: Sequence[BuildResult]) -> Iterator[str]:
    """What compilers said of builds that succeeded: what it means, and the unknown as it stands."""
    seen: dict[str, list[str]] = {}
    for result in results:
        if result.reading is None:
            continue
        # What fails a build has not failed this one: it is shown, and not called fatal.
        shown = [
            line
            for advice in result.reading.advices
            for line in advice.evidence
            if advice.severity is Severity.FATAL
        ]
        said = [
            sentence(advice)
            for advice in result.reading.advices
            if advice.severity is not Severity.FATAL
        ]
        said += [
            f"go build: {printable(line.text)}" for line in (*shown, *result.reading.complaints)
        ]
        for text in dict.fromkeys(said):
            seen.setdefault(text, []).append(str(result.plan.target))
    for text, targets in seen.items():
        yield f"{text} [{', '.join(targets)}]"


def _advice(advice: Advice) -> Iterator[str]:
    yield printable(f"{advice.severity}: {advice.meaning}")
    for line in advice.evidence:
        yield printable(f"  line {line.number}: {line.text}")
    if advice.times > len(advice.evidence):
        yield f"  ... and {advice.times - len(advice.evidence)} more such lines"
    yield printable(f"  because {advice.cause}")
    yield printable(f"  fix: {advice.fix}")
    if advice.remedy is not None:
        how = "build does it by itself" if advice.remedy.safe else "offered"
        yield printable(f"  remedy ({how}): {advice.remedy.setting} - {advice.remedy.why}")
    if advice.link:
        yield f"  see {advice.link}"


def _unknown(reading: Reading) -> Iterator[str]:
    if not reading.lines:
        yield "the log is empty"
    elif not reading.not_recognised:
        yield "every line is recognised"
    else:
        yield (
            f"{reading.not_recognised} of {reading.lines} lines are not recognised, "
            "and nothing is said of them" + (":" if reading.complaints else "")
        )
    for line in reading.complaints:
        yield printable(f"  line {line.number}: {line.text}")
    if reading.cut:
        yield "the log is longer than that, and its end was not read: give its last part alone"
