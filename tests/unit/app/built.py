"""A small program that was built, as `memo` meets it: real files, a made-up Go."""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import staticgo
from staticgo.app.inspect import inspect
from staticgo.app.steps import memo
from staticgo.host.files import sha256
from staticgo.model.diagnosis import Reading
from staticgo.model.plan import GoToolchain, Plan, Policy, Reason
from staticgo.model.project import Graph, Package, ProjectFacts, Source
from staticgo.model.request import BuildRequest
from staticgo.model.result import BuildResult
from staticgo.rules.promise import judge
from tests.binaries import elf, go
from tests.unit.planning.given import plan_for

TARGET = "linux/amd64"


def binary(plan: Plan, settings: Sequence[tuple[str, str]] = ()) -> bytes:
    """A static program with the build settings that the plan promises, and more."""
    lines = [*plan.expects.settings, ("CGO_ENABLED", "0"), *settings]
    modules = "path\texample.com/app\n" + "".join(f"build\t{k}={v}\n" for k, v in lines)
    return elf.STATIC.but(data=go.inline(modules=modules)).build()


@dataclass
class Built:
    """The program in `app`, its binary in `out`, and all that a build of it knows."""

    root: Path
    embedded: tuple[str, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()
    source_files: tuple[tuple[str, str], ...] = ()
    display: str = "./app"
    cgo_files: tuple[str, ...] = ()
    reading: Reading | None = None
    reasons: tuple[Reason, ...] = ()
    watched: tuple[str, ...] = ()
    folder: Path = field(init=False)

    def __post_init__(self) -> None:
        self.folder = self.root / "app"
        self.output = self.root / "out/app-linux-amd64"
        self.goroot = self.root / "goroot"
        for path, content in {
            self.folder / "go.mod": "module example.com/app\n\ngo 1.26\n",
            self.folder / "main.go": "package main\n\nfunc main() {}\n",
            self.folder / "lib/lib.go": "package lib\n",
            self.goroot / "VERSION": "go1.26.8\n",
            self.goroot / "bin/go": "the go command\n",
        }.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        for name in self.embedded:
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text("embedded")
        self.output.parent.mkdir()
        self.output.write_bytes(binary(self.plan, self.settings))

    @property
    def source(self) -> Source:
        return Source(
            package=".", display=self.display, dir=str(self.folder), files=self.source_files
        )

    @property
    def go(self) -> GoToolchain:
        return GoToolchain(
            command=str(self.goroot / "bin/go"),
            version="1.26.8",
            goroot=str(self.goroot),
            cache=str(self.root / "go-build"),
            module_cache=str(self.root / "modules"),
            host_os="linux",
            host_arch="amd64",
            changed=tuple((k, v) for k, v in os.environ.items() if k == "GOFLAGS"),
        )

    @property
    def plan(self) -> Plan:
        plan = plan_for("hello", TARGET)
        command = (self.go.command, *plan.command[1:])
        return dataclasses.replace(
            plan, source=self.source, command=command, reasons=(*plan.reasons, *self.reasons)
        )

    @property
    def facts(self) -> ProjectFacts:
        packages = (
            Package(path="fmt", dir=f"{self.goroot}/src/fmt", standard=True),
            Package(path="example.com/dep", dir=f"{self.root}/modules/dep@v1", go_files=("d.go",)),
            Package(path="example.com/app/lib", dir=f"{self.folder}/lib", go_files=("lib.go",)),
            Package(
                path="example.com/app",
                name="main",
                dir=str(self.folder),
                go_files=("main.go",),
                cgo_files=self.cgo_files,
                embed_files=self.embedded,
            ),
        )
        graph = Graph(root="example.com/app", packages=packages)
        return ProjectFacts(source=self.source, name="app", with_cgo=graph, without_cgo=graph)

    @property
    def request(self) -> BuildRequest:
        return BuildRequest(
            package=self.display,
            directory=str(self.root),
            output=str(self.output.parent),
            targets=(TARGET,),
            policy=Policy(),
        )

    @property
    def results(self) -> tuple[BuildResult, ...]:
        report = inspect(self.output)
        return (
            BuildResult(
                plan=self.plan,
                path=str(self.output),
                report=report,
                verdict=judge(report, self.plan.expects),
                sha256=sha256(self.output),
                seconds=1.0,
                reading=self.reading,
            ),
        )

    def remember(self, request: BuildRequest | None = None, *, settle: bool = True) -> None:
        """Remembers the build; its files are older than the tick that `stamps` distrusts."""
        if settle:
            time.sleep(0.06)
        memo.remember(
            request or self.request,
            self.results,
            [self.facts],
            self.go,
            self.watched,
            began_ns=time.time_ns(),
        )

    def recalled(self) -> bool:
        """Whether the same request is answered from memory."""
        return bool(memo.recall(self.request))


def isolate(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Caches, settings and staticgo's own files under `root`, apart from this machine's."""
    for name in ("GOWORK", "GOENV", "GOFLAGS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("STATICGO_CACHE", str(root / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(root / "config"))
    monkeypatch.setenv("PATH", str(root / "path"))
    own = root / "staticgo"
    own.mkdir()
    (own / "__init__.py").write_text("# another staticgo\n")
    monkeypatch.setattr(staticgo, "__file__", str(own / "__init__.py"))
