"""Arguments that Go gave for macOS, recorded on Linux with Go 1.26.8, as zig is to have them."""

from __future__ import annotations

from staticgo.facts.quirks import quirks_for
from staticgo.model.target import Target
from staticgo.wrapping.rewrite import rewrite

ARM = quirks_for(Target(os="darwin", arch="arm64"), "0.17.0")
INTEL = quirks_for(Target(os="darwin", arch="amd64"), "0.17.0")
LINUX = quirks_for(Target(os="linux", arch="arm64"), "0.17.0")

RECORDED = (
    "-arch arm64 -Wl,-S -Wl,-x -o $WORK/b001/exe/a.out -Qunused-arguments "
    "-Wl,--compress-debug-sections=zlib /tmp/go-link/go.o /tmp/go-link/000000.o -O2 -lm -O2 "
    "-framework CoreFoundation -framework CoreFoundation -framework Security -lresolv"
)


def test_go_s_link_names_each_framework_once() -> None:
    given = RECORDED.split()
    again = given.index("CoreFoundation") + 1
    assert rewrite(given, ARM).arguments == (*given[:again], *given[again + 2 :])


def test_all_ways_to_name_a_library_are_one() -> None:
    given = (
        "-lz -framework Metal -Wl,-lz,-framework,Metal -Wl,-framework -Wl,Metal -Xlinker -lz -lm"
    )
    assert rewrite(given.split(), ARM).arguments == ("-lz", "-framework", "Metal", "-lm")


def test_what_only_looks_the_same_is_kept() -> None:
    given = ("-o", "-lz", "-lz", "-framework", "-lz", "-I", "-lz")
    assert rewrite(given, ARM).arguments == given


def test_a_program_at_a_fixed_address_is_not_asked_for() -> None:
    given = ["-arch", "x86_64", "-m64", "-Wl,-no_pie", "-o", "a.out"]
    assert rewrite(given, INTEL).arguments == ("-arch", "x86_64", "-m64", "-o", "a.out")


def test_libraries_of_other_systems_are_named_as_often_as_one_likes() -> None:
    """The order of static libraries decides there."""
    given = ("-la", "-lb", "-la")
    assert rewrite(given, LINUX).arguments == given


def test_a_question_for_the_version_leaves_no_object_behind() -> None:
    """Observed: zig 0.17 for macOS writes `-.o`, or a.o, beside the user's sources."""
    for question in (["-###", "-x", "c", "-c", "-"], ["--version"]):
        assert rewrite(question, ARM).arguments == ("--version", "-E")
        assert rewrite(question, LINUX).arguments == tuple(question)
