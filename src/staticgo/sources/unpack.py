"""Unpacks a source archive, or copies a folder, so that nothing of it lands or points outside."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple, NoReturn

from staticgo.errors import UsageError
from staticgo.host.files import sha256, stays_inside
from staticgo.sources import tars, zips
from staticgo.sources.disk import Window, open_window
from staticgo.sources.limits import CHUNK, Budget, Refused
from staticgo.sources.magic import COMPRESSED, Nature, nature
from staticgo.sources.streams import Stream, unpacked

_MTIME = 315532800
"""1980: what was made by autotools must not look older than what it was made from."""
_SUSPECT = "see where it comes from: an honest source archive holds no such thing"
_SCRIPT, _PLAIN = 0o755, 0o644
_REPOSITORIES = frozenset((".git", ".hg", ".svn", ".bzr"))


class _Link(NamedTuple):
    place: Path
    target: str


class _Tree:
    """The folder being filled. Links are made last, so that nothing is ever written through one."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.links: list[_Link] = []
        root.mkdir()

    def place(self, name: str) -> Path:
        """Where an entry goes. Raises Refused for a name that leads out."""
        parts = PurePosixPath(name).parts
        if not name or "\0" in name or "\\" in name:
            raise Refused(f"holds an entry with the impossible name {name!r}", hint=_SUSPECT)
        if name.startswith("/") or ".." in parts:
            raise Refused(
                f"holds {name!r}, which leads out of the folder it is unpacked in", hint=_SUSPECT
            )
        return self.root.joinpath(*parts)

    def folder(self, path: Path) -> None:
        try:
            path.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError) as error:
            name = path.relative_to(self.root)
            raise Refused(f"holds {str(name)!r} as a file and as a folder") from error

    def file(self, path: Path, pieces: Iterator[bytes]) -> None:
        self.folder(path.parent)
        if path.is_dir():
            raise Refused(f"holds {str(path.relative_to(self.root))!r} as a file and as a folder")
        first = b""
        with path.open("wb") as file:
            for piece in pieces:
                first = first or piece[:2]
                file.write(piece)
        # Scripts are known by their first line: not every archive keeps modes, nor every system.
        path.chmod(_SCRIPT if first == b"#!" else _PLAIN)

    def link(self, path: Path, target: str) -> None:
        if not target or "\0" in target:
            raise Refused(
                f"holds the link {self._name(path)!r} to an impossible place", hint=_SUSPECT
            )
        self.links.append(_Link(path, target))

    def finish(self) -> None:
        """Makes the links, sees that each stays inside, and gives all files one time."""
        for link in self.links:
            self._see_no_link_above(link.place)
            self.folder(link.place.parent)
            if os.path.lexists(link.place):
                raise Refused(f"holds {self._name(link.place)!r} twice, once as a link")
            link.place.symlink_to(link.target)
        for link in self.links:
            if not stays_inside(link.place, self.root):
                raise Refused(
                    f"holds the link {self._name(link.place)!r} to {link.target!r}, "
                    "which leads out of the folder it is unpacked in",
                    hint=_SUSPECT,
                )
        for folder, _, files in os.walk(self.root):
            for name in files:
                os.utime(Path(folder, name), (_MTIME, _MTIME), follow_symlinks=False)

    def _see_no_link_above(self, place: Path) -> None:
        """A link below another would be made wherever that one leads, which may be anywhere."""
        for folder in place.relative_to(self.root).parents:
            if (self.root / folder).is_symlink():
                raise Refused(
                    f"holds {self._name(place)!r}, which is below the link {str(folder)!r}",
                    hint=_SUSPECT,
                )

    def _name(self, path: Path) -> str:
        return str(path.relative_to(self.root))


@contextlib.contextmanager
def _explained(source: Path, done: str) -> Iterator[None]:
    """What goes wrong while `source` is read, copied or unpacked, as UsageError."""
    try:
        yield
    except Refused as refused:
        raise UsageError(f"{source} {refused.message}", hint=refused.hint) from refused
    except OSError as error:
        raise UsageError(
            f"{source} cannot be {done}: {error.strerror or error}",
            hint="check the path, its permissions and the space left in staticgo's cache",
        ) from error


def unpack(archive: Path, folder: Path) -> Path:
    """Unpacks a tar (compressed or not) or a zip into `folder`, which must not be there yet.

    Returns where its contents begin: the one folder that all of it is in, or `folder`. Raises
    UsageError for what is no archive, is damaged, asks for too much, or leads out.
    """
    with _explained(archive, "unpacked"):
        tree = _Tree(folder)
        with open_window(str(archive)) as window:
            budget = Budget(window.size)
            kind = nature(window.head())
            if kind is Nature.ZIP:
                _unpack_zip(window, budget, tree)
            elif kind is Nature.TAR:
                _unpack_tar(window, budget, tree)
            elif kind in COMPRESSED:
                _unpack_tar(unpacked(window, kind, budget), budget, tree)
            else:
                raise Refused("is no tar and no zip archive", hint="name an archive or a folder")
        tree.finish()
    inside = list(folder.iterdir())
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else folder


def copy_tree(source: Path, folder: Path) -> Path:
    """Copies the source folder into `folder`, which must not be there yet. Raises UsageError."""
    with _explained(source, "copied"):
        tree = _Tree(folder)
        for path, kind in walk_tree(source):
            place = tree.place(path.relative_to(source).as_posix())
            if kind is tars.Kind.SYMBOLIC_LINK:
                tree.link(place, str(path.readlink()))
            elif kind is tars.Kind.FOLDER:
                tree.folder(place)
            else:
                with path.open("rb") as file:
                    tree.file(place, _pieces(file.read))
        tree.finish()
    return folder


def walk_tree(source: Path) -> Iterator[tuple[Path, tars.Kind]]:
    """All in a folder, in one order everywhere; repositories' own folders are left out.

    Raises Refused for what is no file, folder or link.
    """
    for folder, folders, files in os.walk(source, onerror=_raised):
        folders[:] = sorted(name for name in folders if name not in _REPOSITORIES)
        for name in (*folders, *sorted(files)):
            path = Path(folder, name)
            mode = path.lstat().st_mode
            if stat.S_ISLNK(mode):
                yield path, tars.Kind.SYMBOLIC_LINK
            elif stat.S_ISDIR(mode):
                yield path, tars.Kind.FOLDER
            elif stat.S_ISREG(mode):
                yield path, tars.Kind.FILE
            else:
                raise Refused(f"holds {name!r}, which is a device, a socket or a pipe")


def _raised(error: OSError) -> NoReturn:
    """For os.walk, which otherwise leaves out without a word what cannot be read."""
    raise error


def tree_paths(source: Path) -> tuple[str, ...]:
    """The paths of all in a folder. Raises UsageError."""
    with _explained(source, "read"):
        return tuple(str(path) for path, _ in walk_tree(source))


def tree_digest(source: Path) -> str:
    """SHA-256 over the names and contents of all in a folder. Raises UsageError."""
    digest = hashlib.sha256()
    with _explained(source, "read"):
        for path, kind in walk_tree(source):
            content = ""
            if kind is tars.Kind.SYMBOLIC_LINK:
                content = str(path.readlink())
            elif kind is tars.Kind.FILE:
                content = sha256(path)
            name = path.relative_to(source).as_posix()
            digest.update(f"{name}\0{kind}\0{content}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _unpack_tar(stream: Stream, budget: Budget, tree: _Tree) -> None:
    for entry in tars.entries(stream, budget):
        if not entry.name.strip("./"):
            continue
        place = tree.place(entry.name)
        match entry.kind:
            case tars.Kind.FOLDER:
                tree.folder(place)
            case tars.Kind.FILE:
                tree.file(place, _pieces(entry.body.read))
            case tars.Kind.SYMBOLIC_LINK:
                tree.link(place, entry.link)
            case tars.Kind.HARD_LINK:
                _copy_within(tree, entry.link, place, budget)
            case _:
                raise Refused(
                    f"holds {entry.name!r}, which is no file, folder or link", hint=_SUSPECT
                )


def _pieces(read: Callable[[int], bytes]) -> Iterator[bytes]:
    return iter(lambda: read(CHUNK), b"")


def _copy_within(tree: _Tree, link: str, place: Path, budget: Budget) -> None:
    origin = tree.place(link)
    if not origin.is_file():
        raise Refused(f"holds a link to {link!r}, which is no file before it in the archive")
    # Else one file and many links to it would fill the disk.
    budget.bytes(origin.stat().st_size)
    tree.folder(place.parent)
    shutil.copy(origin, place)


def _unpack_zip(window: Window, budget: Budget, tree: _Tree) -> None:
    opener = zips.Opener(window, everything=True)
    for entry in zips.entries(window, budget, everything=True):
        place = tree.place(entry.name)
        if entry.name.endswith("/"):
            tree.folder(place)
            continue
        opener.claim(entry)
        stream = opener.open(entry, budget)
        assert stream is not None
        checked = zips.Checked(stream, entry, b"")
        pieces = _pieces(checked.read)
        if entry.link:
            tree.link(place, b"".join(pieces).decode("utf-8", "surrogateescape"))
        else:
            tree.file(place, pieces)
        checked.finish()
