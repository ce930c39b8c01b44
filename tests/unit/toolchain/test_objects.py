"""Objects that are kept: only where the next call would make the same ones."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from staticgo.model.plan import CToolchain, Libc, Wrapper
from staticgo.toolchain.objects import forget_unused_objects, remembering
from staticgo.toolchain.zig import write_wrappers

# As cgo calls it, $WORK and what depends on it aside.
CGO = "-I . -fPIC -m64 -pthread -Qunused-arguments -Wl,--no-gc-sections -fmessage-length=0 -O2 -g0"

# Preprocessing includes `header`; compiling writes down the call, and an object of all it was given.
COMPILER = """#!/bin/sh
for source; do case $source in *.c) break ;; esac; done
while [ $# -gt 0 ]; do
  case $1 in -E) only=yes ;; -o) shift; object=$1 ;; -O*) level=$1 ;; esac
  shift
done
if [ "$only" ]; then exec cat header "$source" > "$object"; fi
echo "$source" >> {root}/compiled
cat {root}/warning >&2
echo "$level" | cat - header "$source" > "$object"
[ ! -e {root}/broken ]
"""


class Compiler:
    """A compiler that counts its work, below the layer that spares it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        command = Wrapper(name="zig-cc-test", content=COMPILER.format(root=root))
        toolchain = CToolchain(
            kind="test",
            libc=Libc.MUSL,
            name="test",
            cc=command,
            cxx=command,
            bin_dir=str(root / "bin"),
        )
        write_wrappers(toolchain)
        self.path = Path(remembering(toolchain), "zig-cc-test")
        self.source("int a;\n")
        (root / "header").write_text("int header;\n")
        (root / "warning").touch()

    def source(self, text: str, name: str = "big.c", size: int = 20_000) -> None:
        (self.root / name).write_text(text + "// filler\n" * (size // 10))

    def __call__(self, more: str = "", source: str = "big.c") -> subprocess.CompletedProcess[str]:
        """One call from a new $WORK, as Go makes it."""
        work = self.root / f"go-build{time.monotonic_ns()}"
        work.mkdir()
        self.object = work / "_x001.o"
        words = f"{CGO} -ffile-prefix-map={work}=/tmp/go-build -I {work} -frandom-seed={work.name}"
        return subprocess.run(
            [str(self.path), *words.split(), *more.split(), "-o", str(self.object), "-c", source],
            cwd=self.root,
            text=True,
            capture_output=True,
            check=False,
        )

    @property
    def count(self) -> int:
        file = self.root / "compiled"
        return len(file.read_text().splitlines()) if file.exists() else 0


@pytest.fixture
def cc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Compiler:
    monkeypatch.setenv("STATICGO_CACHE", str(tmp_path / "cache"))
    return Compiler(tmp_path)


def test_the_same_source_is_compiled_once(cc: Compiler) -> None:
    cc()
    first = cc.object.read_bytes()
    assert cc().returncode == 0
    assert cc.count == 1
    assert cc.object.read_bytes() == first


def test_another_source_header_or_option_is_another_object(cc: Compiler) -> None:
    cc()
    cc.source("int b;\n")
    cc()
    assert cc.count == 2
    (cc.root / "header").write_text("int other;\n")
    cc()
    assert cc.count == 3
    cc("-O1")
    assert cc.count == 4
    assert cc.object.read_text().startswith("-O1\nint other;\nint b;\n")


def test_another_name_is_another_object(cc: Compiler) -> None:
    """The name stands in the object's symbol table."""
    cc.source("int a;\n", "twin.c")
    cc()
    cc(source="twin.c")
    assert cc.count == 2


@pytest.mark.parametrize(
    "option",
    ["-g", "-march=native", "-MD", "-fprofile-use=x", "-Wa,-L", "-include x.h", "--unheard-of"],
)
def test_options_that_reach_beyond_the_text_are_left_to_the_compiler(
    cc: Compiler, option: str
) -> None:
    cc(option)
    cc(option)
    assert cc.count == 2


@pytest.mark.parametrize(
    "text",
    [
        'asm(".incbin \\"data\\"");\n',
        'asm(".include \\"other.s\\"");\n',
        "int line = __builtin_LINE();\n",
    ],
)
def test_what_the_text_does_not_hold_is_compiled_each_time(cc: Compiler, text: str) -> None:
    cc.source(text)
    cc()
    cc()
    assert cc.count == 2


def test_a_small_source_costs_no_preprocessing(cc: Compiler) -> None:
    cc.source("int a;\n", size=100)
    cc()
    cc()
    assert cc.count == 2
    assert not list(cc.root.glob("cache/objects/zig-cc-test/*"))


def test_warnings_are_given_each_time(cc: Compiler) -> None:
    (cc.root / "warning").write_text("big.c: warning: mind this\n")
    assert cc().stderr == cc().stderr == "big.c: warning: mind this\n"


def test_a_failure_is_not_kept(cc: Compiler) -> None:
    (cc.root / "broken").touch()
    assert cc().returncode == 1
    (cc.root / "broken").unlink()
    assert cc().returncode == 0
    assert cc.count == 2
    kept = {file.suffix for file in cc.root.glob("cache/objects/zig-cc-test/*")}
    assert kept == {".o", ".sum"}


def test_objects_that_no_build_used_for_a_month_are_forgotten(cc: Compiler) -> None:
    cc()
    (kept,) = cc.root.glob("cache/objects/zig-cc-test/*.o")
    os.utime(kept, (0, 0))
    forget_unused_objects()
    assert not kept.exists()


@pytest.mark.parametrize("harm", [b"", b"cut"])
def test_a_damaged_object_is_compiled_again(cc: Compiler, harm: bytes) -> None:
    cc()
    whole = cc.object.read_bytes()
    (kept,) = cc.root.glob("cache/objects/zig-cc-test/*.o")
    kept.write_bytes(harm)
    cc()
    assert cc.object.read_bytes() == whole
    assert kept.read_bytes() == whole


@pytest.mark.parametrize("tool", ["sha256sum", "grep"])
def test_a_broken_tool_only_costs_time(
    cc: Compiler, tool: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = cc.root / "broken-tools" / tool
    broken.parent.mkdir()
    broken.write_text("#!/bin/sh\nexit 127\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{broken.parent}:{os.environ['PATH']}")
    assert cc().returncode == 0
    assert cc().returncode == 0
    assert cc.count == 2
    assert not list(cc.root.glob("cache/objects/zig-cc-test/*"))


@pytest.mark.parametrize(("digests", "compiled"), [(("shasum",), 1), ((), 2)])
def test_a_mac_has_another_command_for_digests(
    cc: Compiler, monkeypatch: pytest.MonkeyPatch, digests: tuple[str, ...], compiled: int
) -> None:
    folder = cc.root / "mac"
    folder.mkdir()
    for name in ("cat", "cp", "cut", "grep", "mktemp", "mv", "rm", "touch", "wc", *digests):
        found = shutil.which(name)
        if found is None:
            pytest.skip(f"{name} is not here")
        (folder / name).symlink_to(found)
    monkeypatch.setenv("PATH", str(folder))
    for _ in range(2):
        done = cc()
        assert (done.returncode, done.stderr) == (0, "")
    assert cc.count == compiled
