"""What is told of Go and C programs, against Go's own tools and against what was linked in."""

from __future__ import annotations

import mmap
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from staticgo.binary import read
from staticgo.binary.cursor import Cursor
from staticgo.binary.pclntab import FunctionTable, find_function_table
from staticgo.binary.sizes import package_of, read_sizes
from staticgo.model.binary import GoModule, Slice
from staticgo.toolchain.packaged import packaged

GO = shutil.which("go") or packaged("go", "bin", "go")
CC = shutil.which("gcc")
TOOLS = ("asm", "cgo", "link", "vet")


def go(*arguments: str) -> str:
    assert GO is not None
    command = [str(GO), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@cache
def go_programs() -> tuple[Path, ...]:
    """Programs that come with Go: some with symbols, some stripped."""
    if GO is None:
        pytest.skip("go is not installed")
    root = Path(go("env", "GOROOT").strip())
    tools = Path(go("env", "GOTOOLDIR").strip())
    found = [root / "bin" / "gofmt", *(tools / name for name in TOOLS)]
    return tuple(path for path in found if path.is_file())


def table_of(path: Path) -> FunctionTable:
    data = path.read_bytes()
    found = find_function_table(Cursor(data), (), ((0, len(data)),))
    assert found is not None
    return found


def symbols_of(path: Path) -> dict[str, int]:
    """Names and sizes of functions, by `go tool nm`."""
    found = {}
    for line in go("tool", "nm", "-size", str(path)).splitlines():
        _address, size, kind, name = line.split(maxsplit=3)
        if kind in "Tt" and int(size):
            found[name.removesuffix(".abi0")] = int(size)
    return found


def test_function_names_and_sizes_are_those_of_go_tool_nm() -> None:
    compared = 0
    for path in go_programs():
        symbols = symbols_of(path)
        if not symbols:
            continue
        # nm's symbols have the middle dot of local types written as a plain one.
        functions = {
            name.decode().replace("\u00b7", "."): size
            for name, _at, size in table_of(path).functions()
        }
        # Go marks the beginning of all code with a name of no size, and C's would be missing.
        assert set(functions) - {"go:buildid"} == set(symbols) - {"go:buildid"}, path
        # To the beginning of the next one: functions are aligned, to 64 bytes at most.
        off = {
            name: (size, symbols[name])
            for name, size in functions.items()
            if name in symbols and not 0 <= size - symbols[name] < 64
        }
        assert len(off) <= len(functions) // 100, (path, off)
        compared += len(functions)
    if not compared:
        pytest.skip("go's own programs have no symbols here")


def test_the_packages_of_sizes_are_those_of_the_symbols() -> None:
    for path in go_programs():
        symbols = symbols_of(path)
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            groups = {group.name for group in read_sizes(data, read(data))}
        packages = {package for name in symbols if (package := package_of(name.encode()))}
        assert packages <= groups, path


def module_lines(found: Slice) -> list[str]:
    """The lines of `go version -m`."""
    assert found.go is not None

    def line(word: str, module: GoModule) -> list[str]:
        own = "\t".join(filter(None, (word, module.path, module.version, module.sum)))
        by = module.replaced_by
        return [own, *(line("=>", by) if by else ())]

    lines = [f"path\t{found.go.path}"] if found.go.path else []
    lines += line("mod", found.go.main) if found.go.main else []
    for dependency in found.go.dependencies:
        lines += line("dep", dependency)
    return lines + [f"build\t{key}={value}" for key, value in found.go.settings]


def test_build_information_is_that_of_go_version_m() -> None:
    for path in go_programs():
        (found,) = read(path.read_bytes()).slices
        assert found.go is not None
        first, *lines = go("version", "-m", str(path)).splitlines()
        assert first == f"{path}: {found.go.version}"
        unquoted = [line.strip().replace('"', "") for line in lines]
        assert [line.replace('"', "").strip() for line in module_lines(found)] == unquoted


def test_go_s_own_programs_are_pure_and_say_why() -> None:
    for path in go_programs():
        (found,) = read(path.read_bytes()).slices
        assert (found.cgo.value, found.link_mode.value) == ("no", "internal"), path
        assert found.go_version.value == "1.20 or later"


MAIN = (
    "#include <{header}.h>\n#include <stdlib.h>\nint main(int c, char **v) {{ return {call}; }}\n"
)
CALLS = {
    "getaddrinfo": ("netdb", "getaddrinfo(v[1], 0, 0, (void *)v)"),
    "gethostby*": ("netdb", "gethostbyname(v[1]) != 0"),
    "getpw*": ("pwd", "getpwnam(v[1]) != 0"),
    "getgr*": ("grp", "getgrnam(v[1]) != 0"),
    "": ("stdlib", "atoi(v[1])"),
}


@pytest.mark.skipif(CC is None, reason="gcc is not installed")
@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("strip", ["-s", "-g"])
def test_functions_of_static_glibc_are_told_both_ways(
    tmp_path: Path, name: str, strip: str
) -> None:
    """Each program calls one function: that one is found, and no other family is."""
    header, call = CALLS[name]
    source = tmp_path / "main.c"
    source.write_text(MAIN.format(header=header, call=call))
    made = subprocess.run(
        [str(CC), "-static", strip, "-o", str(tmp_path / "main"), str(source)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        pytest.skip("there is no static glibc")
    (found,) = read((tmp_path / "main").read_bytes()).slices
    if found.libc.value != "glibc":
        pytest.skip(f"gcc links {found.libc.value or 'another libc'}")
    told = {clue.value for clue in found.functions}
    if strip == "-s":
        assert told == ({name} if name else set())
    else:
        assert all(value.startswith(name.rstrip("*")) for value in told)
        assert bool(told) == bool(name)
