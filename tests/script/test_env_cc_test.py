"""Other tools with staticgo's compilers: `go build` under `env`, `cc`, and `go test` for another CPU."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.script.conftest import Staticgo, module

pytestmark = pytest.mark.slow

ROOT = """package main

// #include <math.h>
// #cgo LDFLAGS: -lm
import "C"

import "fmt"

func root(x float64) float64 { return float64(C.sqrt(C.double(x))) }

func main() { fmt.Println(root(9)) }
"""
TEST = """package main

import (
	"os"
	"runtime"
	"testing"
)

func TestRoot(t *testing.T) {
	if root(9) != 3 || runtime.GOARCH != "arm64" {
		t.Error(root(9), runtime.GOARCH)
	}
	if _, err := os.Stat("root_test.go"); err != nil {
		t.Error(err)
	}
}

func TestBad(t *testing.T) { t.Error("on purpose") }
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program with C, and its tests."""
    return module(tmp_path_factory.mktemp("beside"), "root", main_go=ROOT, root_test_go=TEST)


def test_plain_go_build_under_env_links_statically(
    staticgo: Staticgo, program: Path, go: str, qemu: None, tmp_path: Path
) -> None:
    settings = staticgo("env", "linux/arm64")
    assert settings.status == 0, settings.stderr
    # goreleaser and the like bring a -ldflags of their own.
    build = (
        f'eval "$SETTINGS"; "$GO" build -ldflags "-s -w" -o {tmp_path}/app . && "$GO" env GOARCH'
    )
    done = subprocess.run(
        ["/bin/sh", "-c", build],
        cwd=program,
        env={**os.environ, "SETTINGS": settings.stdout, "GO": go},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "arm64\n"), done.stderr
    assert staticgo("inspect", "--quiet", "--require", "static", tmp_path / "app").status == 0
    assert '"3"' in staticgo("verify", tmp_path / "app").stdout


def test_tests_for_another_cpu_see_their_files(
    staticgo: Staticgo, program: Path, qemu: None
) -> None:
    # -trimpath: the standard library's objects are those that `build` makes.
    passed = staticgo("test", "-t", "linux/arm64", "--", "-trimpath", "-run", "Root", cwd=program)
    assert passed.status == 0, passed.stdout + passed.stderr
    assert passed.stdout.startswith("ok ")
    failed = staticgo("test", "-t", "linux/arm64", "./...", "--", "-trimpath", cwd=program)
    assert failed.status == 1
    assert "on purpose" in failed.stdout


def test_cc_is_the_compiler(staticgo: Staticgo, qemu: None, tmp_path: Path) -> None:
    (tmp_path / "hello.c").write_text("int main(void) { return 7; }\n")
    made = staticgo("cc", "linux/arm64", "--", "-O2", "-static", "hello.c", "-o", "hello")
    assert made.status == 0, made.stderr
    assert "status 7" in staticgo("verify", "hello").stdout
    assert staticgo("cc", "linux/arm64", "--", "-c", "nothing.c").status == 1
