"""What is linked with on macOS: stubs from Go's own sources, and an SDK where there is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from staticgo.errors import MissingTool, ToolFailed
from staticgo.facts.macos import minimum_macos
from staticgo.model.plan import GoToolchain
from staticgo.toolchain.macos import mac_support

CF = "/System/Library/Frameworks/CoreFoundation.framework/Versions/A/CoreFoundation"


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATICGO_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def go(tmp_path: Path) -> GoToolchain:
    write(tmp_path / "go/src/a/a.go", f'//go:cgo_import_dynamic a CFEqual "{CF}"\n')
    write(tmp_path / "go/src/a/a_test.go", f'//go:cgo_import_dynamic a CFTested "{CF}"\n')
    write(tmp_path / "go/src/cmd/c/c.go", f'//go:cgo_import_dynamic a CFCommand "{CF}"\n')
    return given_go(tmp_path / "go")


def given_go(goroot: Path) -> GoToolchain:
    return GoToolchain(
        command="go",
        version="1.26.8",
        goroot=str(goroot),
        cache="",
        module_cache="",
        host_os="linux",
        host_arch="amd64",
    )


def write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


def sdk_in(folder: Path) -> str:
    top = folder / "System/Library/Frameworks"
    write(top / "Cocoa.framework/Cocoa.tbd", "")
    write(top / "CoreServices.framework/Frameworks/AE.framework/AE.tbd", "")
    write(folder / "usr/lib/libobjc.tbd", "")
    write(folder / "SDKSettings.json", "{}")
    return str(folder)


def test_stubs_stand_in_a_folder_named_by_their_content(go: GoToolchain) -> None:
    support = mac_support(go, "arm64")
    (file,) = support.files
    assert file.path.endswith("/frameworks/CoreFoundation.framework/CoreFoundation.tbd")
    assert "[ _CFEqual ]" in file.content
    folder = file.path.partition("/frameworks/")[0]
    assert support.arguments == (f"-F{folder}/frameworks", f"-L{folder}/lib")
    assert support.frameworks == {"CoreFoundation"}
    assert support.minimum == "12.0"


def test_another_go_has_other_stubs(go: GoToolchain, tmp_path: Path) -> None:
    write(tmp_path / "newer/src/a/a.go", f'//go:cgo_import_dynamic a CFMore "{CF}"\n')
    one, other = mac_support(go, "arm64"), mac_support(given_go(tmp_path / "newer"), "arm64")
    assert one.files[0].path != other.files[0].path
    assert one.key != other.key


def test_a_go_without_sources_is_said(tmp_path: Path) -> None:
    with pytest.raises(ToolFailed, match="sources are not there"):
        mac_support(given_go(tmp_path), "arm64")


def test_an_sdk_comes_before_the_stubs(go: GoToolchain, tmp_path: Path) -> None:
    sdk = sdk_in(tmp_path / "MacOSX.sdk")
    support = mac_support(go, "arm64", sdk)
    assert support.arguments[:5] == (
        "-isystem",
        f"{sdk}/usr/include",
        f"-F{sdk}/System/Library/Frameworks",
        f"-F{sdk}/System/Library/Frameworks/CoreServices.framework/Frameworks",
        f"-L{sdk}/usr/lib",
    )
    assert support.frameworks >= {"Cocoa", "CoreFoundation"}
    assert support.libraries == {"objc"}
    assert support.key != mac_support(go, "arm64").key


def test_the_key_knows_the_sdk_and_not_its_place(go: GoToolchain, tmp_path: Path) -> None:
    one, other = sdk_in(tmp_path / "one"), sdk_in(tmp_path / "other")
    assert mac_support(go, "arm64", one).key == mac_support(go, "arm64", other).key
    write(Path(other, "SDKSettings.json"), '{"Version": "15.5"}')
    assert mac_support(go, "arm64", one).key != mac_support(go, "arm64", other).key


def test_a_folder_that_is_no_sdk_is_refused(go: GoToolchain, tmp_path: Path) -> None:
    with pytest.raises(MissingTool, match="is no SDK"):
        mac_support(go, "arm64", str(tmp_path))


@pytest.mark.parametrize(
    ("version", "arch", "oldest"),
    [
        ("1.26.8", "arm64", "12.0"),
        ("1.26.8", "amd64", "12.0"),
        ("1.25", "amd64", "12.0"),
        ("1.24.1", "amd64", "11.0"),
        ("1.22.0", "amd64", "10.15"),
        ("1.22.0", "arm64", "11.0"),
        ("1.20", "amd64", "10.13"),
        ("1.27rc1", "arm64", "13.0"),
        ("devel go1.28-abc", "arm64", "13.0"),
    ],
)
def test_the_oldest_macos_is_go_s_own(version: str, arch: str, oldest: str) -> None:
    assert minimum_macos(version, arch) == oldest


def test_an_sdk_is_found_from_every_folder(
    go: GoToolchain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sdk = sdk_in(tmp_path / "MacOSX.sdk")
    monkeypatch.chdir(tmp_path)
    assert mac_support(go, "arm64", "MacOSX.sdk") == mac_support(go, "arm64", sdk)
