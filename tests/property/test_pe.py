"""Any bytes give a report or a format error; no damage hides a DLL that Windows would look for."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staticgo.binary.pe import read_pe
from staticgo.errors import FormatError
from staticgo.model.binary import BinaryReport, Linkage
from tests.binaries import go, pe
from tests.binaries.corrupt_pe import CORRUPT, DAMAGED_BUT_DYNAMIC
from tests.binaries.pe import Pe, Scn

GO = pe.GO.but(sections=(Scn(name=b".data", contents=go.inline(), characteristics=pe.DATA),))
LIBRARY = pe.LIBRARY.but(forwards=("NTDLL.RtlInit",), bound=("KERNEL32.dll",))
RECIPES = [image for image in vars(pe).values() if isinstance(image, Pe)] + [GO, LIBRARY]
SEEDS = [*(image.build() for image in RECIPES), *CORRUPT.values(), *DAMAGED_BUT_DYNAMIC.values()]
LEAKING = [image.build() for image in (pe.MINGW, pe.VISUAL_C, pe.DELAYED)]
GOOD = (Linkage.STATIC, Linkage.SYSTEM_ONLY)
PROMISED = {"kernel32.dll", "user32.dll", "msvcrt.dll"}
INTERESTING = [0, 1, 2, 3, 0x7F, 0x80, 0xFF]


def attempt(data: bytes) -> BinaryReport | None:
    """The report, or None for a FormatError; any other exception fails the test."""
    try:
        report = read_pe(data)
    except FormatError as error:
        assert error.message
        assert error.hint
        return None
    assert sum(group.size for group in report.slices[0].sections) == len(data)
    return report


def linkage(data: bytes) -> Linkage:
    report = attempt(data)
    return report.slices[0].linkage if report else Linkage.UNKNOWN


class Memory:
    """The image as Windows lays it out, written down a second time: sections over headers."""

    def __init__(self, data: bytes) -> None:
        start = struct.unpack_from("<I", data, 60)[0]
        count, size = struct.unpack_from("<H12xH", data, start + 6)
        self.optional = start + 24
        self.wide = struct.unpack_from("<H", data, self.optional)[0] == 0x20B
        self.parts = [(0, data[: struct.unpack_from("<I", data, self.optional + 60)[0]])]
        for at in range(self.optional + size, self.optional + size + 40 * count, 40):
            virtual, address, raw, pointer = struct.unpack_from("<IIII", data, at + 8)
            raw = min(raw + 511 & -512, virtual + 4095 & -4096) if virtual else raw
            self.parts.append((address, data[pointer & -512 :][:raw] if pointer else b""))

    def read(self, rva: int, size: int) -> bytes:
        for address, contents in reversed(self.parts):
            if address <= rva < address + len(contents):
                return contents[rva - address :][:size].ljust(size, b"\0")
        return bytes(size)

    def names(self) -> set[str]:
        """What the import and the delay-load tables name."""
        found = set()
        count_at = self.optional + (108 if self.wide else 92)
        for index, layout in ((1, "12xII"), (13, "I4x24x")):
            if index >= struct.unpack("<I", self.read(count_at, 4))[0]:
                continue
            at = struct.unpack("<I", self.read(count_at + 4 + 8 * index, 4))[0]
            for _record in range(64 if at else 0):
                fields = struct.unpack("<" + layout, self.read(at, struct.calcsize(layout)))
                name = struct.unpack("<I", self.read(at + 4, 4))[0] if index == 13 else fields[0]
                if not name or (index == 1 and not fields[1]):
                    break
                found.add(self.read(name, 64).partition(b"\0")[0].decode("latin-1").lower())
                at += struct.calcsize(layout)
        return found


@given(st.binary(max_size=600))
def test_any_bytes_give_a_report_or_a_format_error(data: bytes) -> None:
    attempt(data)
    attempt(b"MZ" + data)
    attempt(b"MZ".ljust(60, b"\0") + struct.pack("<I", 64) + b"PE\0\0" + data)


@given(st.sampled_from([0x10B, 0x20B]), st.binary(min_size=300, max_size=900))
def test_any_header_gives_a_report(magic: int, data: bytes) -> None:
    head = b"MZ".ljust(60, b"\0") + struct.pack("<I", 64) + b"PE\0\0" + data[:20]
    assert attempt(head + struct.pack("<H", magic) + data[20:]) is not None


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


@given(st.sampled_from(LEAKING), mutations)
def test_what_is_called_good_names_no_other_dll_in_windows_eyes(
    image: bytes, changes: list[tuple[int, int]]
) -> None:
    data = mutated(image, changes)
    if linkage(data) in GOOD:
        assert Memory(data).names() <= PROMISED


@pytest.mark.parametrize("image", LEAKING)
def test_no_single_byte_hides_a_dll_from_us_alone(image: bytes) -> None:
    for position in range(len(image)):
        for value in {*INTERESTING, image[position] ^ 0x20}:
            data = mutated(image, [(position, value)])
            if linkage(data) in GOOD:
                assert Memory(data).names() <= PROMISED, (position, value)


@pytest.mark.parametrize("image", SEEDS)
def test_a_cut_image_is_never_called_good(image: bytes) -> None:
    """What may be missing without harm is what the loader never reads: symbols, certificates."""
    for size in range(0, len(image), 7):
        if size < len(image) and linkage(image[:size]) in GOOD:
            sections = Memory(image).parts
            assert not any(contents for _address, contents in sections[1:]), size


@given(st.binary(max_size=64), st.binary(max_size=64))
def test_bytes_around_the_build_information_change_nothing_else(
    version: bytes, modules: bytes
) -> None:
    blob = (go.MAGIC + bytes((0, 2))).ljust(32, b"\0")
    data = blob + go.varint(len(version)) + version + go.varint(len(modules)) + modules
    section = Scn(name=b".data", contents=data, characteristics=pe.DATA)
    assert linkage(pe.GO.but(sections=(section,)).build()) is Linkage.SYSTEM_ONLY


@given(st.lists(st.tuples(st.integers(0, 15), st.integers(0, 0x3000), st.integers(0, 0xFFFFFFFF))))
def test_any_data_directories_give_a_report(places: list[tuple[int, int, int]]) -> None:
    directories = {index: (rva, size) for index, rva, size in places}
    assert attempt(GO.but(directories=directories).build()) is not None


def test_hostile_counts_cost_no_time() -> None:
    """Four thousand sections, a thousand DLLs, and exports that all are forwarded."""
    names = tuple(f"{number}.dll" for number in range(1000))
    sections = tuple(Scn(name=b".x", contents=b"x") for _number in range(90))
    forwards = ("k." + "f" * 200,) * 200
    image = Pe(imports=names, delayed=names, forwards=forwards, sections=sections).build()
    report = attempt(image)
    assert report is not None
    assert len(report.slices[0].needed) == 1001
