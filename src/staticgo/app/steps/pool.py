"""Several targets at a time, and none left running when one fails."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from staticgo.errors import Interrupted
from staticgo.host.run import Runner

_T = TypeVar("_T")
_R = TypeVar("_R")


def run_all(
    work: Callable[[_T], _R], items: Sequence[_T], jobs: int, runner: Runner
) -> tuple[_R, ...]:
    """Does `work` for each item, `jobs` at a time; at the first failure, or Ctrl-C, ends the rest.

    Where several fail, the first cause is raised: what only ended because others did is none.
    """
    with ThreadPoolExecutor(max_workers=jobs or os.cpu_count() or 1) as pool:
        try:
            futures = [pool.submit(work, item) for item in items]
            done, _ = wait(futures, return_when=FIRST_EXCEPTION)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            runner.cancel()
            raise
        if any(future.exception() for future in done):
            pool.shutdown(wait=False, cancel_futures=True)
            runner.cancel()
            # What was never begun is never told of as ended.
            wait([future for future in futures if not future.cancelled()])
            raise _cause(futures)
        return tuple(future.result() for future in futures)


def _cause(futures: Sequence[Future[_R]]) -> BaseException:
    """What went wrong first, in the order of the work."""
    found = [f.exception() for f in futures if not f.cancelled()]
    failures = [failure for failure in found if failure is not None]
    return next((f for f in failures if not isinstance(f, Interrupted)), failures[0])


def beside(work: Callable[[], _R], meanwhile: Callable[[], object], runner: Runner) -> _R:
    """What `work` gives, which is done in a thread while `meanwhile` is done in this one."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        future = pool.submit(work)
        try:
            meanwhile()
        except Interrupted:
            runner.cancel()
            failure = future.exception()
            if failure is not None:
                raise failure from None
            raise
        except BaseException:
            runner.cancel()
            raise
        return future.result()
