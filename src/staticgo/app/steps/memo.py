"""Remembers what a build rested on, so that a build with nothing changed is answered at once.

Go answers the same question by reading the whole package graph again; for several targets that
takes longer than reading and judging the binaries does. Only what is sure is remembered: folders
of the user are stamped, module cache and GOROOT are read-only by Go's own rules, and where more
than that decides (workspaces, replaced folders, version control), nothing is remembered. The binary
itself is read and judged anew every time.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import staticgo
from staticgo._version import __version__
from staticgo.app.inspect import inspect
from staticgo.errors import StaticgoError
from staticgo.facts.toolchains import ZIG
from staticgo.host.files import cache_dir, forget_old_files, write_atomically
from staticgo.host.stamps import Stamp, stamp, stamps, unchanged
from staticgo.model.codec import decode, encode
from staticgo.model.diagnosis import Reading
from staticgo.model.plan import GoToolchain, Plan
from staticgo.model.project import Package, ProjectFacts, Source
from staticgo.model.request import BuildRequest
from staticgo.model.result import BuildResult
from staticgo.model.verdict import Outcome
from staticgo.rules.promise import judge_result
from staticgo.toolchain.installed import command_path
from staticgo.toolchain.packaged import packaged

_VOLATILE = {"_", "SHLVL", "PWD", "OLDPWD", "COLUMNS", "LINES", "TERM"}
_MODULE_FILES = ("go.mod", "go.sum", "go.work", "go.work.sum", "vendor/modules.txt")
_FILE_FLAGS = re.compile(r"-(modfile|overlay|pgo|toolexec)\b")
"""Flags that name files of their own."""
_OUTSIDE = re.compile(r"(?m)^[ \t/*]*#cgo\b.*(-[IL]|pkg-config:)")
"""A line of a cgo preamble that names folders beside the package's own."""
_KEPT_SECONDS = 30 * 24 * 3600
_FOLDER = re.compile(r"""=>\s*[./"`]""")
"""In go.mod: a module replaced by a folder."""
_COMMANDS = ("go", "zig", "git", "hg", "svn", "bzr", "fossil")
"""With a version control command, Go writes the repository's state into the binary."""
_REPOSITORIES = (".git", ".hg", ".svn", ".bzr", ".fslckout", "_FOSSIL_")


def recall(request: BuildRequest) -> tuple[BuildResult, ...] | None:
    """The results of the same request, if nothing that they rest on has changed; else None."""
    started = time.monotonic()
    file = _file(request)
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        if not unchanged(record["inputs"]) or not unchanged(record["outputs"]):
            return None
        plans = [decode(Plan, data) for data in record["plans"]]
        results = [
            _reread(plan, path, digest, said, started)
            for plan, (path, digest), said in zip(
                plans, record["binaries"], record["readings"], strict=True
            )
        ]
    except (
        OSError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        RecursionError,
        StaticgoError,
    ):
        return None  # no record, or one that cannot be trusted: build
    if any(result.verdict.outcome < Outcome.WARN for result in results):
        return None
    return tuple(results)


def remember(
    request: BuildRequest,
    results: Sequence[BuildResult],
    facts: Sequence[ProjectFacts],
    go: GoToolchain,
    watched: Sequence[str] = (),
    *,
    began_ns: int,
) -> None:
    """Writes down what `results` rest on, where that is sure; a failure to do so fails no build."""
    with contextlib.suppress(OSError, ValueError, RuntimeError):
        _remember(request, results, facts, go, watched, began_ns)


def _remember(
    request: BuildRequest,
    results: Sequence[BuildResult],
    facts: Sequence[ProjectFacts],
    go: GoToolchain,
    watched: Sequence[str],
    began_ns: int,
) -> None:
    inputs = _inputs(results, facts, go, watched, began_ns)
    if inputs is None:
        return
    record = {
        "inputs": inputs,
        "outputs": {result.path: stamp(result.path) for result in results},
        "plans": [encode(result.plan) for result in results],
        "binaries": [[result.path, result.sha256] for result in results],
        "readings": [encode(result.reading) for result in results],
    }
    write_atomically(_file(request), json.dumps(record))
    forget_old_files(cache_dir("memo"), _KEPT_SECONDS)


def _reread(plan: Plan, path: str, digest: str, said: object, started: float) -> BuildResult:
    report = inspect(Path(path))
    return BuildResult(
        plan=plan,
        path=path,
        report=report,
        verdict=judge_result(report, plan),
        sha256=digest,
        seconds=time.monotonic() - started,
        reused=True,
        reading=None if said is None else decode(Reading, said),
    )


def _file(request: BuildRequest) -> Path:
    """One record for each request in each environment, whatever is then done with the result."""
    asked = dataclasses.replace(
        request, verify=False, seconds=0.0, arguments=(), jobs=0, rebuild=False
    )
    # A link to a folder may come to lead elsewhere.
    folder = os.path.realpath(Path(request.directory, request.package))
    environment = sorted((k, v) for k, v in os.environ.items() if k not in _VOLATILE)
    text = repr((__version__, asked, folder, environment))
    return cache_dir("memo") / f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.json"


def _inputs(
    results: Sequence[BuildResult],
    facts: Sequence[ProjectFacts],
    go: GoToolchain,
    watched: Sequence[str],
    began_ns: int,
) -> dict[str, Stamp] | None:
    stamped = any(
        name.startswith("vcs.")
        for result in results
        for piece in result.report.slices
        if piece.go is not None
        for name, _ in piece.go.settings
    )
    source = facts[0].source
    if any(map(_rests_on_more, _built(results))):
        return None
    if _FILE_FLAGS.search(go.setting("GOFLAGS")):
        return None
    if source.remote and not _names_a_version(source):
        return None
    if Path(go.command).resolve().parent.parent != Path(go.goroot).resolve():
        return None  # a program that chooses among several Gos, by files that only it knows
    if stamped or (not source.remote and _depends_on_more(Path(source.dir))):
        return None
    paths = {*_tools(results), *_settings_files(go), *watched}
    if not source.remote:
        read_only = (go.module_cache + os.sep, go.goroot + os.sep)
        for project in facts:
            for graph in (project.with_cgo, project.without_cgo):
                for package in graph.packages:
                    if package.dir and not package.dir.startswith(read_only):
                        if _reaches_outside(package):
                            return None
                        paths.update(_package_paths(package))
        for folder in _upwards(Path(source.dir)):
            paths.update(str(folder / name) for name in _MODULE_FILES)
    found = stamps(paths, before_ns=began_ns)
    return None if found is None else found | _absent_repositories(Path(source.dir))


def _rests_on_more(plan: Plan) -> bool:
    """Whether its C comes from folders too large to be watched: a compiler's package, Apple's SDK."""
    if plan.toolchain is None:
        return False
    sdk = plan.target.os == "darwin" and os.environ.get("SDKROOT")
    return plan.toolchain.kind != ZIG or bool(sdk)


def _built(results: Sequence[BuildResult]) -> Iterator[Plan]:
    for result in results:
        yield from result.plan.builds


def _names_a_version(source: Source) -> bool:
    """Whether the user named one version, and not `latest` or a branch, which move."""
    _, _, version = source.display.partition("@")
    line = re.compile(rf"(?m)^require \S+ {re.escape(version)}$")
    return any(line.search(content) for name, content in source.files if name == "go.mod")


def _absent_repositories(directory: Path) -> dict[str, Stamp]:
    """Where no repository is now, `git init` would make Go write its state into the binary."""
    paths = (str(folder / name) for folder in _upwards(directory) for name in _REPOSITORIES)
    return {path: [] for path in paths if not stamp(path)}


def _depends_on_more(directory: Path) -> bool:
    """Whether folders beyond the module decide: a workspace, or a module replaced by a folder."""
    if os.environ.get("GOWORK", "off") != "off":
        return True
    for folder in _upwards(directory):
        if (folder / "go.work").exists():
            return True
        module = folder / "go.mod"
        if module.exists() and _FOLDER.search(module.read_text(encoding="utf-8")):
            return True
    return False


def _reaches_outside(package: Package) -> bool:
    """Whether its C may use headers or archives of other folders: Go does not watch them either."""
    return any(
        _OUTSIDE.search(Path(package.dir, name).read_text(encoding="utf-8", errors="replace"))
        for name in package.cgo_files
    )


def _package_paths(package: Package) -> Iterator[str]:
    yield package.dir
    # A go.mod in a folder between would make the package another module's.
    for above in _upwards(Path(package.dir)):
        yield str(above / "go.mod")
        if (above / "go.mod").exists():
            break
    for name in (
        *(("default.pgo",) if package.name == "main" else ()),  # -pgo=auto, which is Go's default
        *package.go_files,
        *package.cgo_files,
        *package.cxx_files,
        *package.swig_files,
        *package.ignored_go_files,
        *package.other_files,
        *package.embed_files,
    ):
        yield str(Path(package.dir, name))
    # A pattern of go:embed takes new files too, in whatever folder below.
    for top in {name.split("/")[0] for name in package.embed_files if "/" in name}:
        for folder, _, _ in os.walk(Path(package.dir, top)):
            yield folder


def _tools(results: Sequence[BuildResult]) -> Iterator[str]:
    """Programs whose change would change the plan: this one, each Go and each zig there is."""
    own = Path(staticgo.__file__).parent
    yield from (str(file) for file in own.rglob("*") if file.suffix in (".py", ".c"))
    for folder in os.get_exec_path():  # where nothing is yet, too: it would be found first
        yield from (str(Path(folder, name)) for name in _COMMANDS)
    for package, *path in (("go", "bin", "go"), ("ziglang", "zig")):
        found = packaged(package, *path)
        # Where it is not, pip would put it.
        yield str(found) if found else str(own.parent / Path(package, *path))
    yield from (str(command_path(name)) for name in ("go", "zig"))
    for result in results:
        yield from (plan.command[0] for plan in result.plan.builds)


def _settings_files(go: GoToolchain) -> Iterator[str]:
    """Where `go env -w` and distributions write (https://pkg.go.dev/cmd/go#hdr-Environment_variables)."""
    config = os.environ.get("XDG_CONFIG_HOME") or str(Path("~/.config").expanduser())
    yield os.environ.get("GOENV") or str(Path(config, "go", "env"))
    yield str(Path(go.goroot, "go.env"))
    yield str(Path(go.goroot, "VERSION"))


def _upwards(directory: Path) -> Iterator[Path]:
    yield directory
    yield from directory.parents
