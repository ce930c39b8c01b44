"""Hardening, as the readers of all formats answer it: a state, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping

from staticgo.model.binary import Kind, Protection, State

Answer = tuple[State, str]
"""The state of one measure, and the evidence."""

MAPPED = frozenset((Kind.EXECUTABLE, Kind.PIE, Kind.SHARED_OBJECT))
"""What a kernel or loader maps: of other files there is nothing to protect."""


def protections(answers: Mapping[str, Answer]) -> tuple[Protection, ...]:
    """The answers by the measures' names, in their order."""
    return tuple(
        Protection(name=name, state=state, evidence=evidence)
        for name, (state, evidence) in answers.items()
    )
