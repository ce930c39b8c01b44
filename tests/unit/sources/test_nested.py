"""Archives in archives: not read, and never passed over in silence where they may hold programs."""

from __future__ import annotations

import gzip
import lzma
import zipfile
from pathlib import Path

import pytest

from tests.binaries.archives import OTHER_PROGRAM, PROGRAM, TEXT, deb, files, zipped
from tests.unit.sources.given import in_file
from tests.unit.sources.test_archives import CONTENTS, PACKED, zstd

NESTED = "is an archive in an archive, and was not read"
INNER = {
    "tar": files({"app": PROGRAM}),
    "zip": zipped({"app": PROGRAM}),
    "deb": deb("data.tar", files({"app": PROGRAM})),
} | {name: pack(files({"app": PROGRAM})) for name, pack in PACKED.items() if name != "plain"}


@pytest.mark.parametrize("inner", INNER)
def test_an_archive_in_an_archive_is_a_trouble(tmp_path: Path, inner: str) -> None:
    contents = {"inner": INNER[inner], "app": OTHER_PROGRAM}
    for data in (
        files(contents),
        gzip.compress(files(contents)),
        zipped(contents),
        zipped(contents, zipfile.ZIP_STORED),
        zipped(contents, zipfile.ZIP_BZIP2),
        deb("data.tar", files(contents)),
    ):
        assert in_file(tmp_path, data) == ({"app": OTHER_PROGRAM}, [NESTED])
    assert in_file(tmp_path, gzip.compress(INNER[inner]), "x.gz") == (
        ({}, [NESTED]) if inner != "tar" else ({"app": PROGRAM}, [])
    )


@pytest.mark.parametrize(
    "inner",
    [
        gzip.compress(TEXT),
        lzma.compress(PROGRAM),
        zstd.compress(bytes(9999)),
        gzip.compress(files({"app": PROGRAM}))[:30],
        zipped({}),
        zipped({"META-INF/MANIFEST.MF": TEXT, "A.class": TEXT}),
        bytes(2048),
    ],
    ids=["manual page", "kernel module", "zeros", "damaged", "no entry", "jar", "blocks"],
)
def test_what_holds_no_programs_is_no_trouble(tmp_path: Path, inner: bytes) -> None:
    contents = {"inner": inner, "app": PROGRAM}
    for data in (files(contents), zipped(contents), zipped(contents, zipfile.ZIP_STORED)):
        assert in_file(tmp_path, data) == ({"app": PROGRAM}, [])


def test_many_archives_in_an_archive_are_counted_and_hide_nothing(tmp_path: Path) -> None:
    contents = {f"{number}.zip": INNER["zip"] for number in range(1200)} | {"last": PROGRAM}
    for data in (files(contents), zipped(contents)):
        members, troubles = in_file(tmp_path, data)
        assert members == {"last": PROGRAM}
        assert troubles == [NESTED] * 10 + ["holds 1,190 more archives, not read either"]


def test_an_archive_that_cannot_be_looked_into_is_a_trouble(tmp_path: Path) -> None:
    options = {zstd.CompressionParameter.window_log: 27}
    inner = zstd.compress(files(CONTENTS) + bytes(1 << 27), options=options)
    assert in_file(tmp_path, files({"inner": inner})) == ({}, [NESTED])
