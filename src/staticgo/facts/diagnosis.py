"""The first cause in a tool's last words: for errors that are told in one line.

`rules/log.py` reads whole logs with the same catalogue.
"""

from __future__ import annotations

import re

from staticgo.facts.catalogue import ENTRIES
from staticgo.model.diagnosis import Advice, Entry, LogLine, Severity

_NAME_LIMIT = 100
NAMES_LIMIT = 8
"""Names that are told of one entry; the rest are counted."""


def name_in(match: re.Match[str]) -> str:
    """What the message names: the group `name`, or one of its alternatives `name2`, `name3`..."""
    return next((text.strip()[:_NAME_LIMIT] for text in match.groupdict().values() if text), "")


def advise(
    entry: Entry, names: tuple[str, ...], evidence: tuple[LogLine, ...], times: int
) -> Advice:
    """The entry with its texts filled in."""
    shown = ", ".join(names[:NAMES_LIMIT])
    if len(names) > NAMES_LIMIT:
        shown += ", ..."

    def fill(text: str) -> str:
        if not shown:
            text = text.replace(" ({names})", "")
        return text.replace("{names}", shown or "it")

    return Advice(
        id=entry.id,
        severity=entry.severity,
        meaning=fill(entry.meaning),
        cause=fill(entry.cause),
        fix=fill(entry.fix),
        link=entry.link,
        remedy=entry.remedy,
        names=names[:NAMES_LIMIT],
        evidence=evidence,
        times=times,
        outside=entry.outside,
    )


def diagnose(output: str) -> Advice | None:
    """The most telling cause of a failure in a tool's output; None where nothing is recognised."""
    found: dict[int, list[re.Match[str]]] = {}
    for line in output.splitlines():
        position, match = _explain(line)
        if match is not None and ENTRIES[position].severity is Severity.FATAL:
            found.setdefault(position, []).append(match)
    if not found:
        return None
    lead = min(found)
    names = tuple(dict.fromkeys(filter(None, map(name_in, found[lead]))))
    return advise(ENTRIES[lead], names, (), len(found[lead]))


def _explain(line: str) -> tuple[int, re.Match[str] | None]:
    """The first entry that fits the line: its position and its match."""
    for position, entry in enumerate(ENTRIES):
        if entry.within or not any(sign in line for sign in entry.signs):
            continue
        match = re.search(entry.pattern, line)
        if match is not None:
            return position, match
    return -1, None
