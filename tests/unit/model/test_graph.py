"""The package graph: who imports what, and through whom."""

from __future__ import annotations

import pytest

from staticgo.model.project import Graph, Package, Source


def graph(root: str = "main", **imports: str) -> Graph:
    """A graph of packages named like the arguments; each value names the imports."""
    return Graph(
        root=root,
        packages=tuple(
            Package(path=path, imports=tuple(names.split())) for path, names in imports.items()
        ),
    )


@pytest.mark.parametrize(
    ("imports", "chain"),
    [
        ({"main": "a", "a": "b", "b": ""}, ("main", "a", "b")),
        ({"main": "a b", "a": "b", "b": ""}, ("main", "b")),
        ({"main": "a c", "a": "x", "x": "b", "c": "b", "b": ""}, ("main", "c", "b")),
        ({"main": "c a", "a": "b", "c": "b", "b": ""}, ("main", "c", "b")),
        ({"main": "a", "a": "main b", "b": "a"}, ("main", "a", "b")),
        ({"main": "b"}, ("main", "b")),
        ({"main": "a", "a": "", "b": ""}, ()),
        ({"main": ""}, ()),
        ({}, ()),
    ],
    ids=[
        "one way",
        "the shortest of two",
        "the shorter detour",
        "the first imported of equals",
        "round a cycle",
        "to a package that is not listed",
        "to one that nobody imports",
        "to one that is not there",
        "in an empty graph",
    ],
)
def test_the_chain_is_the_shortest(imports: dict[str, str], chain: tuple[str, ...]) -> None:
    assert graph(**imports).chain_to("b") == chain


def test_the_chain_to_the_root_is_the_root() -> None:
    assert graph(main="a", a="").chain_to("main") == ("main",)


def test_a_very_long_chain_is_walked() -> None:
    deep = {f"p{n}": f"p{n + 1}" for n in range(5000)}
    assert len(graph(root="p0", **deep).chain_to("p5000")) == 5001


def test_the_root_is_the_main_package() -> None:
    found = graph(main="", other="")
    assert found.main is found.packages[0]
    assert found.get("other") is found.packages[1]
    assert found.get("none") is None


def test_a_package_needs_c_for_cgo_and_for_swig() -> None:
    assert Package(path="p", cgo_files=("c.go",)).uses_cgo
    assert Package(path="p", swig_files=("s.swig",)).uses_cgo
    assert not Package(path="p", go_files=("c.go",), other_files=("c.c",)).uses_cgo


def test_the_runtime_of_cgo_is_no_reason_for_c() -> None:
    packages = (
        Package(path="runtime/cgo", cgo_files=("cgo.go",)),
        Package(path="net", cgo_files=("cgo.go",)),
    )
    found = Graph(root="net", packages=packages)
    assert [package.path for package in found.cgo_packages] == ["net"]


def test_cxx_counts_only_where_cgo_compiles_it() -> None:
    without = Package(path="p", cxx_files=("x.cc",))
    assert not Graph(root="p", packages=(without,)).has_cxx
    with_cgo = Package(path="p", cxx_files=("x.cc",), cgo_files=("c.go",))
    assert Graph(root="p", packages=(with_cgo,)).has_cxx


def test_a_source_with_a_module_of_its_own_is_remote() -> None:
    assert Source(package="p", display="p@v1", dir="/", files=(("go.mod", ""),)).remote
    assert not Source(package=".", display=".", dir="/").remote
