"""C written for glibc's large-file names: musl refuses it, and `build` mends that by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.script.conftest import Staticgo, module

# What go-sqlite3 before v1.14.17 does, in one line of C.
MAIN = """package main

// #include <sys/types.h>
// #include <unistd.h>
// static long position(void) { off64_t to = 7; return lseek64(-1, to, SEEK_SET); }
import "C"

func main() { println(C.position()) }
"""


@pytest.mark.slow
def test_a_safe_remedy_is_applied_and_said_each_time(staticgo: Staticgo, tmp_path: Path) -> None:
    program = module(tmp_path, "large", main_go=MAIN)
    command = ("build", program, "-t", "linux/amd64", "--verify", "--json")
    first, again, third = (staticgo(*command) for _ in range(3))
    for ran in (first, again, third):
        assert ran.status == 0, ran.stderr
        assert "warning: CGO_CFLAGS gets -D_LARGEFILE64_SOURCE" in ran.stderr
        (result,) = ran.json
        assert result["report"]["slices"][0]["linkage"] == "static"
        assert result["proof"]["observed"]["stderr"] == "-1\n"
    assert "linux/amd64: building again: CGO_CFLAGS gets" in first.stderr
    assert third.json[0]["reused"]
    script = staticgo("build", program, "-t", "linux/amd64", "--dry-run")
    assert "_LARGEFILE64_SOURCE" not in script.stdout
