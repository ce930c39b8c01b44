"""A universal binary is laid out as Apple's tools lay it out, and reads as what went in."""

from __future__ import annotations

import struct

import pytest

from staticgo.binary import read
from staticgo.binary.universal import universal
from staticgo.errors import FormatError
from tests.binaries.macho import INTEL, OLD_MAC, PROGRAM, fat, sealed

ARM, X86 = sealed(PROGRAM).build(), INTEL.build()


def join(*images: bytes) -> bytes:
    return b"".join(bytes(piece) for piece in universal(images))


def test_both_macs_are_read_back_as_they_were() -> None:
    found = read(join(ARM, X86))
    assert found.gaps == ()
    assert found.slices == (*read(X86).slices, *read(ARM).slices)


def test_each_slice_begins_at_a_page_of_its_cpu() -> None:
    whole = join(ARM, X86)
    assert struct.unpack_from(">II", whole) == (0xCAFEBABE, 2)
    x86, arm = (struct.unpack_from(">5I", whole, 8 + 20 * index) for index in (0, 1))
    assert x86 == (0x01000007, 0, 0x1000, len(X86), 12)
    assert arm == (0x0100000C, 0, 0x4000, len(ARM), 14)
    assert whole[0x1000 : 0x1000 + len(X86)] == X86
    assert whole[0x4000:] == ARM


def test_the_order_they_are_given_in_does_not_matter() -> None:
    assert join(ARM, X86) == join(X86, ARM)


def test_views_are_taken_as_they_are() -> None:
    assert join(memoryview(ARM), X86) == join(ARM, X86)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "images",
    [(), (ARM, ARM), (ARM, b""), (ARM, b"\x7fELF" + bytes(60)), (ARM, fat((7, X86))), (ARM[:9],)],
)
def test_what_cannot_be_joined_is_refused(images: tuple[bytes, ...]) -> None:
    with pytest.raises(FormatError):
        universal(images)


def test_any_other_cpu_has_the_larger_alignment() -> None:
    whole = join(OLD_MAC.build())
    assert struct.unpack_from(">5I", whole, 8)[4] == 14
