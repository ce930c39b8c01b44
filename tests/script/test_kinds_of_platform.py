"""A slice of bench/platforms.py: C for platforms of each kind, a race detector, a static PIE."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.script.conftest import Staticgo, module

MAIN = """package main

// int twice(int n) { return 2 * n; }
import "C"

import "fmt"

func main() { fmt.Println("twice", C.twice(21)) }
"""
RACE = """package main

import (
	"fmt"
	"sync"
)

func main() {
	var wait sync.WaitGroup
	total := 0
	for range 2 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for range 1000 {
				total++
			}
		}()
	}
	wait.Wait()
	fmt.Println("counted", total > 0)
}
"""


@pytest.mark.slow
def test_c_for_platforms_of_each_kind(staticgo: Staticgo, tmp_path: Path, qemu: None) -> None:
    program = module(tmp_path, "twice", main_go=MAIN)
    targets = "linux/mips64le,windows/amd64,darwin/universal,freebsd/amd64,linux/amd64+gnu.2.17"
    ran = staticgo("build", program, "-t", targets, "--json")
    assert ran.status == 0, ran.stderr
    found = {
        result["plan"]["target"]: [piece["linkage"] for piece in result["report"]["slices"]]
        for result in ran.json
    }
    assert found == {
        "linux/mips64le": ["static"],
        "windows/amd64": ["system-only"],
        "darwin/universal": ["system-only", "system-only"],
        "freebsd/amd64": ["dynamic"],
        "linux/amd64+gnu.2.17": ["dynamic"],
    }
    mips = staticgo("verify", tmp_path / "dist" / "twice-linux-mips64le")
    assert (mips.status, "twice 42" in mips.stdout) == (0, True), mips.stdout


@pytest.mark.slow
def test_a_static_race_detector_reports_a_race(staticgo: Staticgo, tmp_path: Path) -> None:
    program = module(tmp_path, "race", main_go=RACE)
    ran = staticgo("build", program, "-t", "linux/amd64", "--race", "--json")
    assert ran.status == 0, ran.stderr
    (result,) = ran.json
    assert result["report"]["slices"][0]["linkage"] == "static"
    started = subprocess.run([result["path"]], capture_output=True, text=True, check=False)
    assert "WARNING: DATA RACE" in started.stderr
    assert started.stdout == "counted true\n"


@pytest.mark.slow
def test_a_static_pie_starts_in_an_empty_root(staticgo: Staticgo, tmp_path: Path) -> None:
    program = module(tmp_path, "pie", main_go='package main\n\nfunc main() { println("here") }\n')
    ran = staticgo("build", program, "-t", "linux/amd64", "--pie", "--verify", "--json")
    assert ran.status == 0, ran.stderr
    (result,) = ran.json
    assert result["report"]["slices"][0]["linkage"] == "static-pie"
    assert result["proof"]["observed"]["stderr"] == "here\n"


def test_a_plugin_is_refused_with_the_reason(staticgo: Staticgo, examples: Path) -> None:
    for mode in ("plugin", "c-shared"):
        ran = staticgo("build", examples / "hello", "--buildmode", mode)
        assert ran.status == 2
        assert "cannot be static" in ran.stderr


def test_a_platform_without_a_libc_is_said_before_anything_is_built(
    staticgo: Staticgo, tmp_path: Path
) -> None:
    program = module(tmp_path, "twice", main_go=MAIN)
    named = staticgo("build", program, "-t", "dragonfly/amd64")
    assert named.status == 2
    assert "brings no C library for DragonFly BSD" in named.stderr
    pattern = staticgo("build", program, "-t", "dragonfly/*", "--dry-run")
    assert pattern.status == 2
    assert "targets" in pattern.stderr
