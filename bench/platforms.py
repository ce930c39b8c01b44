"""Every cgo target, with five programs, really built, and started or read: the table of docs/platforms.md.

    python -m bench.platforms [--only PATTERNS] [--programs NAMES] [--jobs N] [--keep DIR]

Linux programs are started in an empty root, natively or under qemu, and must give the right answer;
Windows programs under wine where it is installed. Of those for macOS and the BSDs all that can be read is
held against what the system promises: linkage, libraries, signature, and every symbol that they take from
a library against zig's own lists of what is in it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import staticgo
from bench.system_symbols import known_stubs, missing
from staticgo.errors import StaticgoError
from staticgo.facts.platforms import UNIVERSAL, platform
from staticgo.facts.reach import Standing
from staticgo.model.result import BuildResult
from staticgo.model.target import Target
from staticgo.model.verdict import Outcome
from staticgo.planning.targets import all_targets, expand

EXAMPLES = Path(__file__).parents[1] / "examples"
WATCHED_SECONDS = 60.0
VARIANTS = ("linux/arm/v5", "linux/arm/v6", "linux/mips/softfloat", "linux/mipsle/softfloat")
GLIBC = ("linux/amd64+gnu.2.17", "linux/arm64+gnu.2.17")


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One example, what it is given, and what its answer must hold; none where it has no C."""

    name: str
    arguments: tuple[str, ...] = ()
    answer: str = ""


PROGRAMS = (
    Program(name="hello", answer="hello"),
    Program(name="whoami", answer="user"),
    Program(name="notes", arguments=("today",), answer=time.strftime("today is %Y-")),
    Program(name="words", arguments=("a", "b", "a"), answer="a=2 b=1"),
    Program(name="trust", answer="the root of 1764 is 42; a stranger is not trusted"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What came of one program for one target."""

    good: bool
    words: str
    seconds: float = 0.0


def cgo_targets() -> Iterator[Target]:
    """Those that C can be linked for: each port once, and the variants whose ABI is another one."""
    words = [*map(str, all_targets()), *VARIANTS, *GLIBC]
    for one in expand([word for word in words if not word.startswith(("android", "ios"))]):
        if platform(one.target).cgo.standing is not Standing.NONE:
            yield one.target
    yield UNIVERSAL


def attempt(target: Target, program: Program, output: Path) -> Cell:
    """Builds and proves; what went wrong is told in the cell."""
    began = time.monotonic()
    try:
        (result,) = staticgo.build(
            str(EXAMPLES / program.name),
            targets=[str(target)],
            output=output,
            verify=True,
            arguments=program.arguments,
            seconds=WATCHED_SECONDS,
        )
    except StaticgoError as error:
        return Cell(good=False, words=f"{type(error).__name__}: {error.message}")
    return _judged(result, program, time.monotonic() - began)


def _judged(result: BuildResult, program: Program, seconds: float) -> Cell:
    linkage = "/".join(dict.fromkeys(piece.linkage for piece in result.report.slices))
    proof = result.proof
    assert proof is not None
    if proof.observed is not None and proof.outcome is Outcome.PASS:
        said = proof.observed.stdout + proof.observed.stderr
        right = program.answer in said
        words = f"{linkage}, answered ({proof.how})" if right else f"{linkage}, said {said[:60]!r}"
        return Cell(good=right, words=words, seconds=seconds)
    if proof.observed is not None:
        return Cell(good=False, words=f"{linkage}, {proof.summary}", seconds=seconds)
    if result.plan.target.os == "linux" and not result.plan.target.libc:
        return Cell(good=False, words=f"{linkage}, {proof.summary}", seconds=seconds)
    # A static program takes nothing. What a PE names of DLLs is judged, and glibc's versions are.
    listed = result.plan.target.os not in ("linux", "windows")
    taking = listed and linkage not in ("static", "static-pie")
    strange = missing(Path(result.path), known_stubs()) if taking else []
    words = f"{linkage}, asks for {', '.join(strange[:3])}" if strange else f"{linkage}, read"
    return Cell(good=not strange, words=words, seconds=seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", default="", help="patterns of targets, with commas")
    parser.add_argument("--programs", default="", help="names of examples, with commas")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="where the binaries go")
    given = parser.parse_args()
    names = given.programs.split(",") if given.programs else [p.name for p in PROGRAMS]
    programs = [program for program in PROGRAMS if program.name in names]
    chosen = {one.target for one in expand(given.only.split(","))} if given.only else None
    targets = [t for t in cgo_targets() if chosen is None or t in chosen]
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(given.jobs) as pool:
        jobs = [(target, program) for target in targets for program in programs]

        def one(job: tuple[Target, Program]) -> Cell:
            cell = attempt(*job, given.keep or Path(scratch))
            said = f"{job[0]} {job[1].name}: {'' if cell.good else 'BAD '}{cell.words}"
            print(f"{said} ({cell.seconds:.0f} s)", file=sys.stderr, flush=True)
            return cell

        cells = list(pool.map(one, jobs))
    _print(targets, programs, dict(zip(jobs, cells, strict=True)))


def _print(
    targets: list[Target], programs: list[Program], cells: dict[tuple[Target, Program], Cell]
) -> None:
    print("| target | " + " | ".join(program.name for program in programs) + " |")
    print("|---" * (len(programs) + 1) + "|")
    green = 0
    for target in targets:
        row = [cells[target, program] for program in programs]
        green += all(cell.good for cell in row)
        said = (cell.words if cell.good else f"**{cell.words}**" for cell in row)
        print(f"| {target} | " + " | ".join(said) + " |")
    print(f"\n{green} of {len(targets)} targets green with {len(programs)} programs")


if __name__ == "__main__":
    main()
