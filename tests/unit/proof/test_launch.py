"""What starts a target's tests on this machine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from staticgo.errors import MissingTool
from staticgo.host.run import Runner
from staticgo.model.target import Target
from staticgo.proof import wine
from staticgo.proof.launch import launcher

HOST = Target(os="linux", arch="amd64")


@pytest.fixture(autouse=True)
def nothing_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A PC with Linux, and no emulators."""
    monkeypatch.setenv("PATH", str(tmp_path))
    names = os.uname()
    pc = os.uname_result((*names[:4], "x86_64"))
    monkeypatch.setattr(os, "uname", lambda: pc)


@pytest.mark.parametrize("arch", ["amd64", "386"])
def test_what_the_cpu_runs_is_started_by_itself(arch: str) -> None:
    assert launcher(Target(os="linux", arch=arch), HOST, Runner()).words == ()


@pytest.mark.parametrize(
    ("target", "hint"),
    [
        (Target(os="linux", arch="arm64"), "qemu-user-static"),
        (Target(os="windows", arch="amd64"), "wine"),
        (Target(os="darwin", arch="arm64"), "go test -c"),
    ],
)
def test_what_is_missing_is_named_before_anything_is_built(target: Target, hint: str) -> None:
    with pytest.raises(MissingTool) as raised:
        launcher(target, HOST, Runner())
    assert hint in raised.value.hint


def test_on_another_system_only_its_own_programs_start() -> None:
    mac = Target(os="darwin", arch="arm64")
    assert launcher(mac, mac, Runner()).words == ()
    with pytest.raises(MissingTool):
        launcher(Target(os="linux", arch="arm64"), mac, Runner())


def test_a_lasting_prefix_is_made_once_and_sees_the_files(tmp_path: Path) -> None:
    dlls = tmp_path / "lib" / "x86_64-windows"
    dlls.mkdir(parents=True)
    (dlls / "kernel32.dll").write_bytes(b"")
    here = wine.Wine(
        name="wine 8.0",
        loader=tmp_path / "wine64",
        base=tmp_path,
        dlls=(("amd64", dlls),),
        lent=True,
    )
    folder = tmp_path / "cache"
    values = wine.lasting_prefix(here, folder)
    prefix = folder / "wine"
    assert values["WINEPREFIX"] == str(prefix)
    assert "PATH" not in values
    assert (prefix / "dosdevices/z:").resolve() == Path("/")
    system = prefix / "drive_c/windows/system32"
    assert (system / "kernel32.dll").resolve() == dlls / "kernel32.dll"
    assert (system / "bcryptprimitives.dll").read_bytes().startswith(b"MZ")
    (prefix / "drive_c/note").touch()
    (system / "kernel32.dll").unlink()
    wine.lasting_prefix(here, folder)
    assert not (system / "kernel32.dll").exists()
