"""The first cause in a tool's last words: for errors that are told in one line.

`rules/log.py` reads whole logs with the same catalogue.
"""

from __future__ import annotations

import re

from staticgo.facts.catalogue import ENTRIES
from staticgo.model.diagnosis import Advice, Entry, LogLine, Severity

NAMES_LIMIT = 8
"""Names that are told of one entry; the rest are counted."""


def name_in(match: re.Match[str]) -> str:
    """What the message names: the group `name`, or one of its alternatives `name2`, `name3`..."""
    return next((text.strip() for text in match.groupdict().values() if text), "")


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
    for entry in ENTRIES:
        if entry.severity is not Severity.FATAL:
            continue
        lines = [line for line in output.splitlines() if any(sign in line for sign in entry.signs)]
        found = [match for line in lines if (match := re.search(entry.pattern, line))]
        if found:
            names = tuple(dict.fromkeys(filter(None, map(name_in, found))))
            return advise(entry, names, (), len(found))
    return None
