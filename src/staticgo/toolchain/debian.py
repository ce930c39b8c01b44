"""Fetches source packages of Debian, without root and without touching the system's own lists."""

from __future__ import annotations

import tempfile
from pathlib import Path

from staticgo.errors import MissingTool, ToolFailed
from staticgo.host.files import cache_dir, sha256
from staticgo.host.lock import locked
from staticgo.host.run import Completed, Runner, clean_environment, find_command
from staticgo.model.libraries import LibrarySource

_SECONDS = 600
_SUITE = "bookworm"
"""Whose source packages the recipes name."""
_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


def fetch(source: LibrarySource, runner: Runner, *, by_hand: str) -> Path:
    """The named file of a source package, its digest checked; kept in the cache once it was fetched.

    `by_hand` says what to do with a file that the user fetched. Raises MissingTool where there is no
    apt, ToolFailed where it does not give that file.
    """
    folder = cache_dir("sources", source.sha256)
    file = folder / source.archive
    if file.exists():
        return file
    elsewhere = (
        f"fetch {source.archive} of Debian's source package {source.package} yourself, "
        f"and {by_hand}"
    )
    if find_command("apt-get") is None:
        raise MissingTool(
            f"the source of {source.package} is fetched with apt-get, which is not here",
            hint=f"build on Debian, or {elsewhere}",
        )
    with locked(cache_dir("apt") / "lock", runner):
        if not file.exists():
            with tempfile.TemporaryDirectory(dir=folder) as scratch:
                found = _download(source, Path(scratch), runner, elsewhere)
                found.replace(file)
    return file


def _download(source: LibrarySource, scratch: Path, runner: Runner, elsewhere: str) -> Path:
    apt = _Apt(runner, elsewhere)
    done = apt.source(source.package, scratch)
    found = scratch / source.archive
    if done.returncode != 0 or not found.is_file():
        # The lists may be old: the versions that they name are then gone from the servers.
        apt.update()
        done = apt.source(source.package, scratch)
    if done.returncode != 0 or not found.is_file():
        others = ", ".join(sorted(path.name for path in scratch.iterdir() if ".orig" in path.name))
        raise ToolFailed(
            f"apt-get does not give {source.archive} of the source package {source.package}"
            + (f", but {others}" if others else ""),
            hint=f"see that its servers are reached, or {elsewhere}",
            details=done.stderr,
        )
    digest = sha256(found)
    if digest != source.sha256:
        raise ToolFailed(
            f"{source.archive} has the SHA-256 {digest}, and not {source.sha256}",
            hint=f"somebody changed it on the way: try another server, or {elsewhere}",
        )
    return found


class _Apt:
    """apt-get with lists of its own, of the servers that the user's lists name."""

    def __init__(self, runner: Runner, elsewhere: str) -> None:
        self._runner = runner
        self._elsewhere = elsewhere
        self._state = cache_dir("apt")
        self._list = self._state / "sources.list"

    def source(self, package: str, folder: Path) -> Completed:
        """Downloads a source package into `folder`."""
        if not self._list.exists():
            self.update()
        arguments = ("source", "--download-only", "--only-source", package)
        return self._run(*self._options(), *arguments, cwd=folder)

    def update(self) -> None:
        """Fetches the lists anew. Raises ToolFailed."""
        done = self._run(
            "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", "Origin: Debian"
        )
        signed = f"[signed-by={_KEYRING}] " if _KEYRING.exists() else ""
        lines = [
            f"deb-src {signed}{server} {_SUITE} main"
            for server in dict.fromkeys(done.stdout.split())
            if not server.rstrip("/").endswith("-security")
        ]
        if not lines:
            raise MissingTool(
                "apt-get knows no server of Debian's, from which the source would be fetched",
                hint=self._elsewhere,
            )
        for folder in ("lists/partial", "archives/partial"):
            (self._state / folder).mkdir(parents=True, exist_ok=True)
        staging = self._list.with_suffix(".new")
        staging.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        staging.replace(self._list)
        done = self._run(*self._options(), "update")
        if done.returncode != 0:
            raise ToolFailed(
                "apt-get cannot fetch the lists of source packages",
                hint=f"see that the servers in {self._list} are reached, or {self._elsewhere}",
                details=done.stderr,
            )

    def _options(self) -> tuple[str, ...]:
        settings = {
            "Dir::Etc::sourcelist": self._list,
            "Dir::Etc::sourceparts": "-",
            "Dir::State": self._state,
            "Dir::State::lists": self._state / "lists",
            "Dir::Cache": self._state,
            # As root it would become another user, who cannot write there.
            "APT::Sandbox::User": "",
        }
        return tuple(word for name, value in settings.items() for word in ("-o", f"{name}={value}"))

    def _run(self, *arguments: str, cwd: Path | None = None) -> Completed:
        return self._runner.run(
            ("apt-get", "-q", *arguments),
            env=clean_environment(),
            cwd=str(cwd) if cwd else None,
            timeout=_SECONDS,
        )
