"""Records `go list` output for tests: tools/record_packages.py NAME DIR PACKAGE [FLAG...].

Writes tests/unit/planning/recorded/NAME.{cgo,plain,pure}.json: with cgo as `build` lists it (net and
os/user in Go), with cgo as plain `go build` finds it, and without. Folders of the recording machine
are replaced, and of the standard library only what planning looks at is kept.
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

OUTPUT = Path(__file__).parents[1] / "tests" / "unit" / "planning" / "recorded"
_STANDARD = {
    "ImportPath",
    "Name",
    "Standard",
    "CgoFiles",
    "Imports",
    "ImportMap",
    "DepOnly",
    "Error",
    "CgoLDFLAGS",
}
_MODULE = {"Path", "Version", "Main", "GoVersion"}
_FORMS = {"cgo": ("1", ["-tags", "netgo,osusergo"]), "plain": ("1", []), "pure": ("0", [])}


def record(directory: str, package: str, flags: list[str], form: str) -> str:
    """The recorded stream of JSON objects, one a line."""
    cgo, tags = _FORMS[form]
    environment = {
        **os.environ,
        "GOOS": "linux",
        "GOARCH": "amd64",
        "CGO_ENABLED": cgo,
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
        row["Module"] = {name: value for name, value in row["Module"].items() if name in _MODULE}
    return row


def main() -> None:
    """Records one program."""
    name, directory, package, *flags = sys.argv[1:]
    OUTPUT.mkdir(parents=True, exist_ok=True)
    for form in _FORMS:
        text = record(directory, package, flags, form)
        (OUTPUT / f"{name}.{form}.json").write_text(text)


if __name__ == "__main__":
    main()
