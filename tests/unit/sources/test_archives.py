"""Archives of every kind, known by their bytes; damaged and hostile ones are troubles."""

from __future__ import annotations

import bz2
import gzip
import lzma
import struct
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from staticgo.sources import collect, limits
from tests.binaries.archives import (
    END,
    OTHER_PROGRAM,
    PROGRAM,
    TEXT,
    ar,
    deb,
    entry,
    extended,
    files,
    header,
    padded,
    tar,
    zipped,
)
from tests.unit.sources.given import in_file

zstd: Any
if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PACKED = {
    "plain": lambda data: data,
    "gzip": gzip.compress,
    "xz": lzma.compress,
    "bzip2": bz2.compress,
    "zstd": zstd.compress,
}
CONTENTS = {"usr/bin/app": PROGRAM, "README": TEXT, "usr/lib/x": OTHER_PROGRAM, "empty": b""}
EXPECTED = {"usr/bin/app": PROGRAM, "usr/lib/x": OTHER_PROGRAM}


@pytest.mark.parametrize("packing", PACKED)
def test_a_tar_is_read_however_it_is_packed(tmp_path: Path, packing: str) -> None:
    data = PACKED[packing](files(CONTENTS))
    assert in_file(tmp_path, data, "no.extension") == (EXPECTED, [])


@pytest.mark.parametrize("packing", [name for name in PACKED if name != "plain"])
def test_several_frames_are_one_stream(tmp_path: Path, packing: str) -> None:
    data, pack = files(CONTENTS), PACKED[packing]
    assert in_file(tmp_path, pack(data[:700]) + pack(data[700:])) == (EXPECTED, [])


@pytest.mark.parametrize("packing", [name for name in PACKED if name != "plain"])
def test_one_compressed_program_is_read(tmp_path: Path, packing: str) -> None:
    pack = PACKED[packing]
    assert in_file(tmp_path, pack(PROGRAM), "app.packed") == ({"app": PROGRAM}, [])
    assert in_file(tmp_path, pack(TEXT)) == ({}, ["holds no program or library"])
    for damaged in (pack(PROGRAM)[:-9], pack(PROGRAM)[: len(pack(PROGRAM)) // 2]):
        members, (message,) = in_file(tmp_path, damaged)
        assert not members
        assert "ends too early" in message or "damaged" in message


@pytest.mark.parametrize("packing", PACKED)
def test_a_debian_package_is_read(tmp_path: Path, packing: str) -> None:
    data = deb("data.tar", PACKED[packing](tar(entry("./usr/bin/app", PROGRAM))))
    assert in_file(tmp_path, data) == ({"./usr/bin/app": PROGRAM}, [])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (deb("data.tar.lzma", b"]\0\0\x80\0" + bytes(99)), "packed in a way"),
        (ar([("debian-binary", b"2.0\n")]), "holds no data.tar"),
        (deb("data.tar", files(CONTENTS))[:-900], "ends too early"),
        (deb("data.tar", b"")[:-20], "ends too early"),
        (deb("data.tar", b"").replace(b"`\n", b"??"), "malformed"),
        (deb("data.tar", files(CONTENTS)).replace(b"100644  ", b"100644  9"), "malformed"),
    ],
    ids=["lzma", "no data", "cut", "cut in a header", "malformed", "shifted"],
)
def test_a_damaged_package_is_a_trouble(tmp_path: Path, data: bytes, message: str) -> None:
    _, (said,) = in_file(tmp_path, data)
    assert message in said or "past its end" in said


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_a_zip_is_read(tmp_path: Path, method: int) -> None:
    assert in_file(tmp_path, zipped(CONTENTS, method)) == (EXPECTED, [])


def test_java_classes_are_no_programs(tmp_path: Path) -> None:
    java = b"\xca\xfe\xba\xbe\0\0\0\x41" + bytes(99)
    fat = b"\xca\xfe\xba\xbe\0\0\0\x02" + bytes(99)
    assert in_file(tmp_path, zipped({"A.class": java, "fat": fat})) == ({"fat": fat}, [])


def test_dos_programs_and_texts_are_no_windows_programs(tmp_path: Path) -> None:
    pe = (b"MZ".ljust(0x3C, b"\0") + struct.pack("<I", 0x80)).ljust(0x80, b"\0") + b"PE\0\0"
    far = b"MZ".ljust(0x3C, b"\0") + struct.pack("<I", 0x8000) + bytes(9999)
    texts = {"dos": pe.replace(b"PE", b"NE"), "text": b"MZ is not a program, but a text" * 199}
    contents = {"pe": pe, "far": far} | texts
    assert in_file(tmp_path, files(contents)) == ({"pe": pe, "far": far}, [])


@pytest.mark.parametrize("count", [1, 2, 45, 65])
def test_fat_files_and_java_classes_are_told_apart(tmp_path: Path, count: int) -> None:
    start = b"\xca\xfe\xba\xbe" + struct.pack(">I", count)
    fat = start + struct.pack(">I", 0x0100000C) + bytes(99)
    java = b"\xca\xfe\xba\xbe\0\0\0\x34" + b"\0\x1d\x0a\0" + bytes(99)
    contents = {"fat": fat, "A.class": java}
    for data in (files(contents), zipped(contents), zipped(contents, zipfile.ZIP_STORED)):
        assert in_file(tmp_path, data) == ({"fat": fat}, [])


# Tar, header by header.


def test_long_names_of_all_kinds(tmp_path: Path) -> None:
    long = "d/" * 90 + "app"
    data = tar(
        extended(path=long) + entry("short", PROGRAM),
        entry("././@LongLink", long.encode() + b"2\0", kind=b"L") + entry("short", PROGRAM),
        header("app", len(PROGRAM), tail=b"front/part") + padded(PROGRAM),
        header("old", len(PROGRAM), magic=b"") + padded(PROGRAM),
        header("gnu", len(PROGRAM), magic=b"ustar  \0", tail=b"14000000000") + padded(PROGRAM),
    )
    members, troubles = in_file(tmp_path, data)
    assert list(members) == [long, long + "2", "front/part/app", "old", "gnu"]
    assert not troubles


def test_sizes_of_all_kinds(tmp_path: Path) -> None:
    size = len(PROGRAM)
    body = padded(PROGRAM)
    data = tar(
        header("octal", b"%12o" % size) + body,
        header("binary", b"\x80" + size.to_bytes(11, "big")) + body,
        extended(size=str(size)) + header("pax", 1) + body,
        header("folder", 999, kind=b"5"),
        header("link", 999, kind=b"1", link="octal"),
        extended(b"g", path="not for all") + entry("global", PROGRAM),
    )
    members, troubles = in_file(tmp_path, data)
    assert list(members) == ["octal", "binary", "pax", "global"]
    assert not troubles


WHOLE = entry("first", PROGRAM)
HOSTILE = {
    "a wrong checksum": WHOLE + b"x" * 512,
    "no end": WHOLE,
    "cut in a header": WHOLE + entry("second", PROGRAM)[:100],
    "cut in a file": WHOLE + entry("second", PROGRAM)[:600],
    "a file past the end": WHOLE + header("second", 1 << 30) + PROGRAM,
    "a size of 2^62": WHOLE + header("second", b"\x80" + (1 << 62).to_bytes(11, "big")) + END,
    "a size below zero": WHOLE + header("second", b"\xff" * 12) + END,
    "a size of underscores": WHOLE + header("second", b"0_0_0_0_0_0\0") + END,
    "a size with a sign": WHOLE + header("second", b"-0000000001\0") + END,
    "an extended header of 8 GiB": WHOLE + header("x", b"77777777777\0", kind=b"x") + END,
    "a long name without end": WHOLE + header("x", 9000, kind=b"L") + bytes(600),
    "a record of no length": WHOLE + entry("x", b"0 path=a\n", kind=b"x") + END,
    "a record past the end": WHOLE + entry("x", b"99 path=a\n", kind=b"x") + END,
    "a record of absurd length": WHOLE + entry("x", b"9" * 400 + b" path=a\n", kind=b"x") + END,
    "a record without a value": WHOLE + entry("x", b"8 path \n", kind=b"x") + END,
    "a record's size below zero": WHOLE + extended(size="-1") + entry("x", b"") + END,
}


@pytest.mark.parametrize("case", HOSTILE)
@pytest.mark.parametrize("packing", ["plain", "gzip"])
def test_a_hostile_tar_gives_what_came_before_and_a_trouble(
    tmp_path: Path, case: str, packing: str
) -> None:
    members, troubles = in_file(tmp_path, PACKED[packing](HOSTILE[case]))
    assert members == {"first": PROGRAM}
    assert len(troubles) == 1


def test_sparse_entries_are_named_and_cost_nothing(tmp_path: Path) -> None:
    old = header("old", 512, kind=b"S", tail=bytes(137) + b"\1").ljust(512, b"\0")
    more, last = bytes(504) + b"\1" + bytes(7), bytes(512)
    pax = extended(GNU_sparse_major="1", GNU_sparse_realsize=str(1 << 40), GNU_sparse_name="pax")
    data = tar(old + more + last + bytes(512), pax + entry("GNUSparseFile.0/pax", bytes(512)))
    members, troubles = in_file(tmp_path, data[:-1024] + files(CONTENTS))
    assert members == EXPECTED
    assert troubles == ["is stored with holes (a sparse file)"] * 2


def test_hostile_names_are_only_shown(tmp_path: Path) -> None:
    names = ["../../etc/passwd", "/etc/passwd", "a\x1b]0;x\x07", "..", "C:\\x", "a\udcffb"]
    members, _ = in_file(tmp_path, tar(*(entry(name, PROGRAM) for name in names)))
    shown = ["../../etc/passwd", "/etc/passwd", "a\\x1b]0;x\\x07", "..", "C:\\x", "a\\xffb"]
    assert list(members) == shown
    assert [path.name for path in tmp_path.iterdir()] == ["given"]


def test_links_and_devices_are_passed_over(tmp_path: Path) -> None:
    odd = [header(kind, kind=kind.encode(), link="/etc/passwd") for kind in "12346"]
    round_ = [header("a", kind=b"2", link="b"), header("b", kind=b"2", link="a")]
    assert in_file(tmp_path, tar(*odd, *round_, WHOLE)) == ({"first": PROGRAM}, [])


@pytest.mark.parametrize("kind", [b"0", b"\0", b"7", b"9", b"Z", b"\xff"])
def test_entries_of_unknown_types_are_files(tmp_path: Path, kind: bytes) -> None:
    """POSIX pax, ustar's typeflag: other values are to be treated as a regular file."""
    assert in_file(tmp_path, tar(entry("app", PROGRAM, kind=kind))) == ({"app": PROGRAM}, [])


def test_gnu_s_and_solaris_own_types(tmp_path: Path) -> None:
    size = len("12 path=app\n")
    data = tar(
        header("label", kind=b"V"),
        entry("dump", b"Yapp\0", kind=b"D"),
        header("x", size, kind=b"X") + padded(b"12 path=app\n"),
        entry("short", PROGRAM),
        entry("rest", PROGRAM, kind=b"M"),
    )
    said = ["began in another volume of the archive"]
    assert in_file(tmp_path, data) == ({"app": PROGRAM}, said)


# Bombs.


def test_a_bomb_is_refused_after_a_grace(tmp_path: Path) -> None:
    bomb = gzip.compress(header("big", 1 << 30) + bytes(1 << 27), 9)
    _, (message,) = in_file(tmp_path, bomb)
    assert "100 times its size" in message


def test_frames_and_entries_that_hold_nothing_are_bombs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "GRACE", 1 << 20)
    for data in (gzip.compress(b"") * 1000, gzip.compress(header("x") * 1000 + END, 9)):
        _, (message,) = in_file(tmp_path, data)
        assert "100 times its size" in message


def test_entries_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HEADERS", 100)
    contents = {f"{number}": b"" for number in range(101)}
    for data in (files(contents), gzip.compress(files(contents)), zipped(contents)):
        assert in_file(tmp_path, data)[1] == ["more than 100 entries"]


def test_a_huge_window_is_refused(tmp_path: Path) -> None:
    options = {zstd.CompressionParameter.window_log: 27}
    data = zstd.compress(files(CONTENTS) + bytes(1 << 27), options=options)
    assert "too much memory" in in_file(tmp_path, data)[1][0]
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 128 << 20}]
    packer = lzma.LZMACompressor(lzma.FORMAT_XZ, filters=filters)
    data = packer.compress(files(CONTENTS)) + packer.flush()
    assert "too much memory" in in_file(tmp_path, data)[1][0]


def test_the_largest_preset_of_xz_is_read(tmp_path: Path) -> None:
    assert in_file(tmp_path, lzma.compress(files(CONTENTS), preset=9)) == (EXPECTED, [])


def test_large_members_go_to_a_file_that_has_no_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("staticgo.sources.keep.IN_MEMORY", 1000)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    big = PROGRAM + bytes(range(256)) * 40
    for data in (files({"app": big}), gzip.compress(files({"app": big})), zipped({"app": big})):
        assert in_file(tmp_path, data) == ({"app": big}, [])
    assert in_file(tmp_path, gzip.compress(big), "app.gz") == ({"app": big}, [])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["app.gz", "given"]


def test_members_that_are_too_large_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("staticgo.sources.files.MEMBER", 1000)
    contents = {"big": PROGRAM + bytes(1000), "app": PROGRAM}
    for data in (files(contents), zipped(contents)):
        members, troubles = in_file(tmp_path, data)
        assert members == {"app": PROGRAM}
        assert len(troubles) == 1


def test_a_sparse_file_is_not_copied_out_of_a_tar(tmp_path: Path) -> None:
    with (tmp_path / "tar").open("wb") as file:
        file.write(header("big", 3 << 30) + PROGRAM)
        file.truncate(1 << 40)
    (item,) = collect([str(tmp_path / "tar")])
    assert "holes" in item.message  # type: ignore[union-attr]


# Zip.


def test_entries_that_share_bytes_are_refused(tmp_path: Path) -> None:
    data = bytearray(zipped({"one": PROGRAM, "two": PROGRAM}))
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = bytes(4)
    members, (message,) = in_file(tmp_path, bytes(data))
    assert members == {"one": PROGRAM}
    assert "zip bomb" in message


@pytest.mark.parametrize(
    ("at", "value"),
    [(16, 4), (20, 4), (24, 4), (42, 4), (10, 2), (8, 2)],
    ids=["crc", "packed size", "size", "offset", "method", "flags"],
)
def test_fields_that_lie_are_troubles(tmp_path: Path, at: int, value: int) -> None:
    whole = zipped({"app": PROGRAM})
    central = whole.index(b"PK\x01\x02") + at
    for number in (0x01, 0x1FF, 0xFFFFFFF1):
        lie = (number % (1 << 8 * value)).to_bytes(value, "little")
        data = whole[:central] + lie + whole[central + value :]
        members, troubles = in_file(tmp_path, data)
        assert members in ({}, {"app": PROGRAM})
        assert troubles or members


@pytest.mark.parametrize("cut", [1, 10, 22, 30, 60, 100])
def test_a_cut_zip_is_a_trouble(tmp_path: Path, cut: int) -> None:
    members, troubles = in_file(tmp_path, zipped({"app": PROGRAM})[:-cut])
    assert (members, len(troubles)) == ({}, 1)


def test_a_zip64_is_read(tmp_path: Path) -> None:
    """As zipfile writes it when it does not know the size beforehand."""
    file = tmp_path / "zip"
    with (
        zipfile.ZipFile(file, "w") as archive,
        archive.open("app", "w", force_zip64=True) as member,
    ):
        member.write(PROGRAM)
    plain = file.read_bytes()
    assert in_file(tmp_path, plain) == ({"app": PROGRAM}, [])
    # The same with all that can be in the zip64 fields in them.
    at = plain.index(b"PK\x01\x02")
    central = plain[at : plain.index(b"PK\x05\x06")]
    wide = struct.pack("<2H3Q", 1, 24, len(PROGRAM), len(PROGRAM), 0)
    central = central[:20] + b"\xff" * 8 + central[28:30] + struct.pack("<H", len(wide)) + bytes(10)
    central = central + b"\xff" * 4 + b"app" + wide
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, len(central), at)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, at + len(central), 1)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    assert in_file(tmp_path, plain[:at] + central + end64 + locator + end) == (
        {"app": PROGRAM},
        [],
    )


def test_encrypted_entries_are_named_up_to_a_number(tmp_path: Path) -> None:
    data = bytearray(zipped({f"{number}": PROGRAM for number in range(200)}))
    at = -1
    while (at := data.find(b"PK\x01\x02", at + 1)) >= 0:
        data[at + 8] |= 1
    _, troubles = in_file(tmp_path, bytes(data))
    assert troubles[:-1] == ["is encrypted"] * limits.TROUBLES
    assert "any further" in troubles[-1]
