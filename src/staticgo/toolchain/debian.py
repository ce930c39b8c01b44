"""Debian's source packages, fetched by apt-get without root: lists and cache in a folder of our own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from staticgo.errors import MissingTool, ToolFailed
from staticgo.facts.pinned import Archive
from staticgo.host.run import Runner, clean_environment, find_command

_SECONDS = 600
_TARGETS = "$(REPO_URI) $(RELEASE) $(COMPONENT) $(ORIGIN)"
_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


def fetch_source(archive: Archive, folder: Path, runner: Runner) -> Path:
    """The archive's file, fetched into `folder` from where this machine's apt has its packages.

    Raises MissingTool where there is no such place, ToolFailed where apt gives up.
    """
    by_hand = (
        f"fetch upstream's {archive.name}-{archive.version}.tar.gz (SHA-256 {archive.sha256}), "
        "and give it with --source FILE"
    )
    if find_command("apt-get") is None:
        raise MissingTool(
            f"there is no apt-get to fetch the source of {archive.name} with", hint=by_hand
        )
    sources = list(_sources(runner))
    if not sources:
        raise MissingTool(
            f"apt here has no repository of Debian's to fetch the source of {archive.name} from",
            hint=f"apt-get update, if it never ran; or {by_hand}",
        )
    root = folder / "apt"
    for needed in ("state/lists/partial", "cache/archives/partial", "fetched"):
        (root / needed).mkdir(parents=True)
    (root / "sources.list").write_text("".join(sources), encoding="utf-8")
    (root / "status").touch()
    apt = ["apt-get", "-q", *_private(root)]
    for words in (["update"], ["source", "--download-only", archive.source]):
        done = runner.run(
            [*apt, *words], env=clean_environment(), cwd=str(root / "fetched"), timeout=_SECONDS
        )
        if done.returncode != 0 or done.timed_out:
            raise ToolFailed(
                f"apt-get cannot fetch Debian's source package {archive.source}",
                hint=by_hand,
                details=done.stderr or done.stdout,
            )
    found = root / "fetched" / archive.file
    if not found.exists():
        raise ToolFailed(
            f"Debian's source package {archive.source} holds no {archive.file}", hint=by_hand
        )
    return found


def _sources(runner: Runner) -> Iterator[str]:
    """A `deb-src` line for each repository of Debian's that this machine has packages from."""
    done = runner.run(
        ["apt-get", "indextargets", "--format", _TARGETS, "Created-By: Packages"],
        env=clean_environment(),
        timeout=_SECONDS,
    )
    signed = f"[signed-by={_KEYRING}] " if Path(_KEYRING).exists() else ""
    for line in dict.fromkeys(done.stdout.splitlines()):
        words = line.split()
        if len(words) == 4 and words[2:] == ["main", "Debian"]:
            yield f"deb-src {signed}{words[0]} {words[1]} main\n"


def _private(root: Path) -> Iterator[str]:
    """Options that keep apt within `root`, whoever calls it."""
    for name, value in (
        ("Dir::State", root / "state"),
        ("Dir::State::status", root / "status"),
        ("Dir::Cache", root / "cache"),
        ("Dir::Etc::sourcelist", root / "sources.list"),
        ("Dir::Etc::sourceparts", os.devnull),
        ("Acquire::Languages", "none"),
        # As root, apt would hand the work to a user who may not enter the folder.
        ("APT::Sandbox::User", "root"),
    ):
        yield from ("-o", f"{name}={value}")
