"""A quirk: one argument that a compiler driver takes wrongly, and what is done about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Speaks(StrEnum):
    """Whose argument it is."""

    DRIVER = "driver"
    """A word of the command line."""
    LINKER = "linker"
    """Inside `-Wl,`, or after `-Xlinker`."""


class Action(StrEnum):
    """What is done with the argument."""

    DROP = "drop"
    REPLACE = "replace"
    """By `words`, which are the driver's."""
    REFUSE = "refuse"
    """The call fails with `says`, as for an argument nobody knows."""
    ANSWER = "answer"
    """`says` is printed, and nothing is run: the call was a question."""
    INSTEAD = "instead"
    """The call is made with `words` and nothing else of what it was given. Only for the driver's."""
    LINK = "link"
    """It is kept; where the call links, `words` come after it. Only for the driver's."""
    ADD = "add"
    """`words` come before all others, whatever these are; there is no pattern."""
    ONCE = "once"
    """The first one is kept, and the same words after it are dropped."""
    PUSH = "push"
    """It is dropped, and what the linker was told of libraries until then is remembered."""
    POP = "pop"
    """In its place come the words that tell the linker again what it was told at the last PUSH."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quirk:
    """One row of the table. In `pattern` and `operand`, `*` stands for any text."""

    pattern: str = ""
    operand: str = ""
    """Of an option whose operand is the next word (`-z muldefs`): the operands that are meant."""
    speaks: Speaks = Speaks.DRIVER
    action: Action
    words: tuple[str, ...] = ()
    says: str = ""
    reason: str
    link: str = ""
    """Where upstream tells of it, or the source that shows it."""
    targets: tuple[str, ...] = ()
    """Patterns of `os/arch`; none of them: all targets."""
    since: str = ""
    """The first zig that does so; "" where no older one is supported."""
    before: str = ""
    """The first zig that does so no more."""
