"""What zig itself makes of the stubs from Go's own sources, and of an SDK: it links with them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from staticgo.binary import read
from staticgo.model.plan import GoToolchain
from staticgo.toolchain.macos import MacSupport, mac_support
from staticgo.wrapping.macos_stubs import stubs

GO = shutil.which("go", path=f"{os.environ.get('PATH', '')}:/usr/local/go/bin")
pytestmark = pytest.mark.skipif(
    GO is None or find_spec("ziglang") is None, reason="it takes Go's sources and zig"
)
FRAMEWORKS = "/System/Library/Frameworks"
SOURCE = """\
long CFArrayGetCount(void *);
int res_9_ninit(void *);
#ifdef COCOA
#include <Cocoa/Cocoa.h>
#else
#define CocoaOwn() 0
#endif
int main(void) { return (int)CFArrayGetCount(0) + res_9_ninit(0) + CocoaOwn(); }
"""


def go() -> GoToolchain:
    assert GO
    asked = subprocess.run([GO, "env", "GOROOT"], capture_output=True, text=True, check=True)
    return GoToolchain(
        command=GO,
        version="1.26.8",
        goroot=asked.stdout.strip(),
        cache="",
        module_cache="",
        host_os="linux",
        host_arch="amd64",
    )


def link(folder: Path, support: MacSupport, *words: str) -> Path:
    for file in support.files:
        path = Path(file.path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.content)
    (folder / "main.c").write_text(SOURCE)
    zig = [sys.executable, "-m", "ziglang", "cc", "-target", f"aarch64-macos.{support.minimum}"]
    given = [*support.arguments, "-framework", "CoreFoundation", "-lresolv", *words]
    command = [*zig, "-O2", "main.c", "-o", "program", *given]
    subprocess.run(command, cwd=folder, check=True)
    return folder / "program"


def needed(program: Path) -> set[str]:
    (piece,) = read(program.read_bytes()).slices
    assert piece.requires[0].version == "12.0"
    assert piece.seal.value == "match"
    return {name.rpartition("/")[2] for name in piece.needed}


def test_zig_links_with_the_stubs(tmp_path: Path) -> None:
    program = link(tmp_path, mac_support(go(), "arm64"))
    assert needed(program) == {"CoreFoundation", "libresolv.9.dylib", "libSystem.B.dylib"}


def test_zig_links_with_an_sdk_before_them(tmp_path: Path) -> None:
    sdk = tmp_path / "MacOSX.sdk"
    (stub,) = stubs([("CocoaOwn", f"{FRAMEWORKS}/Cocoa.framework/Versions/A/Cocoa")])
    cocoa = sdk / FRAMEWORKS[1:] / "Cocoa.framework"
    (cocoa / "Headers").mkdir(parents=True)
    (cocoa / "Headers/Cocoa.h").write_text("int CocoaOwn(void);\n")
    (cocoa / "Cocoa.tbd").write_text(stub.content)
    (sdk / "usr/lib").mkdir(parents=True)
    support = mac_support(go(), "arm64", str(sdk))
    program = link(tmp_path, support, "-DCOCOA", "-framework", "Cocoa")
    assert "Cocoa" in needed(program)
