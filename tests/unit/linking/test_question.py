"""What the C compiler is asked."""

from __future__ import annotations

import pytest

from staticgo.facts.linker import CALLS
from staticgo.linking.mode import decide
from staticgo.linking.question import joined, questions
from staticgo.model.binary import Linkage
from staticgo.model.linking import (
    BuildFlags,
    CFacts,
    LinkAnswer,
    LinkerFlags,
    LinkQuestion,
    Sources,
)
from staticgo.model.project import Graph
from tests.unit.linking.given import (
    CGO,
    CXX,
    NET,
    NET_APP,
    PURE_APP,
    SQLITE,
    SQLITE_APP,
    app,
    around,
)


def asked(
    graph: Graph,
    target: str = "linux/amd64",
    flags: BuildFlags | None = None,
    linker: LinkerFlags | None = None,
    sources: Sources | None = None,
) -> tuple[LinkQuestion, ...]:
    where = around(target)
    flags, linker = flags or BuildFlags(), linker or LinkerFlags()
    decision = decide(graph, flags, linker, where)
    return questions(graph, flags, linker, where, decision, sources or Sources())


def test_an_external_link_is_asked_once_with_all_words() -> None:
    linker = LinkerFlags(extldflags=("-static", "-lz"), interpreter="/lib/x")
    sources = Sources(
        c=(CFacts(package=SQLITE.path, guesses=("sqrt",), musts=("pow",)),), pkg_config=("-lpng",)
    )
    (question,) = asked(SQLITE_APP, linker=linker, sources=sources)
    assert question.compiler == ("gcc",)
    words = question.arguments
    assert words[0] == "-m64"
    assert "-Wl,--dynamic-linker,/lib/x" in words
    assert words.index("-lm") < words.index("-lpng") < words.index("-no-pie")
    assert words[-2:] == ("-static", "-lz")
    assert {"sqrt", "pow", *CALLS["runtime/cgo"]} <= set(question.names)


def test_c_plus_plus_is_linked_by_cxx_and_extld_goes_before_both() -> None:
    assert asked(app(CGO, CXX))[0].compiler == ("g++",)
    linker = LinkerFlags(extld=("musl-gcc", "-x"))
    assert asked(app(CGO, CXX), linker=linker)[0].compiler == ("musl-gcc", "-x")


def test_a_pie_is_asked_for_as_one() -> None:
    (question,) = asked(SQLITE_APP, flags=BuildFlags(mode="pie"))
    assert "-pie" in question.arguments
    assert "-no-pie" not in question.arguments


def test_external_linking_without_cgo_asks_for_its_start_up() -> None:
    (question,) = asked(PURE_APP, linker=LinkerFlags(mode="external"))
    assert "-lpthread" in question.arguments
    assert question.names == CALLS["runtime/cgo"]


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("linux/arm64", ()),
        ("linux/arm", ("-marm",)),
        ("linux/386", ("-m32",)),
        ("linux/mips64le", ("-mabi=64",)),
        ("darwin/amd64", ("-arch", "x86_64")),
        ("darwin/arm64", ("-arch", "arm64")),
    ],
)
def test_the_compiler_is_told_the_cpu(target: str, words: tuple[str, ...]) -> None:
    linker = LinkerFlags(mode="external")
    (question,) = asked(SQLITE_APP, target, linker=linker)
    assert question.arguments[: len(words)] == words


def test_internal_linking_tries_each_package_without_extldflags() -> None:
    found = asked(NET_APP, linker=LinkerFlags(extldflags=("-static",)))
    assert all("-static" not in question.arguments for question in found)
    names = [name for question in found for name in question.names]
    assert names[: len(CALLS["runtime/cgo"])] == list(CALLS["runtime/cgo"])
    assert set(CALLS["net"]) <= set(names)


def test_packages_with_the_same_words_are_tried_together() -> None:
    mode = LinkerFlags(mode="internal")
    together = asked(app(CGO, NET), linker=mode)
    assert len(together) == 1
    apart = asked(app(CGO, NET, SQLITE, CXX), linker=mode)
    assert [q.compiler for q in apart] == [("gcc",), ("gcc",), ("g++",)]
    assert "main" not in asked(app(CGO, cgo_files=("m.go",)), linker=mode)[0].names


def test_answers_are_joined() -> None:
    first = LinkAnswer(
        linkage=Linkage.DYNAMIC,
        interpreter="/lib/x",
        needed=("b",),
        machine="amd64",
        missing=("f",),
    )
    second = LinkAnswer(linkage=Linkage.STATIC, needed=("a", "b"), missing=("e", "f"))
    both = joined([first, second])
    assert (both.linkage, both.interpreter, both.machine) == (Linkage.DYNAMIC, "/lib/x", "amd64")
    assert (both.needed, both.missing) == (("a", "b"), ("e", "f"))
    error = LinkAnswer(error="no")
    assert joined([first, error, LinkAnswer(error="later")]) is error
