"""Installing toolchains: pinned digests, whole or not at all, nothing of the caller's settings."""

from __future__ import annotations

import dataclasses
import errno
import hashlib
import io
import shutil
import tarfile
from pathlib import Path

import pytest

from staticgo.errors import MissingTool, StaticgoError, ToolFailed, UsageError
from staticgo.facts.pinned import MUSL, PINNED
from staticgo.host.run import Runner
from staticgo.toolchain import install, installed
from staticgo.toolchain.go import _candidates
from staticgo.toolchain.installed import own_command, own_musl
from staticgo.toolchain.zig import find_zig
from tests.unit.host.fakes import script

SAID: list[str] = []


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STATICGO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    SAID.clear()
    return tmp_path / "cache"


def installing(name: str, source: Path | None = None) -> tuple[Path, bool]:
    return install.install(name, Runner(), SAID.append, source=source)


def refused(name: str, source: Path | None = None) -> StaticgoError:
    with pytest.raises(StaticgoError) as caught:
        installing(name, source)
    return caught.value


def left(cache: Path) -> set[str]:
    """What stands in the folder of tools, locks aside."""
    return {path.name for path in (cache / "tools").iterdir() if path.suffix != ".lock"}


def fake_pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str = "exit 0") -> Path:
    """A pip that installs a zig which says its version; returns where it writes what it was told."""
    told = tmp_path / "told"
    body = f"""echo "$@" > {told}; echo "user=$PIP_USER" >> {told}
while [ $# -gt 0 ]; do
  case $1 in --target) target=$2 ;; -r) cat "$2" >> {told} ;; esac; shift
done
mkdir -p "$target/ziglang"; printf '#!/bin/sh\\necho 0.17.0\\n' > "$target/ziglang/zig"
chmod +x "$target/ziglang/zig"
{ending}"""
    pip = script(tmp_path / "fake-pip", body)
    monkeypatch.setattr(install, "_pip", lambda: [str(pip)])
    return told


def test_zig_comes_by_pip_with_every_digest_pinned(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = fake_pip(tmp_path, monkeypatch)
    path, anew = installing("zig")
    assert (path, anew) == (cache / "tools/zig-0.17.0/ziglang/zig", True)
    assert own_command("zig") == path
    asked = told.read_text()
    for words in ("--require-hashes", "--no-deps", "--only-binary :all:", "ziglang==0.17.0"):
        assert words in asked
    assert all(f"--hash=sha256:{digest}" in asked for digest in PINNED["zig"].digests)
    assert "user=0" in asked
    assert left(cache) == {"zig-0.17.0"}
    told.unlink()
    assert installing("zig") == (path, False)
    assert not told.exists()


def test_what_was_installed_is_found_where_nothing_else_is(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_pip(tmp_path, monkeypatch)
    path, _ = installing("zig")
    monkeypatch.setattr("staticgo.toolchain.zig.packaged", lambda *parts: None)
    assert find_zig(Runner()).command == str(path)
    monkeypatch.setattr("staticgo.toolchain.go.packaged", lambda *parts: None)
    monkeypatch.setenv("PATH", "/nowhere")
    assert list(_candidates()) == []
    go = script(cache / "tools" / f"go-{PINNED['go'].version}" / "go" / "bin" / "go", "exit 0")
    assert list(_candidates()) == [str(go)]


@pytest.mark.parametrize(
    ("says", "hint"),
    [
        ("THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "update staticgo"),
        ("ERROR: No matching distribution found for ziglang==0.17.0", "none for this machine"),
        ("Connection refused", "can be reached"),
    ],
)
def test_an_installation_that_fails_leaves_nothing(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str, hint: str
) -> None:
    fake_pip(tmp_path, monkeypatch, f'echo "{says}" >&2; exit 1')
    error = refused("zig")
    assert isinstance(error, ToolFailed)
    assert hint in error.hint
    assert says in error.details
    assert left(cache) == set()
    assert own_command("zig") is None


def test_what_a_killed_installation_left_is_cleared_away(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = cache / "tools" / ".zig-abcdef.part" / "whole" / "ziglang"
    half.mkdir(parents=True)
    fake_pip(tmp_path, monkeypatch)
    installing("zig")
    assert left(cache) == {"zig-0.17.0"}


def test_without_pip_and_uv_it_says_what_brings_one(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr(install, "find_command", lambda name: None)
    error = refused("zig")
    assert isinstance(error, MissingTool)
    assert "ensurepip" in error.hint


@pytest.mark.parametrize(
    ("name", "source"), [("gcc", None), ("zig", Path("x")), ("musl", Path("absent"))]
)
def test_what_cannot_be_asked_for(cache: Path, name: str, source: Path | None) -> None:
    assert isinstance(refused(name, source), UsageError)


@pytest.fixture
def musl(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A source archive that takes musl's place, and tools that pretend to build it."""
    archive = tmp_path / MUSL.file
    configure = b'#!/bin/sh\necho "$@" "flags=$CFLAGS" > configured\n'
    with tarfile.open(archive, "w:gz") as file:
        member = tarfile.TarInfo(f"musl-{MUSL.version}/configure")
        member.size, member.mode = len(configure), 0o755
        file.addfile(member, io.BytesIO(configure))
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    small = dataclasses.replace(MUSL, sha256=digest)
    monkeypatch.setattr(install, "MUSL", small)
    monkeypatch.setattr(installed, "MUSL", small)
    script(tmp_path / "bin" / "gcc", "exit 0")
    script(
        tmp_path / "bin" / "make",
        """case "$*" in *install*)
  for word; do case $word in DESTDIR=*) root=${word#DESTDIR=} ;; esac; done
  read -r prefix rest < configured; prefix=${prefix#--prefix=}
  mkdir -p "$root$prefix/bin"; cp configured "$root$prefix/configured"
  printf '#!/bin/sh\\n' > "$root$prefix/bin/musl-gcc"; chmod +x "$root$prefix/bin/musl-gcc"
esac""",
    )
    return archive


def test_musl_is_built_for_the_folder_that_it_is_moved_to(
    musl: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CFLAGS", "-O0")
    path, anew = installing("musl", musl)
    home = cache / "tools" / f"musl-{MUSL.version}"
    assert (path, anew) == (home / "bin" / "musl-gcc", True)
    assert own_musl() == path
    configured = (home / "configured").read_text()
    assert f"--prefix={home} --disable-shared" in configured
    assert configured.endswith("flags=\n")
    assert left(cache) == {home.name}


def test_another_archive_is_refused_before_anything_is_made_of_it(
    musl: Path, cache: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.tar.gz"
    other.write_bytes(musl.read_bytes() + b"x")
    error = refused("musl", other)
    assert isinstance(error, UsageError)
    assert "its SHA-256 is" in error.message
    assert not (cache / "tools").exists()
    installing("musl", musl)
    assert isinstance(refused("musl", other), UsageError)


def test_a_cache_with_white_space_in_its_name_is_refused_before_the_work(
    musl: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STATICGO_CACHE", str(tmp_path / "my cache"))
    error = refused("musl", musl)
    assert isinstance(error, UsageError)
    assert "white space" in error.message
    assert SAID == []


def test_a_build_that_fails_leaves_nothing(musl: Path, cache: Path, tmp_path: Path) -> None:
    script(tmp_path / "bin" / "make", "echo no such header >&2; exit 2")
    error = refused("musl", musl)
    assert isinstance(error, ToolFailed)
    assert "no such header" in error.details
    assert left(cache) == set()


def test_building_takes_gcc_and_make(
    musl: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install, "find_command", lambda name: None if name == "make" else name)
    error = refused("musl", musl)
    assert isinstance(error, MissingTool)
    assert "apt-get install make" in error.hint


APT = """
case "$*" in
  *indextargets*) echo m://deb/ ;;
  *--download-only*) cp {archive} . ; echo "$@" > {root}/words ;;
esac
{ending}"""


def fake_apt(tmp_path: Path, archive: Path, ending: str = "exit 0") -> None:
    text = APT.replace("{root}", str(tmp_path)).replace("{archive}", str(archive))
    script(tmp_path / "bin" / "apt-get", text.replace("{ending}", ending))


def test_the_source_comes_from_debian_in_the_pinned_version(
    musl: Path, cache: Path, tmp_path: Path
) -> None:
    fake_apt(tmp_path, musl)
    assert installing("musl")[1]
    assert MUSL.source in (tmp_path / "words").read_text()


def test_a_source_package_that_is_not_the_pinned_one_is_refused(
    musl: Path, cache: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other" / MUSL.file
    other.parent.mkdir()
    other.write_bytes(b"something else")
    fake_apt(tmp_path, other)
    error = refused("musl")
    assert isinstance(error, ToolFailed)
    assert "SHA-256" in error.message
    assert left(cache) == set()


def test_where_apt_cannot_help_the_file_may_be_given(
    musl: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_apt(tmp_path, musl, "exit 100")
    failed = refused("musl")
    script(tmp_path / "bin" / "apt-get", "exit 0")
    (cache / "apt" / "sources.list").unlink()
    no_debian = refused("musl")
    real = shutil.which
    monkeypatch.setattr(
        "shutil.which", lambda name, path=None: None if name == "apt-get" else real(name)
    )
    no_apt = refused("musl")
    for error in (failed, no_debian, no_apt):
        assert "--source FILE" in error.hint
    assert isinstance(failed, ToolFailed)
    assert isinstance(no_debian, MissingTool)
    assert isinstance(no_apt, MissingTool)


def test_what_was_damaged_is_installed_anew(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_pip(tmp_path, monkeypatch)
    path, _ = installing("zig")
    path.unlink()
    (path.parent / "rest").touch()
    assert installing("zig") == (path, True)
    assert not (path.parent / "rest").exists()
    assert left(cache) == {"zig-0.17.0"}


def test_a_cache_that_takes_nothing_is_told_of(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**where: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device", str(cache))

    fake_pip(tmp_path, monkeypatch)
    monkeypatch.setattr("tempfile.mkdtemp", full)
    error = refused("zig")
    assert isinstance(error, ToolFailed)
    assert "No space left on device" in error.message
    assert "STATICGO_CACHE" in error.hint
