"""What was given to `inspect` and could not be opened."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that could not be opened, or was refused: it makes the answer inconclusive."""

    name: str
    message: str
    hint: str
