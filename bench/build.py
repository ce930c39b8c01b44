"""`staticgo build` against a plain sequential shell loop with the same compiler and flags.

Both build GoatCounter for linux/amd64 and linux/arm64: for the first time, again into an emptied Go
cache, and again with nothing changed. Each has a Go cache and a zig cache of its own; zig's musl is
built for both beforehand, and modules are downloaded. staticgo's memory of finished builds is emptied
with the Go cache; what it keeps is the objects of large C files. Prints ratios.

    python -m bench.build [--keep DIR]
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import staticgo

PACKAGE = "zgo.at/goatcounter/v2/cmd/goatcounter@v2.7.0"
TARGETS = ("linux/amd64", "linux/arm64")
AGAIN = 7

TINY = 'package main\n\n// int one(void) { return 1; }\nimport "C"\n\nfunc main() { println(C.one()) }\n'


@contextmanager
def environment(**values: str) -> Iterator[None]:
    """Sets variables for the block; staticgo reads them as a user's."""
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def prepare(folder: Path) -> dict[str, str]:
    """Caches for one contestant, with zig's musl in them and an empty Go cache."""
    folder.mkdir()
    caches = {"STATICGO_CACHE": str(folder / "staticgo"), "GOCACHE": str(folder / "warm")}
    tiny = folder / "tiny"
    tiny.mkdir()
    (tiny / "go.mod").write_text("module example.com/tiny\n\ngo 1.24\n")
    (tiny / "main.go").write_text(TINY)
    with environment(**caches):
        staticgo.build(str(tiny), targets=TARGETS, output=folder / "warm-out")
        staticgo.plan(PACKAGE, targets=TARGETS)  # fetches the modules
    return {**caches, "GOCACHE": str(folder / "go")}


def loop(caches: dict[str, str], output: Path) -> str:
    """The loop that a careful person would write, from the same plans."""
    with environment(**caches):
        plans = staticgo.plan(PACKAGE, targets=TARGETS, output=output)
    lines = [
        "set -eu",
        f"mkdir -p {shlex.quote(str(output))}",
        f"cd {shlex.quote(plans[0].source.dir)}",
    ]
    for plan in plans:
        assert plan.toolchain
        settings = [f"{name}={value}" for name, value in plan.environment]
        path = f'PATH={shlex.quote(plan.toolchain.bin_dir)}:"$PATH"'
        command = plan.arguments(str(output / plan.name))
        lines.append(f"{path} env {shlex.join([*settings, *command])}")
    return "\n".join(lines) + "\n"


def forgotten(cache: Path) -> tuple[Path, ...]:
    """Where staticgo would find that it has built the very same before."""
    return cache / "builds", cache / "memo"


def seconds(action: Callable[[], object]) -> float:
    """Wall-clock seconds of one call."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def main() -> None:
    """Runs both, and prints the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--keep", type=Path, help="use this folder, and leave it behind")
    keep = parser.parse_args().keep
    with tempfile.TemporaryDirectory() as scratch:
        work = keep or Path(scratch)
        work.mkdir(parents=True, exist_ok=True)
        compare(work)


def compare(work: Path) -> None:
    """Prints a line for each case."""
    ours, theirs = prepare(work / "ours"), prepare(work / "loop")
    out = work / "ours" / "out"
    script = work / "loop.sh"
    script.write_text(loop(theirs, work / "loop" / "out"))
    command = [sys.executable, "-m", "staticgo", "build", PACKAGE, "-o", str(out), "-q"]
    command += [f"--target={target}" for target in TARGETS]

    def run_ours() -> None:
        subprocess.run(command, env={**os.environ, **ours}, check=True)

    def run_loop() -> None:
        subprocess.run(["sh", str(script)], env={**os.environ, **theirs}, check=True)

    report("first build", seconds(run_ours), seconds(run_loop))
    for folder in (
        Path(ours["GOCACHE"]),
        Path(theirs["GOCACHE"]),
        *forgotten(Path(ours["STATICGO_CACHE"])),
    ):
        shutil.rmtree(folder)
    report("empty Go cache", seconds(run_ours), seconds(run_loop))
    run_ours()
    again = [(seconds(run_ours), seconds(run_loop)) for _ in range(AGAIN)]
    report(
        f"nothing changed, median of {AGAIN}",
        statistics.median(a for a, _ in again),
        statistics.median(b for _, b in again),
    )
    for binary in sorted(out.iterdir()):
        loops = work / "loop" / "out" / binary.name
        same = (
            "the same bytes as" if binary.read_bytes() == loops.read_bytes() else "OTHER bytes than"
        )
        print(f"{binary.name}: {binary.stat().st_size} bytes, {same} the loop's")


def report(case: str, ours: float, theirs: float) -> None:
    """One line of the result."""
    print(
        f"{case}: staticgo {ours:.3f} s, loop {theirs:.3f} s, ratio {ours / theirs:.2f}", flush=True
    )


if __name__ == "__main__":
    main()
