"""What is said of `go build`'s output, for each way to build the examples: claims and facts differ."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from staticgo.binary import read
from staticgo.model.binary import Linkage, Slice
from staticgo.toolchain.packaged import packaged

GO = shutil.which("go") or packaged("go", "bin", "go")
EXAMPLES = Path(__file__).parents[2] / "examples"
TAGS = ("-tags", "netgo,osusergo")
STATIC = "-linkmode external -extldflags -static"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(GO is None, reason="go is not installed"),
    pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not installed"),
]


class Said(NamedTuple):
    """The answers, without their evidence."""

    link_mode: str
    cgo: str
    libc: str
    functions: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    linkage: Linkage = Linkage.STATIC


USER = ("os/user",)
NSS = ("getaddrinfo", "getpwuid_r", "getgr*")
PURE = Said("internal", "no", "none")
PURE_USER = Said("internal", "no", "none", packages=USER)
DYNAMIC = Linkage.DYNAMIC
STATIC_PIE = Linkage.STATIC_PIE


def build(folder: Path, example: str, *flags: str, ldflags: str = "", **environment: str) -> Slice:
    command = [str(GO), "build", "-trimpath", *flags, f"-ldflags=-s -w {ldflags}"]
    made = subprocess.run(
        [*command, "-o", str(folder / "program"), "."],
        cwd=EXAMPLES / example,
        env=os.environ | {"CC": "gcc", "GOFLAGS": ""} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        pytest.skip(f"this machine cannot build it: {made.stderr[-300:]}")
    (found,) = read((folder / "program").read_bytes()).slices
    return found


def said(found: Slice) -> Said:
    return Said(
        link_mode=found.link_mode.value,
        cgo=found.cgo.value,
        libc=found.libc.value,
        functions=tuple(clue.value for clue in found.functions),
        packages=tuple(clue.value for clue in found.packages),
        linkage=found.linkage,
    )


@pytest.mark.parametrize(
    ("example", "cgo", "flags", "ldflags", "expected"),
    [
        ("hello", "0", (), "", PURE),
        ("hello", "0", ("-buildmode=pie",), "", PURE._replace(linkage=DYNAMIC)),
        # CGO_ENABLED=1 is a claim only: nothing in hello calls C.
        ("hello", "1", (), "", PURE),
        ("hello", "1", (), "-linkmode internal", PURE),
        ("hello", "1", (), "-linkmode external", Said("external", "yes", "", linkage=DYNAMIC)),
        ("hello", "1", (), STATIC, Said("external", "yes", "glibc")),
        ("whoami", "0", (), "", PURE_USER),
        ("whoami", "1", TAGS, "", PURE_USER),
        ("whoami", "1", (), "", Said("internal", "yes", "", (), USER, DYNAMIC)),
        ("whoami", "1", ("-tags", "netgo"), "", Said("internal", "yes", "", (), USER, DYNAMIC)),
        # Linked internally, so that these flags are ignored without a word.
        ("whoami", "1", (), "-extldflags=-static", Said("internal", "yes", "", (), USER, DYNAMIC)),
        ("whoami", "1", ("-buildmode=pie",), "", Said("internal", "yes", "", (), USER, DYNAMIC)),
        ("whoami", "1", (), "-linkmode external", Said("external", "yes", "", (), USER, DYNAMIC)),
        ("whoami", "1", (), STATIC, Said("external", "yes", "glibc", NSS, USER)),
        ("whoami", "1", TAGS, STATIC, Said("external", "yes", "glibc", (), USER)),
        (
            "whoami",
            "1",
            ("-buildmode=pie",),
            "-linkmode external -extldflags -static-pie",
            Said("external", "yes", "glibc", NSS, USER, STATIC_PIE),
        ),
        # Without C it is a stub that fails when it is started, and nothing in it is wrong.
        ("notes", "0", (), "", Said("internal", "no", "none")),
        # go-sqlite3 loads the time zone that a connection's _loc names.
        ("notes", "1", (), "", Said("external", "yes", "", (), ("time",), DYNAMIC)),
        ("notes", "1", TAGS, STATIC, Said("external", "yes", "glibc", (), ("time",))),
    ],
)
def test_what_is_said_of_linux_programs(
    tmp_path: Path,
    example: str,
    cgo: str,
    flags: tuple[str, ...],
    ldflags: str,
    expected: Said,
) -> None:
    settings = {"CGO_ENABLED": cgo, "GOOS": "linux", "GOARCH": "amd64"}
    assert said(build(tmp_path, example, *flags, ldflags=ldflags, **settings)) == expected


@pytest.mark.parametrize("target", ["windows/amd64", "darwin/arm64"])
def test_what_is_said_of_programs_for_other_systems(tmp_path: Path, target: str) -> None:
    system, arch = target.split("/")
    settings = {"CGO_ENABLED": "0", "GOOS": system, "GOARCH": arch}
    found = said(build(tmp_path, "whoami", **settings))
    assert found == Said("internal", "no", "", linkage=Linkage.SYSTEM_ONLY)
