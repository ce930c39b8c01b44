"""Any bytes give a report or a format error; no damage makes a dynamic program look static."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staticgo.binary import read
from staticgo.errors import FormatError
from staticgo.model.binary import BinaryReport, Linkage
from tests.binaries import elf, go
from tests.binaries.corrupt import CORRUPT
from tests.binaries.elf import PT_INTERP, PT_LOAD
from tests.binaries.make import IMAGES

SEEDS = [*IMAGES.values(), *CORRUPT.values()]
DYNAMIC = [elf.DYNAMIC.build(), elf.DYNAMIC_PIE.build(), elf.MIPS_DYNAMIC.build()]
STATIC = (Linkage.STATIC, Linkage.STATIC_PIE)
INTERESTING = [0, 1, 2, 3, 0x7F, 0x80, 0xFF]


def attempt(data: bytes) -> BinaryReport | None:
    """The report, or None for a FormatError; any other exception fails the test."""
    try:
        return read(data)
    except FormatError as error:
        assert error.message
        assert error.hint
        return None


def linkage(data: bytes) -> Linkage:
    report = attempt(data)
    return report.slices[0].linkage if report else Linkage.UNKNOWN


def kernel_program_headers(data: bytes) -> list[tuple[int, ...]]:
    """The program headers that Linux would read (fs/binfmt_elf.c), written down a second time.

    The word size comes from e_machine, as there: EI_CLASS is not looked at.
    """
    wide = struct.unpack_from("<H", data, 18)[0] == elf.AMD64
    order = "<" if wide else ">"
    phoff = struct.unpack_from(order + ("Q" if wide else "I"), data, 32 if wide else 28)[0]
    size, count = struct.unpack_from(order + "HH", data, 54 if wide else 42)
    assert size == (56 if wide else 32)
    form = order + ("IIQQQQQQ" if wide else "IIIIIIII")
    return [struct.unpack_from(form, data, phoff + index * size) for index in range(count)]


def kernel_would_start_it_alone(data: bytes) -> bool:
    """Whether Linux finds something to load, and nobody else to hand the program to."""
    types = [header[0] for header in kernel_program_headers(data)]
    return PT_INTERP not in types and PT_LOAD in types


@given(st.binary(max_size=600))
def test_any_bytes_give_a_report_or_a_format_error(data: bytes) -> None:
    attempt(data)
    attempt(b"\x7fELF" + data)


@given(st.sampled_from([1, 2]), st.sampled_from([1, 2]), st.binary(min_size=48, max_size=600))
def test_any_header_gives_a_report(word: int, order: int, data: bytes) -> None:
    assert attempt(b"\x7fELF" + bytes((word, order)) + bytes(10) + data) is not None


mutations = st.lists(
    st.tuples(
        st.integers(0, 1 << 20), st.one_of(st.sampled_from(INTERESTING), st.integers(0, 255))
    ),
    min_size=1,
    max_size=6,
)


def mutated(image: bytes, changes: list[tuple[int, int]]) -> bytes:
    data = bytearray(image)
    for position, value in changes:
        data[position % len(data)] = value
    return bytes(data)


@given(st.sampled_from(SEEDS), mutations)
def test_any_damage_gives_a_report_or_a_format_error(
    image: bytes, changes: list[tuple[int, int]]
) -> None:
    attempt(mutated(image, changes))


@given(st.sampled_from([*DYNAMIC, *SEEDS]), mutations)
def test_what_is_called_static_has_no_interpreter_in_the_kernel_s_eyes(
    image: bytes, changes: list[tuple[int, int]]
) -> None:
    data = mutated(image, changes)
    report = attempt(data)
    if report and report.slices[0].linkage in STATIC and report.slices[0].machine == "amd64":
        assert kernel_would_start_it_alone(data)


@pytest.mark.parametrize("image", DYNAMIC)
def test_no_single_byte_makes_a_dynamic_program_static(image: bytes) -> None:
    """Two signs stand in these images, so one change may remove one of them, and no more.

    But one byte of the header may move the table of program headers, or cut it: then the kernel
    sees other program headers too, and the answer must be what it sees.
    """
    for position in range(len(image)):
        for value in {*INTERESTING, *(image[position] ^ 1 << bit for bit in range(8))}:
            data = mutated(image, [(position, value)])
            if linkage(data) in STATIC:
                assert kernel_would_start_it_alone(data), (position, value)
                assert position < 64, (position, value)


@pytest.mark.parametrize("image", SEEDS)
def test_a_cut_image_is_never_called_static(image: bytes) -> None:
    for size in range(len(image)):
        # What UPX leaves behind the last segment is its only mark on this one.
        assert linkage(image[:size]) not in STATIC or b"UPX!" in image


@given(st.binary(max_size=64), st.binary(max_size=64))
def test_bytes_around_the_build_information_change_nothing_else(
    version: bytes, modules: bytes
) -> None:
    blob = (go.MAGIC + bytes((0, 2))).ljust(32, b"\0")
    data = blob + go.varint(len(version)) + version + go.varint(len(modules)) + modules
    report = attempt(elf.STATIC.but(data=data).build())
    assert report is not None
    assert report.slices[0].linkage is Linkage.STATIC or b"UPX!" in data


@given(st.text(alphabet=st.sampled_from('pathmodepbuil=>\t\n"`\\x0u '), max_size=80))
def test_any_module_text_is_read_or_is_a_gap(modules: str) -> None:
    report = attempt(elf.STATIC.but(data=go.inline(modules=modules)).build())
    assert report is not None
    assert report.slices[0].go is not None
    assert report.slices[0].go.version == go.VERSION
