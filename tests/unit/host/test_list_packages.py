"""What `go list` prints, and what becomes of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from staticgo.errors import ProjectError, StaticgoError, ToolFailed
from staticgo.host.go import FIELDS, list_packages, parse_packages, read_env
from staticgo.host.run import Runner, clean_environment
from staticgo.model.project import Graph, Module
from tests.unit.host.fakes import script


def stream(*rows: Mapping[str, object]) -> str:
    """As `go list -json` writes several packages: one object after the other."""
    return "\n".join(json.dumps(row, indent="\t") for row in rows) + "\n"


def listed(tmp_path: Path, body: str, *, timeout: float = 60) -> Graph:
    go = script(tmp_path / "go", body)
    graph, _ = list_packages(
        Runner(),
        [str(go), "list"],
        package=".",
        display="./app",
        dir=str(tmp_path),
        env=clean_environment(),
        timeout=timeout,
    )
    return graph


def test_nothing_printed_is_an_empty_graph() -> None:
    assert parse_packages("") == parse_packages("\n") == Graph(root="", packages=())


def test_packages_stay_in_order_and_the_root_is_the_one_asked_for() -> None:
    graph = parse_packages(
        stream(
            {"ImportPath": "a", "DepOnly": True},
            {"ImportPath": "b", "DepOnly": True},
            {"ImportPath": "main/app", "Name": "main"},
        )
    )
    assert [package.path for package in graph.packages] == ["a", "b", "main/app"]
    assert graph.root == "main/app"
    assert graph.main is graph.packages[2]


def test_the_fields_of_a_package_are_kept() -> None:
    (package,) = parse_packages(
        stream(
            {
                "ImportPath": "example.com/a",
                "Name": "a",
                "Dir": "/src/a",
                "Standard": True,
                "Module": {"Path": "example.com", "Version": "v1.2.3", "Main": True},
                "GoFiles": ["a.go"],
                "CgoFiles": ["c.go"],
                "CXXFiles": ["x.cc"],
                "SwigFiles": ["s.swig"],
                "SwigCXXFiles": ["t.swigcxx"],
                "CFiles": ["c.c"],
                "HFiles": ["h.h"],
                "SFiles": ["s.s"],
                "SysoFiles": ["o.syso"],
                "EmbedFiles": ["web/index.html"],
                "IgnoredGoFiles": ["i_windows.go"],
                "IgnoredOtherFiles": ["i_windows.c"],
            }
        )
    ).packages
    assert (package.path, package.name, package.dir, package.standard) == (
        "example.com/a",
        "a",
        "/src/a",
        True,
    )
    assert package.module == Module(path="example.com", version="v1.2.3", main=True)
    assert (package.go_files, package.cgo_files) == (("a.go",), ("c.go",))
    assert package.cxx_files == ("x.cc", "t.swigcxx")
    assert package.swig_files == ("s.swig", "t.swigcxx")
    assert package.other_files == ("c.c", "h.h", "s.s", "o.syso", "i_windows.c")
    assert (package.embed_files, package.ignored_go_files) == (
        ("web/index.html",),
        ("i_windows.go",),
    )


def test_imports_lead_to_the_package_that_is_really_compiled() -> None:
    (package,) = parse_packages(
        stream(
            {
                "ImportPath": "net/http",
                "Imports": ["golang.org/x/net/idna", "io"],
                "ImportMap": {"golang.org/x/net/idna": "vendor/golang.org/x/net/idna"},
            }
        )
    ).packages
    assert package.imports == ("vendor/golang.org/x/net/idna", "io")


def test_an_error_in_a_package_stands_in_the_graph() -> None:
    (broken,) = parse_packages(
        stream({"ImportPath": "x", "Error": {"Err": "no Go files", "Pos": ""}})
    ).packages
    assert broken.error == "no Go files"


def test_fields_that_go_leaves_away_or_nulls_are_empty() -> None:
    (bare,) = parse_packages(
        '{"ImportPath": "x", "Imports": null, "Module": null, "Error": null, "GoFiles": null}'
    ).packages
    assert (bare.imports, bare.module, bare.error, bare.go_files) == ((), None, "", ())


def test_every_field_that_is_read_is_asked_for(tmp_path: Path) -> None:
    package = '{"ImportPath": "a"}'
    listed(tmp_path, f"printf '%s\\n' \"$@\" > {tmp_path}/arguments; echo '{package}'")
    arguments = (tmp_path / "arguments").read_text().split()
    assert arguments == ["list", "-deps", "-e", f"-json={','.join(FIELDS)}", "--", "."]
    assert {"ImportMap", "DepOnly", "Error", "SwigCXXFiles"} <= set(FIELDS)


def test_a_listing_without_a_package_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ProjectError) as raised:
        listed(tmp_path, "echo 'matched no packages' >&2")
    assert raised.value.message == "./app: there is no Go package here"
    assert raised.value.details == "matched no packages\n"


def test_a_known_complaint_is_explained_with_gos_own_words(tmp_path: Path) -> None:
    with pytest.raises(ProjectError) as raised:
        listed(tmp_path, "echo 'go: go.mod file not found in current directory' >&2; exit 1")
    assert raised.value.message == "./app: there is no go.mod in this folder or above it"
    assert "go mod init" in raised.value.hint
    assert "go.mod file not found" in raised.value.details


def test_an_unknown_complaint_is_shown(tmp_path: Path) -> None:
    with pytest.raises(ProjectError) as raised:
        listed(tmp_path, "echo 'go: something new' >&2; exit 1")
    assert "./app" in raised.value.message
    assert raised.value.details == "go: something new\n"


def test_a_list_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    with pytest.raises(ToolFailed) as raised:
        listed(tmp_path, "sleep 60", timeout=0.3)
    assert "network" in raised.value.hint


def test_an_environment_that_go_does_not_tell_is_empty(tmp_path: Path) -> None:
    go = script(tmp_path / "go", "echo 'go: cannot find GOROOT' >&2; exit 2")
    env, done = read_env(Runner(), str(go), dir=str(tmp_path), env=clean_environment())
    assert env == {}
    assert "GOROOT" in done.stderr


@given(st.text())
@example("{")
@example("go: downloading\n{")
@example('{"ImportPath": "x"} trailing')
def test_text_that_is_no_package_gives_a_graph_or_an_error_of_ours(text: str) -> None:
    try:
        graph = parse_packages(text)
    except ToolFailed:
        return
    assert isinstance(graph, Graph)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)
ROWS = st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=4)


@given(st.lists(ROWS, max_size=3).map(lambda rows: stream(*rows)))
@example("{")
@example("{}")
@example('{"ImportPath": "x", "Error": "text"}')
@example('{"ImportPath": "x", "Module": {}}')
@example('{"ImportPath": "x", "ImportMap": ["y"], "Imports": ["z"]}')
@example('{"ImportPath": "x", "GoFiles": 1}')
def test_any_json_gives_a_graph_or_an_error_that_the_user_can_read(text: str) -> None:
    try:
        parse_packages(text)
    except StaticgoError as error:
        assert error.hint


def test_an_answer_that_is_no_json_is_no_environment(tmp_path: Path) -> None:
    go = script(tmp_path / "go", "echo 'a board game'")
    env, _ = read_env(Runner(), str(go), dir=str(tmp_path), env=clean_environment())
    assert env == {}
