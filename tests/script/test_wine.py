"""Windows programs under wine: what they see, and what is said of them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.script.conftest import Staticgo, module

PROGRAM = r"""package main

import (
	"fmt"
	"net"
	"os"
	"time"
)

func main() {
	if len(os.Args) > 1 {
		os.Exit(3)
	}
	for _, place := range []string{`z:\`, `\\?\unix\root`, `\\?\unix\home`, `\\?\unix\etc\ssl`} {
		_, err := os.ReadDir(place)
		fmt.Println("hidden", err != nil)
	}
	fmt.Println("read-only", os.WriteFile(`\\?\unix\usr\staticgo`, nil, 0o644) != nil)
	_, err := net.DialTimeout("tcp", "127.0.0.1:22", time.Second)
	fmt.Println("no network", err != nil)
	fmt.Println("temp", os.WriteFile(os.TempDir()+`\a`, nil, 0o644))
}
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory, go: str) -> Path:
    """A program for Windows, made by plain `go build`."""
    folder = module(tmp_path_factory.mktemp("wine"), "app", main_go=PROGRAM)
    environment = {**os.environ, "CGO_ENABLED": "0", "GOOS": "windows", "GOARCH": "amd64"}
    subprocess.run([go, "build", "-o", "app.exe", "."], cwd=folder, env=environment, check=True)
    return folder / "app.exe"


def test_a_windows_program_answers_and_sees_nothing_of_ours(
    staticgo: Staticgo, program: Path, wine: None
) -> None:
    ran = staticgo("verify", "--json", program)
    assert ran.status == 0, ran.stdout + ran.stderr
    assert ran.json["level"] == "answered"
    assert ran.json["how"].startswith("wine ")
    assert ran.json["observed"]["stdout"].splitlines() == [
        *["hidden true"] * 4,
        "read-only true",
        "no network true",
        "temp <nil>",
    ]


def test_silence_with_a_bad_status_may_be_wines_own(
    staticgo: Staticgo, program: Path, wine: None
) -> None:
    ran = staticgo("verify", program, "--", "status")
    assert ran.status == 3
    assert "without a word" in ran.stderr


def test_without_wine_nothing_is_claimed(staticgo: Staticgo, program: Path, tmp_path: Path) -> None:
    ran = staticgo("verify", program, env={"PATH": str(tmp_path)})
    assert ran.status == 3
    assert "not started" in ran.stderr
    assert "wine" in ran.stderr
