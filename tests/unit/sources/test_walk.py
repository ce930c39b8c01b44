"""Files and folders: what is read, in which order, and what is never opened or waited for."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from staticgo.model.source import Trouble
from staticgo.sources import collect
from staticgo.sources.collect import members
from staticgo.sources.walk import Found
from tests.binaries.archives import OTHER_PROGRAM, PROGRAM, TEXT, files
from tests.unit.sources.given import found


def test_a_folder_is_read_in_order_and_texts_are_passed_over(tmp_path: Path) -> None:
    for name in ("z", "b/2", "b/1", ".hidden/x", "a"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(PROGRAM)
    (tmp_path / "text").write_bytes(TEXT)
    (tmp_path / "empty").touch()
    seen, troubles = found(tmp_path)
    assert list(seen) == ["a", "z", ".hidden/x", "b/1", "b/2"]
    assert not troubles


def test_archives_in_folders_are_opened(tmp_path: Path) -> None:
    (tmp_path / "dist.tar").write_bytes(files({"bin/app": PROGRAM, "README": TEXT}))
    (tmp_path / "texts.tar").write_bytes(files({"README": TEXT}))
    assert found(tmp_path) == ({"dist.tar!bin/app": PROGRAM}, [])


def test_what_was_named_is_always_answered_for(tmp_path: Path) -> None:
    text, empty, tar, folder = (tmp_path / name for name in ("text", "empty", "tar", "folder"))
    text.write_bytes(TEXT)
    empty.touch()
    tar.write_bytes(files({"README": TEXT}))
    folder.mkdir()
    seen, troubles = found(text, empty, tar, folder, tmp_path / "missing", "a\0b")
    assert seen == {"text": TEXT, "empty": b""}
    assert [Path(trouble.name).name for trouble in troubles[:3]] == ["tar", "folder", "missing"]
    assert [trouble.message for trouble in troubles[:2]] == ["holds no program or library"] * 2
    assert troubles[2].message == "no such file or directory"
    assert troubles[3].name == "a\\x00b"


def test_each_real_file_is_read_once_under_its_own_name(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(OTHER_PROGRAM)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "real").write_bytes(PROGRAM)
    (folder / "hard").hardlink_to(folder / "real")
    (folder / "a link").symlink_to("real")
    (folder / "b link").symlink_to(outside)
    (folder / "c link").symlink_to(outside)
    (folder / "dangling").symlink_to("nowhere")
    (folder / "round").symlink_to("round")
    (folder / "up").symlink_to(tmp_path)
    assert found(folder) == ({"hard": PROGRAM, "b link": OTHER_PROGRAM}, [])


def test_a_named_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/app").write_bytes(PROGRAM)
    (tmp_path / "link").symlink_to("folder")
    seen, _ = found(tmp_path / "link")
    assert seen == {"app": PROGRAM}


def test_fifos_sockets_and_devices_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
        (tmp_path / "app").write_bytes(PROGRAM)
        assert found(tmp_path) == ({"app": PROGRAM}, [])
        _, troubles = found(tmp_path / "fifo", tmp_path / "socket", "/dev/null")
    assert {trouble.message for trouble in troubles} == {"is not a regular file"}
    assert len(troubles) == 3


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_a_trouble(tmp_path: Path) -> None:
    for name, mode in (("folder", 0), ("file", 0)):
        (tmp_path / name).mkdir() if name == "folder" else (tmp_path / name).write_bytes(PROGRAM)
        (tmp_path / name).chmod(mode)
    _, troubles = found(tmp_path)
    assert [trouble.message for trouble in troubles] == ["permission denied"] * 2


def test_a_folder_that_cannot_be_listed_is_a_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "app").write_bytes(PROGRAM)
    (tmp_path / "shut").mkdir()
    scandir = os.scandir

    def refusing(path: str) -> object:
        if path.endswith("shut"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    seen, troubles = found(tmp_path)
    assert list(seen) == ["app"]
    assert [(Path(t.name).name, t.message) for t in troubles] == [("shut", "permission denied")]


def test_a_file_that_becomes_a_fifo_is_not_waited_for(tmp_path: Path) -> None:
    """Found as a file, and opened as something else: without O_NONBLOCK this would hang."""
    os.mkfifo(tmp_path / "app")
    (trouble,) = members(Found("app", str(tmp_path / "app"), 999, False))
    assert isinstance(trouble, Trouble)
    assert trouble.message == "is not a regular file"


def test_names_cannot_speak_to_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[31m\u202e\udcff").write_bytes(PROGRAM)
    assert list(found(tmp_path)[0]) == ["a\\x1b[31m\\u202e\\xff"]


def test_a_deep_folder_is_no_recursion(tmp_path: Path) -> None:
    depths = [tmp_path / "/".join("d" * depth) for depth in range(1, 1100)]
    for path in depths:
        path.mkdir()
    (depths[-1] / "app").write_bytes(PROGRAM)
    items = list(collect([str(tmp_path)]))
    (depths[-1] / "app").unlink()
    for path in reversed(depths):
        path.rmdir()
    assert [item.name for item in items] == [f"{depths[-1]}/app"]


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (PROGRAM, ["-"]),
        (TEXT, ["-"]),
        (b"", ["-"]),
        (files({"app": PROGRAM, "x": TEXT}), ["-!app"]),
    ],
    ids=["program", "text", "nothing", "tar"],
)
def test_standard_input_may_be_anything(tmp_path: Path, given: bytes, names: list[str]) -> None:
    (tmp_path / "input").write_bytes(given)
    with (tmp_path / "input").open("rb") as file:
        seen, troubles = found("-", standard_input=file.fileno())
    assert (list(seen), troubles) == (names, [])


def test_standard_input_that_is_closed_is_a_trouble() -> None:
    (trouble,) = found("-", standard_input=10**6)[1]
    assert trouble.message == "bad file descriptor"


def test_a_sparse_terabyte_costs_nothing(tmp_path: Path) -> None:
    for name, head in (("program", PROGRAM), ("tar", files({"app": PROGRAM})), ("zeros", b"\0")):
        with (tmp_path / name).open("wb") as file:
            file.write(head)
            file.truncate(1 << 40)
    names = [item.name.removeprefix(f"{tmp_path}/") for item in collect([str(tmp_path)])]
    assert names == ["program", "tar!app"]
