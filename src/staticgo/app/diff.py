"""The verb `diff`: read two binaries, and say what changed. Neither is executed."""

from __future__ import annotations

from pathlib import Path

from staticgo.app.inspect import read_sized
from staticgo.model.change import DIFF_VERSION, Comparison
from staticgo.rules.compare import compare


def diff(before: Path, after: Path) -> Comparison:
    """Every difference between the two. Raises FormatError, UsageError."""
    old, new = read_sized(before), read_sized(after)
    return Comparison(
        version=DIFF_VERSION,
        whole=not (old.report.gaps or new.report.gaps),
        changes=compare(old.report, new.report, old.sizes, new.sizes),
    )
