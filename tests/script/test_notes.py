"""A program with SQLite becomes one static file for every Linux CPU, and starts on an empty machine."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.script.conftest import Staticgo

TARGETS = ["linux/386", "linux/amd64", "linux/arm/v7", "linux/arm64", "linux/riscv64"]


@pytest.mark.slow
def test_sqlite_on_five_cpus(staticgo: Staticgo, examples: Path, qemu: None) -> None:
    ran = staticgo(
        "build",
        examples / "notes",
        *(f"--target={t}" for t in TARGETS),
        "--verify",
        "--json",
        "--",
        "version",
    )
    assert ran.status == 0, ran.stderr
    assert [result["plan"]["target"] for result in ran.json] == TARGETS
    for result in ran.json:
        (piece,) = result["report"]["slices"]
        assert piece["linkage"] == "static"
        assert piece["stripped"] is True
        assert (piece["interpreter"], piece["needed"]) == ("", [])
        assert result["plan"]["strategy"] == "external"
        assert result["proof"]["level"] == "answered"
        assert result["proof"]["observed"]["stdout"].startswith("notes, with SQLite 3.")
        assert Path(result["path"]).stat().st_mode & 0o777 == 0o755


@pytest.mark.slow
def test_the_notes_are_kept_and_found(staticgo: Staticgo, examples: Path, tmp_path: Path) -> None:
    built = staticgo("build", examples / "notes", "--target=linux/amd64")
    assert built.status == 0, built.stderr

    def notes(*words: str) -> str:
        command = [str(tmp_path / "dist" / "notes-linux-amd64"), *words]
        return subprocess.run(
            command, cwd=tmp_path, check=True, capture_output=True, text=True
        ).stdout

    assert notes("add", "buy", "oat", "milk") == "kept as note 1\n"
    assert notes("add", "100% of it") == "kept as note 2\n"
    assert notes("search", "MILK").endswith("  buy oat milk\n")
    assert "oat milk" not in notes("search", "100%")
    assert len(notes("list").splitlines()) == 2


@pytest.mark.slow
def test_the_printed_script_makes_the_same_bytes(
    staticgo: Staticgo, examples: Path, tmp_path: Path
) -> None:
    target = "--target=linux/amd64"
    built = staticgo("build", examples / "notes", target, "-o", "built")
    script = staticgo("build", examples / "notes", target, "-o", "scripted", "--dry-run")
    assert (built.status, script.status) == (0, 0), built.stderr + script.stderr
    assert not (tmp_path / "scripted").exists()
    subprocess.run(["sh"], input=script.stdout, text=True, check=True, cwd=tmp_path)
    name = "notes-linux-amd64"
    assert (tmp_path / "built" / name).read_bytes() == (tmp_path / "scripted" / name).read_bytes()


def test_a_stub_of_sqlite_is_refused(staticgo: Staticgo, examples: Path, tmp_path: Path) -> None:
    ran = staticgo("build", examples / "notes", "--cgo", "off")
    assert ran.status == 2
    assert "as a stub" in ran.stderr
    assert "next: leave --cgo off away" in ran.stderr
    assert list((tmp_path / "dist").iterdir()) == []
