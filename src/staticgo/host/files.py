"""Files: the caches, reading a binary without copying it, and writing nothing half."""

from __future__ import annotations

import contextlib
import errno
import mmap
import os
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from staticgo.errors import OutputError, ToolFailed, UsageError

_CACHE_VARIABLE = "STATICGO_CACHE"


def cache_dir(*parts: str) -> Path:
    """A folder of staticgo's cache, made if need be; `STATICGO_CACHE` moves them all.

    Raises UsageError where it cannot be made.
    """
    base = os.environ.get(_CACHE_VARIABLE)
    if not base:
        import platformdirs

        try:
            base = platformdirs.user_cache_dir("staticgo", appauthor=False)
        except RuntimeError as error:
            raise UsageError(
                "this user has no home folder to keep a cache in",
                hint=f"set {_CACHE_VARIABLE} to a folder that you can write to",
            ) from error
    folder = Path(base).absolute().joinpath(*parts)
    if os.pathsep in str(folder):
        # The compiler commands in it are found through PATH.
        raise UsageError(
            f"the cache folder {folder} has a {os.pathsep!r} in its name",
            hint=f"set {_CACHE_VARIABLE} to a folder without one",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"the cache folder {folder} cannot be made: {error.strerror}",
            hint=f"set {_CACHE_VARIABLE} to a folder that you can write to",
        ) from error
    return folder


def working_directory() -> Path:
    """Where the user stands. Raises UsageError where that folder was removed."""
    try:
        return Path.cwd()
    except OSError as error:
        raise UsageError(
            f"the current folder cannot be read: {error.strerror}",
            hint="it may have been removed: change to another folder",
        ) from error


def writable_output(directory: Path) -> bool:
    """Sees that files can be made in the output folder; whether it had to be made.

    Raises OutputError.
    """
    probe = directory / f".staticgo-probe-{os.getpid()}"
    try:
        made = not directory.exists()
        directory.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise _output_error(directory, error) from error
    return made


def place(source: Path, final: Path) -> None:
    """Copies `source` to `final` so that `final` is whole or absent. Raises OutputError."""
    import shutil

    staging = final.with_name(f".{final.name}.{os.getpid()}.part")
    try:
        try:
            # A copy on the same disk first: `source` stays in the cache for the next build.
            shutil.copyfile(source, staging)
            staging.chmod(0o755)
            staging.replace(final)
        finally:
            staging.unlink(missing_ok=True)
    except OSError as error:
        raise _output_error(final, error) from error


def write_atomically(path: Path, content: str | bytes, *, mode: int = 0o644) -> None:
    """Writes a file so that no reader ever sees half of it; text as UTF-8."""
    staging = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        staging.write_bytes(content.encode() if isinstance(content, str) else content)
        staging.chmod(mode)
        staging.replace(path)
    finally:
        staging.unlink(missing_ok=True)


def write_program(path: Path, content: str) -> None:
    """Writes an executable script, unless it stands there: another build may be running it."""
    if not path.exists() or path.read_text(encoding="utf-8") != content:
        write_atomically(path, content, mode=0o755)


@contextlib.contextmanager
def explained(what: str) -> Iterator[None]:
    """A full disk or a read-only cache, as ToolFailed that says `what` came to nothing."""
    try:
        yield
    except OSError as error:
        place = f" ({error.filename})" if error.filename else ""
        raise ToolFailed(
            f"{what}: {error.strerror or error}{place}",
            hint="check the space left in staticgo's cache and its permissions, or set "
            f"{_CACHE_VARIABLE} to another folder",
        ) from error


def forget_old_files(folder: Path, seconds: float) -> None:
    """Removes the files of `folder` that were not written or touched for so long."""
    for file in folder.iterdir():
        with contextlib.suppress(OSError):
            if time.time() - file.stat().st_mtime > seconds:
                file.unlink()


@contextlib.contextmanager
def mapped(path: Path) -> Iterator[mmap.mmap | bytes]:
    """The bytes of a regular file, memory-mapped.

    Raises UsageError for what is no regular file, or cannot be opened. Nothing is executed, and
    no FIFO or device is waited for.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise UsageError(
            f"{path}: {(error.strerror or str(error)).lower()}",
            hint="check the path and its permissions",
        ) from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            kind = "a directory" if stat.S_ISDIR(status.st_mode) else "not a regular file"
            raise UsageError(f"{path} is {kind}", hint="name a binary")
        if status.st_size == 0:
            yield b""
            return
        try:
            mapping = mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:  # /sys, some network file systems
            raise UsageError(f"{path} cannot be mapped: {error}", hint="copy it first") from error
        with mapping:
            yield mapping
    finally:
        os.close(descriptor)


def stays_inside(link: Path, root: Path) -> bool:
    """Whether a symbolic link leads to a place within `root`, be anything there or not."""
    try:
        return link.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError):  # a circle
        return False


def sha256(path: Path) -> str:
    """The file's SHA-256, in hexadecimal."""
    import hashlib  # OpenSSL's: some milliseconds

    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _output_error(path: Path, error: OSError) -> OutputError:
    hints = {
        errno.ENOSPC: "free some space there, or name another folder with -o",
        errno.EDQUOT: "free some space there, or name another folder with -o",
        errno.EROFS: "the file system is read-only: name another folder with -o",
        errno.EACCES: "name a folder that you can write to with -o",
        errno.ENOTDIR: "name a folder, not a file, with -o",
        errno.EEXIST: "name a folder, not a file, with -o",
        errno.EISDIR: "a folder stands where the binary would: remove it, or name another folder with -o",
    }
    return OutputError(
        f"cannot write {path}: {error.strerror or error}",
        hint=hints.get(error.errno or 0, "name another folder with -o"),
    )
