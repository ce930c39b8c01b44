"""Installs pinned toolchains into staticgo's cache: no root, digests checked, nothing left half-done."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from staticgo.errors import MissingTool, ToolFailed, UsageError
from staticgo.facts.pinned import MUSL, PINNED, Archive, Package
from staticgo.host.files import cache_dir, explained, sha256
from staticgo.host.lock import locked
from staticgo.host.run import Completed, Runner, clean_environment, find_command
from staticgo.model.libraries import LibrarySource
from staticgo.toolchain.debian import fetch
from staticgo.toolchain.installed import home, own_command, own_musl

Progress = Callable[[str], None]
"""Told the step that begins."""

NAMES = (*PINNED, MUSL.name)

_SECONDS = 1800


def install(
    name: str, runner: Runner, progress: Progress, *, source: Path | None = None
) -> tuple[Path, bool]:
    """The command of the tool `name`, and whether it had to be installed.

    `source` is musl's source archive, where it is not to be fetched. Raises UsageError for a name
    that is none or an archive that is another; MissingTool for what installing takes; ToolFailed.
    """
    if name not in NAMES:
        raise UsageError(
            f"staticgo does not install {name!r}",
            hint=f"it installs {', '.join(NAMES)}; `staticgo toolchain list` says how others are",
        )
    if source is not None and name != MUSL.name:
        raise UsageError(f"--source is for {MUSL.name}, not for {name}", hint="leave it away")
    if source is not None:  # a wrong file is told of even where nothing is left to do
        _check(source, MUSL, given=True)
    found = _installed(name)
    if found is not None:
        return found, False
    folder = cache_dir("tools")
    waiting = "waiting for another installation"
    with (
        explained(f"{name} cannot be installed"),
        locked(folder / f"{name}.lock", runner, on_wait=lambda: progress(waiting)),
    ):
        for left in folder.glob(f".{name}-*.part"):  # of an installation that was killed
            shutil.rmtree(left, ignore_errors=True)
        found = _installed(name)
        if found is not None:
            return found, False
        with _staging(folder, name) as staging:
            if name == MUSL.name:
                whole = _build_musl(staging, source, runner, progress)
                final = home(name, MUSL.version)
            else:
                whole = _install_package(PINNED[name], staging, runner, progress)
                final = home(name, PINNED[name].version)
            if final.is_symlink() or final.exists():  # its command is gone
                final.replace(staging / "damaged")
            whole.replace(final)
    found = _installed(name)
    if found is None:
        raise ToolFailed(
            f"{name} was installed, and its command is not there",
            hint=f"remove {folder} and install it again",
        )
    return found, True


def _installed(name: str) -> Path | None:
    return own_musl() if name == MUSL.name else own_command(name)


@contextlib.contextmanager
def _staging(folder: Path, name: str) -> Iterator[Path]:
    staging = Path(tempfile.mkdtemp(dir=folder, prefix=f".{name}-", suffix=".part"))
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _install_package(package: Package, staging: Path, runner: Runner, progress: Progress) -> Path:
    """The folder with the Python package in it, as pip made it with checked digests."""
    requirements = staging / "requirements.txt"
    digests = "".join(f" \\\n    --hash=sha256:{digest}" for digest in package.digests)
    requirements.write_text(f"{package.package}=={package.version}{digests}\n", encoding="utf-8")
    whole = staging / "whole"
    progress(f"installing {package.package} {package.version}")
    done = runner.run(
        [
            *_pip(),
            *("install", "--quiet", "--target", str(whole), "--require-hashes", "--no-deps"),
            *("--only-binary", ":all:", "-r", str(requirements)),
        ],
        # A user's own settings may forbid --target.
        env=clean_environment({"PIP_USER": "0", "PIP_NO_INPUT": "1"}),
        timeout=_SECONDS,
    )
    _expect(done, f"{package.package} {package.version} cannot be installed", _why(done.stderr))
    return whole


def _pip() -> list[str]:
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    uv = find_command("uv")
    if uv is None:
        raise MissingTool(
            f"{sys.executable} has no pip to install a package with, and there is no uv",
            hint="python3 -m ensurepip brings pip; `pip install 'staticgo[toolchain]'` does the same",
        )
    return [uv, "pip"]


def _why(said: str) -> str:
    if "HASH" in said or "hash" in said:
        return "what the package index serves is not what staticgo was tested with: update staticgo"
    if "No matching distribution" in said:
        return "there is none for this machine: install the tool by other means, and put it on PATH"
    return "see that the package index can be reached, and run the same command again"


def _build_musl(staging: Path, source: Path | None, runner: Runner, progress: Progress) -> Path:
    """The folder of a musl that is installed whole, built from source with the host's gcc."""
    for tool, package in (("gcc", "gcc"), ("make", "make")):
        if find_command(tool) is None:
            raise MissingTool(
                f"building musl takes {tool}, which is not here",
                hint=f"apt-get install {package} (Debian); zig needs neither: it is the default",
            )
    final = home(MUSL.name, MUSL.version)
    if any(character.isspace() for character in str(final)):
        raise UsageError(
            f"musl's makefiles cannot install into {final}: there is white space in its name",
            hint="set STATICGO_CACHE to a folder without any",
        )
    if source is None:
        progress(f"fetching the source of {MUSL.name} {MUSL.version}")
        wanted = LibrarySource(sha256=MUSL.sha256, package=MUSL.source, archive=MUSL.file)
        source = fetch(wanted, runner, by_hand="give it with --source FILE")
    progress(f"building {MUSL.name} {MUSL.version}")
    tree = _unpack(source, staging)
    root = staging / "root"
    for words in (
        ["sh", "./configure", f"--prefix={final}", "--disable-shared", "--enable-wrapper=gcc"],
        ["make", "-s", f"-j{os.cpu_count() or 1}"],
        ["make", "-s", "install", f"DESTDIR={root}"],
    ):
        done = runner.run(words, cwd=str(tree), env=_build_environment(), timeout=_SECONDS)
        _expect(done, f"musl {MUSL.version} cannot be built ({words[0]} {words[1]})", _BUILD_HINT)
    return root.joinpath(*final.parts[1:])


_BUILD_HINT = "apt-get install gcc libc6-dev make (Debian), and run the same command again"


def _build_environment() -> Mapping[str, str]:
    """Without the caller's flags, which would decide what musl is."""
    kept = clean_environment({"CC": "gcc", "SOURCE_DATE_EPOCH": "0"})
    for name in ("CFLAGS", "CPPFLAGS", "LDFLAGS", "LIBCC", "MAKEFLAGS", "CROSS_COMPILE", "DESTDIR"):
        kept.pop(name, None)
    return kept


def _unpack(source: Path, staging: Path) -> Path:
    import tarfile

    tree = staging / "source"
    try:
        with tarfile.open(source) as archive:
            if hasattr(tarfile, "data_filter"):  # Python 3.11.4 and later; 3.14 has it by itself
                archive.extraction_filter = tarfile.data_filter
            archive.extractall(tree)  # noqa: S202 - the digest says that it is upstream's
    except (OSError, tarfile.TarError) as error:
        raise ToolFailed(
            f"{source} cannot be unpacked: {error}", hint="free some space in the cache's folder"
        ) from error
    return tree / f"{MUSL.name}-{MUSL.version}"


def _check(source: Path, archive: Archive, *, given: bool) -> None:
    """Raises where the file is not the one that is pinned."""
    try:
        found = sha256(source)
    except OSError as error:
        raise UsageError(f"{source}: {error.strerror}", hint="check the path") from error
    if found == archive.sha256:
        return
    kind = UsageError if given else ToolFailed
    raise kind(
        f"{source.name} is not {archive.name} {archive.version}'s source: its SHA-256 is {found}",
        hint=f"it must be {archive.sha256}, as upstream's {archive.name}-{archive.version}.tar.gz has it",
    )


def _expect(done: Completed, message: str, hint: str) -> None:
    if done.returncode == 0 and not done.timed_out:
        return
    late = f" in {_SECONDS} s" if done.timed_out else ""
    raise ToolFailed(f"{message}{late}", hint=hint, details=done.stderr or done.stdout)
