"""What `explain` foretells, held against what `go build` does: a slice of bench/predict.py's table."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from bench.cases import FLAG_SETS
from bench.corpus import PROGRAMS
from bench.outcomes import build, environment
from bench.predict import answers, predict

# Rules that need few packages, so that each build takes a second or two.
SLICE = {
    "rule-net": ("plain", "cgo0", "netgo", "extldflags-static", "external", "external-static"),
    "rule-c": ("plain", "cgo0", "internal", "external-static", "ldflags-d"),
    "rule-lm": ("plain", "internal"),
    "rule-tls": ("plain", "internal"),
    "rule-flto": ("internal",),
    "rule-cxx": ("plain",),
    "rule-asm": ("plain", "cgo0-external"),
    "rule-no-library": ("plain",),
    "rule-no-header": ("plain",),
    "rule-no-symbol": ("plain",),
    "rule-refused-flag": ("plain",),
}
MUSL = (("rule-c", "musl"), ("rule-c", "musl-static"), ("rule-net", "musl"))


@pytest.fixture(scope="session")
def work(tmp_path_factory: pytest.TempPathFactory, go: str) -> Path:
    """A folder for the programs, with the user's own Go cache: the standard library is in it."""
    folder = tmp_path_factory.mktemp("predictions")
    found = subprocess.run([go, "env", "GOCACHE"], capture_output=True, text=True, check=True)
    cache = Path(found.stdout.strip())
    cache.mkdir(parents=True, exist_ok=True)
    (folder / "go-build").symlink_to(cache)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize(
    ("program", "flags"),
    [(program, flags) for program, sets in SLICE.items() for flags in sets] + list(MUSL),
)
def test_a_prediction_comes_true(
    program: str, flags: str, work: Path, go: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    needed = "musl-gcc" if flags.startswith("musl") else "g++" if "cxx" in program else "gcc"
    if not shutil.which(needed):
        pytest.skip(f"there is no {needed}: apt-get install musl-tools g++")
    monkeypatch.setenv("PATH", f"{Path(go).parent}{os.pathsep}{os.environ['PATH']}")
    for name, value in environment(work).items():
        monkeypatch.setenv(name, value)
    (wanted,) = (one for one in PROGRAMS if one.name == program)
    (given,) = (one for one in FLAG_SETS if one.name == flags)
    outcome = build(wanted, given, work, "")
    found = list(answers(predict(wanted, given, work), outcome))
    assert found
    assert not [answer for answer in found if not answer.agrees]
