"""The verb `explain --since`: what turned a program dynamic, or back, since a git revision."""

from __future__ import annotations

import dataclasses
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from staticgo.app.explain import explain_all
from staticgo.app.steps.given import Explained
from staticgo.errors import MissingTool, ProjectError, StaticgoError, UsageError
from staticgo.host.run import Runner, clean_environment
from staticgo.linking.compare import compare
from staticgo.model.comparison import Comparison
from staticgo.model.request import ExplainRequest

_SECONDS = 120
_OF_A_HOOK = frozenset(
    """
    GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_COMMON_DIR GIT_DIR GIT_GRAFT_FILE GIT_IMPLICIT_WORK_TREE
    GIT_INDEX_FILE GIT_NO_REPLACE_OBJECTS GIT_OBJECT_DIRECTORY GIT_PREFIX GIT_REPLACE_REF_BASE
    GIT_SHALLOW_FILE GIT_WORK_TREE
    """.split()  # noqa: SIM905 - a table to read
)
"""Of `git rev-parse --local-env-vars`, those that are no configuration."""
_STEERING = re.compile(
    r"CGO_|GOFLAGS|-tags|ldflags|linkmode|-buildmode|\bCC=|\bCXX=|musl|GOTOOLCHAIN|GO_VERSION|go-version"
)
_LINES_SHOWN, _LINE_SHOWN = 40, 160


def since(request: ExplainRequest, revision: str, runner: Runner) -> Comparison:
    """The program at `revision` and as it stands, uncommitted changes included.

    The old state is unpacked into a temporary folder; the repository is only read. Raises
    UsageError where there is no such repository or revision, and as `explain` does.
    """
    folder = Path(request.directory, request.package)
    if not folder.is_dir():
        raise UsageError(
            f"--since compares a program of your own, and {request.package} is no folder",
            hint="name the folder of the program, inside its git repository",
        )
    if len(request.targets) > 1:
        raise UsageError("--since takes one target at a time", hint="give one --target")
    if revision.startswith("-"):
        raise UsageError(f"{revision} is no git revision", hint="give a tag, branch or commit")
    folder = folder.resolve()
    top = _top(folder, runner)
    now = explain_all(request, runner)[0]
    with tempfile.TemporaryDirectory(prefix="staticgo-") as scratch:
        root = Path(scratch, "tree", top.name or "root")
        _unpack(top, revision, root, runner)
        then = _then(request, root / folder.relative_to(top), revision, runner)
    return compare(
        then.explanation,
        now.explanation,
        (revision, "now"),
        graphs=(then.graph, now.graph),
        lines=_lines(top, revision, runner),
    )


def _then(request: ExplainRequest, folder: Path, revision: str, runner: Runner) -> Explained:
    if not folder.is_dir():
        raise ProjectError(
            f"{request.package} is not there at {revision}",
            hint="give a later revision, one that has the program",
        )
    old = dataclasses.replace(request, package=".", directory=str(folder))
    try:
        return explain_all(old, runner)[0]
    except StaticgoError as error:
        error.message = f"at {revision}: {error.message}"
        raise


def _git(
    folder: Path, runner: Runner, *words: str, env: Mapping[str, str] | None = None
) -> tuple[str, str]:
    """What git prints, and its complaint."""
    try:
        # A monitor of the file system and hooks would be more programs to start, and none is needed.
        quiet = ("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}")
        done = runner.run(
            ["git", "-C", str(folder), *quiet, *words],
            env={**_own_environment(), **_no_filters(folder, runner), **(env or {})},
            timeout=_SECONDS,
        )
    except MissingTool as error:
        raise MissingTool("git is not here, and --since asks it", hint="install git") from error
    return done.stdout, "" if done.returncode == 0 else done.stderr.strip() or "git failed"


def _no_filters(folder: Path, runner: Runner) -> dict[str, str]:
    """Settings that turn off the programs by which git changes files on their way (git-lfs, say)."""
    said = runner.run(
        ["git", "-C", str(folder), "config", "--null", "--name-only", "--get-regexp", r"^filter\."],
        env=_own_environment(),
        timeout=_SECONDS,
    ).stdout
    drivers = {name.rpartition(".")[0] for name in said.split("\0") if name}
    settings = [
        (f"{driver}.{key}", value)
        for driver in sorted(drivers)
        for key, value in (("clean", ""), ("smudge", ""), ("process", ""), ("required", "false"))
    ]
    numbered = {f"GIT_CONFIG_KEY_{n}": name for n, (name, _) in enumerate(settings)}
    values = {f"GIT_CONFIG_VALUE_{n}": value for n, (_, value) in enumerate(settings)}
    return {"GIT_CONFIG_COUNT": str(len(settings)), **numbered, **values}


def _own_environment() -> dict[str, str]:
    """Without what leads git to another repository than the folder's, as in a hook of git's."""
    kept = {name: text for name, text in clean_environment().items() if name not in _OF_A_HOOK}
    return {**kept, "GIT_OPTIONAL_LOCKS": "0"}


def _lines(top: Path, revision: str, runner: Runner) -> tuple[str, ...]:
    """Changed lines that set flags of the build, in files that hold no Go."""
    said, _ = _git(
        top,
        runner,
        *("diff", "--no-ext-diff", "--no-textconv", "--no-color", "--unified=0", "--no-prefix"),
        *(revision, "--", ".", ":(exclude)*.go", ":(exclude)go.sum", ":(exclude)*.md"),
    )
    return tuple(steering_lines(said))[:_LINES_SHOWN]


def steering_lines(diff: str) -> Iterator[str]:
    """The lines of a unified diff's changes in which a flag or setting of the build is named."""
    file, in_head = "", True
    change: list[str] = []
    for line in [*diff.splitlines(), "diff "]:
        if line.startswith(("-", "+")) and not in_head:
            change.append(line)
            continue
        if any(map(_STEERING.search, change)):
            yield from (f"{c[0]} {file}: {c[1:].strip()[:_LINE_SHOWN]}" for c in change)
        change = []
        if line.startswith(("--- ", "+++ ")) and line[4:] != "/dev/null":
            file = line[4:]
        in_head = line.startswith("diff ") or (in_head and not line.startswith("@@"))


def _top(folder: Path, runner: Runner) -> Path:
    said, complaint = _git(folder, runner, "rev-parse", "--show-toplevel")
    if complaint:
        raise UsageError(
            f"{folder.name} is in no git repository", hint="--since needs one", details=complaint
        )
    return Path(said.rstrip("\n"))


def _unpack(top: Path, revision: str, root: Path, runner: Runner) -> None:
    commit, complaint = _git(top, runner, "rev-parse", "--verify", f"{revision}^{{commit}}")
    if complaint:
        raise UsageError(
            f"git knows no revision {revision!r}",
            hint="`git log --oneline` and `git tag` list them",
            details=complaint,
        )
    root.mkdir(parents=True)
    # git writes the files itself, with its own checks of paths and links; the index of its own
    # leaves the user's alone.
    index = {"GIT_INDEX_FILE": str(root.parent.with_name("index"))}
    for words in (("read-tree", commit.strip()), ("checkout-index", "--all", f"--prefix={root}/")):
        _, complaint = _git(top, runner, *words, env=index)
        if complaint:
            raise ProjectError(
                f"{revision} cannot be unpacked", hint="see what git says", details=complaint
            )
