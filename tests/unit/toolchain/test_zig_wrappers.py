"""zig's compiler commands: their names enter Go's build id, their text is run by sh."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from staticgo.errors import ExitCode, MissingTool, ToolFailed
from staticgo.facts.platforms import Platform, platform, resolve
from staticgo.host.run import Runner
from staticgo.planning.targets import all_targets
from staticgo.toolchain import zig
from staticgo.toolchain.zig import Zig, c_toolchain, find_zig, with_compilers, write_wrappers
from tests.unit.host.fakes import script

AMD64 = resolve("linux/amd64")
PLATFORMS = [p for p in map(platform, all_targets(variants=True)) if p.zig_triple]
ODD = 'it\'s a "folder" with $HOME `id` \\ and é'


def names(version: str = "0.17.0", target: str = "linux/amd64", folder: str = "/a") -> list[str]:
    found = c_toolchain(
        Zig(command=f"{folder}/zig", version=version, cache=f"{folder}/cache"),
        resolve(target),
        bin_dir=f"{folder}/bin",
    )
    return [found.cc.name, found.cxx.name]


def test_names_are_the_same_on_every_machine() -> None:
    assert names(folder="/a") == names(folder="/home/me/else where")


def test_the_atomics_of_old_arms_are_linked_and_change_no_name(tmp_path: Path) -> None:
    v5, v6 = (
        c_toolchain(
            Zig(command="/zig", version="0.17.0", cache="/c"),
            resolve(f"linux/arm/{variant}"),
            bin_dir=str(tmp_path),
        )
        for variant in ("v5", "v6")
    )
    (file,) = [file for file in v5.files if file not in v6.files]
    assert file.path in v5.cc.content
    assert file.path in v5.cxx.content
    assert "__sync_" in file.content
    assert names(target="linux/arm/v5", folder="/a") == names(target="linux/arm/v5", folder="/b c")


def test_names_change_with_the_compiler() -> None:
    assert not {*names(version="0.17.0")} & {*names(version="0.17.1")}


def test_every_target_and_language_has_its_own_name() -> None:
    every = [name for platform in PLATFORMS for name in names(target=str(platform.target))]
    assert len(set(every)) == len(every) == 2 * len(PLATFORMS)


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda platform: str(platform.target))
def test_a_name_is_one_word(platform: Platform) -> None:
    for name in names(target=str(platform.target)):
        assert re.fullmatch(r"[\w.-]+", name, re.ASCII)


@pytest.mark.parametrize("folder", ["plain", ODD])
@pytest.mark.parametrize(("language", "driver"), [("cc", "cc"), ("cxx", "c++")])
def test_a_command_hands_all_its_arguments_to_zig(
    tmp_path: Path, folder: str, language: str, driver: str
) -> None:
    command = script(
        tmp_path / folder / "zig",
        'printf "%s\\n" "$ZIG_GLOBAL_CACHE_DIR" "$ZIG_LOCAL_CACHE_DIR" "$@"',
    )
    cache = str(tmp_path / folder / "cache")
    toolchain = c_toolchain(
        Zig(command=str(command), version="0.17.0", cache=cache),
        resolve("linux/arm/v7"),
        bin_dir=str(tmp_path / folder / "bin"),
    )
    write_wrappers(toolchain)
    wrapper = getattr(toolchain, language)
    given = ["-c", "a b.c", '-DX="it\'s"', "", "$HOME", "*"]
    done = subprocess.run(
        [str(Path(toolchain.bin_dir, wrapper.name)), *given],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split("\n")[:-1] == [
        cache,
        cache,
        driver,
        "-target",
        "arm-linux-musleabihf",
        "-mcpu=generic+v7a-neon-d32+vfp3d16",
        "-fno-sanitize=undefined",
        "-fomit-frame-pointer",
        *given,
    ]


def test_the_status_of_zig_is_that_of_the_command(tmp_path: Path) -> None:
    command = script(tmp_path / "zig", "exit 7")
    toolchain = c_toolchain(
        Zig(command=str(command), version="1", cache="/c"), AMD64, bin_dir=str(tmp_path / "bin")
    )
    write_wrappers(toolchain)
    done = subprocess.run([str(tmp_path / "bin" / toolchain.cc.name)], check=False)
    assert done.returncode == 7


def test_a_command_that_is_right_is_left_alone_and_a_wrong_one_written(tmp_path: Path) -> None:
    toolchain = c_toolchain(
        Zig(command="/zig", version="1", cache="/c"), AMD64, bin_dir=str(tmp_path / "bin")
    )
    write_wrappers(toolchain)
    file = tmp_path / "bin" / toolchain.cc.name
    first = file.stat()
    write_wrappers(toolchain)
    assert file.stat().st_ino == first.st_ino
    file.write_text("half")
    write_wrappers(toolchain)
    assert file.read_text() == toolchain.cc.content
    assert file.stat().st_mode & 0o777 == 0o755


def test_the_commands_stand_first_on_path(tmp_path: Path) -> None:
    toolchain = c_toolchain(
        Zig(command="/zig", version="1", cache="/c"), AMD64, bin_dir=str(tmp_path)
    )
    found = with_compilers(toolchain, {"PATH": "/mine", "OTHER": "1"})
    assert found == {"PATH": f"{tmp_path}:/mine", "OTHER": "1"}
    assert with_compilers(toolchain, {})["PATH"].startswith(f"{tmp_path}:/")


@pytest.fixture
def bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What the ziglang package holds: empty the list, and it is not installed."""
    monkeypatch.setenv("STATICGO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"{tmp_path}/path:/usr/bin:/bin")
    script(tmp_path / "path/zig", "echo 0.16.0")
    found = [script(tmp_path / "package/zig", "echo 0.17.0")]
    monkeypatch.setattr(zig, "packaged", lambda *_: found[0] if found else None)
    return found


def test_the_packages_zig_comes_before_the_one_on_path(tmp_path: Path, bundled: list[Path]) -> None:
    assert find_zig(Runner()) == Zig(
        command=str(bundled[0]), version="0.17.0", cache=str(tmp_path / "cache/zig")
    )
    bundled.clear()
    assert find_zig(Runner()).version == "0.16.0"


def test_no_zig_at_all_is_a_missing_tool(
    bundled: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    bundled.clear()
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(MissingTool) as raised:
        find_zig(Runner())
    assert raised.value.exit_code is ExitCode.MISSING_TOOL
    assert "staticgo[toolchain]" in raised.value.hint


def test_a_zig_that_does_not_run_is_a_failed_tool(tmp_path: Path, bundled: list[Path]) -> None:
    script(bundled[0], "echo 'cannot allocate' >&2; exit 1")
    with pytest.raises(ToolFailed) as raised:
        find_zig(Runner())
    assert str(bundled[0]) in raised.value.message
    assert "cannot allocate" in raised.value.details


@pytest.mark.parametrize("version", ["0.14.1", "", "0.9.0-dev.3+12ab"])
def test_a_zig_too_old_is_a_missing_tool(bundled: list[Path], version: str) -> None:
    script(bundled[0], f"echo {version}")
    with pytest.raises(MissingTool) as caught:
        find_zig(Runner())
    assert f"zig {version or 'of no version'}" in caught.value.message
    assert "0.15" in caught.value.message
    assert "pip install" in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("target", "added"),
    [
        ("linux/amd64", 1),
        ("linux/s390x", 1),
        ("linux/arm/v5", 2),
        ("linux/amd64+gnu.2.17", 0),
        ("windows/amd64", 0),
    ],
)
def test_a_link_with_musl_gets_the_string_functions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str, added: int
) -> None:
    monkeypatch.setenv("STATICGO_CACHE", str(tmp_path / "cache"))
    # What it compiles is made, and is no answer.
    compiles = 'for file; do :; done; case $file in *musl-*|*arm-*) echo > "$file"; exit ;; esac'
    command = script(tmp_path / "zig", f'{compiles}\nprintf "%s\n" "$@"')
    found = c_toolchain(
        Zig(command=str(command), version="0.17.0", cache=str(tmp_path)),
        resolve(target),
        bin_dir=str(tmp_path / "bin"),
    )
    assert len(found.files) == added
    write_wrappers(found)

    def said(*words: str) -> list[str]:
        wrapper = str(tmp_path / "bin" / found.cc.name)
        return subprocess.run(
            [wrapper, *words], capture_output=True, text=True, check=True
        ).stdout.splitlines()

    linked = said("a.o", "-o", "program", "-std=c++17")
    ours = [word.rpartition("-")[0] for word in linked if word.endswith(".o") and word != "a.o"]
    assert sorted(ours) == sorted(file.path.removesuffix(".c") for file in found.files)
    # A language's options are for the user's own files.
    assert not [word for word in linked if word.endswith(".c")]
    for other in (("-c", "-o", "a.o", "a.c"), ("-v",)):
        assert not [word for word in said(*other) if "strings" in word]


def test_a_system_that_came_with_a_later_zig_is_a_missing_tool() -> None:
    with pytest.raises(MissingTool) as caught:
        names(version="0.15.2", target="openbsd/arm64")
    assert "0.16" in caught.value.message
    assert names(version="0.16.0", target="openbsd/arm64")
    assert names(version="0.15.2", target="freebsd/arm64")


def test_commands_that_cannot_be_written_are_told_of(tmp_path: Path) -> None:
    found = c_toolchain(
        Zig(command="/zig", version="0.17.0", cache="/c"), AMD64, bin_dir=str(tmp_path / "file")
    )
    (tmp_path / "file").touch()
    with pytest.raises(ToolFailed, match=r"commands of zig 0\.17\.0 .* cannot be written"):
        write_wrappers(found)
