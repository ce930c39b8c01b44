"""Static or dynamic: every sign counts, and doubt is never called static."""

from __future__ import annotations

import pytest

from staticgo.binary import read
from staticgo.model.binary import Kind, Linkage, Slice
from tests.binaries import elf
from tests.binaries.corrupt import CORRUPT
from tests.binaries.elf import Elf, Phdr


def look(image: Elf | bytes) -> Slice:
    (found,) = read(image if isinstance(image, bytes) else image.build()).slices
    return found


def gaps(image: Elf) -> list[str]:
    return [gap.what for gap in read(image.build()).gaps]


def test_a_program_without_interpreter_and_dynamic_section_is_static() -> None:
    found = look(elf.STATIC)
    assert (found.kind, found.linkage) == (Kind.EXECUTABLE, Linkage.STATIC)
    assert found.linkage_evidence == "no PT_INTERP, no PT_DYNAMIC"
    assert gaps(elf.STATIC) == []


def test_a_static_program_may_export_symbols() -> None:
    found = look(elf.STATIC.but(dynamic=()))
    assert found.linkage is Linkage.STATIC
    assert "no DT_NEEDED in PT_DYNAMIC" in found.linkage_evidence


def test_a_pie_that_loads_nothing_is_static_pie() -> None:
    found = look(elf.STATIC_PIE)
    assert (found.kind, found.linkage) == (Kind.PIE, Linkage.STATIC_PIE)
    assert gaps(elf.STATIC_PIE) == []


@pytest.mark.parametrize("image", [elf.DYNAMIC, elf.DYNAMIC_PIE])
def test_an_interpreter_and_a_library_are_named(image: Elf) -> None:
    found = look(image)
    assert found.linkage is Linkage.DYNAMIC
    assert found.interpreter == elf.GLIBC
    assert found.needed == ("libc.so.6",)
    assert elf.GLIBC in found.linkage_evidence
    assert "libc.so.6" in found.linkage_evidence


def test_an_interpreter_alone_makes_a_go_pie_dynamic() -> None:
    found = look(elf.GO_PIE)
    assert (found.kind, found.linkage, found.needed) == (Kind.PIE, Linkage.DYNAMIC, ())


def test_a_needed_library_alone_makes_a_program_dynamic() -> None:
    found = look(elf.STATIC.but(needed=("libm.so.6",)))
    assert (found.linkage, found.interpreter) == (Linkage.DYNAMIC, "")


@pytest.mark.parametrize("tag", [elf.DT_FILTER, elf.DT_AUXILIARY, elf.DT_AUDIT])
def test_every_tag_that_loads_a_file_makes_a_program_dynamic(tag: int) -> None:
    found = look(elf.STATIC_PIE.but(dynamic=((elf.DT_FLAGS_1, elf.DF_1_PIE), (tag, 0))))
    assert found.linkage is Linkage.DYNAMIC


def test_the_libraries_keep_their_order() -> None:
    assert look(elf.STATIC.but(needed=("z", "a", "m"))).needed == ("z", "a", "m")


def test_what_follows_the_end_of_the_dynamic_section_counts_for_nothing() -> None:
    ended = ((elf.DT_FLAGS_1, elf.DF_1_PIE), (elf.DT_NULL, 0), (elf.DT_NEEDED, 1))
    assert look(elf.STATIC_PIE.but(dynamic=ended)).linkage is Linkage.STATIC_PIE


def test_a_shared_object_without_entry_point_is_dynamic() -> None:
    found = look(elf.SHARED_OBJECT)
    assert (found.kind, found.linkage) == (Kind.SHARED_OBJECT, Linkage.DYNAMIC)


def test_a_shared_object_with_an_entry_point_is_unknown_as_ld_so_is() -> None:
    found = look(elf.SHARED_OBJECT.but(entry=64))
    assert (found.kind, found.linkage) == (Kind.SHARED_OBJECT, Linkage.UNKNOWN)
    assert "DF_1_PIE" in found.linkage_evidence


def test_libc_itself_has_an_interpreter_and_is_no_program() -> None:
    libc = elf.SHARED_OBJECT.but(interpreter=elf.GLIBC, entry=64)
    assert look(libc).kind is Kind.SHARED_OBJECT


def test_an_old_pie_is_told_by_its_interpreter() -> None:
    assert look(elf.DYNAMIC.but(type=elf.ET_DYN)).kind is Kind.PIE


@pytest.mark.parametrize("name", CORRUPT)
def test_a_damaged_or_lying_image_is_unknown_and_says_why(name: str) -> None:
    found = look(CORRUPT[name])
    assert found.linkage is Linkage.UNKNOWN
    assert found.linkage_evidence


@pytest.mark.parametrize(
    ("name", "kind"), [("an object file", Kind.RELOCATABLE), ("a core dump", Kind.CORE)]
)
def test_what_no_kernel_starts_is_named(name: str, kind: Kind) -> None:
    assert look(CORRUPT[name]).kind is kind


DAMAGED_BUT_DYNAMIC = {
    "interpreter": {
        "an interpreter without an end": elf.DYNAMIC.but(
            patch={1: Phdr(type=elf.PT_INTERP, offset=0, vaddr=0, filesz=4, memsz=4)}
        ),
        "an interpreter past the end": elf.DYNAMIC.but(
            patch={1: Phdr(type=elf.PT_INTERP, offset=1 << 40, vaddr=0, filesz=9, memsz=9)}
        ),
        "an interpreter of no length": elf.DYNAMIC.but(interpreter=""),
        "an interpreter longer than a path may be": elf.DYNAMIC.but(interpreter="/" * 5000),
        "two interpreters": elf.DYNAMIC.but(
            extra=(Phdr(type=elf.PT_INTERP, offset=0, vaddr=0, filesz=9, memsz=9),)
        ),
    },
    "dynamic section": {
        "a name past the table": elf.STATIC.but(dynamic=((elf.DT_NEEDED, 1 << 30),)),
        "no string table": elf.STATIC.but(
            needed=("libc.so.6",), dynamic=((elf.DT_STRTAB, 64), (elf.DT_STRTAB, 64))
        ),
        "a name longer than a path may be": elf.STATIC.but(needed=("l" * 5000,)),
    },
    "DT_STRTAB": {
        "a string table nowhere": elf.STATIC.but(
            needed=("libc.so.6",), dynamic=((elf.DT_STRTAB, 1),)
        )
    },
}


@pytest.mark.parametrize(
    ("what", "name"),
    [(what, name) for what, cases in DAMAGED_BUT_DYNAMIC.items() for name in cases],
)
def test_one_sign_is_proof_of_dynamic_whatever_else_is_damaged(what: str, name: str) -> None:
    image = DAMAGED_BUT_DYNAMIC[what][name]
    assert look(image).linkage is Linkage.DYNAMIC
    assert what in gaps(image)


def test_the_first_of_two_interpreters_is_the_one_the_kernel_starts() -> None:
    image = DAMAGED_BUT_DYNAMIC["interpreter"]["two interpreters"]
    assert look(image).interpreter == elf.GLIBC


def test_a_cut_dynamic_program_is_still_dynamic() -> None:
    whole = elf.DYNAMIC.build()
    assert look(whole[:-20]).linkage is Linkage.DYNAMIC


def test_names_that_are_no_utf8_are_read_with_a_replacement() -> None:
    image = elf.DYNAMIC.build().replace(b"libc.so.6", b"lib\xff.so.6")
    assert look(image).needed == ("lib\ufffd.so.6",)
