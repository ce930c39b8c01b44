"""C++ in a Go program: libc++ is linked statically too."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.script.conftest import Staticgo, module

MAIN = """package main

// int length(const char *text);
// #include <stdlib.h>
import "C"

import "unsafe"

func main() {
	text := C.CString("static")
	defer C.free(unsafe.Pointer(text))
	println(int(C.length(text)))
}
"""
CXX = """#include <stdexcept>
#include <string>

extern "C" int length(const char *text) {
    try {
        std::string copy(text);
        throw std::runtime_error(copy + "!");
    } catch (const std::exception &caught) {
        return std::string(caught.what()).size();
    }
}
"""


@pytest.mark.slow
def test_a_program_with_cxx_and_exceptions(staticgo: Staticgo, tmp_path: Path) -> None:
    program = module(tmp_path, "cxx", main_go=MAIN)
    (program / "length.cc").write_text(CXX)
    ran = staticgo("build", program, "-t", "linux/amd64", "--verify", "--json")
    assert ran.status == 0, ran.stderr
    (result,) = ran.json
    assert result["report"]["slices"][0]["linkage"] == "static"
    assert result["proof"]["observed"]["stderr"] == "7\n"
