"""Source archives: nothing lands or points outside, whatever the archive says."""

from __future__ import annotations

import errno
import io
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from staticgo.errors import UsageError
from staticgo.sources.unpack import copy_tree, tree_digest, tree_paths, unpack


def tar(path: Path, *members: tuple[tarfile.TarInfo, bytes], mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for info, content in members:
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def entry(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


def complaint(archive: Path, tmp_path: Path) -> str:
    with pytest.raises(UsageError) as caught:
        unpack(archive, tmp_path / "out")
    return caught.value.message


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_the_one_folder_inside_is_where_it_begins(tmp_path: Path, mode: str) -> None:
    archive = tar(
        tmp_path / "a.tar",
        (entry("a-1.0/", tarfile.DIRTYPE), b""),
        (entry("a-1.0/configure"), b"#!/bin/sh\n"),
        (entry("a-1.0/src/a.c"), b"int a;\n"),
        (entry("a-1.0/link", tarfile.SYMTYPE, "src/a.c"), b""),
        (entry("a-1.0/same.c", tarfile.LNKTYPE, "a-1.0/src/a.c"), b""),
        mode=mode,
    )
    root = unpack(archive, tmp_path / "out")
    assert root == tmp_path / "out" / "a-1.0"
    assert os.access(root / "configure", os.X_OK)
    assert not os.access(root / "src" / "a.c", os.X_OK)
    assert (root / "link").read_text() == (root / "same.c").read_text() == "int a;\n"
    # Else make would try to run autoconf, on machines that have none.
    assert (root / "configure").stat().st_mtime == (root / "src" / "a.c").stat().st_mtime


@pytest.mark.parametrize(
    ("members", "telling"),
    [
        ([entry("../evil")], "'../evil', which leads out"),
        ([entry("a/../../evil")], "leads out"),
        ([entry("/etc/evil")], "leads out"),
        ([entry("a\\..\\evil")], "impossible name"),
        ([entry("l", tarfile.SYMTYPE, "/etc")], "the link 'l' to '/etc', which leads out"),
        ([entry("l", tarfile.SYMTYPE, "../..")], "leads out"),
        # Each link is harmless by its letters; the second goes up from where the first leads.
        (
            [
                entry("d/e/x"),
                entry("up", tarfile.SYMTYPE, "d/e/root/.."),
                entry("d/e/root", tarfile.SYMTYPE, "../.."),
            ],
            "the link 'up'",
        ),
        ([entry("l", tarfile.SYMTYPE, "l")], "the link 'l'"),
        # Never written through: the link is made when all files are there.
        ([entry("l", tarfile.SYMTYPE, "/tmp"), entry("l/evil")], "'l' twice"),
        ([entry("l", tarfile.LNKTYPE, "/etc/passwd")], "leads out"),
        ([entry("l", tarfile.LNKTYPE, "absent")], "no file before it"),
        ([entry("null", tarfile.CHRTYPE)], "no file, folder or link"),
        ([entry("pipe", tarfile.FIFOTYPE)], "no file, folder or link"),
        ([entry("a"), entry("a/b")], "as a file and as a folder"),
    ],
)
def test_what_leads_out_is_refused(
    tmp_path: Path, members: list[tarfile.TarInfo], telling: str
) -> None:
    archive = tar(tmp_path / "a.tar", *((info, b"") for info in members))
    assert telling in complaint(archive, tmp_path)
    assert not (tmp_path / "evil").exists()


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    archive = tar(tmp_path / "a.tar", (entry("zeros"), bytes(80 << 20)))
    assert "decompression bomb" in complaint(archive, tmp_path)


def test_what_is_cut_or_no_archive_is_refused(tmp_path: Path) -> None:
    whole = tar(tmp_path / "a.tar", (entry("a"), os.urandom(5000))).read_bytes()
    (tmp_path / "cut").write_bytes(whole[:3000])
    assert complaint(tmp_path / "cut", tmp_path).endswith("ends too early")
    (tmp_path / "text").write_text("hello\n" * 999)
    with pytest.raises(UsageError, match="is no tar and no zip"):
        unpack(tmp_path / "text", tmp_path / "other")


def test_a_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/run.sh", "#!/bin/sh\n")
        archive.writestr("a/long.c", "int a;\n" * 99)
        link = zipfile.ZipInfo("a/link.c")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "long.c")
    root = unpack(tmp_path / "a.zip", tmp_path / "out")
    assert os.access(root / "run.sh", os.X_OK)
    assert (root / "link.c").is_symlink()
    assert (root / "link.c").read_text() == "int a;\n" * 99


@pytest.mark.parametrize("name", ["../evil", "/evil"])
def test_a_zip_that_leads_out(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(name, "evil")
    assert "leads out" in complaint(tmp_path / "a.zip", tmp_path)


def test_a_folder_is_copied_and_known_by_its_contents(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "sub").mkdir(parents=True)
    (source / "sub" / "a.c").write_text("int a;\n")
    (source / "link").symlink_to("sub/a.c")
    before = tree_digest(source)
    (source / ".git").mkdir()
    (source / ".git" / "HEAD").write_text("ref\n")
    assert tree_digest(source) == before
    copy = copy_tree(source, tmp_path / "copy")
    assert tree_digest(copy) == before
    (source / "sub" / "a.c").write_text("int b;\n")
    assert tree_digest(source) != before


def test_a_folder_with_a_link_out_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "link").symlink_to("/etc/passwd")
    with pytest.raises(UsageError, match="leads out"):
        copy_tree(source, tmp_path / "copy")


def test_no_link_is_made_below_another(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.mkdir()
    archive = tar(
        tmp_path / "a.tar",
        (entry("p/a", tarfile.SYMTYPE, str(victim)), b""),
        (entry("p/a/b/c/evil", tarfile.SYMTYPE, "X"), b""),
    )
    assert "'p/a/b/c/evil', which is below the link 'p/a'" in complaint(archive, tmp_path)
    assert not list(victim.iterdir())


def test_many_links_to_one_file_are_refused(tmp_path: Path) -> None:
    links = ((entry(f"l{n}", tarfile.LNKTYPE, "one"), b"") for n in range(9))
    archive = tar(tmp_path / "a.tar", (entry("one"), bytes(10 << 20)), *links)
    assert "decompression bomb" in complaint(archive, tmp_path)


def test_what_is_empty_in_a_zip_is_there_too(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/m4/", "")
        archive.writestr("a/NEWS", "")
        archive.writestr("a/a.c", "int a;")
    root = unpack(tmp_path / "a.zip", tmp_path / "out")
    assert sorted(path.name for path in root.iterdir()) == ["NEWS", "a.c", "m4"]
    assert (root / "m4").is_dir()


@pytest.mark.parametrize("target", ["a\0b", ""])
def test_a_link_to_no_possible_place_is_refused(tmp_path: Path, target: str) -> None:
    link = zipfile.ZipInfo("l")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, target)
    assert "the link 'l' to an impossible place" in complaint(tmp_path / "a.zip", tmp_path)


@pytest.mark.parametrize("read", [tree_digest, tree_paths])
def test_a_folder_that_cannot_be_read_is_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: Callable[[Path], object]
) -> None:
    (tmp_path / "closed").mkdir()
    scan = os.scandir

    def denied(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", denied)
    with pytest.raises(UsageError, match="cannot be read: Permission denied"):
        read(tmp_path)
