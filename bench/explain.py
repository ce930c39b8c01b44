"""What `staticgo explain` costs beside the `go list` calls that it makes.

Three programs: a small one, one with C, and one of more than 1,000 packages. The calls that explaining
makes are noted, and made again in the same way (as many at once) and one after the other. Prints
ratios; the Go cache is warm. Answers of the C compiler are kept from the first run on, and what that
run takes is printed too.

    python -m bench.explain [--keep DIR]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from staticgo.app.explain import explain
from staticgo.host.run import Completed, Runner
from staticgo.model.request import ExplainRequest

ROOT = Path(__file__).parent.parent
ROUNDS = 11
AT_ONCE = 4

MODULE = """\
module example.com/large

go 1.24

require (
	github.com/google/gopacket v1.1.19
	github.com/mattn/go-sqlite3 v1.14.22
	golang.org/x/tools v0.12.0
	helm.sh/helm/v3 v3.14.0
	k8s.io/kubectl v0.29.0
)
"""
IMPORTS = (
    "github.com/google/gopacket/layers",
    "github.com/mattn/go-sqlite3",
    "golang.org/x/tools/go/packages",
    "helm.sh/helm/v3/pkg/action",
    "k8s.io/kubectl/pkg/cmd/apply",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One `go list` that explaining made."""

    argv: tuple[str, ...]
    env: tuple[tuple[str, str], ...]
    cwd: str | None


class Noting(Runner):
    """A runner that notes its `go list` calls."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Call] = []

    def run(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: str | None = None,
        timeout: float | None = None,
        stdin: bytes = b"",
    ) -> Completed:
        """As Runner.run."""
        if argv[1:2] == ["list"]:
            settings = tuple((env or {}).items())
            self.calls.append(Call(argv=tuple(argv), env=settings, cwd=cwd))
        return super().run(argv, env=env, cwd=cwd, timeout=timeout, stdin=stdin)


def large(folder: Path) -> Path:
    """A program of more than 1,000 packages, cgo among them."""
    folder.mkdir(exist_ok=True)
    (folder / "go.mod").write_text(MODULE)
    lines = "".join(f'import _ "{path}"\n' for path in IMPORTS)
    (folder / "main.go").write_text(f"package main\n\n{lines}\nfunc main() {{}}\n")
    subprocess.run(
        ["go", "mod", "tidy"],
        cwd=folder,
        env={**os.environ, "GOFLAGS": "-mod=mod"},
        check=True,
        capture_output=True,
    )
    return folder


def listing(call: Call) -> None:
    """The call, made again."""
    subprocess.run(call.argv, env=dict(call.env), cwd=call.cwd, check=True, capture_output=True)


def timed(work: Callable[[], object]) -> float:
    """Seconds that the work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure(name: str, folder: Path) -> None:
    """One program: the contestants in turn, and the medians."""
    request = ExplainRequest(package=".", directory=str(folder))
    noting = Noting()
    first = timed(lambda: explain(request, noting))
    calls = noting.calls

    def at_once() -> None:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(listing, calls))

    def one_by_one() -> None:
        for call in calls:
            listing(call)

    command = [sys.executable, "-m", "staticgo", "explain", str(folder)]
    contestants: dict[str, Callable[[], object]] = {
        "the function": lambda: explain(request, Runner()),
        "the command": lambda: subprocess.run(command, check=True, capture_output=True),
        "go list, as many at once": at_once,
        "go list, one by one": one_by_one,
    }
    seconds: dict[str, list[float]] = {label: [] for label in contestants}
    for _ in range(ROUNDS):
        for label, work in contestants.items():
            seconds[label].append(timed(work))
    middle = {label: statistics.median(found) for label, found in seconds.items()}
    packages = explain(request, Runner())[0].packages
    print(f"{name}: {packages} packages, {len(calls)} calls of go list; first run {first:.2f} s")
    for label, value in middle.items():
        print(f"  {label:<26} {value * 1000:7.1f} ms")
    for mine in ("the function", "the command"):
        for peer in ("go list, as many at once", "go list, one by one"):
            print(f"  {mine} / {peer}: {middle[mine] / middle[peer]:.2f}")


def main() -> None:
    """Measures all three."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--keep", type=Path, help="use this folder, and leave it behind")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        keep = (given.keep or Path(scratch)).absolute()
        keep.mkdir(parents=True, exist_ok=True)
        os.environ["STATICGO_CACHE"] = str(keep / "cache")
        measure("whoami", ROOT / "examples" / "whoami")
        measure("notes", ROOT / "examples" / "notes")
        measure("large", large(keep / "large"))


if __name__ == "__main__":
    main()
