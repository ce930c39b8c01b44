"""What explaining one target under one set of flags starts from, and ends with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from staticgo.host.run import Runner
from staticgo.model.explanation import Explanation
from staticgo.model.linking import GoFlags, Surroundings
from staticgo.model.plan import GoToolchain
from staticgo.model.project import Graph, Source


class Given(NamedTuple):
    """The program, the user's flags, and what `go build` would find around it."""

    source: Source
    go: GoToolchain
    directory: str
    """Where the user stands."""
    around: Surroundings
    env: Mapping[str, str]
    """The environment of the user's own `go build`."""
    flags: GoFlags
    goflags: str
    settings: frozenset[str]
    """The names that `go env` knows."""
    runner: Runner


class Explained(NamedTuple):
    """An explanation, and the package graph that it is drawn from."""

    explanation: Explanation
    graph: Graph
