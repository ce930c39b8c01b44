"""What plain `go build` finds around it: the user's settings, the C compilers, the interpreters."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Mapping
from pathlib import Path

from staticgo.errors import ProjectError
from staticgo.facts.gosettings import DEFAULT_C_FLAGS
from staticgo.facts.linker import INTERPRETERS
from staticgo.facts.platforms import go_settings
from staticgo.host.go import read_env
from staticgo.host.run import Runner, clean_environment
from staticgo.linking.allowed import Rules, read_rules, refused
from staticgo.model.linking import GoFlags, Surroundings
from staticgo.model.plan import GoToolchain
from staticgo.model.project import Source
from staticgo.model.target import Target
from staticgo.planning.flags import split_quoted


def user_environment(
    go: GoToolchain, source: Source, target: Target | None, flags: GoFlags
) -> dict[str, str]:
    """The environment in which the user's own `go build` would run for `target`."""
    given = dict(flags.settings)
    return {
        **clean_environment(),
        "GOTOOLCHAIN": "local",
        "GOCACHE": go.cache,
        "GOMODCACHE": go.module_cache,
        **({"GOWORK": "off"} if source.remote else {}),
        **given,
        **(dict(go_settings(target)) if target is not None else {}),
    }


def surroundings(
    go: GoToolchain, source: Source, target: Target | None, flags: GoFlags, runner: Runner
) -> tuple[Surroundings, dict[str, str], dict[str, str]]:
    """The surroundings, the environment of the user's `go build`, and what `go env` says in it.

    Without a target it is the one that GOOS and GOARCH name, by default this machine's.
    """
    env = user_environment(go, source, target, flags)
    says, done = read_env(runner, go.command, dir=source.dir, env=env)
    if not says:
        raise ProjectError(
            "`go env` fails with these settings",
            hint="mend the setting that Go names",
            details=done.stderr,
        )
    if target is None:
        target = Target(os=says["GOOS"], arch=says["GOARCH"])
    host = Target(os=go.host_os, arch=go.host_arch)
    cc, cxx = split_quoted(says.get("CC", "")), split_quoted(says.get("CXX", ""))
    path = env.get("PATH")
    cc_missing = not cc or shutil.which(cc[0], path=path) is None
    given = says.get("CGO_CFLAGS", DEFAULT_C_FLAGS), says.get("CGO_CXXFLAGS", DEFAULT_C_FLAGS)
    users = [word for text in given if text != DEFAULT_C_FLAGS for word in split_quoted(text)]
    around = Surroundings(
        target=target,
        go_version=says["GOVERSION"].removeprefix("go"),
        host=host,
        cgo=says.get("CGO_ENABLED") == "1",
        cgo_why=_cgo_why(says, env, flags, cross=(target.os, target.arch) != (host.os, host.arch)),
        cc=tuple(cc),
        cxx=tuple(cxx),
        cc_missing=cc_missing,
        cxx_missing=not cxx or shutil.which(cxx[0], path=path) is None,
        cgo_ldflags=tuple(split_quoted(says.get("CGO_LDFLAGS", ""))),
        cgo_cflags=tuple(
            word
            for name in ("CGO_CPPFLAGS", "CGO_CFLAGS")
            for word in split_quoted(says.get(name, ""))
        ),
        odd_cflags=_odd(users, go.goroot) if users else (),
        extlink=env.get("GO_EXTLINK_ENABLED", ""),
        goroot=go.goroot,
        interpreters=tuple(
            name
            for name in INTERPRETERS.get(f"{target.os}/{target.arch}", ())
            if name and Path(name).exists()
        ),
    )
    lasting = {name: text for name, text in _lasting(says).items() if not env.get(name)}
    return around, {**env, "PKG_CONFIG": says.get("PKG_CONFIG", ""), **lasting}, says


def _lasting(says: Mapping[str, str]) -> dict[str, str]:
    """Settings that `go env -w` wrote down and `go env` does not tell: CGO_CFLAGS_ALLOW and its like."""
    try:
        lines = Path(says.get("GOENV", "")).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    pairs = (line.partition("=") for line in lines)
    return {name: text for name, _, text in pairs if name.endswith("ALLOW")}


def _cgo_why(
    says: Mapping[str, str], env: Mapping[str, str], flags: GoFlags, *, cross: bool
) -> str:
    value = says.get("CGO_ENABLED", "")
    given = env.get("CGO_ENABLED", "")
    if given in ("0", "1"):
        how = "given" if "CGO_ENABLED" in dict(flags.settings) else "set in the environment"
        return f"CGO_ENABLED={given} is {how}"
    if given:
        return f"CGO_ENABLED={given} is neither 0 nor 1, so Go takes its own default"
    if _in_go_env_file(says.get("GOENV", "")):
        return f"CGO_ENABLED={value} is set with `go env -w`"
    if value == "1":
        return "Go's default where it builds for its own platform and finds a C compiler"
    if cross:
        return "Go's default where it builds for another platform than its own"
    return f"Go's default where there is no C compiler: {says.get('CC', '')!r} is not on PATH"


def _in_go_env_file(path: str) -> bool:
    try:
        return "CGO_ENABLED=" in Path(path).read_text(encoding="utf-8") if path else False
    except (OSError, UnicodeDecodeError):
        return False


def _odd(words: list[str], goroot: str) -> tuple[str, ...]:
    """Of the user's C flags, the first that Go does not trust its own linker with, if any.

    As checkCompilerFlagsForInternalLink has it: the list of what `#cgo` lines may say, without -flto.
    """
    lto = next((word for word in words if word.startswith("-flto")), "")
    rules = flag_rules(goroot)
    odd = lto or (refused(words, rules[0]) if rules else "")
    return (odd,) if odd else ()


@functools.cache
def flag_rules(goroot: str) -> tuple[Rules, Rules] | None:
    """The installed Go's own lists for `#cgo` words, for compiler and linker; None without its source."""
    try:
        path = Path(goroot, "src/cmd/go/internal/work/security.go")
        return read_rules(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None
