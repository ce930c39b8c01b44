"""Records `go list` output for the planning tests: tools/record_packages.py NAME DIR PACKAGE [FLAG...].

Writes tests/unit/plan/recorded/NAME.{cgo,pure}.json. Folders of the recording machine are replaced,
and of the standard library only what planning looks at is kept.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from staticgo.host.go import FIELDS

OUTPUT = Path(__file__).parents[1] / "tests" / "unit" / "plan" / "recorded"
_STANDARD = {
    "ImportPath",
    "Name",
    "Standard",
    "CgoFiles",
    "Imports",
    "ImportMap",
    "DepOnly",
    "Error",
}


def record(directory: str, package: str, flags: list[str], *, cgo: bool) -> str:
    """The recorded stream of JSON objects, one a line."""
    tags = ["-tags", "netgo,osusergo"] if cgo else []
    environment = {
        **os.environ,
        "GOOS": "linux",
        "GOARCH": "amd64",
        "CGO_ENABLED": "1" if cgo else "0",
        "GOFLAGS": "",
    }
    command = ["go", "list", "-deps", "-e", f"-json={','.join(FIELDS)}", *tags, *flags, package]
    done = subprocess.run(
        command, cwd=directory, env=environment, check=True, capture_output=True, text=True
    )
    folders = json.loads(
        subprocess.run(
            ["go", "env", "-json", "GOROOT", "GOMODCACHE"],
            cwd=directory,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    )
    text = done.stdout.replace(folders["GOROOT"], "/goroot").replace(
        folders["GOMODCACHE"], "/modules"
    )
    text = text.replace(str(Path(directory).resolve()), "/program")
    decoder = json.JSONDecoder()
    lines: list[str] = []
    position = 0
    while (start := text.find("{", position)) >= 0:
        row, position = decoder.raw_decode(text, start)
        lines.append(json.dumps(_kept(row)))
    return "\n".join(lines) + "\n"


def _kept(row: dict[str, Any]) -> dict[str, Any]:
    if row.get("Standard"):
        return {name: value for name, value in row.items() if name in _STANDARD}
    if "Module" in row:
        row["Module"] = {k: v for k, v in row["Module"].items() if k in {"Path", "Version", "Main"}}
    return row


def main() -> None:
    """Records one program."""
    name, directory, package, *flags = sys.argv[1:]
    OUTPUT.mkdir(parents=True, exist_ok=True)
    for cgo, suffix in ((True, "cgo"), (False, "pure")):
        text = record(directory, package, flags, cgo=cgo)
        (OUTPUT / f"{name}.{suffix}.json").write_text(text)


if __name__ == "__main__":
    main()
