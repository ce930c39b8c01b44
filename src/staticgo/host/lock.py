"""A lock between processes that a user can still interrupt."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from staticgo.host.run import Runner

_POLL_SECONDS = 0.2


@contextlib.contextmanager
def locked(
    path: Path, runner: Runner, *, on_wait: Callable[[], None] | None = None
) -> Iterator[None]:
    """Holds the lock file `path`; `on_wait` is called once if another process has it.

    The system frees the lock when its process dies. Raises Interrupted after `runner.cancel`.
    """
    lock = FileLock(str(path))
    waited = False
    while True:
        runner.check_cancelled()
        # `forget_unused` of another build may have just removed it.
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=_POLL_SECONDS)
            os.utime(path.parent)
            break
        except FileNotFoundError:
            lock.release()
        except Timeout:
            if on_wait is not None and not waited:
                on_wait()
            waited = True
    try:
        yield
    finally:
        lock.release()


def forget_unused(parent: Path, seconds: float) -> None:
    """Removes those folders of `parent` in which no file `lock` was held for so long."""
    for folder in parent.iterdir():
        with contextlib.suppress(OSError, Timeout):
            if time.time() - folder.stat().st_mtime > seconds:
                with FileLock(str(folder / "lock"), timeout=0):
                    shutil.rmtree(folder)
