"""Two explanations side by side: two targets, two sets of flags, or two states of a program."""

from __future__ import annotations

from dataclasses import dataclass

from staticgo.model.explanation import Explanation


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that is not the same on both sides."""

    topic: str
    """`linkage`, `cgo`, `interpreter`..."""
    left: str
    right: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What is different, causes before effects."""

    left_name: str
    right_name: str
    left: Explanation
    right: Explanation
    differences: tuple[Difference, ...]
    imports: tuple[str, ...] = ()
    """Imports that were added or dropped on the way to cgo, one sentence each."""
    lines: tuple[str, ...] = ()
    """Changed lines of build files (Makefile, CI) that steer the link: `-Makefile: CGO_ENABLED=0 ...`."""

    @property
    def turned(self) -> bool:
        """Whether one side is static and the other is not, or only one can be built."""
        return (_result(self.left)) != _result(self.right)


def _result(side: Explanation) -> tuple[str, bool, bool]:
    said = side.prediction
    return said.linkage.value, said.stop is None, not said.stubs
