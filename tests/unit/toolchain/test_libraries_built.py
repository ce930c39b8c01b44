"""A library's build: what is taken from what it installed, and how it fails. No compiler is called."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import pytest

from staticgo.errors import ToolFailed
from staticgo.facts.platforms import resolve
from staticgo.host.files import cache_dir
from staticgo.host.run import Runner
from staticgo.model.libraries import LibraryPlan, LibrarySource
from staticgo.toolchain.libraries import Kit, build_library
from tests.unit.planning.given import ZIG

ARCHIVE = "!<arch>\n"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the commands are of sh")


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATICGO_CACHE", str(tmp_path / "cache"))


def build(*stage: tuple[str, ...], jobs: int = 1) -> Path:
    """Builds a library by these commands; they find its folder in the word {install}."""
    plan = LibraryPlan(
        name="libfoo",
        key="0123",
        target=resolve("linux/arm64").target,
        triple="aarch64-linux-musl",
        source=LibrarySource(sha256="1"),
        stages=(stage,),
    )
    kit = Kit(
        toolchain=dataclasses.replace(ZIG, bin_dir=str(cache_dir("bin"))),
        helpers=(),
        runner=Runner(),
        jobs=jobs,
    )

    def unpack(folder: Path) -> Path:
        folder.mkdir()
        return folder

    return build_library(plan, kit, None, unpack)


def sh(script: str) -> tuple[str, ...]:
    return ("sh", "-ec", script, "sh", "{install}")


def test_a_link_among_its_own_files_is_kept() -> None:
    kept = build(
        sh(
            'cd "$1/lib"; printf "!<arch>\\n" >libfoo-1.a; ln -s libfoo-1.a libfoo.a; ln -s gone x.so'
        )
    )
    assert (kept / "lib" / "libfoo.a").read_text() == ARCHIVE
    assert not (kept / "lib" / "x.so").is_symlink()


@pytest.mark.parametrize("there", [True, False])
def test_a_link_to_a_file_elsewhere_is_refused(tmp_path: Path, there: bool) -> None:
    own = tmp_path / "libx.a"
    if there:
        own.write_text("mine")
    with pytest.raises(ToolFailed, match=r"installed the link lib/libfoo\.a to .*leads out"):
        build(sh(f'ln -s {own} "$1/lib/libfoo.a"'))
    assert not there or own.read_text() == "mine"


def test_a_hard_link_to_a_file_elsewhere_is_not_written_through(tmp_path: Path) -> None:
    own = tmp_path / "libx.a"
    # One member of no bytes, of 1970 plus one second.
    own.write_text(ARCHIVE + f"{'a.o/':16}{1:<12}{0:<6}{0:<6}{644:<8}{0:<10}`\n")
    before = own.read_bytes()
    kept = build(sh(f'ln {own} "$1/lib/libfoo.a"'))
    assert own.read_bytes() == before
    assert (kept / "lib" / "libfoo.a").read_bytes() != before


def test_a_folder_with_the_name_of_a_library_is_none() -> None:
    kept = build(sh('mkdir "$1/lib/x.so" "$1/lib/y.a"; touch "$1/include/a.h"'))
    assert sorted(path.name for path in (kept / "lib").iterdir()) == ["pkgconfig", "x.so", "y.a"]
