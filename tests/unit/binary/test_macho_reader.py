"""Mach-O: each slice is read, each library counts, and doubt is never called good."""

from __future__ import annotations

import mmap
import struct
from pathlib import Path

import pytest

from staticgo.binary.macho import read_macho
from staticgo.errors import FormatError
from staticgo.model.binary import Kind, Linkage, Protection, Requirement, Slice, State
from tests.binaries import go, macho
from tests.binaries.macho import (
    AMD64,
    ARM64,
    CORRUPT,
    FOREIGN,
    IMPORT,
    LIBSYSTEM,
    PROGRAM,
    REFUSED,
    Macho,
    Sym,
    fat,
    signature,
)

GOOD = (Linkage.STATIC, Linkage.STATIC_PIE, Linkage.SYSTEM_ONLY)


def look(image: Macho | bytes) -> Slice:
    (found,) = read_macho(image if isinstance(image, bytes) else image.build()).slices
    return found


def gaps(image: Macho) -> list[str]:
    return [gap.what for gap in read_macho(image.build()).gaps]


def protection(image: Macho, name: str) -> Protection:
    return next(entry for entry in look(image).protections if entry.name == name)


def test_a_program_of_system_libraries_is_system_only() -> None:
    found = look(PROGRAM)
    assert (found.machine, found.bits, found.kind) == ("arm64", 64, Kind.PIE)
    assert found.linkage is Linkage.SYSTEM_ONLY
    assert found.interpreter == macho.DYLD
    assert (found.needed, found.foreign) == ((LIBSYSTEM,), ())
    assert LIBSYSTEM in found.linkage_evidence
    assert (found.os, found.abi) == ("darwin", "macOS")
    assert gaps(PROGRAM) == []


@pytest.mark.parametrize(
    "command",
    [
        macho.LC_LOAD_DYLIB,
        macho.LC_LOAD_WEAK_DYLIB,
        macho.LC_REEXPORT_DYLIB,
        macho.LC_LAZY_LOAD_DYLIB,
        macho.LC_LOAD_UPWARD_DYLIB,
    ],
)
def test_each_way_to_load_a_foreign_library_makes_a_program_dynamic(command: int) -> None:
    found = look(PROGRAM.but(dylibs=(LIBSYSTEM, (command, FOREIGN))))
    assert found.linkage is Linkage.DYNAMIC
    assert found.foreign == (FOREIGN,)
    assert FOREIGN in found.linkage_evidence


def test_a_foreign_library_is_proof_whatever_else_is_damaged() -> None:
    damaged = PROGRAM.but(dylibs=(FOREIGN,), extra=((0x7777, bytes(8)),))
    assert look(damaged).linkage is Linkage.DYNAMIC
    assert "load commands" in gaps(damaged)


def test_variables_for_dyld_make_a_program_dynamic() -> None:
    text = struct.pack("<I", 12) + b"DYLD_LIBRARY_PATH=/x\0"
    found = look(PROGRAM.but(extra=((macho.LC_DYLD_ENVIRONMENT, text),)))
    assert found.linkage is Linkage.DYNAMIC
    assert "DYLD_LIBRARY_PATH=/x" in found.linkage_evidence


def test_another_dynamic_linker_makes_a_program_dynamic() -> None:
    assert look(PROGRAM.but(dylinker="/opt/dyld")).linkage is Linkage.DYNAMIC


def test_libraries_and_no_dynamic_linker_are_dynamic_all_the_same() -> None:
    assert look(PROGRAM.but(dylinker=None)).linkage is Linkage.DYNAMIC


def test_a_library_is_dynamic_and_says_what_it_loads() -> None:
    found = look(macho.LIBRARY)
    assert (found.kind, found.linkage) == (Kind.SHARED_OBJECT, Linkage.DYNAMIC)
    assert "a program must load" in found.linkage_evidence
    assert LIBSYSTEM in found.linkage_evidence


def test_a_static_program_is_called_so_with_a_warning() -> None:
    found = look(macho.STATIC)
    assert (found.kind, found.linkage) == (Kind.EXECUTABLE, Linkage.STATIC)
    assert "Apple promises no system call" in found.linkage_evidence
    on_arm64 = look(macho.STATIC.but(cputype=ARM64))
    assert "macOS does not start on this CPU" in on_arm64.linkage_evidence


def test_an_old_big_endian_program_is_read() -> None:
    found = look(macho.OLD_MAC)
    assert (found.machine, found.bits, found.big_endian) == ("ppc", 32, True)
    assert (found.kind, found.linkage) == (Kind.EXECUTABLE, Linkage.SYSTEM_ONLY)


@pytest.mark.parametrize(
    ("cputype", "subtype", "bits", "name"),
    [
        (ARM64, 0x80000002, 64, "arm64e"),
        (AMD64, 8, 64, "x86_64h"),
        (AMD64, 0x80000003, 64, "amd64"),
        (macho.I386, 3, 32, "386"),
        (14, 0, 32, "sparc"),
        (4711, 0, 32, "cputype 4711"),
    ],
)
def test_cpus_are_named(cputype: int, subtype: int, bits: int, name: str) -> None:
    assert look(PROGRAM.but(cputype=cputype, cpusubtype=subtype, bits=bits)).machine == name


@pytest.mark.parametrize("name", CORRUPT)
def test_a_damaged_or_lying_image_is_neither_static_nor_system_only(name: str) -> None:
    report = read_macho(CORRUPT[name])
    assert report.slices
    for found in report.slices:
        assert found.linkage is Linkage.UNKNOWN
        assert found.linkage_evidence


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_macho_file_is_refused(name: str) -> None:
    with pytest.raises(FormatError) as caught:
        read_macho(REFUSED[name])
    assert ("Java" in caught.value.message) == ("Java" in name)
    assert caught.value.hint


@pytest.mark.parametrize("wide", [False, True])
def test_each_slice_of_a_fat_file_is_read(wide: bool, tmp_path: Path) -> None:
    arm = PROGRAM.but(data=go.inline()).build()
    intel = macho.INTEL.but(dylibs=(LIBSYSTEM, FOREIGN)).build()
    path = tmp_path / "fat"
    path.write_bytes(fat((ARM64, arm), (AMD64, intel), wide=wide))
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        report = read_macho(data)
    assert [found.machine for found in report.slices] == ["arm64", "amd64"]
    assert [found.linkage for found in report.slices] == [Linkage.SYSTEM_ONLY, Linkage.DYNAMIC]
    assert report.slices[0].go is not None
    assert report.slices[1].go is None
    assert [sum(group.size for group in found.sections) for found in report.slices] == [
        len(arm),
        len(intel),
    ]


def test_one_bad_slice_does_not_hide_the_others() -> None:
    report = read_macho(fat((ARM64, PROGRAM.build()), (AMD64, b"nothing")))
    assert [found.linkage for found in report.slices] == [Linkage.SYSTEM_ONLY, Linkage.UNKNOWN]
    assert [gap.what for gap in report.gaps] == ["amd64: file header"]


def test_go_build_information_is_found_by_its_section() -> None:
    found = look(PROGRAM.but(data=bytes(16) + go.inline()))
    assert found.go is not None
    assert found.go.version == go.VERSION


def test_go_build_information_is_found_without_a_section() -> None:
    found = look(PROGRAM.but(data=go.inline(), data_section="__data"))
    assert found.go is not None


def test_the_linker_is_told_by_its_marks() -> None:
    image = PROGRAM.but(data=go.inline())
    assert look(image).link_mode.value == "internal"
    other = look(image.but(flags=image.flags | macho.MH_TWOLEVEL))
    assert other.link_mode.value == "external"
    assert "MH_TWOLEVEL" in other.link_mode.evidence


@pytest.mark.parametrize(
    ("local", "stripped"),
    [
        ((), True),
        ((Sym(name="radr://5614542", type=0x3C),), True),
        ((Sym(name="dyld_private", type=0xE), Sym(name="_printf__thunk", type=0xE)), True),
        ((Sym(name="_helper", type=0xE),), False),
        ((Sym(name="main.o", type=0x66),), False),
    ],
)
def test_stripped_means_no_names_but_those_that_dyld_needs(
    local: tuple[Sym, ...], stripped: bool
) -> None:
    exports = (Sym(name="__mh_execute_header"),)
    assert look(PROGRAM.but(symbols=(local, exports, (IMPORT,)))).stripped is stripped


def test_debug_information_is_not_stripped() -> None:
    assert look(PROGRAM.but(text=b"dwarf", text_section="__zdebug_info")).stripped is False


def test_more_local_symbols_than_symbols_is_a_gap() -> None:
    image = PROGRAM.but(symbols=((Sym(name="_a", type=0xE),), (), ())).build()
    at = image.index(struct.pack("<II", macho.LC_DYSYMTAB, 80)) + 12
    lying = image[:at] + struct.pack("<I", 7) + image[at + 4 :]
    report = read_macho(lying)
    assert report.slices[0].stripped is None
    assert [gap.what for gap in report.gaps] == ["symbol table"]


def test_minimum_versions_are_requirements_and_the_sdk_is_none() -> None:
    assert look(PROGRAM).requires == (
        Requirement(what="macos", version="12.0", asked_by=("LC_BUILD_VERSION",)),
    )
    old = PROGRAM.but(
        platform=None, extra=((macho.LC_VERSION_MIN_MACOSX, struct.pack("<II", 0xA0C03, 0)),)
    )
    assert look(old).requires == (
        Requirement(what="macos", version="10.12.3", asked_by=("LC_VERSION_MIN",)),
    )


@pytest.mark.parametrize(
    ("number", "os", "abi"),
    [(2, "ios", "iOS"), (7, "ios", "iOS simulator"), (99, "", "platform 99")],
)
def test_platforms_are_named(number: int, os: str, abi: str) -> None:
    found = look(PROGRAM.but(platform=(number, 0)))
    assert (found.os, found.abi, found.requires) == (os, abi, ())


def test_run_paths_keep_their_order() -> None:
    paths = ("@loader_path/../lib", "/opt/lib")
    assert look(PROGRAM.but(run_paths=paths)).run_paths == paths


@pytest.mark.parametrize(
    ("blob", "value"),
    [
        (b"", "none"),
        (signature(0x20002), "ad-hoc"),
        (signature(0), "none"),
        (signature(0, cms=b""), "none"),
        (signature(0, cms=b"pkcs7"), "signed"),
        (signature()[:20], ""),
        (bytes(64), ""),
    ],
)
def test_signatures_are_told_apart(blob: bytes, value: str) -> None:
    image = PROGRAM.but(signature=blob)
    found = look(image)
    assert found.signature.value == value
    assert found.signature.evidence
    assert found.linkage is Linkage.SYSTEM_ONLY
    assert gaps(image) == ([] if value else ["code signature"])


def test_an_unsigned_program_does_not_start_on_arm64() -> None:
    assert "refuses to start it" in look(PROGRAM).signature.evidence
    assert "refuses" not in look(macho.INTEL).signature.evidence


def test_encrypted_code_is_a_gap() -> None:
    image = PROGRAM.but(extra=((macho.LC_ENCRYPTION_INFO_64, struct.pack("<4I", 0, 9, 1, 0)),))
    assert gaps(image) == ["code"]
    assert look(image).linkage is Linkage.SYSTEM_ONLY


def test_protections_of_a_program() -> None:
    assert protection(PROGRAM, "PIE").state is State.ON
    assert protection(PROGRAM.but(flags=macho.MH_DYLDLINK), "PIE").state is State.OFF
    assert protection(PROGRAM, "NX").state is State.ON
    assert protection(PROGRAM.but(flags=0x20004), "NX").state is State.OFF
    old = PROGRAM.but(cputype=macho.I386, bits=32)
    assert protection(old, "NX").state is State.PARTIAL
    assert protection(old.but(flags=0x1000004), "NX").state is State.ON
    assert protection(PROGRAM, "hardened runtime").state is State.OFF
    hardened = PROGRAM.but(signature=signature(0x10000, cms=b"pkcs7"))
    assert protection(hardened, "hardened runtime").state is State.ON


def test_a_stack_canary_is_told_by_its_import() -> None:
    canary = Sym(name="___stack_chk_fail", type=0x1)
    with_it = PROGRAM.but(symbols=((), (), (IMPORT, canary)))
    assert protection(with_it, "stack canary").state is State.ON
    assert protection(PROGRAM.but(symbols=((), (), (IMPORT,))), "stack canary").state is State.OFF
    pure = PROGRAM.but(data=go.inline())
    assert protection(pure, "stack canary").state is State.NOT_APPLICABLE


def test_a_library_leaves_most_protections_to_the_program() -> None:
    assert protection(macho.LIBRARY, "PIE").state is State.NOT_APPLICABLE
    assert protection(macho.LIBRARY, "NX").state is State.NOT_APPLICABLE
    assert look(PROGRAM.but(filetype=macho.MH_OBJECT)).protections == ()


def test_bytes_are_sorted_by_purpose_and_sum_up() -> None:
    image = PROGRAM.but(
        text=b"t" * 300, data=go.inline(), symbols=((), (), (IMPORT,)), signature=signature()
    )
    sizes = {group.name: group.size for group in look(image).sections}
    assert sizes["read-only data"] == 300
    assert sizes["Go tables"] == len(go.inline())
    assert sizes["symbols"] == 16 + len(b" \0_printf\0")
    assert sizes["signature"] == len(signature())
    assert sum(sizes.values()) == len(image.build())


@pytest.mark.parametrize("image", [PROGRAM, macho.INTEL, macho.STATIC, macho.SIGNED])
def test_a_cut_image_is_never_called_good(image: Macho) -> None:
    whole = image.but(text=b"text").build()
    for size in range(32, len(whole)):
        assert look(whole[:size]).linkage not in GOOD, size
