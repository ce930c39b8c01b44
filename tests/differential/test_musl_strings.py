"""The string functions that go into links with musl, against plain loops: each way they are compiled."""

from __future__ import annotations

import shutil
import subprocess
from importlib import resources
from pathlib import Path

import pytest

CHECK = Path(__file__).parent / "c" / "strings_check.c"
# gcc knows no attribute that keeps a loop from becoming a call of the function that it is in.
FLAGS = ("-O2", "-fno-builtin", "-fno-tree-loop-distribute-patterns", "-Wall", "-Werror")
WORDS = ("-U__SSE2__", "-U__ARM_NEON")


@pytest.mark.parametrize(
    "ways",
    [(), WORDS, (*WORDS, "-DLOADS_MUST_BE_ALIGNED")],
    ids=["vectors", "words", "aligned words"],
)
def test_string_functions_are_like_plain_loops(tmp_path: Path, ways: tuple[str, ...]) -> None:
    missing = [tool for tool in ("gcc", "objcopy") if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"{' and '.join(missing)} are not installed: apt-get install gcc")
    source = str(resources.files("staticgo").joinpath("support/strings.c"))
    made, renamed, program = (str(tmp_path / name) for name in ("a.o", "b.o", "check"))
    for command in (
        ["gcc", *FLAGS, *ways, "-c", source, "-o", made],
        ["objcopy", "--prefix-symbols=my_", made, renamed],
        ["gcc", "-O1", "-fno-builtin", "-o", program, str(CHECK), renamed],
    ):
        subprocess.run(command, check=True)
    ran = subprocess.run([program], capture_output=True, text=True, timeout=120, check=False)
    assert (ran.returncode, ran.stdout) == (0, "all alike\n")
