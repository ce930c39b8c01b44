"""Provokes the messages of tests/logs for real: `python -m tools.record_logs [NAME...]`.

Each `[[provoked]]` table of tests/logs/index.toml holds files and a shell command. It is run in an
empty folder, with gcc, musl-gcc, Go and `zig` (of the ziglang package) on PATH; what it prints is
tests/logs/NAME.txt. Folders of this machine are replaced. Versions go to tests/logs/versions.toml.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from staticgo.host.files import cache_dir
from staticgo.toolchain.packaged import packaged

LOGS = Path(__file__).parents[1] / "tests" / "logs"
_SECONDS = 240
_LONGEST = 500
_VERSIONS = {
    "gcc": ["gcc", "--version"],
    "ld": ["ld", "--version"],
    "libc": ["ldd", "--version"],
    "go": ["go", "version"],
    "zig": ["zig", "version"],
}


def index() -> dict[str, list[dict[str, Any]]]:
    """The table of texts: `provoked` here, or `quoted` from somewhere."""
    return tomllib.loads((LOGS / "index.toml").read_text(encoding="utf-8"))


def provoke(recipe: dict[str, Any], environment: dict[str, str]) -> str:
    """What the recipe's command prints, both streams, without this machine's folders."""
    with tempfile.TemporaryDirectory(prefix="log-") as scratch:
        folder = Path(scratch)
        for name, content in recipe.get("files", {}).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(content)
        done = subprocess.run(
            ["bash", "-c", recipe["run"]],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_SECONDS,
            check=False,
        )
        text = done.stdout.decode("utf-8", "replace").replace(scratch, "/src")
    return clean(text, environment)


def clean(text: str, environment: dict[str, str]) -> str:
    """The text without what is of this machine, or differs each time."""
    for folder, instead in (
        (environment["ZIG_GLOBAL_CACHE_DIR"], "/zig"),
        (
            str(Path(shutil.which("zig", path=environment["PATH"]) or "zig").resolve().parent),
            "/zig",
        ),
        (
            str(Path(shutil.which("go", path=environment["PATH"]) or "go").resolve().parents[1]),
            "/go",
        ),
        (str(Path.home()), "/home/user"),
    ):
        text = text.replace(folder, instead)
    text = re.sub(r"(/tmp)/cc\w{6}", r"\1/ccABCDEF", text)
    text = re.sub(r"go-(link|build)-?\d+", r"go-\1-1", text)
    text = re.sub(r"/zig/o/[0-9a-f]{32}", "/zig/o/0123", text)
    text = re.sub(r"build-id=0x[0-9a-f]{40}", "build-id=0x01", text)
    text = re.sub(r"_cgo_[0-9a-f]{12}_", "_cgo_0123456789ab_", text)
    return "".join(
        line if len(line) <= _LONGEST else f"{line[: _LONGEST - 4]}...\n"
        for line in text.splitlines(keepends=True)
    )


def environment_with_zig(folder: Path) -> dict[str, str]:
    """This environment, plain English, with a command `zig`."""
    bundled = packaged("ziglang", "zig")
    if bundled is not None:
        (folder / "zig").symlink_to(bundled)
    cache = str(cache_dir("zig"))
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GO", "CGO_"))}
    return {
        **kept,
        "PATH": f"{folder}:{kept['PATH']}",
        "LC_ALL": "C",
        "GOTOOLCHAIN": "local",
        "ZIG_GLOBAL_CACHE_DIR": cache,
        "ZIG_LOCAL_CACHE_DIR": cache,
    }


def versions(environment: dict[str, str]) -> str:
    """The tools' versions, as a TOML table."""
    lines = ["# Written by tools/record_logs.py: what the provoked texts were provoked with."]
    for name, command in _VERSIONS.items():
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        lines.append(f'{name} = "{done.stdout.splitlines()[0]}"')
    return "\n".join(lines) + "\n"


def main() -> None:
    """Records the recipes named, or all."""
    wanted = set(sys.argv[1:])
    with tempfile.TemporaryDirectory(prefix="zig-") as folder:
        environment = environment_with_zig(Path(folder))
        for recipe in index()["provoked"]:
            if wanted and recipe["name"] not in wanted:
                continue
            text = provoke(recipe, environment)
            (LOGS / f"{recipe['name']}.txt").write_text(text, encoding="utf-8")
            print(f"{recipe['name']}: {len(text.splitlines())} lines")
        (LOGS / "versions.toml").write_text(versions(environment), encoding="utf-8")


if __name__ == "__main__":
    main()
