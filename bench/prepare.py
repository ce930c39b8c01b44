"""Making the C runtimes of new targets: five at once against one after the other, and beside Go's own work.

    python -m bench.prepare

Each contestant starts with an empty cache of its own. The second figure builds examples/notes for a new
target with an empty Go cache too: as `build` does it, and with the runtime made first. Prints ratios.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import staticgo
from bench.build import environment
from staticgo.app.steps.pool import run_all
from staticgo.facts.platforms import resolve
from staticgo.host.run import Runner
from staticgo.toolchain.select import Toolchains, prepare

TARGETS = ("linux/arm64", "linux/riscv64", "linux/386", "linux/s390x", "linux/mipsle")
NOTES = Path(__file__).parents[1] / "examples" / "notes"


def runtimes(cache: Path, jobs: int) -> float:
    """Seconds that all runtimes take, `jobs` at a time."""
    with environment(STATICGO_CACHE=str(cache)):
        runner = Runner()
        toolchains = [Toolchains(runner).select("", resolve(target)) for target in TARGETS]
        began = time.monotonic()
        run_all(lambda toolchain: prepare(toolchain, runner), toolchains, jobs, runner)
        return time.monotonic() - began


def program(cache: Path, *, first: bool) -> float:
    """Seconds that a program takes for a target that is new; `first`: its runtime is made before."""
    with environment(STATICGO_CACHE=str(cache / "staticgo"), GOCACHE=str(cache / "go")):
        began = time.monotonic()
        if first:
            runner = Runner()
            prepare(Toolchains(runner).select("", resolve(TARGETS[0])), runner)
        staticgo.build(str(NOTES), targets=[TARGETS[0]], output=cache / "out")
        return time.monotonic() - began


def main() -> None:
    staticgo.plan(str(NOTES), targets=[TARGETS[0]])  # fetches the modules
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        one, all_ = runtimes(root / "one", 1), runtimes(root / "all", os.cpu_count() or 1)
        print(f"{len(TARGETS)} runtimes one after the other {one:.1f} s, at once {all_:.1f} s")
        print(f"ratio {all_ / one:.2f}")
        before, beside = program(root / "before", first=True), program(root / "beside", first=False)
        print(f"notes, runtime first {before:.1f} s, beside {beside:.1f} s")
        print(f"ratio {beside / before:.2f}")


if __name__ == "__main__":
    main()
