"""Where a program is, what it is called, and its package graph from a fake `go list`."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from staticgo.app.steps import gather as steps
from staticgo.app.steps.gather import find_source, gather, program_name
from staticgo.errors import ProjectError, StaticgoError, UsageError
from staticgo.facts.platforms import resolve
from staticgo.host.run import Runner
from staticgo.model.plan import GoToolchain, Policy
from staticgo.model.project import Source
from tests.unit.host.fakes import script, written_pids
from tests.unit.planning.given import GO


@pytest.mark.parametrize(
    ("import_path", "name"),
    [
        ("example.com/app", "app"),
        ("example.com/app/cmd/server", "server"),
        ("example.com/app/v2", "app"),
        ("example.com/app/v10", "app"),
        ("example.com/app/v2/cmd/server", "server"),
        ("example.com/app/v1", "v1"),
        ("example.com/app/v0", "v0"),
        ("example.com/app/v", "v"),
        ("example.com/app/vx2", "vx2"),
        ("gopkg.in/app.v2", "app.v2"),
        ("app", "app"),
        ("v2", "v2"),
        ("example.com/app/v02", "v02"),
    ],
)
def test_a_program_is_called_as_go_build_calls_it(import_path: str, name: str) -> None:
    assert program_name(import_path) == name


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a program in it, and a Go that fits every module."""
    (tmp_path / "cmd/app").mkdir(parents=True)
    (tmp_path / "cmd/app/main.go").touch()
    monkeypatch.setattr(steps, "find_go", lambda runner, dir, settings: GO)
    return tmp_path


def source_of(package: str, here: Path) -> Source:
    return find_source(package, str(here), Runner())[0]


@pytest.mark.parametrize("package", ["./cmd/app", "cmd/app", "cmd/../cmd/app/"])
def test_go_stands_in_the_folder_of_the_program(here: Path, package: str) -> None:
    found = source_of(package, here)
    assert (found.package, found.dir) == (".", str((here / "cmd/app").resolve()))
    assert found.display == package
    assert not found.remote


def test_a_folder_behind_a_link_is_where_it_really_is(here: Path) -> None:
    (here / "link").symlink_to("cmd/app")
    assert source_of("./link", here).dir == str((here / "cmd/app").resolve())


def test_what_is_no_folder_is_an_import_path(here: Path) -> None:
    found = source_of("example.com/app/cmd/app", here)
    assert (found.package, found.dir) == ("example.com/app/cmd/app", str(here))


@pytest.mark.parametrize(
    ("package", "kind", "message", "hint"),
    [
        ("--cgo", UsageError, "is no package", "options"),
        ("./...", ProjectError, "many packages", "./cmd/app"),
        ("example.com/...", ProjectError, "many packages", "./cmd/app"),
        ("cmd/app/main.go", ProjectError, "is a file", "cmd/app"),
        ("./cmd/ap", ProjectError, "no such folder", "slip"),
        ("/no/such/folder", ProjectError, "no such folder", "slip"),
        ("~/app", ProjectError, "no such folder", "slip"),
        ("./app@v1", ProjectError, "no such folder", "slip"),
    ],
)
def test_what_cannot_be_a_program_is_refused(
    here: Path, package: str, kind: type[StaticgoError], message: str, hint: str
) -> None:
    with pytest.raises(kind) as raised:
        source_of(package, here)
    assert package in raised.value.message
    assert message in raised.value.message
    assert hint in raised.value.hint


def test_a_path_that_cannot_be_looked_at_is_no_bug_of_ours(here: Path) -> None:
    with pytest.raises(UsageError):
        source_of("./" + "x" * 300, here)


def fake_go(here: Path, body: str) -> GoToolchain:
    command = str(script(here / "go", body))
    return GoToolchain(
        command=command,
        version="1.26.8",
        goroot="/goroot",
        cache="/cache",
        module_cache="/modules",
        host_os="linux",
        host_arch="amd64",
    )


PRINTS_ITS_SETTINGS = """
echo "{\\"ImportPath\\": \\"example.com/app/v2\\", \\"Name\\": \\"main\\",
 \\"GoFiles\\": [\\"$GOARCH-$CGO_ENABLED\\", \\"$*\\", \\"$GOWORK\\"]}"
"""


def test_every_platform_is_read_with_and_without_cgo(here: Path) -> None:
    go = fake_go(here, PRINTS_ITS_SETTINGS)
    platforms = [resolve("linux/arm64"), resolve("linux/386")]
    source = Source(package=".", display="./app", dir=str(here))
    facts = gather(source, go, platforms, Policy(tags=("mine",)), Runner())
    assert [project.name for project in facts.values()] == ["app", "app"]
    seen = [
        (graph.packages[0].go_files[0], "mine" in graph.packages[0].go_files[1])
        for project in facts.values()
        for graph in (project.with_cgo, project.without_cgo)
    ]
    assert seen == [("arm64-1", True), ("arm64-0", True), ("386-1", True), ("386-0", True)]


def test_a_remote_program_is_read_outside_of_any_workspace(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOWORK", "/my/go.work")
    go = fake_go(here, PRINTS_ITS_SETTINGS)
    source = Source(package="x", display="x@v1", dir=str(here), files=(("go.mod", ""),))
    (facts,) = gather(source, go, [resolve("linux/amd64")], Policy(), Runner()).values()
    _, arguments, workspace = facts.with_cgo.packages[0].go_files
    assert "-mod=mod" in arguments.split()
    assert workspace == "off"


def test_no_package_at_all_is_said(here: Path) -> None:
    source = Source(package=".", display="./app", dir=str(here))
    with pytest.raises(ProjectError) as raised:
        gather(source, fake_go(here, "exit 0"), [resolve("linux/amd64")], Policy(), Runner())
    assert "./app" in raised.value.message
    assert "package main" in raised.value.hint


def test_ctrl_c_while_go_lists_packages_is_obeyed_at_once(here: Path) -> None:
    if threading.current_thread() is not threading.main_thread():
        pytest.skip("signals reach the main thread only")
    # `go list` waits for the network, say.
    go = fake_go(here, f"echo $$ >> {here}/started; exec sleep 4")
    source = Source(package=".", display="./app", dir=str(here))

    def press() -> None:
        written_pids(here / "started", 2)  # with cgo and without
        time.sleep(0.2)
        os.kill(os.getpid(), signal.SIGINT)

    finger = threading.Thread(target=press)
    finger.start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        gather(source, go, [resolve("linux/amd64")], Policy(), Runner())
    finger.join()
    assert time.monotonic() - began < 3
