"""A plan as a shell script."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import staticgo.view.script
from staticgo.model.libraries import Sysroot
from staticgo.model.plan import Reason
from staticgo.view.script import render
from tests.unit.planning.given import GO, ZIG, plan_for


@pytest.fixture(autouse=True)
def fixed_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staticgo.view.script, "__version__", "1.2.3")


def test_a_script_for_two_targets(golden: Callable[[str, str], None]) -> None:
    plans = [plan_for("notes", "linux/amd64"), plan_for("notes", "linux/arm/v7")]
    golden("script/notes.sh", render(plans, "/out"))


def test_a_script_for_a_remote_program(golden: Callable[[str, str], None]) -> None:
    go = dataclasses.replace(GO, fetching=(("GOPROXY", "secret"), ("GOSUMDB", "off")))
    golden("script/remote.sh", render([plan_for("goatcounter", go=go, remote=True)], "/my out"))


def test_a_script_for_a_pure_program(golden: Callable[[str, str], None]) -> None:
    golden("script/hello.sh", render([plan_for("hello")], "/out"))


def test_every_script_is_valid_shell() -> None:
    sh = shutil.which("sh")
    assert sh
    for name in ("hello", "notes"):
        text = render([plan_for(name)], "/out with ' quote")
        done = subprocess.run([sh, "-n"], input=text, text=True, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")


def test_a_name_cannot_end_its_comment() -> None:
    plan = plan_for("hello")
    hostile = Reason(decision="x\nrm -rf /", why="y\r\x1b[31m")
    text = render([dataclasses.replace(plan, reasons=(hostile,))], "/out")
    assert "#   x?rm -rf /: y??[31m\n" in text


def test_libraries_that_are_not_there_yet_are_told_of(tmp_path: Path) -> None:
    sysroot = Sysroot(key="0" * 24, folder=str(tmp_path / "it's absent"), libraries=())
    plan = plan_for("notes", toolchain=dataclasses.replace(ZIG, sysroot=sysroot))
    lines = render([plan], str(tmp_path)).splitlines()
    (check,) = [line for line in lines if line.startswith("test -d ")]
    done = subprocess.run(["sh", "-euc", check], text=True, capture_output=True, check=False)
    assert done.returncode == 1
    assert "run staticgo build once" in done.stderr


def test_what_only_build_does_for_openbsd_is_said() -> None:
    assert "PT_OPENBSD_NOBTCFI" in render([plan_for("notes", "openbsd/amd64")], "/out")
    assert "PT_OPENBSD_NOBTCFI" not in render([plan_for("hello", "openbsd/amd64")], "/out")
