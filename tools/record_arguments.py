"""Records what Go asks of a C compiler: tools/record_arguments.py NAME TARGET FOLDER [FLAG...].

Builds the program in FOLDER for TARGET with `go build FLAG...`, zig and an empty build cache, and writes
each call's arguments to tests/unit/wrapping/recorded/NAME.txt, one call a line, as a shell would have
them. Folders of the recording machine are replaced.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from staticgo.facts.platforms import resolve
from staticgo.host.files import cache_dir
from staticgo.host.run import Runner
from staticgo.toolchain.go import find_go
from staticgo.toolchain.macos import mac_support
from staticgo.toolchain.zig import c_toolchain, find_zig, write_wrappers

OUTPUT = Path(__file__).parents[1] / "tests" / "unit" / "wrapping" / "recorded"


def record(target: str, folder: str, flags: list[str], scratch: Path) -> list[str]:
    """The calls of one build, in the order in which they began, each as a line."""
    platform, runner = resolve(target), Runner()
    go = find_go(runner, folder)
    darwin = platform.target.os == "darwin"
    toolchain = c_toolchain(
        find_zig(runner),
        platform,
        bin_dir=str(scratch / "bin"),
        mac=mac_support(go, platform.target.arch) if darwin else None,
    )
    write_wrappers(toolchain)
    log = scratch / "calls"
    note = f"{{ printf '%s\\0' \"$@\"; printf '\\1'; }} >> {shlex.quote(str(log))}\n"
    for wrapper in (toolchain.cc, toolchain.cxx):
        lines = wrapper.content.split("\n", 1)
        (scratch / "bin" / wrapper.name).write_text(f"{lines[0]}\n{note}{lines[1]}")
    static = " ".join(toolchain.link_flags)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("CGO_")},
        **dict(platform.variant_setting),
        "PATH": f"{scratch / 'bin'}:{os.environ['PATH']}",
        "GOCACHE": str(scratch / "cache"),
        "CGO_ENABLED": "1",
        "CC": toolchain.cc.name,
        "CXX": toolchain.cxx.name,
        "CGO_CFLAGS": "-O2 -g0",
        "CGO_CXXFLAGS": "-O2 -g0",
        "CGO_LDFLAGS": "-O2",
    }
    command = [go.command, "build", "-trimpath", *flags, "-o", str(scratch / "program")]
    command += ["-ldflags", f"-s -w -linkmode=external '-extldflags={static}'", "."]
    subprocess.run(command, cwd=folder, env=environment, check=True)
    calls = log.read_text().split("\1")[:-1]
    folders = {
        str(scratch): "/scratch",
        str(Path(folder).resolve()): "/program",
        go.goroot: "/goroot",
    }
    folders |= {str(cache_dir("macos").parent): "/cache"}
    return [shlex.join(portable(word, folders) for word in call.split("\0")[:-1]) for call in calls]


def portable(word: str, folders: dict[str, str]) -> str:
    """`word` without this machine's folders."""
    for folder, name in folders.items():
        word = word.replace(folder, name)
    word = re.sub(r"(?:/\w+)+/go-build\d+", "/work", word)
    word = re.sub(r"(?:/\w+)+/go-link-\d+", "/link", word)
    word = re.sub(r"(?:/\w+)+/cgo-gcc-input-\d+", "/work/cgo-gcc-input", word)
    return re.sub(r"0x[0-9a-f]{40}", "0x0123456789abcdef", word)


def main() -> None:
    """Records one build."""
    if len(sys.argv) < 4:
        raise SystemExit(__doc__)
    name, target, folder, *flags = sys.argv[1:]
    with tempfile.TemporaryDirectory() as text:
        lines = record(target, folder, flags, Path(text))
    OUTPUT.mkdir(parents=True, exist_ok=True)
    (OUTPUT / f"{name}.txt").write_text("\n".join(dict.fromkeys(lines)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
