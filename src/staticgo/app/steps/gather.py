"""Gathers what planning needs: where the program is, which Go builds it, and its package graph."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from staticgo.app.steps.pool import run_all
from staticgo.app.steps.remote import is_remote, remote_source
from staticgo.errors import ProjectError, UsageError
from staticgo.facts.platforms import Platform
from staticgo.host.go import list_packages
from staticgo.host.run import Runner, go_environment
from staticgo.model.plan import GoToolchain, Policy, Strategy
from staticgo.model.project import Graph, ProjectFacts, Source
from staticgo.planning.choose import listing_tags
from staticgo.planning.compose import list_environment
from staticgo.toolchain.go import find_go

_LISTINGS_AT_ONCE = 4


def find_source(
    package: str, directory: str, runner: Runner, *, settings: bool = True
) -> tuple[Source, GoToolchain]:
    """Where the `go` command must stand to build `package`, and which Go can.

    Without `settings`, what the user changed of Go's settings is left out. Raises ProjectError for
    what cannot be a program.
    """
    if is_remote(package):
        source = remote_source(package, runner)
        return source, find_go(runner, source.dir, settings=settings)
    source = _local_source(package, directory)
    return source, find_go(runner, source.dir, settings=settings)


def gather(
    source: Source, go: GoToolchain, platforms: Sequence[Platform], policy: Policy, runner: Runner
) -> dict[Platform, ProjectFacts]:
    """What `go list` says of the program, for each platform, with cgo and without."""
    wanted = [(platform, strategy) for platform in platforms for strategy in Strategy]

    def read(job: tuple[Platform, Strategy]) -> Graph:
        platform, strategy = job
        command = [go.command, "list"]
        tags = listing_tags(policy, strategy, platform.target)
        if tags:
            command += ["-tags", ",".join(tags)]
        if source.remote:
            command.append("-mod=mod")
        settings = list_environment(platform, go, cgo=strategy is Strategy.EXTERNAL)
        if source.remote:
            settings["GOWORK"] = "off"
        env = go_environment({**dict(go.fetching), **settings})
        graph, _ = list_packages(
            runner, command, package=source.package, display=source.display, dir=source.dir, env=env
        )
        return graph

    graphs = dict(zip(wanted, run_all(read, wanted, _LISTINGS_AT_ONCE, runner), strict=True))
    return {
        platform: ProjectFacts(
            source=source,
            name=program_name(graphs[platform, Strategy.EXTERNAL].root),
            with_cgo=graphs[platform, Strategy.EXTERNAL],
            without_cgo=graphs[platform, Strategy.PURE],
        )
        for platform in platforms
    }


def program_name(import_path: str) -> str:
    """What `go build` calls the program (DefaultExecName in cmd/go/internal/load/pkg.go)."""
    parts = import_path.rstrip("/").split("/")
    last = parts[-1]
    if len(parts) > 1 and re.fullmatch(r"v([2-9]|[1-9][0-9]+)", last):
        return parts[-2]
    return last


def _local_source(package: str, directory: str) -> Source:
    if package.startswith("-"):
        raise UsageError(f"{package} is no package", hint="options stand before the package")
    if "..." in package:
        raise ProjectError(
            f"{package} names many packages", hint="name one program, such as ./cmd/app"
        )
    folder = Path(directory, package)
    try:
        is_dir, is_file = folder.is_dir(), folder.is_file()
    except (OSError, ValueError) as error:  # no permission, a name too long, a NUL
        raise ProjectError(
            f"{package} cannot be looked at: {error}", hint="check the path and its permissions"
        ) from error
    if is_dir:
        # Standing in the folder itself finds its own module, nested ones included.
        return Source(package=".", display=package, dir=str(folder.resolve()))
    if is_file:
        raise ProjectError(
            f"{package} is a file",
            hint=f"name its folder: {Path(package).parent}"
            if package.endswith(".go")
            else "name a folder with a `package main`, such as ./cmd/app",
        )
    if package.startswith((".", "/", "~")):
        raise ProjectError(f"{package}: no such folder", hint="check the path for a slip")
    return Source(package=package, display=package, dir=directory)
