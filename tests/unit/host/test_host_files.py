"""Files: caches, outputs that are whole or absent, and what `inspect` may be given."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import socket
from pathlib import Path

import pytest

from staticgo.errors import OutputError, UsageError
from staticgo.host.files import cache_dir, mapped, place, sha256, writable_output, write_atomically


def test_the_cache_stands_where_the_variable_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STATICGO_CACHE", str(tmp_path / "mine"))
    folder = cache_dir("zig", "deep")
    assert folder == tmp_path / "mine/zig/deep"
    assert folder.is_dir()
    assert cache_dir("zig", "deep") == folder


def test_a_relative_cache_is_the_same_from_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STATICGO_CACHE", "here")
    assert cache_dir() == tmp_path / "here"


def test_without_the_variable_the_cache_is_the_users(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STATICGO_CACHE", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_dir() == tmp_path / "staticgo"


def test_without_a_home_no_folder_named_tilde_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("STATICGO_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="no home folder"):
        cache_dir("zig")
    assert not list(tmp_path.iterdir())


def test_a_cache_that_cannot_be_made_names_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("STATICGO_CACHE", str(tmp_path / "file"))
    with pytest.raises(UsageError) as raised:
        cache_dir("zig")
    assert str(tmp_path / "file/zig") in raised.value.message
    assert "STATICGO_CACHE" in raised.value.hint


def test_an_output_folder_is_made_and_left_empty(tmp_path: Path) -> None:
    writable_output(tmp_path / "a/b")
    assert list((tmp_path / "a/b").iterdir()) == []


def test_an_output_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file/below"):
        with pytest.raises(OutputError) as raised:
            writable_output(folder)
        assert str(folder) in raised.value.message
        assert "not a file" in raised.value.hint


@pytest.mark.parametrize(
    ("number", "hint"),
    [
        (errno.ENOSPC, "free some space"),
        (errno.EDQUOT, "free some space"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "can write to"),
        (errno.EIO, "another folder"),
    ],
)
def test_an_output_folder_that_takes_no_file_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, hint: str
) -> None:
    def refuse(self: Path) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "touch", refuse)
    with pytest.raises(OutputError) as raised:
        writable_output(tmp_path)
    assert hint in raised.value.hint
    assert os.strerror(number) in raised.value.message


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "source"
    file.write_bytes(b"new")
    file.chmod(0o600)
    return file


def test_a_placed_file_is_executable_and_its_source_stays(tmp_path: Path, source: Path) -> None:
    final = tmp_path / "app"
    place(source, final)
    assert final.read_bytes() == source.read_bytes() == b"new"
    assert final.stat().st_mode & 0o777 == 0o755


def test_a_file_that_runs_is_replaced_and_not_written_into(tmp_path: Path, source: Path) -> None:
    final = tmp_path / "app"
    final.write_bytes(b"old")
    with final.open("rb") as old:
        place(source, final)
        assert old.read() == b"old"
    assert final.read_bytes() == b"new"


@pytest.mark.parametrize("failing", ["copyfile", "replace"])
def test_a_failure_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    output = tmp_path / "out"
    output.mkdir()
    (output / "app").write_bytes(b"old")

    def half_copied(_: Path, staging: Path) -> None:
        staging.write_bytes(b"ne")
        raise OSError(errno.ENOSPC, "No space left on device")

    def refuse(self: Path, target: Path) -> None:
        raise OSError(errno.EACCES, "Permission denied")

    if failing == "copyfile":
        monkeypatch.setattr(shutil, "copyfile", half_copied)
    else:
        monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OutputError):
        place(source, output / "app")
    assert [(file.name, file.read_bytes()) for file in output.iterdir()] == [("app", b"old")]


def test_a_folder_where_the_binary_would_be_is_refused(tmp_path: Path, source: Path) -> None:
    (tmp_path / "out/app").mkdir(parents=True)
    with pytest.raises(OutputError) as raised:
        place(source, tmp_path / "out/app")
    assert "folder" in raised.value.hint
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["app"]


def test_a_small_text_is_written_whole_with_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "script"
    write_atomically(file, "é\n", mode=0o755)
    write_atomically(file, "ü\n", mode=0o755)
    assert file.read_bytes() == "ü\n".encode()
    assert file.stat().st_mode & 0o777 == 0o755
    assert list(tmp_path.iterdir()) == [file]


def test_a_reader_of_the_old_text_is_not_disturbed(tmp_path: Path) -> None:
    file = tmp_path / "text"
    write_atomically(file, "old")
    with file.open() as reader:
        write_atomically(file, "new")
        assert reader.read() == "old"


def test_a_text_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(tmp_path / "text", "new")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"\x7fELF", b"x" * 100_000])
def test_a_files_bytes_are_mapped(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    with mapped(file) as data:
        assert data[:] == content


def test_a_mapped_file_is_closed_afterwards(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"content")
    before = set(Path("/proc/self/fd").iterdir())
    with pytest.raises(ZeroDivisionError), mapped(file):
        raise ZeroDivisionError
    assert set(Path("/proc/self/fd").iterdir()) == before


def test_what_is_no_regular_file_is_refused_without_waiting(tmp_path: Path) -> None:
    fifo, sock = tmp_path / "fifo", tmp_path / "socket"
    os.mkfifo(fifo)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(sock))
        for path, words in (
            (tmp_path, "is a directory"),
            (fifo, "not a regular file"),
            (Path("/dev/null"), "not a regular file"),
            (sock, "no such device or address"),
            (tmp_path / "missing", "no such file"),
            (fifo / "below", "not a directory"),
        ):
            with pytest.raises(UsageError) as raised, mapped(path):
                pass
            assert words in raised.value.message
            assert str(path) in raised.value.message


def test_a_file_that_the_kernel_does_not_map_is_no_bug_of_ours() -> None:
    special = Path("/sys/kernel/mm/transparent_hugepage/enabled")
    if not special.exists() or special.stat().st_size == 0:
        pytest.skip("there is no such file here")
    with pytest.raises(UsageError), mapped(special):
        pass


def test_the_sum_is_that_of_the_content(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"content" * 100_000)
    assert sha256(file) == hashlib.sha256(file.read_bytes()).hexdigest()
