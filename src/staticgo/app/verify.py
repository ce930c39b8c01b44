"""The verb `verify`: start one binary where nothing else exists, and say what was seen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from staticgo.host.run import Runner
from staticgo.model.proof import Proof


def verify(path: Path, arguments: Sequence[str], runner: Runner, *, seconds: float = 10.0) -> Proof:
    raise NotImplementedError
