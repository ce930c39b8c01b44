"""Any bytes give candidates or troubles: no other exception, and nothing is written by name."""

from __future__ import annotations

import gzip
import lzma
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from staticgo.model.source import Trouble
from staticgo.sources import collect, opened
from staticgo.sources.member import Member
from staticgo.sources.names import shown
from tests.binaries.archives import (
    PROGRAM,
    TEXT,
    Layout,
    deb,
    entry,
    extended,
    files,
    saved,
    tar,
    zipped,
)

_TAR = tar(extended(path="long/name") + entry("x", PROGRAM), entry("text", TEXT))
_LAYOUT = Layout()
_LAYOUT.index(_LAYOUT.manifest([gzip.compress(_TAR), files({".wh.text": b""})], "linux/amd64"))
SEEDS = [
    _TAR,
    gzip.compress(_TAR),
    lzma.compress(_TAR),
    gzip.compress(PROGRAM),
    deb("data.tar.gz", gzip.compress(_TAR)),
    zipped({"app": PROGRAM, "text": TEXT}),
    saved([_TAR, files({"x/.wh..wh..opq": b""})]),
    _LAYOUT.tar(),
]
MOST = sum(map(len, SEEDS)) * 4


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def attempt(folder: Path, data: bytes) -> list[Member | Trouble]:
    """What comes of it; any exception fails the test."""
    file = folder / "given"
    file.write_bytes(data)
    items = list(collect([str(file)]))
    assert items
    for item in items:
        assert item.name.isprintable()
        if isinstance(item, Trouble):
            assert item.message
            assert item.hint
        else:
            with opened(item) as buffer:
                assert len(buffer) == item.size <= max(MOST, len(data))
    assert [path.name for path in folder.iterdir()] == ["given"]
    return items


mutations = st.lists(
    st.tuples(
        st.integers(0, 1 << 20),
        st.one_of(st.sampled_from(b"\0\1\x80\xff079/."), st.integers(0, 255)),
    ),
    min_size=1,
    max_size=6,
)
quickly = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=1000)


@quickly
@given(data=st.binary(max_size=2000))
def test_any_bytes(folder: Path, data: bytes) -> None:
    attempt(folder, data)
    for start in (b"\x1f\x8b\x08", b"PK\x03\x04", b"!<arch>\ndebian-binary", b"\x28\xb5\x2f\xfd"):
        attempt(folder, start + data)


@quickly
@given(seed=st.sampled_from(SEEDS), changes=mutations)
def test_any_damage(folder: Path, seed: bytes, changes: list[tuple[int, int]]) -> None:
    data = bytearray(seed)
    for position, value in changes:
        data[position % len(data)] = value
    attempt(folder, bytes(data))


@quickly
@given(header=st.binary(min_size=512, max_size=512), data=st.binary(max_size=1500))
def test_any_header_of_a_tar(folder: Path, header: bytes, data: bytes) -> None:
    """With a right checksum, so that it is believed."""
    block = header[:148] + b" " * 8 + header[156:]
    block = block[:148] + b"%06o\0 " % sum(block) + block[156:]
    attempt(folder, entry("first", PROGRAM) + block + data)


@quickly
@given(text=st.text(alphabet=st.sampled_from('[]{}":,1manifestslayersdigest'), max_size=60))
def test_any_manifest(folder: Path, text: str) -> None:
    attempt(folder, files({"oci-layout": b"{}", "index.json": text.encode()}))
    attempt(folder, files({"manifest.json": b'[{"Layers":' + text.encode() + b"}]"}))


@pytest.mark.parametrize("seed", SEEDS, ids=range(len(SEEDS)))
def test_cut_anywhere(folder: Path, seed: bytes) -> None:
    """What is cut never passes for whole, unless what is left ends as it should."""
    whole = {(item.name, item.size) for item in attempt(folder, seed) if isinstance(item, Member)}
    for size in {*range(0, len(seed), 37), *range(max(0, len(seed) - 24), len(seed))}:
        items = attempt(folder, seed[:size])
        members = {(item.name, item.size) for item in items if isinstance(item, Member)}
        assert any(isinstance(item, Trouble) for item in items) or members >= whole or size < 512


@given(st.text())
def test_any_name_is_shown_in_one_line(name: str) -> None:
    assert shown(name).isprintable()
