"""A build with nothing changed is answered from memory, and any change makes it a build."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from staticgo.app.steps import memo
from staticgo.model.plan import Policy, Reason
from staticgo.model.verdict import Outcome
from staticgo.rules.log import read_text
from staticgo.view.text import warnings
from tests.binaries import elf
from tests.unit.app.built import Built, isolate


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Built:
    isolate(tmp_path, monkeypatch)
    return Built(tmp_path, embedded=("web/index.html", "web/css/a.css", "logo.svg"))


def record_of(built: Built) -> Path:
    (file,) = (built.root / "cache/memo").glob("*.json")
    return file


def test_nothing_is_recalled_before_the_first_build(built: Built) -> None:
    assert memo.recall(built.request) is None


def test_what_was_remembered_is_recalled_as_it_was(built: Built) -> None:
    built.remember()
    recalled = memo.recall(built.request)
    assert recalled is not None
    (found,), (was,) = recalled, built.results
    assert found.reused
    assert found.verdict.outcome is Outcome.PASS
    assert dataclasses.replace(found, seconds=was.seconds, reused=False) == was


def test_a_remedy_and_warnings_are_said_again(built: Built) -> None:
    built.reading = read_text("x.c:1:1: warning: odd\n/usr/bin/ld: cannot find -lpcap\n")
    built.reasons = (Reason(decision="CGO_CFLAGS gets -DX", why="it failed", warning=True),)
    built.remember()
    recalled = memo.recall(built.request)
    assert recalled is not None
    assert recalled[0].reading == built.reading
    assert "warning: CGO_CFLAGS gets -DX: it failed [linux/amd64]" in list(warnings(recalled))


def test_it_is_recalled_whatever_is_then_done_with_it(built: Built) -> None:
    built.remember()
    request = dataclasses.replace(built.request, verify=True, arguments=("version",), jobs=3)
    assert memo.recall(request)


@pytest.mark.parametrize(
    "change",
    [
        {"package": "./other"},
        {"directory": "/elsewhere"},
        {"output": "/elsewhere"},
        {"targets": ("linux/arm64",)},
        {"policy": Policy(ldflags="-X main.v=1")},
    ],
    ids=lambda change: next(iter(change)),
)
def test_another_request_is_another_build(built: Built, change: dict[str, object]) -> None:
    built.remember()
    assert memo.recall(dataclasses.replace(built.request, **change)) is None  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["CGO_CFLAGS", "GOFLAGS", "PATH", "HTTPS_PROXY"])
def test_another_environment_is_another_build(
    built: Built, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    built.remember()
    monkeypatch.setenv(name, "/another")
    assert not built.recalled()


def test_a_new_shell_or_window_is_the_same_environment(
    built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    built.remember()
    for name in ("SHLVL", "COLUMNS", "OLDPWD", "_"):
        monkeypatch.setenv(name, "17")
    assert built.recalled()


def edit(name: str, content: str = "other") -> Callable[[Built], object]:
    """Writes a file below the root, with its folder."""

    def write(built: Built) -> None:
        path = built.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)

    return write


def _same_size_and_time(built: Built) -> None:
    main = built.folder / "main.go"
    before = main.stat()
    main.write_text(main.read_text().replace("main()", "init()"))
    os.utime(main, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert main.stat().st_size == before.st_size


def _replaced_output(built: Built) -> None:
    copy = built.output.with_name("copy")
    copy.write_bytes(built.output.read_bytes())
    copy.replace(built.output)


CHANGES: dict[str, Callable[[Built], object]] = {
    "a source of the same size under the same time": _same_size_and_time,
    "a source of another package": edit("app/lib/lib.go"),
    "a new source": edit("app/new.go"),
    "a new source in another package": edit("app/lib/new_test.go"),
    "a source removed": lambda built: (built.folder / "lib/lib.go").unlink(),
    "an embedded file": edit("app/web/css/a.css"),
    "an embedded file at the top": edit("app/logo.svg"),
    "a new file below an embedded folder": edit("app/web/css/new.css"),
    "go.mod": edit("app/go.mod"),
    "a new go.sum": edit("app/go.sum"),
    "a new go.work": edit("app/go.work"),
    "a new go.work in a folder above": edit("go.work"),
    "a new go.mod in a folder above": edit("go.mod"),
    "a new go.mod in a folder below": edit("app/lib/go.mod"),
    "git, where there was none": edit("path/git"),
    "a new vendor folder": edit("app/vendor/modules.txt"),
    "a new repository": lambda built: (built.folder / ".git").mkdir(),
    "a new repository above": lambda built: (built.root / ".hg").mkdir(),
    "settings of `go env -w`": edit("config/go/env"),
    "settings of the distribution": edit("goroot/go.env"),
    "another Go in its place": edit("goroot/VERSION"),
    "another go command": edit("goroot/bin/go"),
    "a changed staticgo": edit("staticgo/__init__.py"),
    "the binary removed": lambda built: built.output.unlink(),
    "the binary emptied": edit("out/app-linux-amd64", ""),
    "the binary appended to": lambda built: built.output.open("ab").write(b"\0"),
    "the binary replaced by a copy": _replaced_output,
    "the binary made not executable": lambda built: built.output.chmod(0o600),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_makes_it_a_build(built: Built, change: Callable[[Built], object]) -> None:
    built.remember()
    assert built.recalled()
    change(built)
    assert not built.recalled()


@pytest.mark.parametrize(
    "change",
    [edit("app/lib/../README/new.md"), edit("modules/dep@v1/d.go"), edit("out/other-binary")],
    ids=["a folder without Go", "the module cache", "another output"],
)
def test_what_no_build_reads_changes_nothing(
    built: Built, change: Callable[[Built], object]
) -> None:
    (built.folder / "README").mkdir()
    built.remember()
    change(built)
    assert built.recalled()


def test_a_build_from_a_link_that_leads_elsewhere_is_another(built: Built) -> None:
    link = built.root / "current"
    link.symlink_to(built.folder)
    request = dataclasses.replace(built.request, package=str(link))
    built.remember(request)
    assert memo.recall(request)
    link.unlink()
    link.symlink_to(built.root)
    assert memo.recall(request) is None


def test_staticgos_own_file_makes_it_a_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    isolate(tmp_path, monkeypatch)
    file = tmp_path / "staticgo.toml"
    built = Built(tmp_path, watched=(str(file),))
    built.remember()
    assert built.recalled()
    file.write_text('[build]\ntoolchain = "zig"\n')
    assert not built.recalled()


def test_a_new_profile_makes_it_a_build(built: Built) -> None:
    edit("app/default.pgo", "old profile")(built)
    built.remember()
    edit("app/default.pgo", "new profile")(built)
    assert not built.recalled()


@pytest.mark.parametrize("flag", ["-modfile", "-overlay", "-pgo"])
def test_a_file_that_goflags_name_makes_it_a_build(
    built: Built, monkeypatch: pytest.MonkeyPatch, flag: str
) -> None:
    edit("other/file", "old")(built)
    monkeypatch.setenv("GOFLAGS", f"{flag}={built.root}/other/file")
    built.remember()
    edit("other/file", "new")(built)
    assert not built.recalled()


def test_another_zig_on_path_makes_it_a_build(
    built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memo, "packaged", lambda *_: None)
    edit("path/zig", "old zig")(built)
    (built.root / "path/zig").chmod(0o755)
    built.remember()
    edit("path/zig", "new zig")(built)
    assert not built.recalled()


def test_a_binary_that_no_longer_passes_is_not_recalled(
    built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    built.remember()
    monkeypatch.setattr(memo, "unchanged", lambda known: True)
    assert built.recalled()
    built.output.write_bytes(elf.DYNAMIC.build())
    assert not built.recalled()
    built.output.write_bytes(b"no binary")
    assert not built.recalled()


CORRUPT = {
    "empty": b"",
    "half": b'{"inputs": {',
    "no text": b"\xff\xfe\0",
    "a number": b"7",
    "nothing": b"null",
    "an array": b"[1, 2]",
    "an empty object": b"{}",
    "no files": b'{"inputs": [], "outputs": [], "plans": [], "binaries": []}',
    "no plans": b'{"inputs": {}, "outputs": {}, "plans": null, "binaries": null}',
    "nothing at all": b'{"inputs": {}, "outputs": {}, "plans": [], "binaries": []}',
    "other plans": b'{"inputs": {}, "outputs": {}, "plans": [{"a": 1}], "binaries": [["x", "y"]]}',
    "an odd path": b'{"inputs": {"a\\u0000b": []}, "outputs": {}, "plans": [], "binaries": []}',
    "fewer plans": b'{"inputs": {}, "outputs": {}, "plans": [], "binaries": [["x", "y"]]}',
}


@pytest.mark.parametrize("content", CORRUPT.values(), ids=CORRUPT)
def test_a_corrupt_record_is_a_build_and_no_error(built: Built, content: bytes) -> None:
    built.remember()
    record_of(built).write_bytes(content)
    assert not built.recalled()


def test_a_record_cut_short_anywhere_is_a_build_and_no_error(built: Built) -> None:
    built.remember()
    whole = record_of(built).read_bytes()
    for length in range(0, len(whole), 97):
        record_of(built).write_bytes(whole[:length])
        assert not built.recalled()
    record_of(built).write_bytes(whole)
    assert built.recalled()


def test_a_record_nested_beyond_reason_is_a_build_and_no_error(built: Built) -> None:
    built.remember()
    record_of(built).write_bytes(b"[" * 200_000)
    assert not built.recalled()
