"""Which of the libraries that a package names are looked into before a link."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from staticgo.app.steps import prebuilt
from staticgo.errors import Unreachable
from staticgo.facts.platforms import resolve
from staticgo.model.libraries import Sysroot
from staticgo.model.project import Graph, Package
from tests.binaries.libraries import gnu, object_file
from tests.unit.planning.given import ZIG


def test_a_library_of_the_program_s_own_takes_the_place_of_this_machine_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STATICGO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(prebuilt, "PREFIX", str(tmp_path / "local"))
    (tmp_path / "local" / "lib").mkdir(parents=True)
    (tmp_path / "local" / "lib" / "libfoo.a").write_bytes(gnu({b"a.o": object_file([])}))
    flags = (f"-L{tmp_path}/local/lib", "-lfoo")
    package = Package(path="p", dir=str(tmp_path), cgo_files=("p.go",), link_flags=flags)
    graph = Graph(root="p", packages=(package,))
    arm64 = resolve("linux/arm64")
    with pytest.raises(Unreachable, match=r"libfoo\.a, which is for"):
        prebuilt.check_prebuilt(graph, arm64, ZIG)
    own = Sysroot(key="0" * 24, folder=str(tmp_path / "sysroot"), libraries=())
    assert prebuilt.check_prebuilt(graph, arm64, dataclasses.replace(ZIG, sysroot=own)) == ()
