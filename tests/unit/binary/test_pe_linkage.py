"""What Windows promises, and what it does not: every DLL counts, and doubt is never called good."""

from __future__ import annotations

import pytest

from staticgo.binary.pe import read_pe
from staticgo.model.binary import Kind, Linkage, Slice
from tests.binaries import pe
from tests.binaries.corrupt_pe import CORRUPT, DAMAGED_BUT_DYNAMIC
from tests.binaries.pe import Pe

UCRT = "api-ms-win-crt-runtime-l1-1-0.dll"


def look(image: Pe | bytes) -> Slice:
    (found,) = read_pe(image if isinstance(image, bytes) else image.build()).slices
    return found


def gaps(image: Pe | bytes) -> list[str]:
    report = read_pe(image if isinstance(image, bytes) else image.build())
    return [gap.what for gap in report.gaps]


WHOLE = [image for image in vars(pe).values() if isinstance(image, Pe)]


@pytest.mark.parametrize("image", WHOLE)
def test_whole_images_have_no_gap(image: Pe) -> None:
    assert gaps(image) == []


def test_a_program_that_imports_nothing_is_static_and_says_how_strange_that_is() -> None:
    found = look(pe.STATIC)
    assert (found.linkage, found.needed) == (Linkage.STATIC, ())
    assert "not even kernel32.dll" in found.linkage_evidence


@pytest.mark.parametrize("image", [pe.SYSTEM_ONLY, pe.SYSTEM_ONLY_32, pe.GO, pe.DRIVER])
def test_what_windows_promises_is_system_only(image: Pe) -> None:
    found = look(image)
    assert found.linkage is Linkage.SYSTEM_ONLY
    assert found.needed == image.imports
    assert found.foreign == ()
    assert image.imports[0] in found.linkage_evidence


def test_what_mingw_leaves_is_dynamic_and_named() -> None:
    found = look(pe.MINGW)
    assert found.linkage is Linkage.DYNAMIC
    assert found.needed == ("KERNEL32.dll", "libgcc_s_seh-1.dll", "msvcrt.dll")
    assert found.foreign == ("libgcc_s_seh-1.dll",)
    assert found.linkage_evidence == "imports libgcc_s_seh-1.dll: not promised by Windows"


def test_the_visual_c_runtime_is_not_promised() -> None:
    found = look(pe.VISUAL_C)
    assert (found.linkage, found.foreign) == (Linkage.DYNAMIC, ("VCRUNTIME140.dll",))
    assert found.needed == ("KERNEL32.dll", "VCRUNTIME140.dll", "USER32.dll")


@pytest.mark.parametrize(
    ("image", "how"),
    [
        (pe.DELAYED, "delay-loads"),
        (
            Pe(bits=32, machine=pe.I386, delayed=("plugin.dll",), delayed_attributes=0),
            "delay-loads",
        ),
        (pe.SYSTEM_ONLY.but(bound=("kernel32.dll", "plugin.dll")), "is bound to"),
        (pe.LIBRARY.but(forwards=("NTDLL.RtlInit", "plugin.#7")), "forwards to"),
    ],
)
def test_every_table_that_names_a_dll_counts(image: Pe, how: str) -> None:
    found = look(image)
    assert (found.linkage, found.foreign) == (Linkage.DYNAMIC, ("plugin.dll",))
    assert found.linkage_evidence == f"{how} plugin.dll: not promised by Windows"


def test_a_dll_that_is_named_twice_is_needed_once() -> None:
    assert look(Pe(imports=("USER32.dll", "user32.DLL"))).needed == ("USER32.dll",)


def test_nothing_counts_behind_the_import_that_ends_the_loader_s_walk() -> None:
    image = bytearray(Pe(imports=(pe.SYSTEM, "plugin.dll")).build())
    record = image.index(b"plugin.dll\0") + len(b"plugin.dll\0") + 20
    image[record + 16 : record + 20] = bytes(4)
    assert look(bytes(image)).needed == (pe.SYSTEM,)


@pytest.mark.parametrize("image", [pe.DOTNET, pe.DOTNET.but(imports=())])
def test_a_dotnet_assembly_needs_its_runtime(image: Pe) -> None:
    found = look(image)
    assert (found.linkage, found.foreign) == (Linkage.DYNAMIC, ("mscoree.dll",))
    assert found.abi == "subsystem console, .NET assembly for any CPU"


def test_a_dotnet_assembly_for_32_bits_is_no_assembly_for_any_cpu() -> None:
    assert look(pe.DOTNET.but(clr=3)).abi == "subsystem console, .NET assembly"


def test_firmware_loads_no_library() -> None:
    found = look(pe.EFI)
    assert (found.os, found.kind, found.linkage) == ("efi", Kind.PIE, Linkage.STATIC)
    assert found.abi == "subsystem EFI application"
    assert (found.requires, found.protections) == ((), ())
    assert look(pe.EFI.but(imports=(pe.SYSTEM,))).linkage is Linkage.DYNAMIC


@pytest.mark.parametrize(
    ("image", "kind"),
    [
        (pe.GO, Kind.PIE),
        (pe.STATIC, Kind.EXECUTABLE),
        (pe.GO.but(relocations=False), Kind.EXECUTABLE),
        (
            pe.GO.but(characteristics=pe.EXECUTABLE_IMAGE | pe.RELOCS_STRIPPED),
            Kind.EXECUTABLE,
        ),
        (pe.LIBRARY, Kind.SHARED_OBJECT),
    ],
)
def test_the_kind_is_told_by_flags_and_relocations(image: Pe, kind: Kind) -> None:
    assert look(image).kind is kind


@pytest.mark.parametrize("name", CORRUPT)
def test_a_damaged_or_lying_image_is_unknown_and_says_why(name: str) -> None:
    found = look(CORRUPT[name])
    assert found.linkage is Linkage.UNKNOWN
    assert found.linkage_evidence
    assert gaps(CORRUPT[name])


@pytest.mark.parametrize("name", DAMAGED_BUT_DYNAMIC)
def test_one_foreign_dll_is_proof_whatever_else_is_damaged(name: str) -> None:
    assert look(DAMAGED_BUT_DYNAMIC[name]).linkage is Linkage.DYNAMIC
    assert gaps(DAMAGED_BUT_DYNAMIC[name])


def test_more_dlls_than_any_program_has_are_a_gap() -> None:
    found = look(Pe(imports=tuple(f"{n}.dll" for n in range(1100))))
    assert (found.linkage, len(found.needed)) == (Linkage.DYNAMIC, 1024)
    assert "and 1020 more" in found.linkage_evidence


@pytest.mark.parametrize(
    ("image", "version", "asked_by"),
    [
        (pe.MINGW, "6.1", ("MajorSubsystemVersion",)),
        (pe.MINGW.but(version=(10, 0)), "10.0", ("MajorSubsystemVersion",)),
        (pe.SYSTEM_ONLY, "10.0", (UCRT,)),
    ],
)
def test_the_oldest_windows(image: Pe, version: str, asked_by: tuple[str, ...]) -> None:
    (found,) = look(image).requires
    assert (found.what, found.version, found.asked_by) == ("windows", version, asked_by)


def test_no_version_is_no_requirement() -> None:
    assert look(pe.STATIC.but(version=(0, 0))).requires == ()


COMMON_CONTROLS = "Microsoft.Windows.Common-Controls"
VISUAL_C_90 = "Microsoft.VC90.CRT"


@pytest.mark.parametrize(
    "text",
    [
        pe.manifest(pe.dependency(VISUAL_C_90)),
        pe.manifest(pe.dependency(COMMON_CONTROLS), pe.dependency(VISUAL_C_90)),
        pe.manifest(pe.dependency(VISUAL_C_90)).decode().encode("utf-16"),
        pe.manifest(pe.dependency(VISUAL_C_90)).decode().encode("utf-16-be"),
        pe.manifest(pe.dependency(VISUAL_C_90)) + bytes(9),
        pe.manifest(pe.dependency(VISUAL_C_90).replace("dependentA", "a:dependentA")),
        pe.manifest(pe.dependency(VISUAL_C_90).replace('"', "'").replace("=", " =\n")),
        pe.manifest(
            pe.dependency(VISUAL_C_90).replace("type=", f"x=' name=\"{COMMON_CONTROLS}\"' ")
        ),
    ],
)
def test_an_assembly_that_windows_does_not_bring_is_foreign(text: bytes) -> None:
    found = look(pe.with_manifest(pe.SYSTEM_ONLY, text))
    assert (found.linkage, found.foreign) == (Linkage.DYNAMIC, (VISUAL_C_90,))
    assert found.needed == (*pe.SYSTEM_ONLY.imports, VISUAL_C_90)
    assert found.linkage_evidence == (
        f"has in its manifest the assembly {VISUAL_C_90}: not promised by Windows"
    )


def test_a_file_of_the_program_s_own_is_foreign_whatever_its_name() -> None:
    text = pe.manifest('<file name="kernel32.dll"/>')
    found = look(pe.with_manifest(Pe(imports=("USER32.dll",)), text))
    assert (found.linkage, found.foreign) == (Linkage.DYNAMIC, ("kernel32.dll",))


@pytest.mark.parametrize(
    "text",
    [
        pe.manifest(pe.dependency(COMMON_CONTROLS)),
        pe.manifest('<assemblyIdentity name="Mine" type="win32"/>'),
        pe.manifest(pe.dependency(COMMON_CONTROLS), '<assemblyIdentity name="Mine"/>'),
    ],
)
def test_a_manifest_that_asks_for_what_windows_brings_changes_nothing(text: bytes) -> None:
    image = pe.with_manifest(pe.SYSTEM_ONLY, text)
    assert look(image).linkage is Linkage.SYSTEM_ONLY
    assert gaps(image) == []


def test_other_resources_and_the_manifests_of_other_systems_are_not_read() -> None:
    text = pe.manifest(pe.dependency("Evil.Private"))
    assert gaps(pe.with_manifest(pe.SYSTEM_ONLY, text, type=16, numbers_at=0x80700000)) == []
    assert look(pe.with_manifest(pe.DRIVER, text)).linkage is Linkage.SYSTEM_ONLY
    assert look(pe.with_manifest(pe.EFI, text)).linkage is Linkage.STATIC


def test_parts_of_the_kernel_are_promised_to_drivers_alone() -> None:
    found = look(pe.DRIVER.but(subsystem=pe.CONSOLE))
    assert (found.linkage, found.foreign) == (Linkage.DYNAMIC, ("ntoskrnl.exe", "HAL.dll"))


def test_api_sets_that_may_be_missing_are_for_delay_loading_alone() -> None:
    name = "ext-ms-win-ntuser-window-l1-1-0.dll"
    assert look(pe.SYSTEM_ONLY.but(delayed=(name,))).linkage is Linkage.SYSTEM_ONLY
    found = look(pe.SYSTEM_ONLY.but(imports=(name,), delayed=(name,)))
    assert (found.linkage, found.foreign) == (Linkage.DYNAMIC, (name,))


@pytest.mark.parametrize(
    ("name", "characteristics", "subsystem"),
    [(b".textbss", 0xE00000A0, pe.CONSOLE), (b"INIT", pe.INIT, pe.NATIVE)],
)
def test_writable_code_that_ordinary_linkers_make_is_no_packer_s(
    name: bytes, characteristics: int, subsystem: int
) -> None:
    empty = {"virtual_size": 0x20000, "raw_size": 0, "pointer": 0} if name == b".textbss" else {}
    section = pe.Scn(
        name=name, contents=b"\xc3", characteristics=characteristics, header=dict(empty)
    )
    entry = pe.TEXT if empty else 2 * pe.PAGE
    image = pe.SYSTEM_ONLY.but(sections=(section,), subsystem=subsystem, header={"entry": entry})
    assert gaps(image) == []
