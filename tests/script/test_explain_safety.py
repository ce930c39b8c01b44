"""`explain` reads other people's modules: nothing of theirs runs or writes, and no stale answer stands."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.script.conftest import Staticgo, module

pytestmark = pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not installed")


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch, go: str, tmp_path: Path) -> None:
    """The `go` that the tests found, on PATH, no settings of the machine's own, and an own cache."""
    monkeypatch.setenv("PATH", f"{Path(go).parent}{os.pathsep}{os.environ['PATH']}")
    for name in ("CC", "CXX", "CGO_ENABLED", "GOFLAGS", "GOOS", "GOARCH", "CGO_LDFLAGS_ALLOW"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GOENV", "off")
    monkeypatch.setenv("STATICGO_CACHE", str(tmp_path / "cache"))


def cgo(lines: str, preamble: str = "static int f(void) { return 1; }") -> str:
    return f'package main\n\n/*\n{lines}\n{preamble}\n*/\nimport "C"\n\nfunc main() {{ println(C.f()) }}\n'


def prediction(staticgo: Staticgo, *words: object, **more: Any) -> dict[str, Any]:
    ran = staticgo("explain", *words, "--json", **more)
    assert ran.status == 0, ran.stderr
    found: dict[str, Any] = ran.json[0]["prediction"]
    return found


def git(folder: Path, *words: str) -> None:
    names = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *names, *words], cwd=folder, check=True, capture_output=True)


@pytest.mark.parametrize(
    "line",
    [
        "#cgo CFLAGS: -fplugin={0}/evil.so",
        "#cgo CFLAGS: -wrapper {0}/evil",
        "#cgo CXXFLAGS: -specs={0}/evil",
        "#cgo LDFLAGS: -Wl,-Map={0}/written",
        "#cgo LDFLAGS: -o {0}/written",
    ],
)
def test_a_word_that_go_refuses_reaches_no_compiler(
    staticgo: Staticgo, tmp_path: Path, line: str
) -> None:
    program = module(tmp_path, "app", main_go=cgo(line.format(tmp_path)))
    said = prediction(staticgo, program)
    assert "invalid flag" in said["stop"]["what"]
    assert not (tmp_path / "written").exists()


def test_what_was_allowed_once_is_not_allowed_for_ever(staticgo: Staticgo, tmp_path: Path) -> None:
    program = module(tmp_path, "app", main_go=cgo(f"#cgo LDFLAGS: -Wl,-Map={tmp_path}/written"))
    assert prediction(staticgo, program, env={"CGO_LDFLAGS_ALLOW": ".*"})["stop"] is None
    (tmp_path / "written").unlink()
    assert "invalid flag" in prediction(staticgo, program)["stop"]["what"]
    assert not (tmp_path / "written").exists()


def test_a_command_of_the_repository_is_not_run(staticgo: Staticgo, tmp_path: Path) -> None:
    program = module(tmp_path, "app", main_go=cgo("#cgo pkg-config: nothing"))
    for name in ("pkg-config", "gcc"):
        (program / name).write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\nexit 0\n")
        (program / name).chmod(0o755)
    path = f"{os.pathsep}.{os.pathsep}{os.environ['PATH']}"
    prediction(staticgo, ".", cwd=program, env={"PATH": path})
    assert not (tmp_path / "ran").exists()


def test_since_starts_no_filter(staticgo: Staticgo, tmp_path: Path) -> None:
    program = module(tmp_path, "index", main_go="package main\n\nfunc main() {}\n")
    git(program, "init", "-q")
    git(program, "add", "-A")
    git(program, "commit", "-qm", "one")
    (program / ".gitattributes").write_text("* filter=evil\n")
    for kind in ("clean", "smudge"):
        git(program, "config", f"filter.evil.{kind}", f"touch {tmp_path}/ran; cat")
    (program / "Makefile").write_text("all:\n\tCGO_ENABLED=0 go build\n")
    ran = staticgo("explain", program, "--since", "HEAD")
    assert ran.status == 0, ran.stderr
    assert not (tmp_path / "ran").exists()


def test_a_changed_archive_is_read_again(staticgo: Staticgo, tmp_path: Path) -> None:
    words = "#cgo LDFLAGS: -L${SRCDIR}/lib -lfoo"
    program = module(tmp_path, "app", main_go=cgo(words, "int f(void);"))
    (program / "lib").mkdir()

    def build(source: str) -> None:
        (tmp_path / "foo.c").write_text(source)
        subprocess.run(["gcc", "-c", "-o", tmp_path / "foo.o", tmp_path / "foo.c"], check=True)
        archive = program / "lib" / "libfoo.a"
        archive.unlink(missing_ok=True)
        subprocess.run(["ar", "rc", archive, tmp_path / "foo.o"], check=True)

    build("int f(void) { return 1; }\n")
    assert prediction(staticgo, program)["stop"] is None
    build("int nobody_has(void);\nint f(void) { return nobody_has(); }\n")
    assert "nobody_has" in prediction(staticgo, program)["stop"]["what"]


def test_static_pie_needs_go_code_for_it(staticgo: Staticgo, tmp_path: Path) -> None:
    program = module(tmp_path, "app", main_go=cgo(""))
    words = "-ldflags '-linkmode=external -extldflags=-static-pie'"
    assert prediction(staticgo, program, "--flags", words)["stop"]["fix"] == "-buildmode=pie"
    said = prediction(staticgo, program, "--flags", f"-buildmode=pie {words}")
    assert said["stop"] is None
    assert said["linkage"] == "static-pie"


def test_the_preprocessor_flags_count(staticgo: Staticgo, tmp_path: Path) -> None:
    program = module(tmp_path, "app", main_go=cgo("#include <own.h>"))
    (tmp_path / "include").mkdir()
    (tmp_path / "include" / "own.h").write_text("")
    assert "own.h" in prediction(staticgo, program)["stop"]["why"]
    flags = f"CGO_CPPFLAGS=-I{tmp_path}/include"
    assert prediction(staticgo, program, "--flags", flags)["stop"] is None


def test_a_cache_that_cannot_be_written_is_done_without(staticgo: Staticgo, tmp_path: Path) -> None:
    program = module(tmp_path, "app", main_go=cgo(""))
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "answers").write_text("no folder")
    assert prediction(staticgo, program)["linkage"] == "dynamic"


def test_the_way_is_not_undone_by_goflags(staticgo: Staticgo, tmp_path: Path) -> None:
    program = module(tmp_path, "app", main_go="package main\n\nfunc main() {}\n")
    goflags = {"GOFLAGS": "-buildmode=pie -mod=mod"}
    ran = staticgo("explain", ".", "--json", cwd=program, env=goflags)
    (way, *_) = (way for way in ran.json[0]["ways"] if way["chosen"])
    assert ran.json[0]["prediction"]["linkage"] == "dynamic"
    output = tmp_path / "built"
    command = way["command"].replace(" build ", f" build -o {output} ")
    subprocess.run(
        ["sh", "-c", command], cwd=program, env=staticgo.environment(goflags), check=True
    )
    assert staticgo("inspect", output, "--require", "static").status == 0
