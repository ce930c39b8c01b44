"""The verb `explain`: why a program will or will not be static, before it is built. Nothing is built."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from staticgo.app.steps.ask import ask
from staticgo.app.steps.gather import find_source, program_name
from staticgo.app.steps.graphs import Graphs, list_graphs, netgo_graph
from staticgo.app.steps.read_sources import read_sources, tags_matter
from staticgo.app.steps.surroundings import surroundings
from staticgo.errors import StaticgoError, UsageError
from staticgo.facts.platforms import platform_of, resolve_port
from staticgo.host.run import Runner
from staticgo.linking.cgo import cgo_packages
from staticgo.linking.compare import compare as side_by_side
from staticgo.linking.flags import build_flags, join_flags, linker_flags, read_flags, resets
from staticgo.linking.ignored import idle_tag
from staticgo.linking.lacks import lacks
from staticgo.linking.mode import Decision, decide
from staticgo.linking.pairs import is_target, read_pair
from staticgo.linking.predict import failed, predict
from staticgo.linking.question import joined, questions
from staticgo.linking.ways import Case, ways
from staticgo.model.comparison import Comparison
from staticgo.model.explanation import Explanation
from staticgo.model.linking import (
    BuildFlags,
    GoFlags,
    Ignored,
    LinkAnswer,
    LinkerFlags,
    LinkMode,
    Prediction,
    Sources,
    Surroundings,
)
from staticgo.model.plan import GoToolchain, Policy, Strategy
from staticgo.model.project import Graph, ProjectFacts, Source
from staticgo.model.request import ExplainRequest
from staticgo.model.target import Target
from staticgo.planning.choose import Choice, check_program, choose


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    """What is the same for every target and set of flags."""

    source: Source
    go: GoToolchain
    runner: Runner
    directory: str
    """Where the user stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """An explanation, and the package graph that it is drawn from."""

    explanation: Explanation
    graph: Graph


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
        found = _explain_all(dataclasses.replace(request, targets=sides), (common,), runner)
    else:
        flags = tuple(join_flags(common, read_flags(side)) for side in sides)
        found = _explain_all(request, flags, runner)
    if len(found) != 2:
        raise UsageError(
            "--compare needs two different sides, and one target with flags",
            hint="give one --target, or compare two targets",
        )
    names = tuple(side or "go build" for side in sides)
    return side_by_side(found[0].explanation, found[1].explanation, (names[0], names[1]))


def _explain_all(
    request: ExplainRequest, flag_sets: Sequence[GoFlags], runner: Runner
) -> tuple[Explained, ...]:
    # Before any work: a slip in a target's name should cost nothing.
    targets: list[Target | None] = [resolve_port(text) for text in request.targets]
    source, go = find_source(request.package, request.directory, runner, settings=False)
    context = _Context(source=source, go=go, runner=runner, directory=request.directory)
    return tuple(
        _explain(context, target, flags)
        for target in dict.fromkeys(targets or [None])
        for flags in dict.fromkeys(flag_sets)
    )


def _explain(context: _Context, target: Target | None, flags: GoFlags) -> Explained:
    source, go, runner = context.source, context.go, context.runner
    around, env, says = surroundings(go, source, target, flags, runner)
    goflags = says.get("GOFLAGS", "")
    told = build_flags(flags.words, goflags)
    graphs = list_graphs(source, go, around, flags, goflags, told.tags, env, runner)
    shown = graphs.with_cgo or graphs.without_cgo or graphs.as_is
    assert shown is not None  # list_graphs raises where nothing can be listed
    check_program(shown, source.display)
    told = build_flags(flags.words, goflags, shown.root)
    linker = linker_flags(told.linker)
    graph = graphs.as_is or shown
    sources = read_sources(graph, graphs.with_cgo, around, env, runner)
    if graphs.refused is not None:
        prediction = failed(graphs.refused)
    else:
        prediction = _predict(context, graph, told, linker, around, sources, env)
    idle = tuple(idle_tag(tag, graph, around) for tag in graphs.idle_tags)
    prediction = _with_ignored(prediction, idle)
    cgo = cgo_packages(graphs.with_cgo, graphs.without_cgo, sources) if graphs.with_cgo else ()
    choice, reason = _choice(context, graphs, around, told, env)
    case = Case(
        package=source.display,
        go_words=_go_words(source, context.directory),
        remote=source.remote,
        around=around,
        flags=told,
        resets=resets(goflags, around.extlink),
        graph=shown,
        cgo=cgo,
        prediction=prediction,
        strategy=choice.strategy if choice else None,
        reason=reason,
        tags=choice.tags if choice else (),
    )
    explanation = Explanation(
        package=shown.root,
        target=around.target,
        go_version=around.go_version,
        go_line=shown.main.module.go_version if shown.main and shown.main.module else "",
        flags=flags,
        cgo=around.cgo,
        cgo_why=around.cgo_why,
        packages=len(graph.packages),
        prediction=prediction,
        cgo_packages=cgo,
        ways=ways(case),
        lacks=tuple(lacks(graph, sources, around.target.os, told.tags)),
        strategy=case.strategy,
        refusal="" if choice else reason,
    )
    return Explained(explanation=explanation, graph=shown)


def _go_words(source: Source, directory: str) -> tuple[str, str]:
    """The folder to stand in ("" for the user's own) and the package, as `go build` takes them."""
    if source.remote or source.package != ".":
        return "", source.display.partition("@")[0] if source.remote else source.display
    here, folder = Path(directory).resolve(), Path(source.dir)
    homes = (home for home in (folder, *folder.parents) if (home / "go.mod").exists())
    if not here.is_relative_to(next(homes, folder)):
        return source.display, "."
    named = source.display
    return "", named if named.startswith((".", "/")) else f"./{named}"


def _predict(
    context: _Context,
    graph: Graph,
    told: BuildFlags,
    linker: LinkerFlags,
    around: Surroundings,
    sources: Sources,
    env: Mapping[str, str],
) -> Prediction:
    def answer_for(decision: Decision) -> LinkAnswer:
        asked = questions(graph, told, linker, around, decision, sources)
        return joined([ask(question, env, context.runner) for question in asked])

    decision = decide(graph, told, linker, around)
    answer: LinkAnswer | None = None
    if _asks(graph, around, sources, decision):
        answer = answer_for(decision)
        if answer.error and not answer.late and decision.mode is LinkMode.INTERNAL:
            with_c = [package.path for package in graph.packages if package.uses_cgo]
            decision = decide(graph, told, linker, around, dynimport_failed=", ".join(with_c))
            answer = answer_for(decision)
    return predict(graph, told, linker, around, decision, answer, sources)


def _asks(graph: Graph, around: Surroundings, sources: Sources, decision: Decision) -> bool:
    """Whether the C compiler has a say, and is there to be asked."""
    broken = any(package.error for package in graph.packages)
    hopeless = (
        around.cc_missing
        or any(c.missing or c.refused or c.unchecked for c in sources.c)
        or decision.stop is not None
    )
    cgo = any(p.uses_cgo for p in graph.packages) or (
        around.cgo and decision.mode is LinkMode.EXTERNAL
    )
    return cgo and not broken and not hopeless


def _with_ignored(prediction: Prediction, more: tuple[Ignored, ...]) -> Prediction:
    return (
        dataclasses.replace(prediction, ignored=(*prediction.ignored, *more))
        if more
        else prediction
    )


def _choice(
    context: _Context,
    graphs: Graphs,
    around: Surroundings,
    told: BuildFlags,
    env: Mapping[str, str],
) -> tuple[Choice | None, str]:
    """What `staticgo build` would choose and its first reason; or None, and why it cannot."""
    if platform_of(around.target) is None:
        return None, f"`staticgo build` does not build for {around.target} yet"
    if graphs.with_cgo is None or graphs.without_cgo is None:
        return None, "the program cannot be listed with cgo and without"
    with_cgo = graphs.with_cgo
    if tags_matter(with_cgo):
        with_cgo = netgo_graph(context.source, context.go, graphs, told.tags, env, context.runner)
    facts = ProjectFacts(
        source=context.source,
        name=program_name(with_cgo.root),
        with_cgo=with_cgo,
        without_cgo=graphs.without_cgo,
    )
    try:
        choice = choose(facts, Policy(tags=told.tags))
    except StaticgoError as error:
        return None, error.message
    reasons = [r for r in choice.reasons if not r.warning]
    needs_c = [r.why for r in reasons if r.decision == "CGO_ENABLED=1"]
    if choice.strategy is Strategy.EXTERNAL and needs_c:
        return choice, needs_c[0]
    return choice, reasons[0].why if reasons else ""
