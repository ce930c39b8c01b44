"""The sources of the program's own C libraries: what is built is what the key says."""

from __future__ import annotations

from pathlib import Path

import pytest

from staticgo.app.steps import libraries
from staticgo.errors import UsageError
from staticgo.facts.platforms import resolve
from staticgo.host.run import Runner
from staticgo.model.config import Config
from staticgo.model.libraries import LibraryPlan, LibrarySource
from staticgo.sources.unpack import tree_digest


def test_a_folder_that_was_changed_meanwhile_is_not_built(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.c").write_text("int a;\n")
    plan = LibraryPlan(
        name="libfoo",
        key="0123",
        target=resolve("linux/arm64").target,
        triple="aarch64-linux-musl",
        source=LibrarySource(sha256=tree_digest(source), path=str(source)),
        stages=(),
    )
    unpack = libraries._unpacker(plan, Runner())
    assert (unpack(tmp_path / "same") / "a.c").read_text() == "int a;\n"
    (source / "a.c").write_text("int b;\n")
    with pytest.raises(UsageError, match="libfoo, was changed meanwhile"):
        unpack(tmp_path / "other")


def test_archives_and_all_in_folders_are_watched(tmp_path: Path) -> None:
    archive, folder = tmp_path / "a.tar", tmp_path / "b"
    archive.touch()
    folder.mkdir()
    (folder / "b.c").touch()
    sources = {path.name: LibrarySource(sha256="1", path=str(path)) for path in (archive, folder)}
    own = libraries.OwnLibraries(
        config=Config(), looked_at=("/app/staticgo.toml",), sources=sources
    )
    assert [*own.watched()][1:] == [str(archive), str(folder), str(folder / "b.c")]
