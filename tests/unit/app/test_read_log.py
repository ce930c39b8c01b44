"""Logs from anywhere: files and standard input, of any size and content."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from staticgo.app.log import read_log
from staticgo.errors import UsageError
from staticgo.view.log import log_text

LINE = b"/usr/bin/ld: cannot find -lpcap\n"


def test_a_file(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"\xff\xfe\x00 not text\n" + LINE)
    reading = read_log(str(tmp_path / "log"))
    assert [advice.names for advice in reading.advices] == [("pcap",)]
    assert reading.advices[0].evidence[0].number == 2
    assert (reading.lines, reading.not_recognised, reading.cut) == (2, 1, False)


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LINE)))
    assert [advice.id for advice in read_log("-").advices] == ["missing-library"]


@pytest.mark.parametrize("name", ["no/such/file", ".", "a\0b"])
def test_what_cannot_be_read_is_said(name: str) -> None:
    with pytest.raises(UsageError, match="cannot be read") as caught:
        read_log(name)
    assert caught.value.hint


def test_of_a_log_beyond_the_limit_the_beginning_is_read(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(LINE * 100)
    reading = read_log(str(tmp_path / "log"), limit=10 * len(LINE))
    assert reading.advices[0].times == 10
    assert reading.cut
    assert "its end was not read" in log_text(reading)


def test_what_has_no_end_is_read_to_the_limit() -> None:
    assert read_log("/dev/zero", limit=3 << 20).cut


def test_an_end_of_line_across_blocks_is_one(tmp_path: Path) -> None:
    before = b"x" * ((1 << 20) - 1)  # the CR is the block's last byte
    (tmp_path / "log").write_bytes(before + b"\r\n" + LINE)
    (advice,) = read_log(str(tmp_path / "log")).advices
    assert advice.evidence[0].number == 2


def test_lines_and_characters_are_whole_across_blocks(tmp_path: Path) -> None:
    before = ("\u2018" * 40 + "\n").encode() * 9000  # three bytes each: blocks end in the middle
    (tmp_path / "log").write_bytes(before + LINE * 3)
    reading = read_log(str(tmp_path / "log"))
    assert reading.lines == 9003
    assert reading.advices[0].times == 3
    assert [line.number for line in reading.advices[0].evidence] == [9001, 9002, 9003]
    assert not reading.complaints


def test_a_line_that_never_ends_takes_no_more_memory_than_a_block(tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as file:
        file.truncate(4 << 20)
        file.seek(0, os.SEEK_END)
        file.write(b"\n" + LINE)
    assert [advice.id for advice in read_log(str(tmp_path / "log")).advices] == ["missing-library"]
