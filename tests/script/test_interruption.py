"""Ctrl-C in the middle, and two builds at once in one cache."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.script.conftest import Staticgo, module

# Enough Go and C that the build is still at work when the signal comes.
SLOW_C = """package main

/*
#cgo CFLAGS: -DSLOW
#include <stdio.h>
static int one(void) { return puts("one"); }
*/
import "C"

import _ "net/http"

func main() { C.one() }
"""


def _children(marker: str) -> list[str]:
    """Command lines of processes whose environment or arguments hold `marker`."""
    found = []
    for process in Path("/proc").iterdir():
        if not process.name.isdigit() or int(process.name) == os.getpid():
            continue
        try:
            environment = (process / "environ").read_bytes()
            arguments = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if marker.encode() in environment or marker.encode() in arguments:
            found.append(arguments.replace(b"\0", b" ").decode())
    return found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_build_leaves_nothing(
    staticgo: Staticgo, tmp_path: Path, number: signal.Signals
) -> None:
    program = module(tmp_path, "slow", main_go=SLOW_C)
    marker = f"staticgo-interruption-{os.getpid()}-{number}"
    building = subprocess.Popen(
        staticgo.command("build", program, "-t", "linux/amd64"),
        cwd=tmp_path,
        # Caches of its own, so that there is much to do.
        env=staticgo.environment(
            {
                "GOCACHE": str(tmp_path / "cache"),
                "STATICGO_CACHE": str(tmp_path / "sg"),
                "MARKER": marker,
            }
        ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while len(_children(marker)) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1)
    os.kill(building.pid, number)
    _, stderr = building.communicate(timeout=30)
    assert building.returncode == 130, stderr
    assert "interrupted" in stderr
    assert "Traceback" not in stderr
    assert _children(marker) == []
    assert list((tmp_path / "dist").iterdir()) == []


def test_two_builds_at_once_in_one_cache(
    staticgo: Staticgo, examples: Path, tmp_path: Path
) -> None:
    environment = staticgo.environment({"STATICGO_CACHE": str(tmp_path / "sg")})
    running = [
        subprocess.Popen(
            staticgo.command("build", examples / "whoami", "-t", "linux/amd64,linux/arm64", "-q"),
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in running:
        stdout, stderr = process.communicate(timeout=300)
        assert (process.returncode, stdout, stderr) == (0, "", "")
    names = sorted(path.name for path in (tmp_path / "dist").iterdir())
    assert names == ["whoami-linux-amd64", "whoami-linux-arm64"]


@pytest.mark.slow
def test_two_first_builds_with_c_at_once(staticgo: Staticgo, tmp_path: Path) -> None:
    """Both need zig's musl for the same target, which neither has yet."""
    program = module(tmp_path, "app", main_go=SLOW_C.replace('import _ "net/http"\n', ""))
    environment = staticgo.environment({"STATICGO_CACHE": str(tmp_path / "sg")})
    running = [
        subprocess.Popen(
            staticgo.command("build", program, "-t", "linux/amd64", "-o", f"out{number}", "-q"),
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(2)
    ]
    for process in running:
        stdout, stderr = process.communicate(timeout=600)
        assert (process.returncode, stdout, stderr) == (0, "", "")
    first, second = (tmp_path / f"out{number}" / "app-linux-amd64" for number in range(2))
    assert first.read_bytes() == second.read_bytes()
