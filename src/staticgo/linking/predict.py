"""What `go build` does with a program: whether it builds, who links, and what the result needs."""

from __future__ import annotations

from staticgo.facts.libraries import foreign
from staticgo.facts.linker import INTERPRETERS, LIBC_SYSTEMS, NEVER_STATIC_MODES
from staticgo.linking.ignored import ignored
from staticgo.linking.mode import Decision, is_pie
from staticgo.linking.stops import before_the_link, of_the_link
from staticgo.model.binary import Linkage
from staticgo.model.linking import (
    BuildFlags,
    LinkAnswer,
    LinkerFlags,
    LinkMode,
    Prediction,
    Sources,
    Stop,
    Surroundings,
)
from staticgo.model.project import Graph


def predict(
    graph: Graph,
    flags: BuildFlags,
    linker: LinkerFlags,
    around: Surroundings,
    decision: Decision,
    answer: LinkAnswer | None,
    sources: Sources,
) -> Prediction:
    """The result of `go build`. `answer` is None where no C compiler has a say."""
    stop = (
        before_the_link(graph, flags, linker, around, sources)
        or decision.stop
        or of_the_link(graph, flags, linker, around, decision, answer, sources)
    )
    linkage, why, interpreter, needed = _result(
        graph, flags, linker, around, decision, answer, sources
    )
    return Prediction(
        stop=stop,
        mode=decision.mode,
        rule=decision.rule,
        linkage=linkage,
        why=why,
        interpreter=interpreter,
        needed=needed,
        ignored=ignored(graph, flags, linker, around, decision, linkage),
    )


def failed(stop: Stop) -> Prediction:
    """The prediction for a program that the `go` command does not even list."""
    return Prediction(
        stop=stop,
        mode=LinkMode.UNKNOWN,
        rule="",
        linkage=Linkage.UNKNOWN,
        why="the `go` command gives up before anything is compiled",
    )


_Result = tuple[Linkage, str, str, tuple[str, ...]]


def _result(
    graph: Graph,
    flags: BuildFlags,
    linker: LinkerFlags,
    around: Surroundings,
    decision: Decision,
    answer: LinkAnswer | None,
    sources: Sources,
) -> _Result:
    if decision.mode is LinkMode.UNKNOWN:
        return Linkage.UNKNOWN, "the linker does nothing with such a mode", "", ()
    if flags.mode in NEVER_STATIC_MODES:
        what = NEVER_STATIC_MODES[flags.mode]
        return Linkage.UNKNOWN, f"-buildmode={flags.mode} makes {what}, no program", "", ()
    if around.target.os in LIBC_SYSTEMS:
        return _on_libc_system(around, answer, sources)
    if around.target.os in ("plan9", "js", "wasip1"):
        return Linkage.STATIC, f"{around.target.os} programs name no libraries", "", ()
    if decision.mode is LinkMode.EXTERNAL:
        return _external(linker, answer)
    return _internal(graph, flags, linker, around, answer, sources)


def _external(linker: LinkerFlags, answer: LinkAnswer | None) -> _Result:
    if answer is None or answer.error:
        return _not_told(answer)
    asked = next((word for word in linker.extldflags if word.startswith("-static")), "")
    if answer.linkage in (Linkage.STATIC, Linkage.STATIC_PIE):
        why = f"the C linker is told {asked}" if asked else "the C compiler links statically"
    else:
        why = (
            f"the C linker is told {asked}, and makes it dynamic all the same"
            if asked
            else ("the C linker takes shared libraries unless it is told -static")
        )
    return answer.linkage, why, answer.interpreter, answer.needed


def _not_told(answer: LinkAnswer | None) -> _Result:
    why = answer.error if answer and answer.late else "the C compiler could not be asked"
    return Linkage.UNKNOWN, why, "", ()


def _internal(
    graph: Graph,
    flags: BuildFlags,
    linker: LinkerFlags,
    around: Surroundings,
    answer: LinkAnswer | None,
    sources: Sources,
) -> _Result:
    named = tuple(sorted({library for _, libraries in sources.imports for library in libraries}))
    interpreter = linker.interpreter or _interpreter(around)
    if any(package.uses_cgo for package in graph.packages):
        if answer is None or answer.error:
            return _not_told(answer)
        needed = tuple(sorted({*answer.needed, *named}))
        if answer.linkage in (Linkage.DYNAMIC, Linkage.SYSTEM_ONLY):
            own = [p.path for p in graph.packages if p.uses_cgo and p.path != "runtime/cgo"]
            who = ", ".join(own) if own else "runtime/cgo"
            calls = "call" if len(own) > 1 else "calls"
            return (
                Linkage.DYNAMIC,
                f"{who} {calls} libc, which Go's own linker can only take as a shared library",
                linker.interpreter or answer.interpreter or interpreter,
                needed,
            )
        return Linkage.UNKNOWN, "the C compiler's trial link gave nothing to go by", "", ()
    if named:
        who = ", ".join(package for package, _ in sources.imports)
        return Linkage.DYNAMIC, f"{who} names shared libraries itself", interpreter, named
    if is_pie(flags, around):
        why = "Go's own linker gives every position-independent program an interpreter"
        promised = around.target.os == "android"  # where it is part of the system
        return Linkage.SYSTEM_ONLY if promised else Linkage.DYNAMIC, why, interpreter, ()
    return Linkage.STATIC, "nothing in it calls libc", "", ()


def _on_libc_system(around: Surroundings, answer: LinkAnswer | None, sources: Sources) -> _Result:
    named = {library for _, libraries in sources.imports for library in libraries}
    needed = tuple(sorted(named | set(answer.needed if answer else ())))
    interpreter = {"darwin": "/usr/lib/dyld", "ios": "/usr/lib/dyld"}.get(
        around.target.os, _interpreter(around)
    )
    others = foreign(around.target.os, needed)
    if others:
        why = f"{', '.join(others)} is no part of {around.target.os}, and must be brought along"
        return Linkage.DYNAMIC, why, interpreter, needed
    why = (
        f"{around.target.os} programs call the system through its own libraries: no program is "
        "static there, and those libraries are on every such machine"
    )
    return Linkage.SYSTEM_ONLY, why, interpreter, needed


def _interpreter(around: Surroundings) -> str:
    usual, musl = INTERPRETERS.get(f"{around.target.os}/{around.target.arch}", ("", ""))
    return musl if musl in around.interpreters and usual not in around.interpreters else usual
