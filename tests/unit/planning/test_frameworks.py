"""A framework that is not here is said before anything is compiled, with who asks for it."""

from __future__ import annotations

import dataclasses

import pytest

from staticgo.errors import MissingTool
from staticgo.model.project import Graph, Package
from staticgo.planning.frameworks import (
    Offer,
    check_frameworks,
    frameworks_of,
    lacks,
    libraries_of,
)

STUBS = Offer(
    frameworks=frozenset({"CoreFoundation", "Security"}),
    libraries=frozenset({"resolv"}),
    headers=False,
)
SDK = Offer(
    frameworks=STUBS.frameworks | {"Cocoa"},
    libraries=STUBS.libraries | {"objc", "z"},
    headers=True,
)


def graph(*packages: Package) -> Graph:
    main = Package(path="example.com/app", name="main", imports=tuple(p.path for p in packages))
    return Graph(root=main.path, packages=(*packages, main))


def package(*flags: str, path: str = "example.com/tray", **fields: object) -> Package:
    given = {"cgo_files": ("other.go", "tray_darwin.go"), "link_flags": flags} | fields
    return dataclasses.replace(Package(path=path), **given)  # type: ignore[arg-type]


def nothing(_package: Package, _file: str) -> str:
    return ""


def tray(_package: Package, file: str) -> str:
    if file != "tray_darwin.go":
        return "package tray\n"
    return 'package tray\n\n/*\n#cgo darwin LDFLAGS: -framework Cocoa -lobjc\n*/\nimport "C"\n'


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("-framework Cocoa -framework Metal", ("Cocoa", "Metal")),
        ("-Wl,-framework,Cocoa", ("Cocoa",)),
        ("-Wl,-framework -Wl,Cocoa", ("Cocoa",)),
        ("-Xlinker -framework -Xlinker Cocoa", ("Cocoa",)),
        ("-weak_framework Cocoa -Wl,-weak_framework,Metal", ("Cocoa", "Metal")),
        ("-framework Cocoa -framework Cocoa", ("Cocoa",)),
        ("-lm -framework", ()),
        ("-F/opt/frameworks -framework Mine", ()),
        ("-lframework Cocoa", ()),
    ],
)
def test_frameworks_are_found_in_all_their_spellings(words: str, found: tuple[str, ...]) -> None:
    assert frameworks_of(words.split()) == found


def test_libraries_of_libsystem_are_none() -> None:
    assert libraries_of(["-lm", "-lpthread", "-lc++", "-lz", "-Wl,-lobjc", "-l"]) == ("z", "objc")


def test_the_package_its_file_and_the_chain_are_named() -> None:
    with pytest.raises(MissingTool) as caught:
        check_frameworks(graph(package("-framework", "Cocoa")), STUBS, "darwin/arm64", tray)
    error = caught.value
    assert error.message == (
        "darwin/arm64: example.com/tray (tray_darwin.go) asks for the framework Cocoa, "
        "which comes with Apple's SDK only"
    )
    assert "SDKROOT" in error.hint
    assert "imported by example.com/app -> example.com/tray" in error.details


def test_all_that_is_missing_is_in_the_details() -> None:
    with pytest.raises(MissingTool) as caught:
        check_frameworks(graph(package("-framework", "Cocoa", "-lobjc")), STUBS, "x", tray)
    assert [line.partition(":")[0] for line in caught.value.details.splitlines()] == [
        "example.com/tray (tray_darwin.go) asks for the framework Cocoa",
        "example.com/tray (tray_darwin.go) asks for macOS's library objc",
    ]


@pytest.mark.parametrize(
    ("flags", "offer"),
    [
        (("-framework", "Cocoa", "-lobjc"), SDK),
        (("-lz", "-L/opt/lib"), STUBS),
        (("-lz",), dataclasses.replace(STUBS, more_folders=True)),
        (("-lmine",), STUBS),  # perhaps an archive beside the sources: the linker will tell
        (("-framework", "Security"), STUBS),
    ],
)
def test_what_can_be_linked_is_no_lack(flags: tuple[str, ...], offer: Offer) -> None:
    assert list(lacks(graph(package(*flags)), offer, nothing)) == []


def test_a_stub_has_no_headers() -> None:
    def text(_package: Package, file: str) -> str:
        return "#include <CoreFoundation/CFString.h>\n" if file == "events.c" else ""

    one = package("-framework", "CoreFoundation", c_files=("events.c",))
    (lack,) = lacks(graph(one), STUBS, text)
    assert str(lack) == (
        "example.com/tray (events.c) asks for headers of the framework CoreFoundation"
    )
    assert list(lacks(graph(one), SDK, text)) == []


def test_go_s_own_packages_have_their_stubs() -> None:
    own = package("-framework", "Cocoa", path="runtime/cgo", standard=True)
    assert list(lacks(graph(own), STUBS, nothing)) == []


def test_a_package_without_cgo_links_nothing() -> None:
    assert list(lacks(graph(package("-framework", "Cocoa", cgo_files=())), STUBS, nothing)) == []
