"""Programs that need no C: `hello`, and `whoami`, which is dynamic when Go is left alone."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.script.conftest import Staticgo


def test_hello_for_several_cpus(staticgo: Staticgo, examples: Path, qemu: None) -> None:
    ran = staticgo(
        "build", examples / "hello", "-t", "linux/amd64,linux/arm64", "--verify", "--json"
    )
    assert ran.status == 0, ran.stderr
    outputs = [result["proof"]["observed"]["stdout"] for result in ran.json]
    assert outputs == ["hello from linux/amd64\n", "hello from linux/arm64\n"]
    assert {result["plan"]["strategy"] for result in ran.json} == {"pure"}


def test_a_table_and_plain_progress(staticgo: Staticgo, examples: Path) -> None:
    ran = staticgo("build", examples / "hello", "-t", "linux/amd64")
    assert ran.status == 0
    heading, row = ran.stdout.splitlines()
    assert heading.split() == ["target", "strategy", "linkage", "proof", "size", "time", "file"]
    assert row.split()[:4] == ["linux/amd64", "pure", "static", "not"]
    assert row.endswith("dist/hello-linux-amd64")
    assert "linux/amd64: building\n" in ran.stderr


def test_quiet_is_quiet(staticgo: Staticgo, examples: Path) -> None:
    ran = staticgo("build", examples / "hello", "-q", "-t", "linux/amd64", "--verify")
    assert (ran.status, ran.stdout, ran.stderr) == (0, "", "")


def test_a_build_with_nothing_changed_is_answered_from_the_last(
    staticgo: Staticgo, examples: Path, tmp_path: Path
) -> None:
    program = tmp_path / "hello"
    shutil.copytree(examples / "hello", program)
    command = ("build", program, "-t", "linux/amd64", "--json")
    first = staticgo(*command)
    # A file written a moment before is not remembered: its next change could leave the same time.
    staticgo(*command)
    again = staticgo(*command)
    assert [first.json[0]["reused"], again.json[0]["reused"]] == [False, True]
    source = program / "main.go"
    source.write_text(source.read_text().replace("hello from", "changed in"))
    changed = staticgo(*command)
    assert changed.json[0]["reused"] is False
    assert changed.json[0]["sha256"] != first.json[0]["sha256"]


def test_a_binary_that_was_tampered_with_is_built_again(
    staticgo: Staticgo, examples: Path, tmp_path: Path
) -> None:
    command = ("build", examples / "hello", "-t", "linux/amd64", "--json")
    first = staticgo(*command).json[0]
    Path(first["path"]).write_bytes(b"#!/bin/sh\n")
    again = staticgo(*command).json[0]
    assert (again["reused"], again["sha256"]) == (False, first["sha256"])


def test_whoami_is_dynamic_by_default_and_static_with_us(
    staticgo: Staticgo, examples: Path, go: str, tmp_path: Path
) -> None:
    if not shutil.which("gcc"):
        pytest.skip("without gcc, plain `go build` makes it static too")
    plain = tmp_path / "plain"
    subprocess.run(
        [go, "build", "-o", plain, "."],
        cwd=examples / "whoami",
        env=staticgo.environment({"CGO_ENABLED": "1", "CC": "gcc"}),
        check=True,
    )
    failed = staticgo("verify", plain)
    assert failed.status == 1
    assert "ld-linux" in failed.stderr
    assert "No such file or directory" in failed.stderr
    assert "next: " in failed.stderr

    ours = staticgo("build", examples / "whoami", "--verify", "-t", "linux/amd64", "--json")
    assert ours.status == 0, ours.stderr
    assert ours.json[0]["proof"]["outcome"] == "pass"
    assert ours.json[0]["report"]["slices"][0]["linkage"] == "static"


@pytest.mark.slow
def test_whoami_with_musls_own_resolver_and_users(staticgo: Staticgo, examples: Path) -> None:
    ran = staticgo(
        "build",
        examples / "whoami",
        "--use-libc",
        "net,user",
        "--verify",
        "-t",
        "linux/amd64",
        "--json",
    )
    assert ran.status == 0, ran.stderr
    (result,) = ran.json
    assert result["plan"]["strategy"] == "external"
    assert result["report"]["slices"][0]["linkage"] == "static"
    assert "netgo" not in result["plan"]["command"]
    assert result["proof"]["outcome"] == "pass"


def test_the_printed_script_of_a_pure_program_makes_the_same_bytes(
    staticgo: Staticgo, examples: Path, tmp_path: Path
) -> None:
    built = staticgo("build", examples / "whoami", "-t", "linux/arm64", "-o", "built")
    script = staticgo(
        "build", examples / "whoami", "-t", "linux/arm64", "-o", "scripted", "--dry-run"
    )
    assert (built.status, script.status) == (0, 0), built.stderr + script.stderr
    environment = staticgo.environment(
        {"GOOS": "plan9", "CGO_ENABLED": "1", "GOFLAGS": "-tags=x", "CC": "false"}
    )
    # The caller's settings were heeded when the plan was made; they must not leak in afterwards.
    subprocess.run(
        ["sh"], input=script.stdout, text=True, check=True, cwd=tmp_path, env=environment
    )
    name = "whoami-linux-arm64"
    assert (tmp_path / "built" / name).read_bytes() == (tmp_path / "scripted" / name).read_bytes()
