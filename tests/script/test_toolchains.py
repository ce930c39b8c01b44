"""Other toolchains than zig: what they link starts in an empty root, and its hazards are told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.script.conftest import Staticgo, module

STACK = """package main

// #include <pthread.h>
// #include <string.h>
// static void *run(void *given) {
//     char large[600 * 1024];
//     memset(large, 7, sizeof large);
//     *(int *)given = large[*(int *)given];
//     return given;
// }
// static int deep(void) {
//     pthread_t thread;
//     int seen = 1000;
//     pthread_create(&thread, 0, run, &seen);
//     pthread_join(thread, 0);
//     return seen;
// }
import "C"

func main() { println(int(C.deep())) }
"""
LOOKUP = """package main

// #include <netdb.h>
// static int look(void) { struct addrinfo *found; return getaddrinfo("localhost", 0, 0, &found); }
import "C"

func main() { println(C.look() == 0) }
"""


@pytest.mark.slow
def test_a_thread_of_musl_gcc_has_room_for_a_large_frame(
    staticgo: Staticgo, tmp_path: Path
) -> None:
    if not shutil.which("musl-gcc"):
        pytest.skip("musl-gcc is not installed: apt-get install musl-tools")
    program = module(tmp_path, "deep", main_go=STACK)
    ran = staticgo("build", program, "--toolchain", "musl-gcc", "--verify", "--json")
    assert ran.status == 0, ran.stderr
    (result,) = ran.json
    assert result["plan"]["toolchain"]["libc"] == result["plan"]["expects"]["libc"] == "musl"
    assert result["report"]["slices"][0]["libc"]["value"] in ("musl", "")
    assert result["proof"]["observed"]["stderr"] == "7\n"


@pytest.mark.slow
def test_static_glibc_is_built_and_warned_of(staticgo: Staticgo, tmp_path: Path) -> None:
    if staticgo("doctor", "gcc").status != 0:
        pytest.skip("there is no gcc with a static libc: apt-get install gcc libc6-dev")
    program = module(tmp_path, "lookup", main_go=LOOKUP)
    ran = staticgo("build", program, "--toolchain", "gcc", "--keep-symbols", "--json")
    assert ran.status == 0, ran.stderr
    piece = ran.json[0]["report"]["slices"][0]
    assert (piece["linkage"], piece["libc"]["value"]) == ("static", "glibc")
    assert "getaddrinfo of glibc linked in" in ran.stderr
