"""A library's build: what is taken from what it installed, and how it fails. No compiler is called."""

from __future__ import annotations

import dataclasses
import errno
import os
import sys
from pathlib import Path

import pytest

from staticgo.errors import ToolFailed
from staticgo.facts.platforms import resolve
from staticgo.host.files import cache_dir
from staticgo.host.run import Runner
from staticgo.model.libraries import LibraryPlan, LibrarySource, Sysroot
from staticgo.toolchain.libraries import Kit, assemble, build_library
from tests.unit.planning.given import ZIG

ARCHIVE = "!<arch>\n"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the commands are of sh")


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATICGO_CACHE", str(tmp_path / "cache"))


def plan(*stage: tuple[str, ...]) -> LibraryPlan:
    return LibraryPlan(
        name="libfoo",
        key="0123",
        target=resolve("linux/arm64").target,
        triple="aarch64-linux-musl",
        source=LibrarySource(sha256="1"),
        stages=(stage,),
    )


def build(*stage: tuple[str, ...]) -> Path:
    """Builds a library by these commands, one after the other."""
    kit = Kit(
        toolchain=dataclasses.replace(ZIG, bin_dir=str(cache_dir("bin"))),
        helpers=(),
        runner=Runner(),
        jobs=1,
    )

    def unpack(folder: Path) -> Path:
        folder.mkdir()
        return folder

    return build_library(plan(*stage), kit, None, unpack)


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


def test_a_library_in_another_folder_does_not_get_lost() -> None:
    with pytest.raises(ToolFailed, match=r"installed /usr/local/lib64/libfoo\.a, and"):
        build(sh('mkdir "$1/lib64"; touch "$1/lib64/libfoo.a" "$1/include/a.h"'))


def test_after_the_first_failure_nothing_else_is_started(tmp_path: Path) -> None:
    with pytest.raises(ToolFailed, match="ended with exit code 7"):
        build(sh("exit 7"), *(sh(f"echo >>{tmp_path}/started; sleep 0.1"),) * 9)
    # One or two may have begun while the failure was told.
    started = tmp_path / "started"
    assert not started.exists() or len(started.read_text()) < 9


@pytest.mark.parametrize(
    ("command", "telling"),
    [
        ("{source}/configure", "its source has no configure"),
        ("./configure", "its source has no configure"),
        ("no-such-command", "no-such-command cannot be started"),
    ],
)
def test_a_command_that_is_not_there_is_the_librarys_failure(command: str, telling: str) -> None:
    with pytest.raises(ToolFailed) as caught:
        build((command,))
    assert caught.value.message.startswith(
        f"linux/arm64: the C library libfoo cannot be built: {telling}"
    )


def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.replace

    def full(path: Path, target: Path) -> Path:
        if path.is_file():  # the compiler's commands, which come first
            return real(path, target)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(ToolFailed, match="libfoo cannot be built: No space left"):
        build(sh('touch "$1/include/a.h"'))
    sysroot = Sysroot(key="1", folder=str(cache_dir("sysroots") / "1"), libraries=())
    with pytest.raises(ToolFailed, match="cannot be put together: No space left"):
        assemble(sysroot, Runner())


def test_a_library_that_is_gone_leaves_no_sysroot_without_it() -> None:
    folder = cache_dir("sysroots") / "1"
    sysroot = Sysroot(key="1", folder=str(folder), libraries=(plan(),))
    with pytest.raises(ToolFailed, match="libfoo was removed from the cache"):
        assemble(sysroot, Runner())
    assert not folder.exists()
