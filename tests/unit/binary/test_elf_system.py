"""Which system an ELF file is for, by all that it says; and when libraries belong to the system."""

from __future__ import annotations

import pytest

from staticgo.binary import read
from staticgo.model.binary import BinaryReport, Linkage, Requirement, Slice
from tests.binaries import elf, go
from tests.binaries.elf import DT_AUDIT, PT_NOTE, Elf
from tests.binaries.elf_tables import GNU_TAG, note, words


def report(image: Elf) -> BinaryReport:
    return read(image.build())


def look(image: Elf) -> Slice:
    (found,) = report(image).slices
    return found


def noted(*notes: bytes, image: Elf = elf.STATIC, align: int = 4) -> Elf:
    return image.with_segment(PT_NOTE, b"".join(notes), align=align)


def go_for(system: str, image: Elf = elf.STATIC) -> Elf:
    return image.but(data=go.inline(modules=f"path\tx\nbuild\tGOOS={system}\n"))


@pytest.mark.parametrize(
    ("osabi", "system", "abi"),
    [
        (0, "", "System V"),
        (2, "netbsd", "NetBSD"),
        (3, "linux", "GNU/Linux"),
        (6, "solaris", "Solaris"),
        (9, "freebsd", "FreeBSD"),
        (12, "openbsd", "OpenBSD"),
        (99, "", "EI_OSABI 99"),
    ],
)
def test_the_header_names_systems(osabi: int, system: str, abi: str) -> None:
    found = look(elf.STATIC.but(osabi=osabi))
    assert (found.os, found.abi) == (system, abi)


LOADERS = {
    elf.GLIBC: "linux",
    "/lib/ld-musl-x86_64.so.1": "linux",
    "/nix/store/abc-glibc-2.40/lib/ld-linux-x86-64.so.2": "linux",
    "/system/bin/linker64": "android",
    "/libexec/ld-elf.so.1": "freebsd",
    "/usr/libexec/ld-elf.so.2": "dragonfly",
    "/usr/libexec/ld.elf_so": "netbsd",
    "/usr/libexec/ld.so": "openbsd",
    "/lib/amd64/ld.so.1": "solaris",
    "/lib/ld.so.1": "solaris",
    "/opt/ld.so": "",
}


@pytest.mark.parametrize("interpreter", LOADERS)
def test_the_loader_s_path_names_systems(interpreter: str) -> None:
    assert look(elf.DYNAMIC.but(interpreter=interpreter)).os == LOADERS[interpreter]


def test_one_path_is_glibc_s_on_cpus_that_solaris_never_ran_on() -> None:
    assert look(elf.MIPS_DYNAMIC).os == "linux"


@pytest.mark.parametrize(
    ("text", "system"),
    [
        (note(b"NetBSD\0", 1, words(1_000_000_000)), "netbsd"),
        (note(b"OpenBSD\0", 1, words(0)), "openbsd"),
        (note(b"FreeBSD\0", 1, words(1_400_097)), "freebsd"),
        (note(b"DragonFly\0", 1, words(600_200)), "dragonfly"),
        (note(b"Android\0", 1, words(24)), "android"),
        (GNU_TAG, "linux"),
        (note(b"GNU\0", 1, words(3, 1, 0, 0)), "freebsd"),
        (note(b"GNU\0", 1, b""), ""),
        (note(b"GNU\0", 3, bytes(20)), ""),
        (note(b"Go\0\0", 4, bytes(83)) + note(b"NetBSD\0", 1, words(7)), "netbsd"),
    ],
)
def test_notes_name_systems(text: bytes, system: str) -> None:
    assert look(noted(text)).os == system
    assert report(noted(text)).gaps == ()


def test_notes_of_other_byte_orders_and_alignments_are_read() -> None:
    big = Elf(bits=32, machine=8, big_endian=True)
    tag = note(b"GNU\0", 1, words(0, 4, 5, 6, big_endian=True), big_endian=True)
    assert look(noted(tag, image=big)).requires[0].version == "4.5.6"
    wide = note(b"GNU\0", 5, bytes(12), align=8) + note(b"GNU\0", 1, words(0, 3, 2, 0), align=8)
    assert look(noted(wide, align=8)).os == "linux"


@pytest.mark.parametrize("size", [0, 4, 11, 12, 20, 31])
def test_a_note_cut_short_says_nothing(size: int) -> None:
    assert look(noted(GNU_TAG[:size])).os == ""


def test_the_kernel_and_the_android_level_that_are_asked_for() -> None:
    assert look(noted(GNU_TAG)).requires == (
        Requirement(what="linux kernel", version="3.2.0", asked_by=("NT_GNU_ABI_TAG",)),
    )
    (level,) = look(noted(note(b"Android\0", 1, words(24)))).requires
    assert (level.what, level.version) == ("android API", "24")


@pytest.mark.parametrize("system", ["linux", "freebsd", "illumos", "android"])
def test_go_s_build_information_names_systems(system: str) -> None:
    assert look(go_for(system)).os == system


@pytest.mark.parametrize("system", ["windows", "", "a\x1b[1mb"])
def test_what_go_never_writes_into_elf_files_is_not_believed(system: str) -> None:
    assert look(go_for(system)).os == ""


def test_the_narrower_name_wins() -> None:
    assert look(go_for("illumos", Elf(interpreter="/lib/amd64/ld.so.1"))).os == "illumos"
    assert look(noted(note(b"Android\0", 1, words(24)), GNU_TAG)).os == "android"


def test_a_contradiction_is_a_gap_and_no_answer() -> None:
    image = go_for("freebsd", elf.STATIC.but(osabi=12))
    assert look(image).os == ""
    (gap,) = [gap for gap in report(image).gaps if gap.what == "operating system"]
    assert "EI_OSABI says openbsd, Go's GOOS says freebsd" in gap.why


ABIS = {
    "System V, EABI5 hard-float": Elf(bits=32, machine=40, flags=0x5000400),
    "System V, EABI5 soft-float": Elf(bits=32, machine=40, flags=0x5000200),
    "System V, EABI5": Elf(bits=32, machine=40, flags=0x5000002),
    "System V": Elf(bits=32, machine=40),
    "System V, double-float": Elf(machine=243, flags=5),
    "System V, soft-float": Elf(machine=243, flags=1),
    "System V, single-float": Elf(machine=258, flags=0x42),
    "System V, ELFv2": Elf(machine=21, flags=2),
    "System V, o32": Elf(bits=32, machine=8, flags=0x50001004),
    "System V, n32": Elf(bits=32, machine=8, flags=0x20),
    "System V, n64": Elf(machine=8),
    "System V, o32, soft-float": Elf(bits=32, machine=8, big_endian=True).with_segment(
        0x70000003, bytes((0, 0, 32, 1, 1, 0, 0, 3)) + bytes(16)
    ),
}


@pytest.mark.parametrize("abi", ABIS)
def test_the_abi_is_in_each_cpu_s_own_words(abi: str) -> None:
    assert look(ABIS[abi]).abi == abi


OPENBSD = Elf(interpreter="/usr/libexec/ld.so", needed=("libc.so.97.0", "libpthread.so"))
SOLARIS = Elf(interpreter="/lib/amd64/ld.so.1", needed=("libc.so", "libsocket.so"))
ANDROID = Elf(
    type=elf.ET_DYN,
    interpreter="/system/bin/linker64",
    needed=("libc.so", "liblog.so"),
    dynamic=((elf.DT_FLAGS_1, elf.DF_1_PIE),),
)


@pytest.mark.parametrize("image", [OPENBSD, SOLARIS, ANDROID, OPENBSD.but(needed=())])
def test_a_program_that_asks_for_the_system_s_libraries_alone_is_system_only(image: Elf) -> None:
    found = look(image)
    assert (found.linkage, found.foreign) == (Linkage.SYSTEM_ONLY, ())
    assert found.os in found.linkage_evidence


def test_illumos_has_the_loader_of_solaris() -> None:
    assert look(go_for("illumos", SOLARIS)).linkage is Linkage.SYSTEM_ONLY


STAYS_DYNAMIC = {
    "a library of its own": OPENBSD.but(needed=("libc.so.97.0", "libsqlite3.so.37.0")),
    "a library by its folder": OPENBSD.but(needed=("/usr/local/lib/libc.so.97.0",)),
    "a contradiction": OPENBSD.but(osabi=9),
    "no system that is named": elf.DYNAMIC.but(interpreter="/opt/ld.so"),
    "another system's loader": elf.DYNAMIC.but(osabi=12, interpreter="/opt/ld.so"),
    "no loader": OPENBSD.but(interpreter=None, osabi=12),
    "an audit library": OPENBSD.but(dynamic=((DT_AUDIT, 1),)),
    "a shared object": OPENBSD.but(
        type=elf.ET_DYN, interpreter=None, osabi=12, dynamic=((elf.DT_SONAME, 1),)
    ),
    "something unread": OPENBSD.but(entry=0x1234),
    "linux": elf.DYNAMIC,
    "freebsd": elf.DYNAMIC.but(interpreter="/libexec/ld-elf.so.1", needed=("libc.so.7",)),
}


@pytest.mark.parametrize("name", STAYS_DYNAMIC)
def test_one_doubt_leaves_it_dynamic(name: str) -> None:
    assert look(STAYS_DYNAMIC[name]).linkage is Linkage.DYNAMIC


def test_what_the_system_does_not_promise_is_named() -> None:
    assert look(STAYS_DYNAMIC["a library of its own"]).foreign == ("libsqlite3.so.37.0",)
    assert look(elf.DYNAMIC).foreign == ("libc.so.6",)
