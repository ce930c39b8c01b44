"""Printed settings come out of a shell as they went in, whatever is in them."""

from __future__ import annotations

import json
import subprocess

from hypothesis import given, settings
from hypothesis import strategies as st

from staticgo.model.shell import Settings, Shell
from staticgo.view.shell import render

TEXT = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=20)
FOLDER = st.text(st.characters(exclude_characters="\0:", codec="utf-8"), min_size=1, max_size=20)


@given(value=TEXT, folder=FOLDER)
@settings(max_examples=40, deadline=None)
def test_sh_reads_back_every_value(value: str, folder: str) -> None:
    printed = render(Settings(variables=(("GOFLAGS", value),), path=(folder,)), Shell.SH, "")
    done = subprocess.run(
        ["/bin/sh", "-c", 'eval "$1"; printf %s "$GOFLAGS|$PATH"', "sh", printed],
        env={"PATH": "/bin"},
        capture_output=True,
        check=True,
    )
    assert done.stdout == f"{value}|{folder}:/bin".encode()
    assert done.stderr == b""


@given(value=TEXT, folder=FOLDER)
def test_json_reads_back_every_value(value: str, folder: str) -> None:
    given = Settings(variables=(("GOFLAGS", value),), path=(folder,))
    assert json.loads(render(given, Shell.JSON, "/bin")) == {
        "GOFLAGS": value,
        "PATH": f"{folder}:/bin",
    }
