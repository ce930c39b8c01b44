"""Turns a choice into a Plan: the command, its environment, and what the result must be. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from staticgo.errors import UsageError
from staticgo.facts.gosettings import DEFAULT_C_FLAGS
from staticgo.facts.platforms import Platform
from staticgo.model.binary import Linkage
from staticgo.model.plan import (
    CToolchain,
    GoToolchain,
    Plan,
    Policy,
    Promise,
    Reason,
    Strategy,
)
from staticgo.model.project import ProjectFacts
from staticgo.planning.choose import Choice
from staticgo.planning.flags import join_quoted, split_quoted, split_tags, take_flag

# cgo's own default, `-O2 -g`, reaches the link and undoes -s -w; -g0 also shortens the C compile.
_C_FLAGS = "-O2 -g0"
_LINK_FLAGS = "-O2"


def heed_goflags(policy: Policy, go: GoToolchain) -> Policy:
    """The policy with the user's own GOFLAGS tags and linker flags added to it."""
    fields = split_quoted(go.setting("GOFLAGS"))
    tags, fields = take_flag(fields, "tags")
    ldflags, _ = take_flag(fields, "ldflags")
    return Policy(
        cgo=policy.cgo,
        use_libc=policy.use_libc,
        # As for the go command: what stands on the command line replaces what stands in GOFLAGS.
        tags=policy.tags or (split_tags(tags[-1]) if tags else ()),
        ldflags=policy.ldflags or (ldflags[-1] if ldflags else ""),
        strip=policy.strip,
    )


def compose(
    facts: ProjectFacts,
    platform: Platform,
    policy: Policy,
    choice: Choice,
    go: GoToolchain,
    toolchain: CToolchain | None,
) -> Plan:
    """The plan for one target; `toolchain` is the C compiler where the choice needs one.

    Raises UsageError where the user's linker flags contradict the choice.
    """
    static = choice.strategy is Strategy.EXTERNAL
    assert (toolchain is not None) == static
    flags = ["-trimpath", "-buildmode=exe"]
    if facts.source.remote:
        flags.append("-mod=mod")
    if choice.tags:
        flags += ["-tags", ",".join(choice.tags)]
    flags += ["-ldflags", link_flags(policy.ldflags, static=static, strip=policy.strip)]
    return Plan(
        target=platform.target,
        strategy=choice.strategy,
        source=facts.source,
        name=f"{facts.name}-{platform.target.slug}",
        environment=_environment(facts, platform, go, toolchain),
        inherits=tuple(name for name, _ in go.fetching),
        command=(go.command, "build", *flags),
        toolchain=toolchain,
        expects=Promise(
            linkages=(Linkage.STATIC, Linkage.STATIC_PIE),
            machine=platform.target.arch,
            stripped=policy.strip,
            cgo_enabled=static,
            settings=platform.variant_setting,
        ),
        reasons=(*choice.reasons, *_always(platform, policy)),
    )


def _always(platform: Platform, policy: Policy) -> Iterator[Reason]:
    """What is decided for every program."""
    for name, value in platform.settings:
        yield Reason(decision=f"{name}={value}", why="it starts on every such CPU that Go supports")
    yield Reason(
        decision="-trimpath",
        why="no folder of this machine enters the binary: the bytes are the same",
    )
    if policy.strip:
        yield Reason(
            decision="-s -w", why="symbols and DWARF are left out (--keep-symbols keeps them)"
        )


def link_flags(user: str, *, static: bool, strip: bool) -> str:
    """The value of -ldflags: ours, and the user's merged into it. Raises UsageError."""
    external, rest = take_flag(split_quoted(user), "extldflags")
    modes, rest = take_flag(rest, "linkmode")
    flags = ["-s", "-w"] if strip else []
    if static:
        if "internal" in modes:
            raise UsageError(
                "-linkmode=internal ignores -static, and this program links C",
                hint="leave -linkmode out of the linker flags",
            )
        words = [word for text in external for word in split_quoted(text)]
        flags += ["-linkmode=external", f"-extldflags={join_quoted(['-static', *words])}"]
    else:
        flags += [f"-linkmode={mode}" for mode in modes]
        flags += [f"-extldflags={text}" for text in external]
    return join_quoted([*flags, *rest])


def list_environment(platform: Platform, go: GoToolchain, *, cgo: bool) -> dict[str, str]:
    """What `go list` and `go build` both run under, cgo aside."""
    user = {name: value for name, value in go.changed if not name.startswith("CGO_")}
    fields = split_quoted(user.pop("GOFLAGS", ""))
    for mine in ("tags", "ldflags", "buildmode", "o"):
        _, fields = take_flag(fields, mine)
    return {
        **user,
        **({"GOFLAGS": join_quoted(fields)} if fields else {}),
        **dict(platform.variant_setting),
        "CGO_ENABLED": "1" if cgo else "0",
        "GOENV": "off",
        "GOTOOLCHAIN": "local",
        "GOCACHE": go.cache,
        "GOMODCACHE": go.module_cache,
    }


def _environment(
    facts: ProjectFacts, platform: Platform, go: GoToolchain, toolchain: CToolchain | None
) -> tuple[tuple[str, str], ...]:
    values = list_environment(platform, go, cgo=toolchain is not None)
    if facts.source.remote:
        values |= {"GOWORK": "off"}
    if toolchain is not None:
        values |= {name: value for name, value in go.changed if name.startswith("CGO_")}
        for name, ours in (
            ("CGO_CFLAGS", _C_FLAGS),
            ("CGO_CXXFLAGS", _C_FLAGS),
            ("CGO_LDFLAGS", _LINK_FLAGS),
        ):
            users = values.get(name, DEFAULT_C_FLAGS)
            values[name] = ours if users == DEFAULT_C_FLAGS else f"{ours} {users}"
        values |= {"CC": toolchain.cc.name, "CXX": toolchain.cxx.name}
    return tuple(sorted(values.items()))
