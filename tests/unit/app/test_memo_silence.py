"""What a build rests on is written down only where that is sure."""

from __future__ import annotations

import pwd
from pathlib import Path

import pytest

from staticgo.host.files import write_atomically
from tests.unit.app.built import Built, isolate


@pytest.fixture(autouse=True)
def isolated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(tmp_path, monkeypatch)


def nothing_written(built: Built) -> bool:
    return not list((built.root / "cache").glob("memo/*"))


def test_the_plain_program_is_remembered(tmp_path: Path) -> None:
    built = Built(tmp_path)
    built.remember()
    assert built.recalled()


def test_a_go_that_stands_for_others_is_not_remembered(tmp_path: Path) -> None:
    """A version manager's command takes its choice from files of its own."""
    built = Built(tmp_path)
    elsewhere = tmp_path / "shims/go"
    elsewhere.parent.mkdir()
    (built.goroot / "bin/go").rename(elsewhere)
    (built.goroot / "bin/go").symlink_to(elsewhere)
    built.remember()
    assert nothing_written(built)


@pytest.mark.parametrize(
    "line",
    [
        "// #cgo LDFLAGS: -L${SRCDIR}/lib -lfoo",
        "#cgo linux CFLAGS: -I/opt/inc",
        "#cgo pkg-config: x",
    ],
)
def test_c_from_other_folders_is_not_remembered(tmp_path: Path, line: str) -> None:
    built = Built(tmp_path, cgo_files=("c.go",))
    (built.folder / "c.go").write_text(f'package main\n\n/*\n{line}\n*/\nimport "C"\n')
    built.remember()
    assert nothing_written(built)


def test_c_of_its_own_is_remembered(tmp_path: Path) -> None:
    built = Built(tmp_path, cgo_files=("c.go",))
    (built.folder / "c.go").write_text('package main\n\n// #cgo LDFLAGS: -lm\nimport "C"\n')
    built.remember()
    assert built.recalled()


def test_a_workspace_above_is_not_remembered(tmp_path: Path) -> None:
    built = Built(tmp_path)
    (tmp_path / "go.work").write_text("go 1.26\n\nuse ./app\n")
    built.remember()
    assert nothing_written(built)


def test_a_workspace_named_by_the_environment_is_not_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = Built(tmp_path)
    monkeypatch.setenv("GOWORK", "/elsewhere/go.work")
    built.remember()
    assert nothing_written(built)


def test_workspaces_turned_off_are_no_obstacle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOWORK", "off")
    built = Built(tmp_path)
    built.remember()
    assert built.recalled()


@pytest.mark.parametrize(
    "directive",
    [
        "replace example.com/dep => ../dep",
        "replace example.com/dep v1.0.0 => ./dep",
        "replace (\n\texample.com/dep => /src/dep\n)",
        'replace example.com/dep => "../a dep"',
        "replace example.com/dep => `../dep`",
        "replace example.com/dep =>  ../dep",
        "replace example.com/dep =>\t../dep",
    ],
)
def test_a_module_replaced_by_a_folder_is_not_remembered(tmp_path: Path, directive: str) -> None:
    built = Built(tmp_path)
    (built.folder / "go.mod").write_text(f"module example.com/app\n\ngo 1.26\n\n{directive}\n")
    built.remember()
    assert nothing_written(built)


def test_a_module_replaced_by_another_version_is_remembered(tmp_path: Path) -> None:
    built = Built(tmp_path)
    (built.folder / "go.mod").write_text(
        "module example.com/app\n\nreplace example.com/dep => example.com/fork v1.2.3\n"
    )
    built.remember()
    assert built.recalled()


def test_a_binary_with_the_state_of_a_repository_is_not_remembered(tmp_path: Path) -> None:
    built = Built(tmp_path, settings=(("vcs.revision", "0123abcd"),))
    built.remember()
    assert nothing_written(built)


def test_a_source_written_during_the_build_is_not_remembered(tmp_path: Path) -> None:
    built = Built(tmp_path)
    built.remember(settle=False)
    assert nothing_written(built)


def remote(root: Path, version: str, resolved: str = "v1.2.3", go: str = "1.16") -> Built:
    required = f"module staticgo.invalid/remote\n\ngo {go}\n\nrequire example.com/app {resolved}\n"
    return Built(
        root,
        display=f"example.com/app/cmd/app@{version}",
        source_files=(("go.mod", required), ("go.sum", "")),
    )


def test_a_remote_program_of_one_version_is_remembered(tmp_path: Path) -> None:
    built = remote(tmp_path, "v1.2.3")
    built.remember()
    assert built.recalled()


@pytest.mark.parametrize(
    "version",
    [
        "latest",
        "v1",
        "v1.2",
        "main",
        "upgrade",
        "1.2.3",
        "1.16",
    ],
)
def test_a_version_that_moves_is_not_remembered(tmp_path: Path, version: str) -> None:
    built = remote(tmp_path, version)
    built.remember()
    assert nothing_written(built)


def test_the_users_own_workspace_does_not_touch_a_remote_program(tmp_path: Path) -> None:
    (tmp_path / "go.work").write_text("go 1.26\n")
    built = remote(tmp_path, "v1.2.3")
    built.remember()
    assert built.recalled()


def test_a_full_disk_does_not_fail_a_finished_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: str) -> None:
        raise OSError(28, "No space left on device")

    assert write_atomically.__module__ == "staticgo.host.files"
    monkeypatch.setattr("staticgo.app.steps.memo.write_atomically", full)
    Built(tmp_path).remember()


def test_an_unreadable_go_mod_above_does_not_fail_a_finished_build(tmp_path: Path) -> None:
    built = Built(tmp_path)
    (tmp_path / "go.mod").write_bytes(b"module \xff\n")  # Go stops at the nearest one
    built.remember()


def test_a_user_without_a_home_does_not_fail_a_finished_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(number: int) -> pwd.struct_passwd:
        raise KeyError(number)

    monkeypatch.delenv("HOME")
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setattr(pwd, "getpwuid", nobody)
    Built(tmp_path).remember()
