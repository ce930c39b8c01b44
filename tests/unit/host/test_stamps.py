"""Stamps: every change shows, and one that might not is never taken for none."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from staticgo.host.stamps import stamp, stamps, unchanged

LATER = 3600 * 10**9


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a file in it, older than a tick of the kernel's clock."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/file").write_text("content")
    (tmp_path / "folder/link").symlink_to("file")
    time.sleep(0.03)
    return tmp_path / "folder"


def _same_size_and_time(folder: Path) -> None:
    before = (folder / "file").stat()
    (folder / "file").write_text("CONTENT")
    os.utime(folder / "file", ns=(before.st_atime_ns, before.st_mtime_ns))


def _replaced(folder: Path) -> None:
    (folder / "other").write_text("content")
    (folder / "other").replace(folder / "file")


CHANGES: dict[str, Callable[[Path], object]] = {
    "content of the same size under the same time": _same_size_and_time,
    "a longer content": lambda folder: (folder / "file").write_text("contents"),
    "another file under its name": _replaced,
    "a file more": lambda folder: (folder / "new").touch(),
    "a file less": lambda folder: (folder / "file").unlink(),
    "another mode": lambda folder: (folder / "file").chmod(0o700),
    "a file that was not there": lambda folder: (folder / "absent").touch(),
}


def known_of(folder: Path) -> dict[str, list[int]]:
    paths = [str(folder), *(str(folder / name) for name in ("file", "link", "absent"))]
    known = stamps(paths, before_ns=time.time_ns() + LATER)
    assert known is not None
    return known


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_is_seen(folder: Path, change: Callable[[Path], object]) -> None:
    known = known_of(folder)
    assert unchanged(known)
    change(folder)
    assert not unchanged(known)


def test_reading_and_listing_change_nothing(folder: Path) -> None:
    known = known_of(folder)
    (folder / "file").read_bytes()
    list(folder.iterdir())
    assert unchanged(known)


def test_a_link_stands_for_what_it_leads_to(folder: Path) -> None:
    assert stamp(str(folder / "link")) == stamp(str(folder / "file")) != []


@pytest.mark.parametrize("name", ["absent", "file/below", "x" * 300])
def test_what_is_not_there_has_an_empty_stamp(folder: Path, name: str) -> None:
    assert stamp(str(folder / name)) == []


def test_what_changed_while_it_was_read_is_not_recorded(folder: Path) -> None:
    began = time.time_ns()
    (folder / "file").write_text("during")
    assert stamps([str(folder / "file")], before_ns=began) is None


def test_what_changed_within_the_tick_before_is_not_recorded(folder: Path) -> None:
    (folder / "file").write_text("just before")
    assert stamps([str(folder / "file")], before_ns=time.time_ns()) is None


def test_a_time_set_back_does_not_make_a_fresh_file_old(folder: Path) -> None:
    (folder / "file").write_text("fresh")
    os.utime(folder / "file", (0, 0))
    assert stamps([str(folder / "file")], before_ns=time.time_ns()) is None


def test_a_path_named_twice_is_stamped_once(folder: Path) -> None:
    path = str(folder / "file")
    found = stamps([path, path], before_ns=time.time_ns() + LATER)
    assert found == {path: stamp(path)}
