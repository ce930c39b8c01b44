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
		if os.Args[1] == "hang" {
			time.Sleep(time.Hour)
		}
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


def test_a_bad_status_is_a_start_and_a_hang_is_inconclusive(
    staticgo: Staticgo, program: Path, wine: None
) -> None:
    ended = staticgo("verify", "--json", program, "--", "status")
    assert (ended.status, ended.json["level"], ended.json["observed"]["exit_status"]) == (
        0,
        "started",
        3,
    )
    hung = staticgo("verify", "--timeout", "2", program, "--", "hang")
    assert hung.status == 3
    assert "may hang" in hung.stderr


def test_a_wine_that_does_not_start_says_nothing_of_the_program(
    staticgo: Staticgo, program: Path, tmp_path: Path
) -> None:
    files = {
        "bin/wine": b"#!/bin/sh\n",
        "lib/wine/wine64": b"\x7fELF\x02",
        "lib/wine/x86_64-windows/kernel32.dll": b"",
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
        (tmp_path / name).chmod(0o755)
    ran = staticgo("verify", program, env={"PATH": str(tmp_path / "bin")})
    assert ran.status == 3
    assert "wine itself was not started" in ran.stderr


def test_without_wine_nothing_is_claimed(staticgo: Staticgo, program: Path, tmp_path: Path) -> None:
    ran = staticgo("verify", program, env={"PATH": str(tmp_path)})
    assert ran.status == 3
    assert "not started" in ran.stderr
    assert "wine" in ran.stderr
