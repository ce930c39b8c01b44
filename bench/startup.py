"""`staticgo --version` and `--help` against a bare `python -c pass`. Prints ratios of medians."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROUNDS = 30


def milliseconds(command: list[str]) -> float:
    """Wall-clock time of one run."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - start) * 1000


def main() -> None:
    """Takes the commands in turn, so that a busy machine is unfair to none."""
    installed = Path(sys.executable).with_name("staticgo")
    staticgo = str(installed if installed.exists() else shutil.which("staticgo") or "staticgo")
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "staticgo --version": [staticgo, "--version"],
        "staticgo --help": [staticgo, "--help"],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            times[name].append(milliseconds(command))
    bare = statistics.median(times["python -c pass"])
    for name, values in times.items():
        middle = statistics.median(values)
        print(f"{name}: {middle:.1f} ms, ratio {middle / bare:.2f}")


if __name__ == "__main__":
    main()
