"""The rewriting of what real builds asked (tools/record_arguments.py): golden files say what changed."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from staticgo.facts.platforms import resolve
from staticgo.facts.quirks import quirks_for
from staticgo.wrapping.rewrite import Rewritten, rewrite

RECORDED = sorted((Path(__file__).parent / "recorded").glob("*.txt"))
ZIG = "0.17.0"


def calls(file: Path) -> list[list[str]]:
    return [shlex.split(line) for line in file.read_text(encoding="utf-8").splitlines()]


def rewritten(file: Path, call: list[str]) -> Rewritten:
    system, arch, *_ = file.stem.split("-")
    return rewrite(call, quirks_for(resolve(f"{system}/{arch}").target, ZIG))


def changes(given: list[str], result: Rewritten) -> str:
    """One call: what it made, then the words that went and that came; "" where none did."""
    made = next((b for a, b in pairwise(given) if a == "-o"), given[-1])
    if result.status is not None:
        return f"{made}: answered {result.says!r}, status {result.status}"
    left = list(result.arguments)
    gone = []
    for word in given:
        if word in left:
            left.remove(word)
        else:
            gone.append(word)
    words = [f"-[{word}]" for word in gone] + [f"+[{word}]" for word in left]
    return f"{re.sub('_x[0-9]+', '_x*', made)}: {' '.join(words)}" if words else ""


def test_there_are_recordings() -> None:
    assert len(RECORDED) >= 5


@pytest.mark.parametrize("file", RECORDED, ids=lambda file: file.stem)
def test_what_changes(file: Path, golden: Callable[[str, str], None]) -> None:
    lines = [changes(call, rewritten(file, call)) for call in calls(file)]
    told = "\n".join(line for line in dict.fromkeys(lines) if line)
    golden(f"arguments/{file.stem}.txt", f"{told}\n")


@pytest.mark.parametrize("file", RECORDED, ids=lambda file: file.stem)
def test_files_and_results_stay_as_they_are(file: Path) -> None:
    """No quirk may touch what is compiled or linked, its order, or where the result goes."""

    def files(words: list[str]) -> list[str]:
        return [w for w in words if w.endswith((".o", ".c", ".cc", ".S", ".a", ".syso", ".def"))]

    for call in calls(file):
        result = rewritten(file, call)
        if result.status is None:
            assert files(list(result.arguments)) == files(call)
            assert ("-o" in result.arguments) == ("-o" in call)
