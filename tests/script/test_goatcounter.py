"""GoatCounter, a real web service with SQLite in it, straight from its module."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.script.conftest import Staticgo

PACKAGE = "zgo.at/goatcounter/v2/cmd/goatcounter@v2.7.0"
MUSL_GCC_BYTES = 28_500_000
"""The same program built with Debian's musl-gcc and -s -w."""


@pytest.mark.slow
def test_goatcounter_for_two_cpus(staticgo: Staticgo, qemu: None, tmp_path: Path) -> None:
    ran = staticgo(
        "build",
        PACKAGE,
        "-t",
        "linux/amd64",
        "-t",
        "linux/arm64",
        "--verify",
        "--json",
        "--",
        "version",
    )
    assert ran.status == 0, ran.stderr
    for result in ran.json:
        (piece,) = result["report"]["slices"]
        assert piece["linkage"] == "static"
        assert piece["stripped"] is True
        # As `go install` has it: the program's own module is the main one.
        assert piece["go"]["main"]["path"] == "zgo.at/goatcounter/v2"
        assert piece["go"]["main"]["version"] == "v2.7.0"
        assert piece["go"]["main"]["sum"].startswith("h1:")
        assert result["proof"]["level"] == "answered"
        # What `go install` gives too: a number is only set by the project's own release flags.
        assert result["proof"]["observed"]["stdout"].startswith("version=dev; go=go")
    assert ran.json[0]["report"]["size"] <= 1.02 * MUSL_GCC_BYTES

    script = staticgo("build", PACKAGE, "-t", "linux/amd64", "-o", "scripted", "--dry-run")
    assert script.status == 0, script.stderr
    subprocess.run(["sh"], input=script.stdout, text=True, check=True, cwd=tmp_path)
    name = "goatcounter-linux-amd64"
    assert (tmp_path / "dist" / name).read_bytes() == (tmp_path / "scripted" / name).read_bytes()


def test_a_remote_program_without_c(staticgo: Staticgo, qemu: None) -> None:
    ran = staticgo(
        "build",
        "aead.dev/minisign/cmd/minisign@v0.3.0",
        "-t",
        "linux/arm64",
        "--verify",
        "--json",
        "--",
        "-v",
    )
    assert ran.status == 0, ran.stderr
    (result,) = ran.json
    assert result["plan"]["strategy"] == "pure"
    assert result["proof"]["level"] == "answered"
    assert "minisign v0.3.0" in result["proof"]["observed"]["stdout"]


def test_a_module_that_only_builds_from_a_checkout(staticgo: Staticgo) -> None:
    ran = staticgo("build", "github.com/prometheus/prometheus/cmd/promtool@v0.54.0")
    assert ran.status == 2, ran.stderr
    assert "go.mod holds replace and exclude directives" in ran.stderr
    assert "clone the repository" in ran.stderr
