"""Flags, tags and settings that change nothing, said aloud."""

from __future__ import annotations

import pytest

from staticgo.linking.ignored import idle_tag, ignored, unknown_settings
from staticgo.linking.mode import decide
from staticgo.model.binary import Linkage
from staticgo.model.linking import BuildFlags, GoFlags, LinkerFlags, Surroundings
from staticgo.model.project import Graph
from tests.unit.linking.given import NET_APP, PURE_APP, SQLITE_APP, around


def flags_of(
    graph: Graph,
    linker: LinkerFlags | None = None,
    linkage: Linkage = Linkage.DYNAMIC,
    flags: BuildFlags | None = None,
    where: Surroundings | None = None,
) -> list[str]:
    flags, linker, where = flags or BuildFlags(), linker or LinkerFlags(), where or around()
    decision = decide(graph, flags, linker, where)
    found = ignored(graph, flags, linker, where, decision, linkage)
    assert all(item.why for item in found)
    return [item.flag for item in found]


STATIC = LinkerFlags(extldflags=("-static",))


def test_words_for_a_linker_that_is_never_called() -> None:
    linker = LinkerFlags(extldflags=("-static", "-lm"), extld=("clang",))
    assert flags_of(NET_APP, linker) == ["-extldflags=-static -lm", "-extld=clang"]
    assert flags_of(PURE_APP, STATIC, Linkage.STATIC) == ["-extldflags=-static"]
    assert flags_of(NET_APP) == []


def test_words_that_count_are_not_named() -> None:
    assert flags_of(SQLITE_APP, STATIC, Linkage.STATIC) == []
    external = LinkerFlags(mode="external", extldflags=("-static",))
    assert flags_of(NET_APP, external, Linkage.STATIC) == []


def test_static_where_there_is_no_static_libc() -> None:
    mac = around("darwin/arm64")
    linker = LinkerFlags(mode="external", extldflags=("-static", "-lz"))
    assert flags_of(NET_APP, linker, Linkage.SYSTEM_ONLY, where=mac) == ["-extldflags=-static"]
    assert flags_of(SQLITE_APP, STATIC, Linkage.DYNAMIC) == ["-extldflags=-static"]


def test_static_undoes_pie_without_a_word() -> None:
    pie = BuildFlags(mode="pie")
    external = LinkerFlags(mode="external", extldflags=("-static",))
    assert flags_of(SQLITE_APP, external, Linkage.STATIC, pie) == ["-buildmode=pie"]
    both = LinkerFlags(mode="external", extldflags=("-static-pie",))
    assert flags_of(SQLITE_APP, both, Linkage.STATIC_PIE, pie) == []


def test_what_others_outdo_comes_along_once() -> None:
    flags = BuildFlags(dropped=(("-a", "why"), ("-a", "why")))
    linker = LinkerFlags(dropped=(("-s", "later"),))
    assert flags_of(NET_APP, linker, flags=flags) == ["-a", "-s"]


def test_cgo_that_nothing_uses() -> None:
    forced = around(cgo_why="CGO_ENABLED=1 is given")
    assert flags_of(PURE_APP, where=forced, linkage=Linkage.STATIC) == ["CGO_ENABLED=1"]
    assert flags_of(NET_APP, where=forced) == []
    assert flags_of(PURE_APP, where=around(), linkage=Linkage.STATIC) == []


@pytest.mark.parametrize(
    ("tag", "graph", "where", "words"),
    [
        ("netgo", NET_APP, around("darwin/arm64"), "never uses cgo on darwin"),
        ("netgo", PURE_APP, around(), "does not import net"),
        ("netgo", NET_APP, around(cgo=False, cgo_why="because"), "cgo is off (because)"),
        ("osusergo", NET_APP, around(), "does not import os/user"),
        ("mine", NET_APP, around(), "same files"),
    ],
)
def test_tags_without_effect(tag: str, graph: Graph, where: Surroundings, words: str) -> None:
    found = idle_tag(tag, graph, where)
    assert found.flag == f"-tags {tag}"
    assert words in found.why


def test_settings_that_go_does_not_read() -> None:
    known = frozenset(("CGO_ENABLED", "CC", "GOFLAGS"))
    flags = GoFlags(settings=(("CGO_ENABLE", "0"), ("CC", "gcc"), ("CGO_LDFLAGS_ALLOW", ".*")))
    (slip,) = unknown_settings(flags, known)
    assert slip.flag == "CGO_ENABLE=0"
    assert "perhaps you meant CGO_ENABLED?" in slip.why
