"""Speed and memory of what is built: a SQLite workload, static with musl against dynamic with glibc.

bench/workload is built by plain `go build` (gcc, glibc, dynamic), and by staticgo (zig, musl, static)
without and with `--allocator mimalloc`. The three are run in turn, so that a busy machine slows all
alike, and each is held against glibc's run of the same round; the medians of these ratios are printed.
CPU time is user and system together; where other processes are busy, it tells more than the clock.

    python -m bench.runtime [--rounds N] [--rows N] [--keep DIR]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import staticgo

WORKLOAD = Path(__file__).parent / "workload"
THREADS = (1, 4, 16)
TARGET = "linux/amd64"
SETTINGS = ("CC", "CXX", "CGO_CFLAGS", "CGO_LDFLAGS", "CGO_ENABLED", "GOFLAGS", "GOOS", "GOARCH")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one run of the workload said of itself."""

    wall: float
    cpu: float
    memory: float
    """The peak, in MB."""
    answer: str


def build(work: Path) -> dict[str, Path]:
    """The contestants, glibc's first. A plain build has none of the user's settings."""
    plain = work / "glibc"
    environment = {name: text for name, text in os.environ.items() if name not in SETTINGS}
    subprocess.run(
        ["go", "build", "-o", str(plain), "."],
        cwd=WORKLOAD,
        env={**environment, "CGO_ENABLED": "1", "CC": "gcc"},
        check=True,
    )
    programs = {"glibc, dynamic": plain}
    for name, allocator in (("musl, static", ""), ("the same with mimalloc", "mimalloc")):
        output = work / (allocator or "musl")
        (result,) = staticgo.build(
            str(WORKLOAD),
            targets=(TARGET,),
            output=output,
            policy=staticgo.Policy(allocator=allocator),
        )
        programs[name] = Path(result.path)
    return programs


def run(program: Path, threads: int, rows: int) -> Run:
    """One run of the workload."""
    command = [str(program), str(threads), str(rows)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return Run(wall=float(said[0]), cpu=float(said[1]), memory=int(said[2]) / 1024, answer=said[3])


def compare(programs: dict[str, Path], threads: int, rows: int, rounds: int) -> None:
    """Runs all in turn, one round more than is counted, and prints a line for each."""
    runs: dict[str, list[Run]] = {name: [] for name in programs}
    for number in range(rounds + 1):
        taken = {name: run(program, threads, rows) for name, program in programs.items()}
        answers = {one.answer for one in taken.values()}
        assert len(answers) == 1, f"they disagree: {answers}"
        for name, one in taken.items():
            if number:
                runs[name].append(one)
    base = next(iter(runs.values()))
    for name, mine in runs.items():
        figures = [
            (
                what,
                unit,
                statistics.median(getattr(one, what) for one in mine),
                statistics.median(
                    getattr(a, what) / getattr(b, what) for a, b in zip(mine, base, strict=True)
                ),
            )
            for what, unit in (("cpu", "s"), ("wall", "s"), ("memory", "MB"))
        ]
        text = ", ".join(
            f"{what} {value:.3g} {unit} ({ratio:.2f})" for what, unit, value, ratio in figures
        )
        print(f"{threads:2} threads, {name}: {text}", flush=True)


def main() -> None:
    """Builds the three, and compares them at 1, 4 and 16 threads."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--rows", type=int, default=25_000, help="for each thread")
    parser.add_argument("--keep", type=Path, help="use this folder, and leave it behind")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        work = (given.keep or Path(scratch)).resolve()
        work.mkdir(parents=True, exist_ok=True)
        programs = build(work)
        for name, program in programs.items():
            print(f"{name}: {program.stat().st_size / 1e6:.1f} MB")
        for threads in THREADS:
            compare(programs, threads, given.rows, given.rounds)


if __name__ == "__main__":
    main()
