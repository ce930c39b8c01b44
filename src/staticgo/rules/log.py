"""Any log -> what of it is known, in order of importance. Pure; time grows with the log's size only.

For each piece of the log, each entry's signs are looked for (plain text: quick), and the entry's
pattern is tried only on the lines that hold one. No line is longer than LINE_LIMIT, so that no
pattern can take long.
"""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from staticgo.facts.catalogue import COMPLAINTS, CONTEXT_SIGNS, CONTEXT_STARTS, ENTRIES
from staticgo.facts.diagnosis import NAMES_LIMIT, advise, name_in
from staticgo.model.diagnosis import Advice, Entry, LogLine, Reading

LINE_LIMIT = 2000
"""Characters: a longer line is read in pieces of this length."""
_PIECE = 1 << 20
_SHOWN = 300
_EVIDENCE_LIMIT = 3
_COMPLAINTS_LIMIT = 20
_LINE_END = re.compile(r"\r\n?|\n")
_COLOUR = re.compile(r"\x1b\[[0-9;]*[mK]")
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z |(?:#\d+ )?\d+\.\d+ ")
"""What CI systems and image builders put before each line."""
_CONTEXT_START = re.compile(CONTEXT_STARTS)
_FUNCTION = re.compile(r"[Ii]n function [`'\"\u2018]")


@functools.cache
def _pattern(position: int) -> re.Pattern[str]:
    """An entry's pattern, compiled when a line first holds a sign of it: most builds say nothing."""
    return re.compile(ENTRIES[position].pattern)


@dataclass(slots=True)
class _Found:
    """What was seen of one entry so far."""

    names: dict[str, None] = field(default_factory=dict)
    evidence: list[LogLine] = field(default_factory=list)
    times: int = 0

    def add(self, number: int, line: str, name: str) -> None:
        self.times += 1
        if len(self.evidence) < _EVIDENCE_LIMIT:
            self.evidence.append(LogLine(number=number, text=_shown(line)))
        if name and len(self.names) <= NAMES_LIMIT:
            self.names.setdefault(name)


@dataclass(slots=True)
class _Total:
    found: dict[int, _Found] = field(default_factory=dict)
    complaints: list[LogLine] = field(default_factory=list)
    lines: int = 0
    not_recognised: int = 0


def read_text(text: str) -> Reading:
    """What the text of a log says."""
    return read_lines(split_lines(text))


def split_lines(text: str) -> list[str]:
    """The text's lines, without their ends; progress bars end theirs with a mere CR."""
    return _LINE_END.split(text)


def read_lines(lines: Iterable[str]) -> Reading:
    """What the lines of a log say, in order of importance: the gravest first, causes before effects."""
    total = _Total()
    for numbers, piece in _pieces(lines):
        _read_piece(numbers, piece, total)
    order = sorted(total.found, key=lambda i: (-ENTRIES[i].severity, i))
    return Reading(
        advices=tuple(_advice(ENTRIES[i], total.found[i]) for i in order),
        lines=total.lines,
        not_recognised=total.not_recognised,
        complaints=tuple(total.complaints),
    )


def _advice(entry: Entry, found: _Found) -> Advice:
    return advise(entry, tuple(found.names), tuple(found.evidence), found.times)


def _pieces(lines: Iterable[str]) -> Iterator[tuple[list[int], list[str]]]:
    """The lines with their numbers, cut where they are very long, about a megabyte at a time."""
    numbers: list[int] = []
    piece: list[str] = []
    size = 0
    for number, raw in enumerate(lines, start=1):
        line = _plain(raw)
        for start in range(0, len(line), LINE_LIMIT):
            numbers.append(number)
            piece.append(line[start : start + LINE_LIMIT])
        size += len(line)
        if size >= _PIECE:
            yield numbers, piece
            numbers, piece, size = [], [], 0
    yield numbers, piece


def _plain(line: str) -> str:
    """The line without colours and time stamps."""
    if "\x1b" in line:
        line = _COLOUR.sub("", line)
    stamp = _STAMP.match(line)
    return line[stamp.end() :] if stamp else line


def _read_piece(numbers: list[int], lines: list[str], total: _Total) -> None:
    best = _matches(lines)
    for index, line in enumerate(lines):
        if not line.strip():
            continue
        total.lines += 1
        known = best.get(index)
        if known is not None:
            position, match = known
            found = total.found.setdefault(position, _Found())
            found.add(numbers[index], line, name_in(match))
        elif not _is_context(line):
            total.not_recognised += 1
            if len(total.complaints) < _COMPLAINTS_LIMIT and _complains(line):
                total.complaints.append(LogLine(number=numbers[index], text=_shown(line)))


def _is_context(line: str) -> bool:
    return bool(_CONTEXT_START.match(line)) or any(sign in line for sign in CONTEXT_SIGNS)


def _complains(line: str) -> bool:
    lower = line.lower()
    return any(word in lower for word in COMPLAINTS)


def _matches(lines: list[str]) -> dict[int, tuple[int, re.Match[str]]]:
    """For each line that an entry explains, the first that does: its position and its match."""
    text = "\n".join(lines)
    starts = _starts(lines)
    best: dict[int, tuple[int, re.Match[str]]] = {}
    for position, entry in enumerate(ENTRIES):
        tried: set[int] = set()
        for sign in entry.signs:
            for index in _lines_with(sign, text, starts):
                if index in best or index in tried:
                    continue
                tried.add(index)
                match = _pattern(position).search(lines[index])
                if match and _stands_within(position, lines, index):
                    best[index] = position, match
    return best


def _starts(lines: list[str]) -> list[int]:
    """Where each line begins in the joined text."""
    starts = []
    position = 0
    for line in lines:
        starts.append(position)
        position += len(line) + 1
    return starts


def _lines_with(sign: str, text: str, starts: list[int]) -> Iterator[int]:
    """The lines in which the sign stands, each once."""
    at = text.find(sign)
    while at >= 0:
        index = bisect.bisect_right(starts, at) - 1
        yield index
        if index + 1 == len(starts):
            return
        at = text.find(sign, starts[index + 1])


def _stands_within(position: int, lines: list[str], index: int) -> bool:
    """Whether the linker's `in function` line before this one is as the entry wants it, if it does."""
    within = ENTRIES[position].within
    if not within:
        return True
    before = next((line for line in reversed(lines[max(0, index - 2) : index]) if line.strip()), "")
    return bool(_FUNCTION.search(before)) and within in before


def _shown(line: str) -> str:
    text = line.strip()
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."
