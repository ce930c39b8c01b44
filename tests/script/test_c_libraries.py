"""C libraries of a program's own: built from source for its target, found by pkg-config and by -l."""

from __future__ import annotations

import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from tests.script.conftest import Staticgo, module

MAIN = """package main

// #cgo pkg-config: libten
// #cgo LDFLAGS: -ltwo
// #include <ten.h>
// #include <two.h>
import "C"

func main() { println(int(C.ten()), int(C.two())) }
"""
TOML = """
[[c-library]]
name = "libten"
source = "ten.tar.gz"
sha256 = "{digest}"
build = "files"
files = ["src/ten.c"]
include-dirs = ["src"]
headers = ["src/ten.h"]
requires = ["two"]
libs = ["-ltwo"]

[[c-library]]
name = "two"
source = "two"
build = "commands"
commands = [
    ["{{cc}}", "-O2", "-c", "two.c", "-o", "{{build}}/two.o"],
    ["{{ar}}", "rcs", "{{install}}/lib/libtwo.a", "{{build}}/two.o"],
    ["cp", "two.h", "{{install}}/include/two.h"],
]
"""


def program(folder: Path) -> Path:
    """A module with staticgo.toml, an archive and a folder of C beside it."""
    root = module(folder, "ten", main_go=MAIN)
    (root / "two").mkdir()
    (root / "two" / "two.c").write_text("int two(void) { return 2; }\n")
    (root / "two" / "two.h").write_text("int two(void);\n")
    with tarfile.open(root / "ten.tar.gz", "w:gz") as archive:
        for name, text in {
            "ten-1.0/src/ten.h": "int ten(void);\n",
            "ten-1.0/src/ten.c": "#include <two.h>\nint ten(void) { return two() * 5; }\n",
        }.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text.encode()))
    digest = hashlib.sha256((root / "ten.tar.gz").read_bytes()).hexdigest()
    (root / "staticgo.toml").write_text(TOML.format(digest=digest))
    return root


@pytest.mark.slow
def test_libraries_of_ones_own(staticgo: Staticgo, tmp_path: Path) -> None:
    root = program(tmp_path)
    words = ("build", root, "-t", "linux/amd64", "--verify", "--json")
    ran = staticgo(*words)
    assert ran.status == 0, ran.stderr
    assert ran.json[0]["proof"]["observed"]["stderr"] == "10 2\n"

    # What a library is made of changed: it is built again, and so is the program.
    (root / "two" / "two.c").write_text("int two(void) { return 3; }\n")
    ran = staticgo(*words)
    assert ran.json[0]["proof"]["observed"]["stderr"] == "15 3\n"

    (root / "two" / "two.c").write_text("int two(void) { return }\n")
    ran = staticgo(*words)
    assert ran.status == 5
    assert "linux/amd64: the C library two cannot be built" in ran.stderr
    assert "two.c:1:" in ran.stderr
    assert "two-linux-amd64.log" in ran.stderr


def test_mistakes_are_told_before_anything_is_built(staticgo: Staticgo, tmp_path: Path) -> None:
    root = program(tmp_path)
    file = root / "staticgo.toml"
    text = file.read_text()

    def complaint(changed: str) -> str:
        file.write_text(changed)
        ran = staticgo("build", root, "-t", "linux/amd64")
        assert ran.status == 2
        return ran.stderr

    said = complaint(text.replace('build = "files"', 'biuld = "files"'))
    assert "c-library[0].biuld: unknown" in said
    assert "perhaps you meant build?" in said
    digest = hashlib.sha256((root / "ten.tar.gz").read_bytes()).hexdigest()
    said = complaint(text.replace(digest, "0" * 64))
    assert digest in said
    assert "0" * 64 in said
    assert f'add: sha256 = "{digest}"' in complaint(text.replace(f'sha256 = "{digest}"', ""))
    assert "the source of the C library two is not there" in complaint(
        text.replace('source = "two"', 'source = "tow"')
    )
