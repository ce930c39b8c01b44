"""The verb `explain`: why a program will or will not be static, before it is built. Nothing is built."""

from __future__ import annotations

import dataclasses
import importlib
from collections.abc import Sequence

from staticgo.app.steps.gather import find_source
from staticgo.app.steps.given import Explained, Given
from staticgo.app.steps.graphs import list_graphs
from staticgo.app.steps.pool import beside
from staticgo.app.steps.surroundings import surroundings
from staticgo.errors import UsageError
from staticgo.facts.platforms import resolve_port
from staticgo.host.run import Runner
from staticgo.linking.flags import build_flags, join_flags, read_flags
from staticgo.linking.pairs import is_target, read_pair
from staticgo.model.comparison import Comparison
from staticgo.model.explanation import Explanation
from staticgo.model.linking import GoFlags
from staticgo.model.plan import GoToolchain
from staticgo.model.project import Source
from staticgo.model.request import ExplainRequest
from staticgo.model.target import Target


def explain(request: ExplainRequest, runner: Runner) -> tuple[Explanation, ...]:
    """One explanation for each target.

    Raises ProjectError where there is no such program, UnknownTarget, UsageError, MissingTool,
    ToolFailed. That `go build` would fail is no error: it is in the prediction.
    """
    return tuple(explained.explanation for explained in explain_all(request, runner))


def explain_all(request: ExplainRequest, runner: Runner) -> tuple[Explained, ...]:
    """As `explain`, with the graphs. Raises as it does."""
    return _explain_all(request, (read_flags(request.flags),), runner)


def compare(request: ExplainRequest, pair: tuple[str, ...], runner: Runner) -> Comparison:
    """Two targets or two sets of flags (`A,B`, or two words) side by side. Raises as `explain` does.

    Flags of the request count on both sides.
    """
    common = read_flags(request.flags)
    sides = read_pair(pair)
    if all(map(is_target, sides)):
        if request.targets:
            raise UsageError(
                "--compare names two targets, and --target another", hint="leave --target away"
            )
        found = _explain_all(dataclasses.replace(request, targets=sides), (common,), runner)
    else:
        flags = tuple(join_flags(common, read_flags(side)) for side in sides)
        found = _explain_all(request, flags, runner)
    if len(found) != 2:
        raise UsageError(
            "--compare needs two different sides, and one target with flags",
            hint="give one --target, or compare two targets",
        )
    from staticgo.linking.compare import compare as side_by_side

    names = tuple(side or "go build" for side in sides)
    return side_by_side(found[0].explanation, found[1].explanation, (names[0], names[1]))


def _explain_all(
    request: ExplainRequest, flag_sets: Sequence[GoFlags], runner: Runner
) -> tuple[Explained, ...]:
    # Before any work: a slip in a target's name should cost nothing.
    targets: list[Target | None] = [resolve_port(text) for text in request.targets]
    source, go = find_source(request.package, request.directory, runner, settings=False)
    return tuple(
        _explain(source, go, request.directory, target, flags, runner)
        for target in dict.fromkeys(targets or [None])
        for flags in dict.fromkeys(flag_sets)
    )


def _explain(
    source: Source,
    go: GoToolchain,
    directory: str,
    target: Target | None,
    flags: GoFlags,
    runner: Runner,
) -> Explained:
    named = [name for name, _ in flags.settings if name in ("GOOS", "GOARCH")]
    if target is not None and named:
        raise UsageError(
            f"--target and {named[0]} among the flags both name a platform", hint="give one of them"
        )
    around, env, says = surroundings(go, source, target, flags, runner)
    given = Given(
        source=source,
        go=go,
        directory=directory,
        around=around,
        env=env,
        flags=flags,
        goflags=says.get("GOFLAGS", ""),
        settings=frozenset(says),
        runner=runner,
    )
    told = build_flags(flags.words, given.goflags)
    # Python reads the rest of this verb while Go lists the packages.
    rest = "staticgo.app.steps.conclude"
    graphs = beside(
        lambda: list_graphs(given, told.tags), lambda: importlib.import_module(rest), runner
    )
    from staticgo.app.steps.conclude import conclude

    return conclude(given, graphs)
