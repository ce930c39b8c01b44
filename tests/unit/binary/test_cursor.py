"""Searching the buffer: bounded, and the same in every kind of buffer."""

from __future__ import annotations

import mmap

import pytest

from staticgo.binary.cursor import Buffer, Cursor

DATA = bytes(1 << 20) + b"needle" + bytes(1 << 20) + b"needle"
FIRST, SECOND = 1 << 20, (2 << 20) + 6


def mapped() -> mmap.mmap:
    found = mmap.mmap(-1, len(DATA))
    found.write(DATA)
    return found


@pytest.mark.parametrize("data", [DATA, memoryview(DATA), mapped()], ids=["bytes", "view", "mmap"])
@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, len(DATA), FIRST),
        (-99, 1 << 80, FIRST),
        (FIRST, FIRST + 6, FIRST),
        (FIRST, FIRST + 5, -1),
        (FIRST - 3, FIRST + 3, -1),
        (FIRST + 1, len(DATA), SECOND),
        (SECOND + 1, len(DATA), -1),
        (1 << 70, 1 << 71, -1),
        (9, 3, -1),
    ],
)
def test_the_first_one_within_bounds_is_found(
    data: Buffer, start: int, end: int, expected: int
) -> None:
    assert Cursor(data).find(b"needle", start, end) == expected


@pytest.mark.parametrize("at", range((1 << 20) - 7, (1 << 20) + 2))
def test_a_view_is_searched_across_the_edges_of_what_is_copied(at: int) -> None:
    data = bytearray(2 << 20)
    data[at : at + 6] = b"needle"
    with memoryview(bytes(data)) as view:
        assert Cursor(view).find(b"needle", 0, len(data)) == at
