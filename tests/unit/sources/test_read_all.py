"""Several processes: answers in order, and whatever happens to one costs one file."""

from __future__ import annotations

import mmap
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from staticgo import binary
from staticgo.errors import FormatError
from staticgo.model.binary import BinaryReport
from staticgo.model.source import Trouble
from staticgo.sources import Answer, pool, read_all, worker
from staticgo.sources.read import Work
from staticgo.sources.walk import Found
from tests.binaries.archives import OTHER_PROGRAM, PROGRAM, TEXT, files

Buffer = bytes | mmap.mmap
BIG = 3 << 20
"""Too much to be read without a process, if it is a file's size."""


def program(mark: bytes, size: int = 0) -> bytes:
    """Something that passes for a binary, with a word for the reader in it."""
    return b"\x7fELF" + mark.ljust(max(60, size - 4), b"\0")


def obedient(data: Buffer) -> str:
    """A reader that does what the file says."""
    word = bytes(data[4:30]).rstrip(b"\0").decode()
    if word == "touch":
        return str(data[len(data) - 1])
    return _DEEDS[word]() if word in _DEEDS else word


def _refuse() -> str:
    raise FormatError("no binary", hint="give one")


def _loop() -> str:
    while True:
        pass


def _eat() -> str:
    return str(len([bytes(1 << 20) for _ in range(1 << 20)]))


def _kill() -> str:
    os.kill(os.getpid(), signal.SIGKILL)
    return ""


def _bug() -> str:
    raise KeyError("key")


_DEEDS: dict[str, Callable[[], str]] = {
    "refuse": _refuse,
    "loop": _loop,
    "eat": _eat,
    "kill": _kill,
    "bug": _bug,
}


def write(folder: Path, *words: str) -> None:
    """Files 000, 001 and so on."""
    folder.mkdir(exist_ok=True)
    for number, word in enumerate(words):
        (folder / f"{number:03}").write_bytes(program(word.encode()))


def read(*paths: Path, jobs: int = 2) -> list[str]:
    """What was answered, in order: results, and troubles with a mark."""
    return [
        f"! {item.message}" if isinstance(item, Trouble) else item.result
        for item in read_all(map(str, paths), obedient, jobs)
    ]


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_answers_come_in_order(tmp_path: Path, jobs: int) -> None:
    words = [f"word {number}" for number in range(500)]
    write(tmp_path / "folder", *words)
    (tmp_path / "tar").write_bytes(files({word: program(word.encode()) for word in words}))
    missing = "! no such file or directory"
    paths = [tmp_path / name for name in ("folder", "missing", "tar")]
    assert read(*paths, jobs=jobs) == [*words, missing, *words]


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        ("refuse", "no binary"),
        ("loop", "took more than 0.1 s longer"),
        ("eat", "too much memory"),
        ("kill", "its reader was killed"),
        ("bug", "failed to read it (KeyError: 'key')"),
    ],
)
@pytest.mark.parametrize("at", [0, 3, 5])
def test_one_file_s_fate_is_its_own(
    tmp_path: Path, deed: str, said: str, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "SECONDS", 0.1)
    monkeypatch.setattr(
        pool, "_DEATHS", pool._DEATHS | {signal.SIGPROF: ("took more than 0.1 s longer", "hint")}
    )
    words = ["fine"] * 6
    words[at] = deed
    write(tmp_path, *words)
    answers = read(tmp_path)
    assert said in answers[at]
    assert answers[:at] + answers[at + 1 :] == ["fine"] * 5


def test_death_in_an_archive_says_that_the_rest_was_not_read(tmp_path: Path) -> None:
    words = ("one", "kill", "two")
    (tmp_path / "a.tar").write_bytes(files({word: program(word.encode()) for word in words}))
    (tmp_path / "b").write_bytes(program(b"three"))
    items = list(read_all([str(tmp_path)], obedient, 2))
    assert [item.name.removeprefix(f"{tmp_path}/") for item in items] == [
        "a.tar!one",
        "a.tar!kill",
        "b",
    ]
    assert isinstance(items[1], Trouble)
    assert "the rest of the archive was not read" in items[1].message


def test_a_file_that_is_cut_while_it_is_read_is_a_trouble(tmp_path: Path) -> None:
    """The page that the reader touches is gone: SIGBUS."""
    (tmp_path / "cut").write_bytes(program(b"cut", BIG))
    (tmp_path / "whole").write_bytes(program(b"whole", BIG))

    def cutting(data: Buffer) -> str:
        if data[4:7] == b"cut":
            (tmp_path / "cut").write_bytes(b"")
        return str(data[len(data) - 1])

    first, second = read_all([str(tmp_path)], cutting, 1)
    assert isinstance(first, Trouble)
    assert "was cut while it was read" in first.message
    assert second == Answer(str(tmp_path / "whole"), "0")


@pytest.mark.parametrize("size", [100, BIG])
def test_a_file_that_changes_while_it_is_read_is_a_trouble(tmp_path: Path, size: int) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(program(name.encode(), size))

    def changing(data: Buffer) -> str:
        other = tmp_path / "a.new"
        other.write_bytes(program(b"new", size))
        other.replace(tmp_path / "a")
        return "read"

    (said,) = read_all([str(tmp_path / "a")], changing, 1)
    if size == BIG:  # a small file is a copy by then
        assert isinstance(said, Trouble)
        assert said.message == "changed while it was read"


def test_a_reader_that_stands_still_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes no processor time, so the kernel's timer never ends."""
    monkeypatch.setattr(pool, "STILL", 0.1)
    write(tmp_path, "a", "b")

    def still(data: Buffer) -> str:
        if data[4:5] == b"a":
            time.sleep(60)
        return "read"

    first, second = read_all([str(tmp_path)], still, 2)
    assert isinstance(first, Trouble)
    assert "gave nothing for" in first.message
    assert isinstance(second, Answer)


def test_a_small_file_alone_takes_no_process(tmp_path: Path) -> None:
    (tmp_path / "app").write_bytes(program(b"app"))
    (answer,) = read_all([str(tmp_path / "app")], pid)
    assert isinstance(answer, Answer)
    assert answer.result == os.getpid()
    (tmp_path / "big").write_bytes(program(b"big", BIG))
    (answer,) = read_all([str(tmp_path / "big")], pid)
    assert isinstance(answer, Answer)
    assert answer.result != os.getpid()


def test_where_threads_run_nothing_is_forked(tmp_path: Path) -> None:
    write(tmp_path, "a", "refuse", "b")
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        first = next(read_all([str(tmp_path)], pid))
        assert isinstance(first, Answer)
        assert first.result == os.getpid()
        assert read(tmp_path) == ["a", "! no binary", "b"]
    finally:
        done.set()
        thread.join()


def pid(data: Buffer) -> int:
    """Which process reads."""
    return os.getpid()


def test_who_loses_interest_leaves_no_process_behind(tmp_path: Path) -> None:
    write(tmp_path, *["word"] * 300)
    answers = read_all([str(tmp_path)], pid, 2)
    first = next(answers)
    answers.close()  # type: ignore[attr-defined]
    assert isinstance(first, Answer)
    with pytest.raises(ProcessLookupError):
        os.kill(first.result, 0)


def test_named_folders_and_archives_without_binaries_are_troubles(tmp_path: Path) -> None:
    for name in ("folder", "other"):
        (tmp_path / name).mkdir()
    (tmp_path / "folder/text").write_bytes(TEXT)
    (tmp_path / "tar").write_bytes(files({"text": TEXT}))
    write(tmp_path / "other", "word")
    nothing = "! holds no program or library"
    paths = [tmp_path / name for name in ("other", "folder", "tar", "other")]
    assert read(*paths) == ["word", nothing, nothing, nothing]


def test_standard_input_reaches_the_workers(tmp_path: Path) -> None:
    (tmp_path / "input").write_bytes(files({"a": program(b"a"), "b": program(b"kill")}))
    write(tmp_path / "folder", "one", "two")
    with (tmp_path / "input").open("rb") as file:
        paths = [str(tmp_path / "folder"), "-"]
        items = list(read_all(paths, obedient, 2, standard_input=file.fileno()))
    assert [item.name for item in items][2:] == ["-!a", "-!b"]


def test_the_real_reader_s_reports_come_back(tmp_path: Path) -> None:
    contents = {"static": PROGRAM, "dynamic": OTHER_PROGRAM, "damaged": PROGRAM[:7]}
    (tmp_path / "tar").write_bytes(files(contents))
    (tmp_path / "text").write_bytes(TEXT)
    static, dynamic, text = read_all([str(tmp_path / "tar"), str(tmp_path / "text")], binary.read)
    assert isinstance(static, Answer)
    assert isinstance(static.result, BinaryReport)
    assert isinstance(dynamic, Answer)
    assert dynamic.result == binary.read(OTHER_PROGRAM)
    assert isinstance(text, Trouble)
    assert text.message == "a text file"


def test_a_worker_that_is_killed_between_batches_costs_one_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it was last seen at belongs to the batch before, and is no longer asked for."""
    monkeypatch.setattr(pool, "BATCH_FILES", 4)
    write(tmp_path, *["word"] * 10)
    ask, asked = worker.Worker.ask, []

    def killed(self: worker.Worker, request: list[object]) -> None:
        asked.append(len(request))
        if len(asked) > 1 and asked.count(-1) == 0:
            asked.append(-1)
            os.kill(self.pid, signal.SIGKILL)
            os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
        ask(self, request)

    monkeypatch.setattr(worker.Worker, "ask", killed)
    items = list(read_all([str(tmp_path)], obedient, 1))
    assert [Path(item.name).name for item in items] == [f"{n:03}" for n in range(10)]
    assert [n for n, item in enumerate(items) if isinstance(item, Trouble)] == [4]


def test_what_a_worker_answered_before_it_was_given_up_is_kept(tmp_path: Path) -> None:
    write(tmp_path, "a", "b")
    found = [(n, Found(f"{n:03}", str(tmp_path / f"{n:03}"), 64, False)) for n in range(2)]
    slots = pool._Pool(iter([item for _, item in found]), Work(obedient), 1)
    slots._fill()
    slots._give()
    (given_up,) = slots._busy
    while given_up.watch.seen()[0] < 6:  # it has begun, read and ended both
        time.sleep(0.001)
    slots._give_up(given_up)
    assert [item.name for item in slots.answers()][:2] == ["000", "001"]
    slots.end()
