"""Symbols of the machine's own static libraries, against GNU nm and ar."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from staticgo.binary.archive import read_archive
from staticgo.errors import FormatError

NM = shutil.which("nm")
READELF = shutil.which("readelf")
AR = shutil.which("ar")
CC = shutil.which("gcc")
LARGEST = 8_000_000


def is_archive(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(8) == b"!<arch>\n"


@cache
def libraries() -> tuple[Path, ...]:
    """Some static libraries of this machine, large and small."""
    folders = (Path("/usr/lib"), *Path("/usr/lib").glob("*-linux-*"), Path("/usr/local/lib"))
    found = {
        file.stat().st_size: file.resolve()
        for folder in folders
        for file in folder.glob("lib*.a")
        if is_archive(file) and file.stat().st_size < LARGEST
    }
    ordered = [found[size] for size in sorted(found)]
    return tuple(dict.fromkeys([*ordered[:: max(1, len(ordered) // 6)], *ordered[-1:]]))


def by_nm(file: Path) -> list[tuple[set[bytes], set[bytes]]]:
    """What each member defines for others and wants, as nm tells it."""
    done = subprocess.run(
        [str(NM), "-p", "-g", "--no-demangle", str(file)],
        capture_output=True,
        check=False,
        env={"LC_ALL": "C"},
    )
    members: list[tuple[set[bytes], set[bytes]]] = []
    for line in done.stdout.splitlines():
        words = line.split()
        if line.endswith(b":") and len(words) == 1:
            members.append((set(), set()))
        elif len(words) >= 2:
            kind, name = words[-2:]
            if kind == b"U":
                members[-1][1].add(name)
            elif kind not in b"wv":  # weak and wanted by nobody in particular
                members[-1][0].add(name)
    return members


def thread_local(file: Path) -> set[bytes]:
    """Names of thread-local data, which no function's address answers for: they are no wants."""
    done = subprocess.run(
        [str(READELF), "-sW", str(file)], capture_output=True, check=False, env={"LC_ALL": "C"}
    )
    rows = (line.split() for line in done.stdout.splitlines())
    return {row[7] for row in rows if len(row) == 8 and row[3] == b"TLS"}


def compare(file: Path) -> int:
    found = [(set(member.defines), set(member.wants)) for member in read_archive(file.read_bytes())]
    data = thread_local(file)
    told = [(defines, wants - data) for defines, wants in by_nm(file)]
    assert [one for one in found if any(one)] == [one for one in told if any(one)], file
    return sum(len(defines) + len(wants) for defines, wants in told)


@pytest.mark.skipif(NM is None or READELF is None, reason="nm and readelf are not installed")
def test_the_machine_s_libraries() -> None:
    if not libraries():
        pytest.skip("there is no static library on this machine")
    assert sum(compare(file) for file in libraries()) > 0


CODE = """
int given = 1; static int kept = 2; int common; __thread int local;
extern int elsewhere; extern int perhaps __attribute__((weak));
int weakling(void) __attribute__((weak)); int weakling(void) { return kept; }
int call(void) { return elsewhere + (&perhaps ? perhaps : 0) + local; }
"""


@pytest.mark.skipif(not (NM and READELF and AR and CC), reason="gcc and binutils are not installed")
@pytest.mark.parametrize("words", [["-fcommon"], ["-fno-common", "-g"], ["-ffunction-sections"]])
def test_a_library_made_here(tmp_path: Path, words: list[str]) -> None:
    long_name = "a_name_longer_than_sixteen_signs.o"
    for name in ("a.o", long_name):
        made = subprocess.run(
            [str(CC), *words, "-c", "-x", "c", "-", "-o", name],
            cwd=tmp_path,
            input=CODE,
            text=True,
            capture_output=True,
            check=False,
        )
        assert made.returncode == 0, made.stderr
    subprocess.run([str(AR), "crs", "lib.a", "a.o", long_name], cwd=tmp_path, check=True)
    assert compare(tmp_path / "lib.a")
    first, second = read_archive((tmp_path / "lib.a").read_bytes())
    assert first == second
    assert {b"given", b"common", b"weakling", b"call", b"local"} <= first.defines
    assert first.wants == {b"elsewhere"} | (
        first.wants & {b"_GLOBAL_OFFSET_TABLE_", b"__tls_get_addr"}
    )


@pytest.mark.skipif(not (NM and READELF and AR and CC), reason="gcc and binutils are not installed")
def test_a_thin_archive_is_refused(tmp_path: Path) -> None:
    """It holds names of files only; nothing may be concluded from it."""
    subprocess.run(
        [str(CC), "-c", "-x", "c", "-", "-o", "a.o"], cwd=tmp_path, input=b"int f;", check=True
    )
    subprocess.run([str(AR), "crsT", "thin.a", "a.o"], cwd=tmp_path, check=True)
    with pytest.raises(FormatError):
        read_archive((tmp_path / "thin.a").read_bytes())
