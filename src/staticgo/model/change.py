"""What differs between two binaries."""

from __future__ import annotations

from dataclasses import dataclass

DIFF_VERSION = 1
"""Of `diff --json`; raised where a reader of the last version would be misled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference; `before` or `after` is "" where one of the two has no such thing."""

    topic: str
    """`linkage`, `libraries`, `modules`, `settings`, `size`..."""
    what: str
    """The library, module, setting or package; "" where the topic says it all."""
    before: str
    after: str
    bytes: int = 0
    """Growth, for sizes; negative where it shrank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All differences, and whether both files could be read as a whole."""

    version: int
    whole: bool
    changes: tuple[Change, ...]
