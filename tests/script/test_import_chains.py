"""Import chains of a program of more than 1,000 packages, against another computation of them."""

from __future__ import annotations

import itertools
import os
import random
import shutil
import time
from pathlib import Path

import pytest

from tests.script.conftest import Staticgo, module

PACKAGES = 1_100
BASE = "example.com/large"

pytestmark = pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not installed")


def program(directory: Path, imports: dict[int, list[int]], cgo: set[int]) -> Path:
    """A module of packages p0, p1 and so on; the program is the module's root and imports p0."""
    text = f'package main\n\nimport _ "{BASE}/p0"\n\nfunc main() {{}}\n'
    folder = module(directory, "large", main_go=text)
    for number, others in imports.items():
        lines = [f'import _ "{BASE}/p{other}"' for other in others]
        lines += ['import "C"'] if number in cgo else []
        (folder / f"p{number}").mkdir()
        (folder / f"p{number}" / "p.go").write_text(
            "\n".join([f"package p{number}", *lines]) + "\n"
        )
    return folder


def distances(imports: dict[int, list[int]]) -> dict[int, int]:
    """Steps from p0, by relaxing every import until nothing changes."""
    found = {0: 0}
    changed = True
    while changed:
        changed = False
        for number, others in imports.items():
            for other in others if number in found else ():
                if found.get(other, len(imports)) > found[number] + 1:
                    found[other] = found[number] + 1
                    changed = True
    return found


@pytest.fixture(autouse=True)
def cgo_on(monkeypatch: pytest.MonkeyPatch, go: str) -> None:
    monkeypatch.setenv("PATH", f"{Path(go).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("CGO_ENABLED", "1")
    monkeypatch.setenv("GOENV", "off")


def test_shortest_chains_in_a_large_program(staticgo: Staticgo, tmp_path: Path) -> None:
    chance = random.Random(5)  # noqa: S311 - the same program each time
    imports = {
        number: sorted(
            {number + 1, *(chance.randint(number + 1, number + 40) for _ in range(3))}
            & set(range(PACKAGES))
        )
        for number in range(PACKAGES)
    }
    cgo = set(chance.sample(range(PACKAGES), 20))
    folder = program(tmp_path, imports, cgo)
    assert staticgo("explain", folder, "--json").status == 0  # warms Go's own cache
    began = time.monotonic()
    ran = staticgo("explain", folder, "--json")
    seconds = time.monotonic() - began
    assert ran.status == 0, ran.stderr
    (found,) = ran.json
    assert found["packages"] > 1_000
    chains = {package["path"]: package["chain"] for package in found["cgo_packages"]}
    steps = distances(imports)
    assert {path: len(chain) for path, chain in chains.items()} == {
        f"{BASE}/p{number}": steps[number] + 2 for number in cgo
    }
    for path, chain in chains.items():
        assert (chain[0], chain[1], chain[-1]) == (BASE, f"{BASE}/p0", path)
        numbers = [int(name.rpartition("/p")[2]) for name in chain[1:]]
        assert all(b in imports[a] for a, b in itertools.pairwise(numbers))
    again = staticgo("explain", folder, "--json")
    assert again.json[0]["cgo_packages"] == found["cgo_packages"]
    assert seconds < 3


@pytest.mark.parametrize("option", ["--dot", "--json", ""])
def test_a_chain_of_a_thousand_imports(staticgo: Staticgo, tmp_path: Path, option: str) -> None:
    imports = {number: [number + 1] for number in range(PACKAGES)}
    imports[PACKAGES - 1] = []
    folder = program(tmp_path, imports, {PACKAGES - 1})
    ran = staticgo("explain", folder, *filter(None, [option]))
    assert ran.status == 0, ran.stderr
    last = f"{BASE}/p{PACKAGES - 1}"
    assert last in ran.stdout
    assert len(ran.stdout) < 2_000_000
