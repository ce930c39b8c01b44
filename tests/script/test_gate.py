"""The gate: a dynamic result where static was promised gets no name."""

from __future__ import annotations

from pathlib import Path

from tests.script.conftest import Staticgo, module

# purego calls C without cgo: it makes Go's own linker name libdl and libc.
MAIN = """package main

import "github.com/ebitengine/purego"

func main() {
	_, err := purego.Dlopen("libm.so.6", purego.RTLD_NOW)
	println(err == nil)
}
"""
REQUIRE = "\nrequire github.com/ebitengine/purego v0.8.4\n"
SUM = """\
github.com/ebitengine/purego v0.8.4 h1:CF7LEKg5FFOsASUj0+QwaXf8Ht6TlFxg09+S9wz0omw=
github.com/ebitengine/purego v0.8.4/go.mod h1:iIjxzd6CiRiOG0UyXP+V1+jWqUXVjPKLAI0mRfJZTmQ=
"""


def test_a_binary_that_became_dynamic_all_the_same(staticgo: Staticgo, tmp_path: Path) -> None:
    program = module(tmp_path, "loads", main_go=MAIN)
    (program / "go.mod").write_text((program / "go.mod").read_text() + REQUIRE)
    (program / "go.sum").write_text(SUM)
    ran = staticgo("build", program, "-t", "linux/amd64", "--cgo", "off")
    assert ran.status == 1
    assert ran.stdout == ""
    assert "the binary is dynamic" in ran.stderr
    assert "ld-linux-x86-64.so.2" in ran.stderr
    assert "libdl.so.2" in ran.stderr
    assert "next: look for a package that names libraries itself" in ran.stderr
    assert list((tmp_path / "dist").iterdir()) == []
