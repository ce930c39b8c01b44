"""The hashes of a code signature are compared with the file, and nothing hostile is believed."""

from __future__ import annotations

import struct

import pytest

from staticgo.binary.macho import read_macho
from staticgo.model.binary import BinaryReport, Slice
from tests.binaries import macho
from tests.binaries.macho import PROGRAM, Macho, sealed, signature

LONG = PROGRAM.but(text=bytes(range(256)) * 40)  # more than two pages
ENTITLEMENTS = struct.pack(">II", 0xFADE7171, 16) + b"<plist/>"


def report(image: bytes) -> BinaryReport:
    return read_macho(image)


def look(image: Macho | bytes) -> Slice:
    (found,) = report(image if isinstance(image, bytes) else image.build()).slices
    return found


def damaged(image: Macho, at: int) -> bytes:
    whole = bytearray(image.build())
    whole[at] ^= 1
    return bytes(whole)


def directory_at(image: Macho) -> int:
    return image.build().index(struct.pack(">I", 0xFADE0C02))


@pytest.mark.parametrize("image", [PROGRAM, LONG, macho.INTEL])
def test_a_right_signature_matches(image: Macho) -> None:
    found = look(sealed(image))
    assert found.signature.value == "ad-hoc"
    assert found.seal.value == "match"


def test_one_changed_byte_is_found_in_its_page() -> None:
    image = sealed(LONG)
    found = look(damaged(image, 2 * 4096 + 7))
    assert found.seal.value == "mismatch"
    assert found.seal.evidence == "1 of 3 page hashes are wrong (at 0x2000)"


def test_a_changed_hash_is_as_bad_as_a_changed_page() -> None:
    image = sealed(LONG)
    assert look(damaged(image, len(image.build()) - 1)).seal.value == "mismatch"


def test_parts_of_the_signature_are_compared() -> None:
    image = sealed(PROGRAM, parts={5: ENTITLEMENTS})
    assert look(image).seal.value == "match"
    at = image.build().rindex(b"<plist/>")
    found = look(damaged(image, at))
    assert found.seal.value == "mismatch"
    assert "part 5" in found.seal.evidence


def test_code_that_no_hash_stands_for_is_a_mismatch() -> None:
    found = look(sealed(PROGRAM, limit=64, pages=(PROGRAM.build()[:64],)))
    assert found.seal.value == "mismatch"
    assert "code ends at" in found.seal.evidence


def test_missing_page_hashes_are_a_mismatch() -> None:
    body = len(sealed(LONG).build())
    found = look(sealed(LONG, pages=(), limit=body - 4096))
    assert found.seal.value == "mismatch"
    assert "0 page hashes" in found.seal.evidence


def test_a_program_without_a_signature_has_no_seal() -> None:
    assert look(PROGRAM).seal.value == ""


@pytest.mark.parametrize(
    ("field", "form", "value", "why"),
    [
        (16, ">I", 2**32 - 1, "do not fit"),  # hashOffset
        (24, ">I", 2**32 - 1, "do not fit"),  # nSpecialSlots
        (28, ">I", 2**32 - 1, "do not fit"),  # nCodeSlots
        (32, ">I", 2**32 - 1, "stands at"),  # codeLimit
        (56, ">Q", 2**64 - 1, "stands at"),  # codeLimit64
        (36, "B", 20, "none we know"),  # hashSize
        (37, "B", 99, "none we know"),  # hashType
        (39, "B", 63, "refuses"),  # pageSize
        (39, "B", 0, "refuses"),  # pageSize
        (44, ">I", 8, "scattered"),
        (20, ">I", 2**32 - 1, "identifier"),
    ],
)
def test_a_directory_that_lies_is_a_gap(field: int, form: str, value: int, why: str) -> None:
    image = sealed(LONG)
    whole = bytearray(image.build())
    struct.pack_into(form, whole, directory_at(image) + field, value)
    found = report(bytes(whole))
    assert found.slices[0].seal.value == ""
    assert any(why in gap.why for gap in found.gaps), found.gaps
    assert found.slices[0].signature.value == "ad-hoc"


def test_every_directory_is_compared() -> None:
    """The kernel takes the one with the best hash, older systems take another."""
    image = sealed(LONG)
    first = image.signature[20:]
    blobs = struct.pack(">IIII", 0, 28, 0x1000, 28 + len(first)) + first + first[:-1] + b"x"
    second = struct.pack(">III", 0xFADE0CC0, 12 + len(blobs), 2) + blobs
    # The size of the signature stands in the first page: its hash is wrong in both; the rest is not.
    found = look(image.but(signature=second))
    assert found.seal.value == "mismatch"


def test_a_part_past_the_end_is_a_gap() -> None:
    part = struct.pack(">II", 0xFADE7171, 2**31) + b"<plist/>"
    found = report(sealed(PROGRAM, parts={5: part}).build())
    assert [gap.what for gap in found.gaps] == ["code directory"]
    assert found.slices[0].seal.value == ""


def test_a_directory_of_no_pages_says_nothing_good() -> None:
    assert look(PROGRAM.but(signature=signature())).seal.value == "mismatch"
