"""Several targets at a time, and none left running when one fails."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from typing import TypeVar

from staticgo.host.run import Runner

_T = TypeVar("_T")
_R = TypeVar("_R")


def run_all(
    work: Callable[[_T], _R], items: Sequence[_T], jobs: int, runner: Runner
) -> tuple[_R, ...]:
    """Does `work` for each item, `jobs` at a time; at the first failure, or Ctrl-C, ends the rest."""
    with ThreadPoolExecutor(max_workers=jobs or os.cpu_count() or 1) as pool:
        try:
            futures = [pool.submit(work, item) for item in items]
            done, _ = wait(futures, return_when=FIRST_EXCEPTION)
            failed = next((f for f in futures if f in done and f.exception()), None)
            if failed is not None:
                failed.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            runner.cancel()
            raise
        return tuple(future.result() for future in futures)


def beside(work: Callable[[], _R], meanwhile: Callable[[], object], runner: Runner) -> _R:
    """What `work` gives, which is done in a thread while `meanwhile` is done in this one."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        try:
            future = pool.submit(work)
            meanwhile()
            return future.result()
        except BaseException:
            runner.cancel()
            raise
