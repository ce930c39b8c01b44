"""The `go` command's answers: its environment and the package graph."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from staticgo.errors import ProjectError, ToolFailed
from staticgo.host.run import Completed, Runner
from staticgo.model.project import Graph, Module, Package

_FILE_FIELDS = (
    "GoFiles",
    "CgoFiles",
    "CFiles",
    "CXXFiles",
    "HFiles",
    "SFiles",
    "SysoFiles",
    "SwigFiles",
    "SwigCXXFiles",
    "EmbedFiles",
    "IgnoredGoFiles",
    "IgnoredOtherFiles",
)
FIELDS = (
    "ImportPath",
    "Name",
    "Dir",
    "Standard",
    "Module",
    "Imports",
    "ImportMap",
    "DepOnly",
    "Error",
    "CgoCFLAGS",
    "CgoCPPFLAGS",
    "CgoCXXFLAGS",
    "CgoLDFLAGS",
    "CgoPkgConfig",
    *_FILE_FIELDS,
)


def read_env(
    runner: Runner, command: str, *, dir: str, env: Mapping[str, str]
) -> tuple[dict[str, str], Completed]:
    """What `go env -json` prints in `dir`; an empty mapping where it failed."""
    done = runner.run([command, "env", "-json"], env=env, cwd=dir)
    if done.returncode != 0:
        return {}, done
    try:
        values: dict[str, str] = json.loads(done.stdout)
    except ValueError:  # another program of that name
        return {}, done
    return values, done


def list_packages(
    runner: Runner,
    command: Sequence[str],
    *,
    package: str,
    display: str,
    dir: str,
    env: Mapping[str, str],
    timeout: float = 300,
) -> tuple[Graph, Completed]:
    """The package graph, as `go list -deps -e` sees it under `env`.

    `command` is `go list` with the flags that choose files (`-tags`, `-mod`). Errors in packages
    stand in the graph. Raises ProjectError where `go list` itself gives up or finds no package,
    ToolFailed in time.
    """
    done = runner.run(
        [*command, "-deps", "-e", f"-json={','.join(FIELDS)}", "--", package],
        env=env,
        cwd=dir,
        timeout=timeout,
    )
    if done.timed_out:
        raise ToolFailed(
            f"go list {display} took longer than {timeout:.0f} s",
            hint="check the network: it may be waiting for modules",
            details=done.stderr,
        )
    if done.returncode != 0:
        from staticgo.facts.diagnosis import diagnose

        known = diagnose(done.stderr)
        kind = ToolFailed if known and known.outside else ProjectError
        raise kind(
            f"{display}: {known.meaning if known else 'go list cannot read the package'}",
            hint=known.fix if known else "`go list` in the same folder shows the same",
            details=done.stderr,
        )
    graph = parse_packages(done.stdout)
    if not graph.packages:
        raise ProjectError(
            f"{display}: there is no Go package here",
            hint="name a folder with a `package main`, such as ./cmd/app",
            details=done.stderr,
        )
    return graph, done


def parse_packages(text: str) -> Graph:
    """The graph in a stream of JSON objects from `go list -deps -json`."""
    root = ""
    packages: list[Package] = []
    try:
        for row in _objects(text):
            package = _package(row)
            packages.append(package)
            if not row.get("DepOnly"):
                root = package.path
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ToolFailed(
            f"`go list` printed what is no package list: {error!r}",
            hint="see that the `go` command is Go's own: `go version`",
            details=text[:1000],
        ) from error
    return Graph(root=root, packages=tuple(packages))


def _objects(text: str) -> Iterator[dict[str, Any]]:
    decoder = json.JSONDecoder()
    position = 0
    while (start := text.find("{", position)) >= 0:
        row, position = decoder.raw_decode(text, start)
        yield row


def _package(row: dict[str, Any]) -> Package:
    moved: dict[str, str] = row.get("ImportMap") or {}
    files = {field: tuple(row.get(field) or ()) for field in _FILE_FIELDS}
    return Package(
        path=row["ImportPath"],
        name=row.get("Name", ""),
        dir=row.get("Dir", ""),
        standard=row.get("Standard", False),
        module=_module(row["Module"]) if row.get("Module") else None,
        go_files=files["GoFiles"],
        cgo_files=files["CgoFiles"],
        c_files=files["CFiles"],
        assembly_files=files["SFiles"],
        syso_files=files["SysoFiles"],
        cxx_files=files["CXXFiles"] + files["SwigCXXFiles"],
        swig_files=files["SwigFiles"] + files["SwigCXXFiles"],
        ignored_go_files=files["IgnoredGoFiles"],
        embed_files=files["EmbedFiles"],
        other_files=tuple(
            name
            for field in ("CFiles", "HFiles", "SFiles", "SysoFiles", "IgnoredOtherFiles")
            for name in files[field]
        ),
        c_flags=(*(row.get("CgoCPPFLAGS") or ()), *(row.get("CgoCFLAGS") or ())),
        cxx_flags=tuple(row.get("CgoCXXFLAGS") or ()),
        link_flags=tuple(row.get("CgoLDFLAGS") or ()),
        pkg_config=tuple(row.get("CgoPkgConfig") or ()),
        imports=tuple(moved.get(path, path) for path in row.get("Imports") or ()),
        error=_error(row.get("Error") or {}),
    )


def _error(row: dict[str, Any]) -> str:
    place, text = row.get("Pos"), str(row.get("Err", ""))
    return f"{place}: {text}" if place and text else text


def _module(row: dict[str, Any]) -> Module:
    return Module(
        path=row["Path"],
        version=row.get("Version", ""),
        main=row.get("Main", False),
        go_version=row.get("GoVersion", ""),
        replaced=bool(row.get("Replace")),
    )
