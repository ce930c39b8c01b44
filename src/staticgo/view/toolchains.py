"""Toolchains as tables: what is here, what is missing and how it is added, and what works."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from staticgo.model.target import Target
from staticgo.model.toolchains import Checkup, Tool
from staticgo.model.verdict import Outcome
from staticgo.view.text import table
from staticgo.view.words import duration, printable

_HEADINGS = ("toolchain", "version", "targets", "command")
_NAMED = 3
_WORDS = {Outcome.PASS: "works", Outcome.UNKNOWN: "links", Outcome.FAIL: "FAILS"}


def render(tools: Sequence[Tool]) -> str:
    """What is here, then what is missing with the command that adds it."""
    here = [tool for tool in tools if tool.path and not tool.lacks]
    cells = [(t.kind, t.version, _targets(t.targets) or "-", printable(t.path)) for t in here]
    lines = [table(cells, _HEADINGS)] if here else ["no toolchain is here"]
    return "\n".join([*lines, *_missing([tool for tool in tools if tool.lacks])]) + "\n"


def _missing(tools: Sequence[Tool]) -> Iterator[str]:
    """Those that the same command adds stand together."""
    if tools:
        yield ""
        yield "missing, and the command that adds it:"
    together: dict[tuple[str, str, str], list[Tool]] = {}
    for tool in tools:
        together.setdefault((tool.kind, tool.path and tool.lacks, tool.add), []).append(tool)
    for (kind, lacks, add), alike in together.items():
        targets = tuple(dict.fromkeys(target for tool in alike for target in tool.targets))
        yield f"  {kind} for {_targets(targets)}" if targets else f"  {kind}"
        if lacks:
            yield f"      {printable(alike[0].path)}: {printable(lacks)}"
        yield f"      {add or 'put ' + alike[0].command + ' on PATH'}"


def _targets(targets: Sequence[Target]) -> str:
    """The targets without their CPUs' variants, the first few by name."""
    plain = list(dict.fromkeys(_plain(target) for target in targets))
    if len(plain) <= _NAMED:
        return ", ".join(plain)
    return f"{', '.join(plain[:_NAMED])} and {len(plain) - _NAMED} more"


def _plain(target: Target) -> str:
    keeps = target.arch == "arm" or target.arch.startswith("mips")
    return str(target) if keeps else f"{target.os}/{target.arch}"


def render_checkups(checkups: Sequence[Checkup]) -> str:
    """A line for each link, with what to do where one failed."""
    cells = [
        (_WORDS[c.outcome], c.kind, str(c.target), duration(c.seconds), printable(c.summary))
        for c in checkups
    ]
    lines = [table(cells, ("", "toolchain", "target", "time", "what was seen"))]
    for checkup in checkups:
        if checkup.outcome is Outcome.FAIL:
            lines += ["", f"{checkup.kind} for {checkup.target}: {printable(checkup.summary)}"]
            lines += [f"  {printable(line)}" for line in checkup.details.strip().splitlines()[-10:]]
            lines.append(f"  next: {printable(checkup.hint)}")
    return "\n".join(lines) + "\n"
