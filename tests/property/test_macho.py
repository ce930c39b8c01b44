"""Any bytes give a report or a format error; no damage makes a foreign library go away unseen."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staticgo.binary.macho import read_macho
from staticgo.errors import FormatError
from staticgo.facts.libraries_darwin import is_system
from staticgo.model.binary import BinaryReport, Linkage
from tests.binaries import go, macho
from tests.binaries.macho import AMD64, ARM64, CORRUPT, PROGRAM, REFUSED, Macho, fat

IMAGES = [image.build() for image in vars(macho).values() if isinstance(image, Macho)]
PLAIN = PROGRAM.but(
    dylibs=(macho.LIBSYSTEM, macho.FOREIGN),
    run_paths=("@loader_path",),
    text=b"text",
    data=go.inline(),
    symbols=((macho.Sym(name="_local", type=0xE),), (), (macho.IMPORT,)),
)
RICH = macho.sealed(PLAIN, flags=0, cms=b"pkcs7", parts={5: bytes.fromhex("fade717100000008")})
DYNAMIC = RICH.but(data=b"", symbols=None, signature=b"").build()
FAT = fat((ARM64, RICH.build()), (AMD64, macho.INTEL.build()))
WIDE = fat((ARM64, RICH.build()), (AMD64, macho.INTEL.build()), wide=True)
SEEDS = [*IMAGES, *CORRUPT.values(), *filter(None, REFUSED.values()), RICH.build(), FAT, WIDE]
GOOD = (Linkage.STATIC, Linkage.STATIC_PIE, Linkage.SYSTEM_ONLY)
INTERESTING = [0, 1, 2, 3, 0x7F, 0x80, 0xFF]

mutations = st.lists(
    st.tuples(
        st.integers(0, 1 << 20), st.one_of(st.sampled_from(INTERESTING), st.integers(0, 255))
    ),
    min_size=1,
    max_size=6,
)


def attempt(data: bytes) -> BinaryReport | None:
    """The report, or None for a FormatError; any other exception fails the test."""
    try:
        report = read_macho(data)
    except FormatError as error:
        assert error.message
        assert error.hint
        return None
    assert report.slices
    return report


def mutated(image: bytes, changes: list[tuple[int, int]]) -> bytes:
    data = bytearray(image)
    for position, value in changes:
        data[position % len(data)] = value
    return bytes(data)


def dyld_libraries(data: bytes) -> Iterator[bytes]:
    """The libraries that dyld would load for a 64-bit image, written down a second time."""
    count, size = struct.unpack_from("<II", data, 16)
    at, end = 32, 32 + size
    for _index in range(count):
        number, length = struct.unpack_from("<II", data, at)
        assert at + length <= end
        if number in (0xC, 0x20, 0x80000018, 0x8000001F, 0x80000023):
            start = at + struct.unpack_from("<I", data, at + 8)[0]
            yield data[start : data.index(b"\0", start)]
        at += length


@given(st.binary(max_size=600))
def test_any_bytes_give_a_report_or_a_format_error(data: bytes) -> None:
    attempt(data)
    for magic in ("cffaedfe", "feedface", "cafebabe00000002", "cafebabf00000001"):
        attempt(bytes.fromhex(magic) + data)


@given(st.sampled_from(SEEDS), mutations)
def test_any_damage_gives_a_report_or_a_format_error(
    image: bytes, changes: list[tuple[int, int]]
) -> None:
    report = attempt(mutated(image, changes))
    for found in report.slices if report else ():
        assert sum(group.size for group in found.sections) <= 1 << 64


@given(st.sampled_from(SEEDS), st.integers(0, 1 << 12))
def test_any_cut_gives_a_report_or_a_format_error(image: bytes, size: int) -> None:
    attempt(image[: size % len(image)])


@given(mutations)
def test_what_is_called_good_loads_nothing_foreign_in_dyld_s_eyes(
    changes: list[tuple[int, int]],
) -> None:
    data = mutated(DYNAMIC, changes)
    report = attempt(data)
    if report and report.slices[0].linkage in GOOD:
        assert all(is_system(name.decode("utf-8", "replace")) for name in dyld_libraries(data))


def test_no_single_byte_makes_a_foreign_library_go_unseen() -> None:
    """One byte may turn its command into another, or cut the list: then dyld sees no more of it."""
    for position in range(len(DYNAMIC)):
        for value in {*INTERESTING, *(DYNAMIC[position] ^ 1 << bit for bit in range(8))}:
            data = mutated(DYNAMIC, [(position, value)])
            report = attempt(data)
            if report and report.slices[0].linkage in GOOD:
                names = [name.decode("utf-8", "replace") for name in dyld_libraries(data)]
                assert all(map(is_system, names)), (position, value, names)


@pytest.mark.parametrize("image", [FAT, WIDE])
def test_sizes_sum_up_to_each_slice(image: bytes) -> None:
    report = attempt(image)
    assert report is not None
    assert sum(group.size for found in report.slices for group in found.sections) == len(
        RICH.build()
    ) + len(macho.INTEL.build())
