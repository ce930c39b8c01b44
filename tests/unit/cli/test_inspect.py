"""`staticgo inspect` and `staticgo diff`, as a user calls them."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from staticgo.errors import ExitCode
from tests.binaries import elf, go
from tests.unit.cli.called import Staticgo

STATIC = elf.STATIC.build()
DYNAMIC = elf.DYNAMIC.build()
GO = elf.STATIC.but(data=go.inline()).build()


@pytest.fixture
def staticgo(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Staticgo:
    return Staticgo(capsys, monkeypatch)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a static program, a dynamic one, a Go program, and other things."""
    monkeypatch.chdir(tmp_path)
    for name, data in {
        "d/static": STATIC,
        "d/sub/dynamic": DYNAMIC,
        "d/go": GO,
        "d/notes.txt": b"text\n",
        "cut": STATIC[:70],
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    return tmp_path


def names(stdout: str) -> list[str]:
    return [found["name"] for found in json.loads(stdout)["binaries"]]


def test_a_folder_is_read_as_a_whole_in_order(staticgo: Staticgo, tree: Path) -> None:
    ran = staticgo("inspect", "--json", "d")
    assert ran.status == ExitCode.PASS
    assert names(ran.stdout) == ["d/go", "d/static", "d/sub/dynamic"]


def test_only_go(staticgo: Staticgo, tree: Path) -> None:
    assert names(staticgo("inspect", "--json", "--only-go", "d").stdout) == ["d/go"]


@pytest.mark.parametrize(
    ("paths", "status"),
    [
        (["d/static", "d/go"], ExitCode.PASS),
        (["d"], ExitCode.FAIL),
        (["cut"], ExitCode.INCONCLUSIVE),
        (["absent"], ExitCode.INCONCLUSIVE),
        (["d/notes.txt"], ExitCode.INCONCLUSIVE),
        (["d/static", "cut"], ExitCode.INCONCLUSIVE),
        (["cut", "d", "absent"], ExitCode.FAIL),
    ],
    ids=str,
)
@pytest.mark.parametrize("form", ["--json", "-q", ""])
def test_a_gate(
    staticgo: Staticgo, tree: Path, paths: list[str], status: ExitCode, form: str
) -> None:
    words = ["inspect", "--require", "static", *([form] if form else []), *paths]
    assert staticgo(*words).status == status


@pytest.mark.parametrize("form", ["--json", "-q", ""])
def test_a_gate_that_judged_nothing_is_not_passed(
    staticgo: Staticgo, tree: Path, form: str
) -> None:
    words = ["inspect", "--only-go", *([form] if form else [])]
    assert staticgo(*words, "--require", "static", "d/sub/dynamic").status == 3
    assert staticgo(*words, "d/sub/dynamic").status == 0
    # What was not read as a whole may be Go's.
    assert staticgo(*words, "cut").status == 3


def test_quiet_names_only_what_falls_short(staticgo: Staticgo, tree: Path) -> None:
    ran = staticgo("inspect", "-q", "--require", "static", "d", "cut")
    assert "d/sub/dynamic: " in ran.stdout
    assert "cut: " in ran.stdout
    assert "d/static" not in ran.stdout
    assert staticgo("inspect", "-q", "--require", "static", "d/static") == (0, "", "")


def test_what_was_not_read_goes_to_standard_error_with_a_next_step(
    staticgo: Staticgo, tree: Path
) -> None:
    ran = staticgo("inspect", "d/notes.txt", "d/static")
    assert ran.stderr == (
        "staticgo: d/notes.txt: a text file\nnext: give the path of a program that has been built\n"
    )
    assert "d/static: ELF executable" in ran.stdout


def test_an_archive_names_its_members(staticgo: Staticgo, tree: Path) -> None:
    with tarfile.open(tree / "a.tar.gz", "w:gz") as archive:
        member = tarfile.TarInfo("../evil\x1b[2J")
        member.size = len(STATIC)
        archive.addfile(member, io.BytesIO(STATIC))
    (name,) = names(staticgo("inspect", "--json", "a.tar.gz").stdout)
    assert name.startswith("a.tar.gz!")
    assert "\x1b" not in name


def test_standard_input(tree: Path) -> None:
    command = [sys.executable, "-m", "staticgo", "inspect", "-"]
    done = subprocess.run(command, input=STATIC, capture_output=True, check=False)
    assert done.returncode == 0
    assert b"linkage      static" in done.stdout


def test_sizes_sum_up(staticgo: Staticgo, tree: Path) -> None:
    (found,) = json.loads(staticgo("inspect", "--json", "--size", "d/static").stdout)["binaries"]
    assert sum(group["size"] for group in found["sizes"]) == len(STATIC)


def test_a_rule_is_explained(staticgo: Staticgo) -> None:
    ran = staticgo("inspect", "--explain", "static-libc")
    assert ran.status == 0
    assert ran.stdout.startswith("static-libc: ")
    ran = staticgo("inspect", "--explain", "static-lib")
    assert ran.status == ExitCode.USAGE
    assert "perhaps you meant static-libc?" in ran.stderr


def test_no_path_is_a_slip(staticgo: Staticgo) -> None:
    assert staticgo("inspect").status == ExitCode.USAGE


def test_diff(staticgo: Staticgo, tree: Path) -> None:
    ran = staticgo("diff", "d/static", "d/sub/dynamic")
    assert ran.status == ExitCode.PASS
    assert "linkage\n  static -> dynamic\n" in ran.stdout
    assert staticgo("diff", "--exit-code", "d/static", "d/sub/dynamic").status == ExitCode.FAIL
    assert staticgo("diff", "--exit-code", "d/go", "d/go") == (0, "no difference\n", "")
    found = json.loads(staticgo("diff", "--json", "d/static", "d/go").stdout)
    assert found["whole"]
    assert "Go" in {change["topic"] for change in found["changes"]}
    assert staticgo("diff", "d/static", "absent").status == ExitCode.USAGE
    assert staticgo("diff", "--exit-code", "cut", "cut").status == ExitCode.INCONCLUSIVE
    assert staticgo("diff", "d/static", "d/notes.txt").status == ExitCode.INCONCLUSIVE
