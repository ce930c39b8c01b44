"""What `staticgo explain` predicts against what `go build` then does, over the corpus.

Every program of bench/corpus.py is built with every set of flags, and link mode, linkage, interpreter,
needed libraries and failure are compared with the prediction. Outcomes are kept in a folder, so that the
comparison can be run again without building. Prints what disagrees, and how much agrees.

    python -m bench.predict [--keep DIR] [--only NAME...] [--flags NAME...] [--outcomes-only]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from subprocess import CalledProcessError, TimeoutExpired

from bench.cases import FLAG_SETS, FlagSet, Program
from bench.corpus import PROGRAMS
from bench.outcomes import (
    UNKNOWN,
    Kept,
    Outcome,
    arguments,
    build,
    environment,
    prepare,
    settings,
    tools,
)
from staticgo.app.explain import explain
from staticgo.errors import StaticgoError
from staticgo.host.run import Runner
from staticgo.model.linking import GoFlags
from staticgo.model.request import ExplainRequest

JOBS = 2
BAR = 99
"""Of a hundred builds, so many must agree in every field."""
FIELDS = ("fails", "link_mode", "linkage", "interpreter", "needed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicted:
    """What a build is said to come to, in the words of an Outcome."""

    fails: bool
    link_mode: str = UNKNOWN
    linkage: str = ""
    interpreter: str = ""
    needed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One field of one build."""

    program: str
    flags: str
    field: str
    predicted: object
    found: object

    @property
    def agrees(self) -> bool:
        """Whether the prediction holds."""
        return self.predicted == self.found


def predict(program: Program, flags: FlagSet, work: Path) -> Predicted:
    """What is predicted for the program with these flags."""
    given = GoFlags(settings=tuple(settings(flags).items()), words=tuple(arguments(program, flags)))
    request = ExplainRequest(
        package=program.package, directory=str(prepare(program, work)), flags=str(given)
    )
    try:
        said = explain(request, Runner())[0].prediction
    except StaticgoError as error:  # what cannot even be listed cannot be built
        print(f"{program.name} {flags.name}: {error.message}", flush=True)
        return Predicted(fails=True)
    return Predicted(
        fails=said.stop is not None,
        link_mode=str(said.mode),
        linkage=str(said.linkage),
        interpreter=said.interpreter,
        needed=said.needed,
    )


def answers(predicted: Predicted, outcome: Outcome) -> Iterator[Answer]:
    """The fields that can be compared: a failed build has no binary, and may hide its link mode."""
    found: dict[str, object] = {"fails": not outcome.built}
    if outcome.link_mode != UNKNOWN:
        found["link_mode"] = outcome.link_mode
    if outcome.built:
        found["linkage"] = outcome.linkage
        found["interpreter"] = outcome.interpreter
        found["needed"] = tuple(sorted(outcome.needed))
    said: dict[str, object] = {field: getattr(predicted, field) for field in FIELDS}
    said["needed"] = tuple(sorted(predicted.needed))
    for field, value in found.items():
        yield Answer(
            program=outcome.program,
            flags=outcome.flags,
            field=field,
            predicted=said[field],
            found=value,
        )


def outcomes(
    program: Program, flag_sets: list[FlagSet], kept: Kept, work: Path, versions: str
) -> Iterator[tuple[FlagSet, Outcome]]:
    """What each set of flags comes to; built where it is not known."""
    for flags in flag_sets:
        outcome = kept.find(program, flags, versions)
        if outcome is None:
            try:
                outcome = build(program, flags, work, versions)
            except (CalledProcessError, TimeoutExpired) as error:
                print(f"{program.name} {flags.name}: not recorded: {error}", flush=True)
                continue
            kept.add(outcome)
            end = outcome.linkage if outcome.built else f"FAILS ({outcome.stage})"
            print(
                f"{program.name} {flags.name}: {outcome.link_mode} {end} {outcome.seconds} s",
                flush=True,
            )
        yield flags, outcome


def chosen(names: list[str]) -> list[FlagSet]:
    """The sets of flags of these names, or all."""
    return [flags for flags in FLAG_SETS if not names or flags.name in names]


def compare(keep: Path, only: list[str], names: list[str], *, outcomes_only: bool) -> bool:
    """Records or recalls, compares and prints; whether enough agrees."""
    kept, versions = Kept(keep), tools()
    work = keep / "work"
    work.mkdir(exist_ok=True)
    os.environ.update(environment(work))
    found: list[Answer] = []
    lock = threading.Lock()

    def one(program: Program) -> None:
        sets = [flags for flags in chosen(names) if flags.fits(program)]
        for flags, outcome in outcomes(program, sets, kept, work, versions):
            if not outcomes_only:
                got = list(answers(predict(program, flags, work), outcome))
                with lock:
                    found.extend(got)

    programs = [program for program in PROGRAMS if not only or program.name in only]
    with ThreadPoolExecutor(JOBS) as pool:
        list(pool.map(one, programs))
    if not outcomes_only:
        return report(found)
    return True


def report(found: list[Answer]) -> bool:
    """A line for each disagreement, then the counts; whether enough builds agree."""
    for answer in found:
        if not answer.agrees:
            print(
                f"{answer.program} {answer.flags}: {answer.field}: "
                f"predicted {answer.predicted}, found {answer.found}"
            )
    total, agreed = Counter(a.field for a in found), Counter(a.field for a in found if a.agrees)
    for field in FIELDS:
        print(f"{field}: {agreed[field]} of {total[field]} agree")
    everything = max(len(found), 1)
    builds = {(answer.program, answer.flags) for answer in found}
    wrong = {(answer.program, answer.flags) for answer in found if not answer.agrees}
    print(f"fields: {100 * agreed.total() / everything:.2f} % of {len(found)} agree")
    whole = 100 * (len(builds) - len(wrong)) / max(len(builds), 1)
    print(f"builds: {whole:.2f} % of {len(builds)} agree in every field (bar {BAR})")
    return whole >= BAR


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--keep", type=Path, help="use this folder, and leave it behind")
    for option, known in (("--only", PROGRAMS), ("--flags", FLAG_SETS)):
        names = [one.name for one in known]
        what = f"these alone: {', '.join(names)}"
        parser.add_argument(option, nargs="+", default=[], metavar="NAME", choices=names, help=what)
    parser.add_argument("--outcomes-only", action="store_true", help="record, compare nothing")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        keep = (given.keep or Path(scratch)).absolute()
        good = compare(keep, given.only, given.flags, outcomes_only=given.outcomes_only)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
