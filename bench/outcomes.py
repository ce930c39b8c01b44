"""What `go build` really does with one program and one set of flags, and keeping what it did.

The link mode is taken from the linker's own trace (`-ldflags=-v=2`), never from the binary:
cmd/link/internal/ld/lib.go prints `host link:` and the command before it calls the external linker,
config.go prints `external linking is forced by:`. A link that went through without a host link was
internal. A failed one tells its mode only by the request or by one of the lines that `link_mode` knows.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import staticgo
from bench.cases import GO_ONLY, FlagSet, Program

ROOT = Path(__file__).parent.parent
INTERNAL, EXTERNAL, UNKNOWN = "internal", "external", "unknown"
LOAD, COMPILE, LINK = "load", "compile", "link"
TIME_LIMIT = 600
LINES_KEPT = 14

HOST_LINK = re.compile(r"^host link:", re.MULTILINE)
FORCED = re.compile(r"^external linking is forced by: (.*)$", re.MULTILINE)
PREFERRED = re.compile(r"^external linking prefer list is (.*)$", re.MULTILINE)
LINKER_RAN = re.compile(r"^build mode: .*, symbol table: ", re.MULTILINE)
UNRESOLVED = re.compile(r"^loadlib: first unresolved is ", re.MULTILINE)
REQUESTED = re.compile(r"-linkmode[= ](internal|external)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one build came to. `stage` and `said` are set where it failed."""

    program: str
    flags: str
    tools: str
    recipe: str
    built: bool
    link_mode: str
    forced_by: str = ""
    linkage: str = ""
    interpreter: str = ""
    needed: tuple[str, ...] = ()
    stage: str = ""
    said: tuple[str, ...] = ()
    seconds: float = 0.0


def tools() -> str:
    """The versions that an outcome depends on."""
    calls = (["go", "env", "GOVERSION"], ["gcc", "-dumpfullversion"], ["musl-gcc", "--version"])
    found = []
    for call in calls:
        done = subprocess.run(call, capture_output=True, text=True, check=False)
        first = done.stdout.partition("\n")[0] if done.returncode == 0 else "none"
        found.append(f"{call[0]} {first}")
    return ", ".join(found)


def recipe(program: Program, flags: FlagSet) -> str:
    """Changes with what is built, and with what; not with what it is called or filed under."""
    built = replace(program, name="", kind="")
    text = f"{built} {flags.environment} {flags.arguments}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def environment(work: Path) -> dict[str, str]:
    """The user's, without what would steer Go; an own build cache keeps the runs comparable."""
    steering = ("CGO_", "GO111", "GOFLAGS", "GOAMD64", "GOEXPERIMENT", "GO_EXTLINK", "GOWORK")
    plain = {k: v for k, v in os.environ.items() if not k.startswith(steering)}
    for name in ("CC", "CXX", "GOOS", "GOARCH", "PKG_CONFIG"):
        plain.pop(name, None)
    ours = {
        "GOCACHE": str(work / "go-build"),
        "GOFLAGS": "-buildvcs=false",
        "GOTOOLCHAIN": "local",
        "GOWORK": "off",
        "LC_ALL": "C",
    }
    return {**plain, **ours}


def settings(flags: FlagSet) -> dict[str, str]:
    """What the set of flags adds to the environment."""
    go = str(Path(shutil.which("go") or "go").resolve().parent)
    return {name: value.replace(GO_ONLY, go) for name, value in flags.environment}


def arguments(program: Program, flags: FlagSet) -> list[str]:
    """The build flags of both, tags in one list."""
    plain = [flag for flag in flags.arguments if not flag.startswith("-tags=")]
    tags = [flag.removeprefix("-tags=") for flag in flags.arguments if flag not in plain]
    tags = [*filter(None, [program.tags]), *tags]
    return [*plain, *([f"-tags={','.join(tags)}"] if tags else [])]


def traced(given: list[str]) -> list[str]:
    """The same with the linker's trace."""
    if any(flag.startswith("-ldflags=") for flag in given):
        return [f"{flag} -v=2" if flag.startswith("-ldflags=") else flag for flag in given]
    return [*given, "-ldflags=-v=2"]


def prepare(program: Program, work: Path) -> Path:
    """The folder of the program's main module; made and tidied when it is not there yet."""
    if program.directory:
        return ROOT / program.directory
    folder = work / "programs" / program.name
    marker = folder / ".ready"
    if marker.is_file() and marker.read_text("utf-8") == repr(program):
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "go.mod").write_text(go_mod(program), "utf-8")
    for name, text in program.files:
        (folder / name).write_text(text, "utf-8")
    for source, made in program.objects:
        subprocess.run(["gcc", "-O2", "-fPIC", "-c", "-o", made, source], cwd=folder, check=True)
        (folder / source).unlink()
    if program.modules:
        env = {**environment(work), "GOFLAGS": "-mod=mod"}
        subprocess.run(["go", "mod", "tidy", "-e"], cwd=folder, env=env, check=True)
    marker.write_text(repr(program), "utf-8")
    return folder


def go_mod(program: Program) -> str:
    """A module that requires just what the program is pinned to."""
    lines = [f"module example.com/corpus/{program.name}", "", "go 1.25.0", ""]
    lines += [f"require {module.replace('@', ' ')}" for module in program.modules]
    if program.package != ".":
        lines.append(f"tool {program.package}")
    return "\n".join(lines) + "\n"


def build(program: Program, flags: FlagSet, work: Path, versions: str) -> Outcome:
    """Builds once with the trace, and where the link fails once more for its plain words."""
    folder = prepare(program, work)
    given = arguments(program, flags)
    with tempfile.TemporaryDirectory(dir=work) as scratch:
        output = Path(scratch, "program")
        start = time.perf_counter()
        code, trace = run(
            program, folder, traced(given), output, {**environment(work), **settings(flags)}
        )
        seconds = round(time.perf_counter() - start, 2)
        linked = bool(LINKER_RAN.search(trace))
        forced = FORCED.search(trace) or PREFERRED.search(trace)
        built = code == 0
        result = Outcome(
            program=program.name,
            flags=flags.name,
            tools=versions,
            recipe=recipe(program, flags),
            built=built,
            link_mode=link_mode(trace, given, flags, built=built) if linked else UNKNOWN,
            forced_by=forced[1] if forced else "",
            seconds=seconds,
        )
        if not built:
            words = trace
            if linked:
                code, words = run(
                    program, folder, given, output, {**environment(work), **settings(flags)}
                )
            stage = LINK if linked else COMPILE if "\n# " in f"\n{trace}" else LOAD
            return replace(result, stage=stage, said=last_lines(words, scratch))
        piece = staticgo.inspect(output).slices[0]
        return replace(
            result,
            linkage=str(piece.linkage),
            interpreter=piece.interpreter,
            needed=piece.needed,
        )


def run(
    program: Program, folder: Path, given: list[str], output: Path, settings: dict[str, str]
) -> tuple[int, str]:
    """The exit code and all output of one `go build`."""
    command = ["go", "build", *given, "-o", str(output), program.package]
    done = subprocess.run(
        command,
        cwd=folder,
        env=settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=TIME_LIMIT,
        check=False,
    )
    return done.returncode, done.stdout.decode("utf-8", "replace")


def link_mode(trace: str, given: list[str], flags: FlagSet, *, built: bool) -> str:
    """Which linker finished the program, or was to finish it."""
    if HOST_LINK.search(trace):
        return EXTERNAL
    if built:
        return INTERNAL
    requested = REQUESTED.search(" ".join(given))
    if requested:  # determineLinkMode keeps an explicit request, or stops
        return requested[1]
    by_environment = {"0": INTERNAL, "1": EXTERNAL}
    if (value := dict(flags.environment).get("GO_EXTLINK_ENABLED")) in by_environment:
        return by_environment[value]
    if FORCED.search(trace):
        return EXTERNAL
    # loadlib looks for libgcc only when it links internally.
    return INTERNAL if UNRESOLVED.search(trace) else UNKNOWN


def last_lines(words: str, scratch: str) -> tuple[str, ...]:
    """The end of what was said, without the names of temporary files."""
    words = words.replace(scratch, "$SCRATCH")
    words = re.sub(r"/\S*/go-(build|link-)[0-9]+", r"$TMP/go-\1", words)
    return tuple(line[:400] for line in words.splitlines() if line.strip())[-LINES_KEPT:]


class Kept:
    """Outcomes as JSON lines, a file for each program, in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def all(self, program: str) -> Iterator[Outcome]:
        """What is kept of a program, oldest first."""
        path = self._folder / f"{program}.jsonl"
        if path.is_file():
            for line in path.read_text("utf-8").splitlines():
                values: dict[str, Any] = json.loads(line)
                for name in ("needed", "said"):
                    values[name] = tuple(values[name])
                yield Outcome(**values)

    def find(self, program: Program, flags: FlagSet, versions: str) -> Outcome | None:
        """The outcome of just this build with just these tools; the latest counts."""
        wanted = (recipe(program, flags), versions)
        found = [one for one in self.all(program.name) if (one.recipe, one.tools) == wanted]
        return found[-1] if found else None

    def add(self, outcome: Outcome) -> None:
        """One more line, at once."""
        with (self._folder / f"{outcome.program}.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(outcome)) + "\n")
