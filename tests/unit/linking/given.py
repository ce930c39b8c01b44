"""Small made-up graphs and surroundings for the tests of what `go build` itself would do."""

from __future__ import annotations

import dataclasses
from typing import Any

from staticgo.model.linking import Surroundings
from staticgo.model.project import Graph, Module, Package
from staticgo.model.target import Target

ROOT = "example.com/app"

AROUND = Surroundings(
    target=Target(os="linux", arch="amd64"),
    go_version="1.26.8",
    host=Target(os="linux", arch="amd64"),
    cgo=True,
    cgo_why="a test says so",
    cc=("gcc",),
    cxx=("g++",),
    cgo_ldflags=("-O2", "-g"),
    cgo_cflags=("-O2", "-g"),
)


def around(target: str = "linux/amd64", **changes: Any) -> Surroundings:
    """A Linux machine with gcc, building for `target`."""
    return dataclasses.replace(AROUND, target=Target.parse(target), **changes)


def std(path: str, *imports: str, cgo: bool = False) -> Package:
    """A package of Go's own."""
    name = path.rpartition("/")[2]
    return Package(
        path=path,
        name=name,
        standard=True,
        imports=imports,
        go_files=(f"{name}.go",),
        cgo_files=(f"{name}_cgo.go",) if cgo else (),
    )


def foreign(path: str, *imports: str, **fields: Any) -> Package:
    """A package of somebody's module, `path` up to its third slash."""
    module = Module(path="/".join(path.split("/")[:3]), version="v1.2.3")
    return Package(
        path=path,
        name=path.rpartition("/")[2],
        **{"module": module, "imports": imports, "go_files": ("x.go",), **fields},
    )


def app(*packages: Package, path: str = ROOT, **fields: Any) -> Graph:
    """A program that imports all of `packages` (those that another of them imports as well)."""
    main = Package(
        path=path,
        name="main",
        module=Module(path=path, main=True),
        **{"imports": tuple(p.path for p in packages), "go_files": ("main.go",), **fields},
    )
    return Graph(root=path, packages=(*packages, main))


CGO = std("runtime/cgo", cgo=True)
NET = std("net", "runtime/cgo", cgo=True)
USER = std("os/user", "runtime/cgo", cgo=True)
SQLITE = foreign(
    "github.com/mattn/go-sqlite3",
    "runtime/cgo",
    cgo_files=("sqlite3.go",),
    c_files=("sqlite3-binding.c",),
    link_flags=("-lm",),
)
CXX = foreign("example.org/lib/cxx", "runtime/cgo", cgo_files=("a.go",), cxx_files=("a.cc",))

PURE_APP = app()
NET_APP = app(CGO, NET)
SQLITE_APP = app(CGO, SQLITE)
