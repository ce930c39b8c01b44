"""Finding wine in the places where systems put it, and the prefix made for one run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from staticgo import binary
from staticgo.host.run import Completed, Runner
from staticgo.model.binary import Kind
from staticgo.proof import wine
from staticgo.proof.standin import forwarder

WIDE, NARROW, SCRIPT = b"\x7fELF\x02", b"\x7fELF\x01", b"#!/bin/sh\n"
DEBIAN = {
    "bin/wine": SCRIPT,
    "lib/wine/wine64": WIDE,
    "lib/x86_64-linux-gnu/wine/x86_64-windows/kernel32.dll": b"",
}
DEBIAN_32 = {
    "lib/wine/wine": NARROW,
    "lib/i386-linux-gnu/wine/i386-windows/kernel32.dll": b"",
}
ONE_LOADER = {
    "bin/wine": WIDE,
    "lib/wine/x86_64-windows/kernel32.dll": b"",
    "lib/wine/x86_64-windows/bcryptprimitives.dll": b"",
    "lib/wine/i386-windows/kernel32.dll": b"",
    "lib/wine/i386-windows/bcryptprimitives.dll": b"",
}


class Eight(Runner):
    """A wine that says its version."""

    def run(self, argv: object, **options: object) -> Completed:
        return Completed(argv=(), returncode=0, stdout="wine-8.0 (Debian)\n", stderr="")


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where wine is installed, on a PC."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    names = os.uname()
    pc = os.uname_result((*names[:4], "x86_64"))
    monkeypatch.setattr(os, "uname", lambda: pc)
    return tmp_path


def install(base: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (base / name).parent.mkdir(parents=True, exist_ok=True)
        (base / name).write_bytes(content)
        (base / name).chmod(0o755)


def found(machine: str) -> wine.Wine | None:
    return wine.find(machine, Eight())


def test_nothing_is_found_where_nothing_is(base: Path) -> None:
    assert found("amd64") is None
    assert "apt-get install" in wine.missing("amd64")
    assert "add-architecture i386" in wine.missing("386")
    assert "apt-get" not in wine.missing("arm64")


def test_debians_wine_is_a_script_and_its_loader_stands_elsewhere(base: Path) -> None:
    install(base, DEBIAN)
    here = found("amd64")
    assert here is not None
    assert (here.name, here.loader, here.lent) == ("wine 8.0", base / "lib/wine/wine64", True)
    assert found("386") is None


def test_a_loader_that_does_not_run_is_left_to_the_run(base: Path) -> None:
    install(base, DEBIAN)
    here = wine.find("amd64", Runner())
    assert here is not None
    assert here.name == "wine"


def test_both_halves_share_a_prefix(base: Path) -> None:
    install(base, {**DEBIAN, **DEBIAN_32})
    here = found("386")
    assert here is not None
    assert here.loader == base / "lib/wine/wine"
    assert [cpu for cpu, _ in here.dlls] == ["amd64", "386"]
    start = wine.start(here, base / "app.exe", ["-v"])
    assert [folder for folder, _ in start.linked] == [
        "wine/drive_c/windows/system32",
        "wine/drive_c/windows/syswow64",
    ]
    lent = [name for name, content in start.texts if content.startswith(b"MZ")]
    assert [Path(name).parent.name for name in lent] == ["system32", "syswow64"]


def test_one_loader_for_both_and_nothing_to_lend(base: Path) -> None:
    install(base, ONE_LOADER)
    here = found("386")
    assert here is not None
    assert (here.loader, here.lent) == (base / "bin/wine", False)
    amd64 = found("amd64")
    assert amd64 is not None
    assert not amd64.lent


def test_a_wine_of_32_bits_alone_has_a_prefix_of_its_own_kind(base: Path) -> None:
    install(base, {"bin/wine": SCRIPT, **DEBIAN_32})
    assert found("amd64") is None
    here = found("386")
    assert here is not None
    start = wine.start(here, base / "app.exe", [])
    assert b"#arch=win32" in dict(start.texts)["wine/user.reg"]


def test_the_program_sees_no_drive_but_c_and_nobodys_files(base: Path) -> None:
    install(base, DEBIAN)
    here = found("amd64")
    assert here is not None
    start = wine.start(here, base / "app.exe", ["--version"])
    assert start.argv == (str(here.loader), "C:\\app.exe", "--version")
    assert start.links == (("wine/dosdevices/c:", "../drive_c"),)
    assert not [place for place in start.shown if place.startswith(("/home", "/root", "/etc/p"))]
    assert str(base) in start.shown


@pytest.mark.parametrize("machine", ["386", "amd64", "arm64"])
def test_the_stand_in_is_a_library_that_forwards(machine: str) -> None:
    (piece,) = binary.read(forwarder(machine, "a.dll", "Function", "advapi32.Other")).slices
    assert (piece.machine, piece.kind, piece.needed) == (
        machine,
        Kind.SHARED_OBJECT,
        ("advapi32.dll",),
    )
