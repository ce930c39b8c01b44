"""A program named as `module/path@version`: fetched, checked, and put in a module made to build it.

`go install pkg@version` can neither cross-compile to a chosen file name nor print its plan. A module
that requires just that version, with that version's own go.sum, builds the same bytes: the build
information names the program's module as main, as `go install` would have it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from staticgo.errors import ProjectError, ToolFailed
from staticgo.host.files import cache_dir, write_atomically
from staticgo.host.run import Runner, go_environment
from staticgo.model.plan import GoToolchain
from staticgo.model.project import Source
from staticgo.toolchain.go import find_go

_MODULE = "staticgo.invalid/remote"
_PACKAGE = re.compile(r"[^@\s]+@[^@\s]+")
_FETCH_SECONDS = 600


def is_remote(package: str) -> bool:
    """Whether `package` is `path@version`, and no file path."""
    return bool(_PACKAGE.fullmatch(package)) and not package.startswith((".", "/", "~", "-"))


def remote_source(package: str, runner: Runner) -> Source:
    """The fetched program. Raises ProjectError where it cannot be built so, ToolFailed on fetching."""
    path, _, version = package.partition("@")
    scratch = cache_dir("remote")
    go = find_go(runner, str(scratch))
    env = go_environment(
        {
            **dict(go.fetching),
            "GOENV": "off",
            "GOWORK": "off",
            "GOTOOLCHAIN": "local",
            "GOFLAGS": "-mod=mod",
            "GOCACHE": go.cache,
            "GOMODCACHE": go.module_cache,
        }
    )
    module = _download(package, path, version, go, env, scratch, runner)
    wanted = _go_version(package, module, go, env, scratch, runner)
    # Its own go.sum vouches for what it requires; the checksum database vouched for it just now.
    own = Path(module["Dir"], "go.sum")
    sums = own.read_text(encoding="utf-8") if own.exists() else ""
    name = f"{module['Path']} {module['Version']}"
    files = (
        ("go.mod", f"module {_MODULE}\n\ngo {wanted}\n\nrequire {name}\n"),
        ("go.sum", f"{sums}{name} {module['Sum']}\n{name}/go.mod {module['GoModSum']}\n"),
    )
    import hashlib  # OpenSSL's: some milliseconds

    key = hashlib.sha256("\0".join(content for _, content in files).encode()).hexdigest()[:16]
    folder = cache_dir("remote", key)
    for file, content in files:
        # With -mod=mod `go` completes them, so what stands there is never written again.
        if not (folder / file).exists():
            write_atomically(folder / file, content)
    return Source(package=path, display=package, dir=str(folder), files=files)


def _download(
    package: str,
    path: str,
    version: str,
    go: GoToolchain,
    env: Mapping[str, str],
    dir: Path,
    runner: Runner,
) -> dict[str, Any]:
    """The module that holds `path`: the longest prefix that is one at this version."""
    complaints: list[str] = []
    for prefix in sorted(_prefixes(path), key=lambda p: not _cached(go, p, version)):
        done = runner.run(
            [go.command, "mod", "download", "-json", f"{prefix}@{version}"],
            env=env,
            cwd=str(dir),
            timeout=_FETCH_SECONDS,
        )
        answer: dict[str, Any] = json.loads(done.stdout) if done.stdout.strip() else {}
        # A module without the package has a nested one beside it, which holds it.
        inside = path[len(prefix) :].lstrip("/")
        if answer.get("Dir") and not answer.get("Error") and Path(answer["Dir"], inside).is_dir():
            return answer
        complaints.append(answer.get("Error") or done.stderr or f"{prefix} holds no {inside}")
    text = "\n".join(complaint.strip() for complaint in complaints)
    from staticgo.facts.diagnosis import diagnose

    known = diagnose(text)
    raise ToolFailed(
        f"{package} cannot be fetched" + (f": {known.meaning}" if known else ""),
        hint=known.fix
        if known
        else "check the path and the version; `go list -m -versions MODULE` lists them",
        details=text,
    )


def _prefixes(path: str) -> Iterator[str]:
    parts = path.split("/")
    return ("/".join(parts[:count]) for count in range(len(parts), 0, -1))


def _cached(go: GoToolchain, module: str, version: str) -> bool:
    """Whether the module cache has it: no network is asked then (https://go.dev/ref/mod#module-cache)."""
    escaped = re.sub(r"[A-Z]", lambda match: f"!{match[0].lower()}", module)
    return Path(go.module_cache, "cache/download", escaped, "@v", f"{version}.zip").exists()


def _go_version(
    package: str,
    module: Mapping[str, Any],
    go: GoToolchain,
    env: Mapping[str, str],
    dir: Path,
    runner: Runner,
) -> str:
    """The `go` line of the module's go.mod. Raises ProjectError where go.mod forbids this way."""
    done = runner.run(
        [go.command, "mod", "edit", "-json", module["GoMod"]], env=env, cwd=str(dir), timeout=60
    )
    if done.returncode != 0:
        raise ToolFailed(
            f"{package}: its go.mod cannot be read",
            hint="take another version of the module",
            details=done.stderr,
        )
    content: dict[str, Any] = json.loads(done.stdout)
    directives = [name for name in ("Replace", "Exclude") if content.get(name)]
    if directives:
        names = " and ".join(name.lower() for name in directives)
        raise ProjectError(
            f"{package}: its go.mod holds {names} directives, which only count in a checkout; "
            "built from outside it would be another program",
            hint="clone the repository at that version, and run `staticgo build` inside it",
        )
    return str(content.get("Go") or "1.16")
