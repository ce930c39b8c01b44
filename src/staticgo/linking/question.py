"""What must be asked of the C compiler: a link of a tiny program with the very words of the real one.

Facts about libraries cannot be tabled: whether `-lm` is a shared library, a linker script or missing
is the machine's to say. The question is a value, and its answer is kept, so that it is asked once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from staticgo.facts.linker import C_ARCH_FLAGS, CALLS
from staticgo.linking.mode import CGO, Decision, is_pie
from staticgo.model.linking import (
    BuildFlags,
    LinkAnswer,
    LinkerFlags,
    LinkMode,
    LinkQuestion,
    Sources,
    Surroundings,
)
from staticgo.model.project import Graph, Package


def questions(
    graph: Graph,
    flags: BuildFlags,
    linker: LinkerFlags,
    around: Surroundings,
    decision: Decision,
    sources: Sources,
) -> tuple[LinkQuestion, ...]:
    """The links to try, that of `runtime/cgo`, which tells the interpreter, first.

    Linked internally, the C compiler still links each package for a trial, with CXX those that
    hold C++, and what the results need goes into the program (cmd/cgo -dynimport); without
    -extldflags, and position-independent or not as the compiler likes.
    """
    packages = [package for package in graph.packages if package.uses_cgo]
    if decision.mode is LinkMode.INTERNAL:
        return tuple(_trials(packages, around, sources))
    exe = not is_pie(flags, around) and not flags.linkshared
    # Asked to link externally, Go's linker adds runtime/cgo where the program does without cgo.
    words = tuple(word for p in packages for word in _words(p, around)) or ("-lpthread",)
    compiler = around.cxx if any(package.cxx_files for package in packages) else around.cc
    question = LinkQuestion(
        compiler=linker.extld or compiler,
        arguments=(
            *_arch(around),
            *(() if exe else ("-Wl,-z,relro", "-pie")),
            *((f"-Wl,--dynamic-linker,{linker.interpreter}",) if linker.interpreter else ()),
            *words,
            *sources.pkg_config,
            *(("-no-pie",) if exe else ()),
            *linker.extldflags,
        ),
        names=_names(packages, sources) if packages else CALLS[CGO],
    )
    return (question,)


def _trials(
    packages: Iterable[Package], around: Surroundings, sources: Sources
) -> Iterator[LinkQuestion]:
    """One link for all packages that are linked with the same words."""
    groups: dict[tuple[tuple[str, ...], tuple[str, ...]], list[Package]] = {}
    for package in sorted(packages, key=lambda package: package.path != CGO):
        compiler = around.cxx if package.cxx_files else around.cc
        libraries = sources.pkg_config if package.pkg_config else ()
        groups.setdefault((compiler, (*_words(package, around), *libraries)), []).append(package)
    for (compiler, words), group in groups.items():
        yield LinkQuestion(
            compiler=compiler, arguments=(*_arch(around), *words), names=_names(group, sources)
        )


def joined(answers: Sequence[LinkAnswer]) -> LinkAnswer:
    """One answer for several questions: what the first one says, and what all of them need."""
    failed = next((answer for answer in answers if answer.error), None)
    if failed is not None:
        return failed
    first = answers[0]
    return LinkAnswer(
        linkage=first.linkage,
        interpreter=first.interpreter,
        needed=tuple(sorted({name for answer in answers for name in answer.needed})),
        machine=first.machine,
        missing=tuple(sorted({name for answer in answers for name in answer.missing})),
        wanting=tuple(sorted({name for answer in answers for name in answer.wanting})),
    )


def _arch(around: Surroundings) -> tuple[str, ...]:
    if around.target.os in ("darwin", "ios"):
        return ("-arch", {"amd64": "x86_64"}.get(around.target.arch, around.target.arch))
    return C_ARCH_FLAGS.get(around.target.arch, ())


def _words(package: Package, around: Surroundings) -> tuple[str, ...]:
    return (*around.cgo_ldflags, *package.link_flags)


def _names(packages: Sequence[Package], sources: Sources) -> tuple[str, ...]:
    facts = {c.package: (*c.guesses, *c.musts) for c in sources.c}
    return tuple(
        dict.fromkeys(
            name
            for package in packages
            for name in (*CALLS.get(package.path, ()), *facts.get(package.path, ()))
            if name != "main"
        )
    )
