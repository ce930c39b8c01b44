"""Who brings cgo in, by which chain, and what is left without it."""

from __future__ import annotations

import dataclasses
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staticgo.linking.cgo import cgo_packages, origin
from staticgo.model.explanation import CgoPackage, Origin, WithoutCgo
from staticgo.model.linking import Sources
from staticgo.model.project import Graph, Module, Package
from tests.unit.linking.given import CGO, NET, SQLITE, app, foreign, std
from tests.unit.planning.given import program


def one(
    package: Package, left: Package | None = None, sources: Sources | None = None
) -> CgoPackage:
    without = app(*([left] if left else []))
    (found,) = cgo_packages(app(CGO, package), without, sources or Sources())
    return found


LIBRARY = foreign("example.org/c/lib", cgo_files=("c.go",), go_files=("a.go",))
LEFT = dataclasses.replace(LIBRARY, cgo_files=())


@pytest.mark.parametrize(
    ("package", "left", "without"),
    [
        (NET, std("net"), WithoutCgo.SAME),
        (std("os/user", cgo=True), std("os/user"), WithoutCgo.SAME),
        (std("plugin", cgo=True), std("plugin"), WithoutCgo.STUB),
        (std("runtime/race", cgo=True), None, WithoutCgo.NOTHING),
        (SQLITE, dataclasses.replace(SQLITE, cgo_files=()), WithoutCgo.STUB),
        (LIBRARY, None, WithoutCgo.ABSENT),
        (LIBRARY, LEFT, WithoutCgo.LESS),
        (LIBRARY, dataclasses.replace(LEFT, go_files=()), WithoutCgo.NOTHING),
        (LIBRARY, dataclasses.replace(LEFT, error="build constraints"), WithoutCgo.NOTHING),
    ],
)
def test_what_is_left_without_cgo(
    package: Package, left: Package | None, without: WithoutCgo
) -> None:
    found = one(package, left)
    assert found.without is without
    assert found.note


def test_a_name_that_falls_away_breaks_the_build() -> None:
    found = one(LIBRARY, LEFT, Sources(undefined=(("example.org/c/lib", "Open", "a.go"),)))
    assert found.without is WithoutCgo.NOTHING
    assert "Open" in found.note


def test_a_program_that_cannot_be_listed_without_cgo() -> None:
    (found,) = cgo_packages(app(CGO, LIBRARY), None, Sources())
    assert found.without is WithoutCgo.NOTHING


def test_what_is_compiled_and_wanted() -> None:
    package = foreign(
        "example.org/c/lib",
        cgo_files=("a.go", "b.go"),
        c_files=("a.c",),
        cxx_files=("a.cc", "b.cc", "c.cc"),
        syso_files=("o.syso",),
        link_flags=("-lm", "-L/x", "-Wl,-z,now", "lib/libx.a", "-lm", "-framework"),
        pkg_config=("--static", "zlib"),
    )
    found = one(package)
    assert found.compiles == (("cgo", 2), ("C", 1), ("C++", 3), ("object", 1))
    assert found.libraries == ("-lm", "lib/libx.a")
    assert found.pkg_config == ("zlib",)
    assert found.version == "v1.2.3"


@pytest.mark.parametrize(
    ("package", "whose"),
    [
        (NET, Origin.GO),
        (SQLITE, Origin.MODULE),
        (Package(path="a/b", module=Module(path="a", main=True)), Origin.OWN),
        (Package(path="a/b"), Origin.OWN),
    ],
)
def test_whose_it_is(package: Package, whose: Origin) -> None:
    assert origin(package) is whose


@pytest.mark.parametrize(
    ("name", "paths"),
    [
        ("hello", []),
        ("notes", ["github.com/mattn/go-sqlite3"]),
        ("goatcounter", ["github.com/mattn/go-sqlite3"]),
    ],
)
def test_recorded_programs(name: str, paths: list[str]) -> None:
    facts = program(name)
    found = cgo_packages(facts.with_cgo, facts.without_cgo, Sources())
    assert [package.path for package in found] == paths
    for package in found:
        assert package.chain[0] == facts.with_cgo.root
        assert package.without is WithoutCgo.STUB


# Graphs as `go list` gives them: without cycles, each package behind those that it imports.
GRAPHS = st.integers(2, 12).flatmap(
    lambda size: st.tuples(
        st.lists(st.sets(st.integers(0, size - 1), max_size=4), min_size=size, max_size=size),
        st.sets(st.integers(0, size - 1), min_size=1),
    )
)


def graph_of(imports: list[set[int]], cgo: set[int]) -> Graph:
    return Graph(
        root="p0",
        packages=tuple(
            Package(
                path=f"p{number}",
                imports=tuple(f"p{other}" for other in sorted(others) if other > number),
                cgo_files=("c.go",) if number in cgo else (),
            )
            for number, others in reversed(list(enumerate(imports)))
        ),
    )


def all_chains(graph: Graph, path: str) -> list[tuple[str, ...]]:
    """Every way from the main package to `path`, by walking all of them."""
    packages = graph.by_path()
    found: list[tuple[str, ...]] = []
    walks: list[tuple[str, ...]] = [(graph.root,)]
    while walks:
        walk = walks.pop()
        if walk[-1] == path:
            found.append(walk)
        else:
            walks += [(*walk, other) for other in packages[walk[-1]].imports]
    return found


@given(GRAPHS)
def test_each_chain_is_a_shortest_one(drawn: tuple[list[set[int]], set[int]]) -> None:
    graph = graph_of(*drawn)
    found = cgo_packages(graph, None, Sources())
    assert {package.path for package in found} == {f"p{number}" for number in drawn[1]}
    for package in found:
        chains = all_chains(graph, package.path)
        shortest = min(map(len, chains), default=0)
        assert len(package.chain) == shortest
        assert package.chain in chains or not chains
    assert [len(p.chain) for p in found] == sorted(len(p.chain) for p in found)


@given(GRAPHS, st.randoms())
def test_the_order_of_packages_changes_nothing(
    drawn: tuple[list[set[int]], set[int]], chance: object
) -> None:
    graph = graph_of(*drawn)
    shuffled = list(graph.packages)
    assert hasattr(chance, "shuffle")
    chance.shuffle(shuffled)
    other = Graph(root="p0", packages=tuple(shuffled))
    assert cgo_packages(graph, None, Sources()) == cgo_packages(other, None, Sources())


@given(GRAPHS)
def test_chains_agree_where_they_pass_the_same_package(
    drawn: tuple[list[set[int]], set[int]],
) -> None:
    """So that, drawn as a tree, no package stands in two places."""
    parents: dict[str, str] = {}
    for package in cgo_packages(graph_of(*drawn), None, Sources()):
        for parent, child in itertools.pairwise(package.chain):
            assert parents.setdefault(child, parent) == parent
