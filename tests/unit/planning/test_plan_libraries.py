"""C libraries: the steps of each way of building, and what the key depends on."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from staticgo.model.braces import expand
from staticgo.model.libraries import BuildSystem, CLibrary, Extra, LibraryPlan, LibrarySource
from staticgo.model.plan import CToolchain, Libc, Wrapper
from staticgo.model.target import Target
from staticgo.planning.libraries import is_for, plan_sysroot

ARM = Target(os="linux", arch="arm", variant="v7")
ARM64 = Target(os="linux", arch="arm64")
CC = CToolchain(
    kind="zig",
    name="zig 1 (musl)",
    libc=Libc.MUSL,
    cc=Wrapper(name="cc-1", content=""),
    cxx=Wrapper(name="cxx-1", content=""),
    bin_dir="/cache/bin",
    link_flags=("-static",),
)
FOO = CLibrary(name="libfoo", build=BuildSystem.FILES, files=("a.c", "sub/a.cc"))


def planned(
    library: CLibrary = FOO, target: Target = ARM64, toolchain: CToolchain = CC, sha256: str = "1"
) -> LibraryPlan:
    sources = {library.name: LibrarySource(sha256=sha256, path="/somewhere")}
    (plan,) = plan_sysroot([library], sources, target, toolchain, root="/cache/s").libraries
    return plan


def changed(**values: Any) -> CLibrary:
    return dataclasses.replace(FOO, **values)


def test_a_list_of_files_is_compiled_and_packed() -> None:
    compile_, pack = planned(changed(defines=("X=1",), include_dirs=("inc",))).stages
    common = ("-O2", "-fPIC", "-DX=1", "-I{source}/inc", "-c")
    assert compile_ == (
        ("{cc}", *common, "{source}/a.c", "-o", "{build}/0-a.o"),
        ("{cxx}", *common, "{source}/sub/a.cc", "-o", "{build}/1-a.o"),
    )
    assert pack == (("{ar}", "rcs", "{install}/lib/libfoo.a", "{build}/0-a.o", "{build}/1-a.o"),)


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (BuildSystem.AUTOTOOLS, {"--host={triple}", "--disable-shared", "--with-x"}),
        (BuildSystem.CMAKE, {"-DBUILD_SHARED_LIBS=OFF", "--with-x"}),
        (BuildSystem.MESON, {"--default-library=static", "--with-x"}),
    ],
)
def test_other_build_systems_are_told_to_make_static_libraries(
    build: BuildSystem, words: set[str]
) -> None:
    library = changed(build=build, files=(), options=("--with-x",))
    (configure,), *_ = planned(library).stages
    assert words <= set(configure)


def test_what_is_for_one_target_only() -> None:
    library = changed(extra=(Extra(targets=("linux/arm/*",), defines=("SMALL",)),))
    assert "-DSMALL" in planned(library, ARM).stages[0][0]
    assert planned(library, ARM64).key == planned(FOO, ARM64).key


@pytest.mark.parametrize(
    "other",
    [
        planned(sha256="2"),
        planned(target=ARM),
        planned(toolchain=dataclasses.replace(CC, cc=Wrapper(name="cc-2", content=""))),
        planned(changed(defines=("X",))),
        planned(changed(headers=("a.h",))),
        planned(changed(version="2")),
    ],
)
def test_whatever_decides_the_result_is_in_the_key(other: LibraryPlan) -> None:
    assert other.key != planned().key


def test_where_the_source_is_does_not_matter() -> None:
    sources = {"libfoo": LibrarySource(sha256="1", path="/elsewhere")}
    sysroot = plan_sysroot([FOO], sources, ARM64, CC, root="/cache/s")
    assert sysroot.libraries[0].key == planned().key
    assert sysroot.folder == f"/cache/s/{sysroot.key}"


def test_a_library_is_built_anew_when_what_it_requires_is_another() -> None:
    top = CLibrary(name="top", build=BuildSystem.FILES, files=("t.c",), requires=("libfoo",))

    def keys(digest: str) -> list[str]:
        sources = {"libfoo": LibrarySource(sha256=digest), "top": LibrarySource(sha256="9")}
        return [p.key for p in plan_sysroot([FOO, top], sources, ARM64, CC, root="/s").libraries]

    (foo, first), (other_foo, second) = keys("1"), keys("2")
    assert first != second
    assert foo != other_foo


def test_a_library_that_is_not_for_the_target_is_named() -> None:
    library = changed(targets=("windows/*",))
    sources = {"libfoo": LibrarySource(sha256="1")}
    sysroot = plan_sysroot([library], sources, ARM64, CC, root="/s")
    assert (sysroot.libraries, sysroot.left_out) == ((), ("libfoo",))


def test_what_requires_a_library_that_is_left_out_is_left_out_too() -> None:
    foo = changed(targets=("windows/*",))
    top = CLibrary(name="top", build=BuildSystem.FILES, files=("t.c",), requires=("libfoo",))
    sources = {"libfoo": LibrarySource(sha256="1"), "top": LibrarySource(sha256="9")}
    assert plan_sysroot([foo, top], sources, ARM64, CC, root="/s").left_out == ("libfoo", "top")


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        ((), True),
        (("linux/*",), True),
        (("linux/arm",), True),
        (("windows/*",), False),
        (("!windows/*",), True),
        (("linux/*", "!linux/arm*"), False),
        (("!linux/*", "linux/arm/v7"), True),
    ],
)
def test_patterns_of_targets(patterns: tuple[str, ...], expected: bool) -> None:
    assert is_for(patterns, ARM) is expected


def test_braces() -> None:
    assert expand("{a}/{{x}}/${{b}}/{a-b}", {"a": "1", "a-b": "2"}) == "1/{x}/${b}/2"


def test_a_recipe_names_no_folder_of_this_machine() -> None:
    assert str(Path.home()) not in repr(planned())


def test_braces_of_names_and_defines_are_braces() -> None:
    (first, _), _ = planned(
        changed(defines=("INIT={0}", "PAIR={{1}}"), files=("{x}.c", "b.c"), include_dirs=("{",))
    ).stages
    words = [expand(word, {"cc": "cc", "source": "/s", "build": "/b"}) for word in first]
    assert words[3:] == [
        "-DINIT={0}",
        "-DPAIR={{1}}",
        "-I/s/{",
        "-c",
        "/s/{x}.c",
        "-o",
        "/b/0-{x}.o",
    ]


def test_the_key_knows_whether_there_is_a_pkg_config() -> None:
    sources = {"libfoo": LibrarySource(sha256="1")}
    keys = {
        plan_sysroot([FOO], sources, ARM64, CC, root="/s", pkg_config=there).key
        for there in (True, False)
    }
    assert len(keys) == 2
