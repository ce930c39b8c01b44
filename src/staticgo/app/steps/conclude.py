"""From the package graphs to the explanation: reads sources, asks the compiler, and concludes."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from staticgo.app.steps.ask import ask
from staticgo.app.steps.gather import program_name
from staticgo.app.steps.given import Explained, Given
from staticgo.app.steps.graphs import Graphs, netgo_graph
from staticgo.app.steps.read_sources import read_sources, tags_matter
from staticgo.errors import StaticgoError
from staticgo.facts.platforms import platform
from staticgo.facts.reach import Standing
from staticgo.linking.cgo import cgo_packages
from staticgo.linking.flags import build_flags, linker_flags, resets
from staticgo.linking.ignored import idle_tag, unknown_settings
from staticgo.linking.lacks import lacks
from staticgo.linking.mode import Decision, decide
from staticgo.linking.predict import failed, predict
from staticgo.linking.question import joined, questions
from staticgo.linking.ways import Case, ways
from staticgo.model.explanation import CgoPackage, Explanation, WithoutCgo
from staticgo.model.linking import (
    BuildFlags,
    LinkAnswer,
    LinkMode,
    Prediction,
    Sources,
    Surroundings,
)
from staticgo.model.plan import Policy, Strategy
from staticgo.model.project import Graph, ProjectFacts, Source
from staticgo.planning.choose import Choice, check_program, choose


def conclude(given: Given, graphs: Graphs) -> Explained:
    """The explanation. Raises ProjectError where the package is no program."""
    source, around = given.source, given.around
    shown = graphs.with_cgo or graphs.without_cgo or graphs.as_is
    assert shown is not None  # list_graphs raises where nothing can be listed
    check_program(shown, source.display)
    told = build_flags(given.flags.words, given.goflags, shown.root)
    graph = graphs.as_is or shown
    sources = read_sources(graph, graphs.with_cgo, around, given.env, given.runner)
    cgo = cgo_packages(graphs.with_cgo, graphs.without_cgo, sources) if graphs.with_cgo else ()
    prediction = dataclasses.replace(
        _predict(given, graphs, graph, told, sources), stubs=_stubs(cgo, around)
    )
    choice, reason = _choice(given, graphs, told)
    case = Case(
        package=source.display,
        go_words=_go_words(source, given.directory),
        remote=source.remote,
        around=around,
        flags=told,
        resets=resets(given.goflags, around.extlink),
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
        flags=given.flags,
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


def _stubs(cgo: tuple[CgoPackage, ...], around: Surroundings) -> tuple[str, ...]:
    """Packages that the program would hold as stubs, cgo being off."""
    if around.cgo:
        return ()
    return tuple(f"{p.path}: {p.note}" for p in cgo if p.without is WithoutCgo.STUB)


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
    given: Given, graphs: Graphs, graph: Graph, told: BuildFlags, sources: Sources
) -> Prediction:
    around = given.around
    idle = (
        *(idle_tag(tag, graph, around) for tag in graphs.idle_tags),
        *unknown_settings(given.flags, given.settings),
    )
    if graphs.refused is not None:
        found = failed(graphs.refused)
        return dataclasses.replace(found, ignored=(*found.ignored, *idle))
    linker = linker_flags(told.linker)

    def answer_for(decision: Decision) -> LinkAnswer:
        asked = questions(graph, told, linker, around, decision, sources)
        return joined([ask(question, given.env, given.runner) for question in asked])

    decision = decide(graph, told, linker, around)
    answer: LinkAnswer | None = None
    if _asks(graph, around, sources, decision):
        answer = answer_for(decision)
        if answer.error and not answer.late and decision.mode is LinkMode.INTERNAL:
            with_c = [package.path for package in graph.packages if package.uses_cgo]
            decision = decide(graph, told, linker, around, dynimport_failed=", ".join(with_c))
            answer = answer_for(decision)
    found = predict(graph, told, linker, around, decision, answer, sources)
    return dataclasses.replace(found, ignored=(*found.ignored, *idle))


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


def _choice(given: Given, graphs: Graphs, told: BuildFlags) -> tuple[Choice | None, str]:
    """What `staticgo build` would choose and its first reason; or None, and why it cannot."""
    known = platform(given.around.target)
    if known.pure.standing is Standing.NONE:
        return None, f"`staticgo build` does not build for {known.target}: {known.pure.why}"
    if graphs.with_cgo is None or graphs.without_cgo is None:
        return None, "the program cannot be listed with cgo and without"
    with_cgo = graphs.with_cgo
    if tags_matter(with_cgo):
        with_cgo = netgo_graph(given, graphs, told.tags)
    facts = ProjectFacts(
        source=given.source,
        name=program_name(with_cgo.root),
        with_cgo=with_cgo,
        without_cgo=graphs.without_cgo,
    )
    try:
        choice = choose(facts, Policy(tags=told.tags), known)
    except StaticgoError as error:
        return None, error.message
    reasons = [r for r in choice.reasons if not r.warning]
    needs_c = [r.why for r in reasons if r.decision == "CGO_ENABLED=1"]
    if choice.strategy is Strategy.EXTERNAL and known.cgo.standing is Standing.NONE:
        return (
            None,
            f"the program uses C, and zig cannot link it for {known.target}: {known.cgo.why}",
        )
    if choice.strategy is Strategy.EXTERNAL and needs_c:
        return choice, needs_c[0]
    return choice, reasons[0].why if reasons else ""
