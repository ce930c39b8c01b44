"""A program for OpenBSD is exempted from landing pads, as Go's own linker does it."""

from __future__ import annotations

import struct

import pytest

from staticgo.errors import FormatError
from staticgo.linking.openbsd import exempted
from tests.binaries.elf import Elf, Phdr

STACK, EXEMPT = 0x6474E551, 0x65A3DBE8


def program(bits: int, kind: int = STACK, *, big_endian: bool = False) -> bytes:
    header = Phdr(type=kind, offset=0, vaddr=0, filesz=0, memsz=0x1000000, flags=6)
    return Elf(bits=bits, big_endian=big_endian, extra=(header,)).build()


@pytest.mark.parametrize("bits", [32, 64])
@pytest.mark.parametrize("big_endian", [False, True])
def test_the_stacks_header_becomes_the_exemption(bits: int, big_endian: bool) -> None:
    before = program(bits, big_endian=big_endian)
    after = exempted(before)
    order = ">" if big_endian else "<"
    at = before.index(struct.pack(f"{order}I", STACK))
    assert struct.unpack_from(f"{order}I", after, at) == (EXEMPT,)
    flags = at + (4 if bits == 64 else 24)
    assert struct.unpack_from(f"{order}I", after, flags) == (1,)
    size = 56 if bits == 64 else 32
    assert after[:at] == before[:at]
    assert after[at + size :] == before[at + size :]
    assert exempted(after) == after


@pytest.mark.parametrize("data", [b"", b"MZ" + bytes(100), b"\x7fELF", Elf().build()])
def test_what_has_no_place_for_it_is_an_error(data: bytes) -> None:
    with pytest.raises(FormatError):
        exempted(data)
