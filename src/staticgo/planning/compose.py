"""Turns a choice into a Plan: the command, its environment, and what the result must be. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from staticgo.errors import Refused, UsageError
from staticgo.facts.allocators import ALLOCATORS
from staticgo.facts.glibc import LIBRARIES as GLIBC_LIBRARIES
from staticgo.facts.gosettings import DEFAULT_C_FLAGS
from staticgo.facts.libraries import BASE
from staticgo.facts.linker import NEVER_STATIC_MODES, pie_by_default
from staticgo.facts.loaders import interpreters
from staticgo.facts.macos import minimum_macos
from staticgo.facts.platforms import UNIVERSAL, Platform
from staticgo.facts.reach import Standing
from staticgo.facts.toolchains import BY_NAME, USERS, ZIG
from staticgo.model.binary import Linkage
from staticgo.model.config import Config
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
from staticgo.planning.flags import (
    is_on,
    join_quoted,
    split_quoted,
    split_tags,
    take_flag,
    without_switch,
)
from staticgo.planning.modes import check_mode
from staticgo.planning.names import check_name

# cgo's own default, `-O2 -g`, reaches the link and undoes -s -w; -g0 also shortens the C compile.
C_FLAGS = "-O2 -g0"
LINK_FLAGS = "-O2"

NO_PACKAGES = "/nonexistent"
"""Where pkg-config is to look: this machine's libraries are for its own CPU and libc."""

_NO_DWARF = Reason(
    decision="-w: no DWARF, in spite of --keep-symbols",
    why="Go has the host's dsymutil and strip combine it, and only a Mac's can",
)


def heed_goflags(policy: Policy, go: GoToolchain) -> Policy:
    """The policy with the user's own GOFLAGS tags, linker flags and build mode added to it.

    Raises Refused for a build mode that gives no program.
    """
    fields = split_quoted(go.setting("GOFLAGS"))
    tags, fields = take_flag(fields, "tags")
    modes, fields = take_flag(fields, "buildmode")
    ldflags, fields = take_flag(fields, "ldflags")
    mode = policy.build_mode or (modes[-1] if modes else "")
    given = "--buildmode " if policy.build_mode else "GOFLAGS=-buildmode="
    _check_build_mode(mode, f"{given}{mode}")
    return dataclasses.replace(
        policy,
        # As for the go command: what stands on the command line replaces what stands in GOFLAGS.
        tags=policy.tags or (split_tags(tags[-1]) if tags else ()),
        ldflags=policy.ldflags or (ldflags[-1] if ldflags else ""),
        build_mode=mode,
        race=policy.race or bool(is_on(fields, "race")),
    )


def _check_build_mode(mode: str, given: str) -> None:
    """Raises Refused for a mode that can never be static, UsageError for one that is none."""
    if mode in NEVER_STATIC_MODES:
        raise Refused(
            f"{given} cannot be static: its result is {NEVER_STATIC_MODES[mode]}, which "
            "is loaded into another program, and shares that one's libc",
            hint="leave the build mode out for a program, or build this with plain `go build`",
        )
    if mode not in ("", "exe", "pie", "default"):
        raise UsageError(f"{given}: there is no such build mode", hint="it takes exe or pie")


def heed_config(policy: Policy, config: Config) -> Policy:
    """The policy with what staticgo.toml says where the command line says nothing.

    Raises UsageError for an allocator or a toolchain that nobody knows.
    """
    allocator = policy.allocator or config.build.allocator
    if allocator and allocator not in ALLOCATORS:
        given = "--allocator" if policy.allocator else f"{config.path}: build.allocator"
        raise UsageError(
            f"{given}: there is no allocator {allocator!r}",
            hint=f"it takes {', '.join(ALLOCATORS)}; left out, malloc is libc's",
        )
    if not policy.toolchain:
        check_name(config.build.toolchain, f"{config.path}: build.toolchain")
    return dataclasses.replace(
        policy,
        allocator=allocator,
        toolchain=policy.toolchain or config.build.toolchain,
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

    Raises UsageError where the user's linker flags contradict the choice, Unreachable where Go has no
    such program for the platform.
    """
    assert (toolchain is not None) == (choice.strategy is Strategy.EXTERNAL)
    check_mode(platform, policy, c_linker=toolchain is not None)
    os = platform.target.os
    pie = policy.pie or pie_by_default(os, race=policy.race)
    flags = ["-trimpath", f"-buildmode={'pie' if pie else 'exe'}"]
    if policy.race:
        flags.append("-race")
    if facts.source.remote:
        flags.append("-mod=mod")
    if choice.tags:
        flags += ["-tags", ",".join(choice.tags)]
    words = None if toolchain is None else _link_words(toolchain, platform, pie=pie)
    # Go combines C's DWARF into a Mac's program with dsymutil and strip, which are the host's own:
    # another system's strip reads no Mach-O file (cmd/link/internal/ld/lib.go, hostlink).
    no_dwarf = os == "darwin" and toolchain is not None and go.host_os != "darwin"
    left_out = ("-s", "-w") if policy.strip else ("-w",) if no_dwarf else ()
    flags += ["-ldflags", link_flags(policy.ldflags, words, left_out)]
    return Plan(
        target=platform.target,
        strategy=choice.strategy,
        source=facts.source,
        name=f"{facts.name}-{platform.target.slug}{'.exe' if os == 'windows' else ''}",
        environment=_environment(facts, platform, go, toolchain),
        inherits=tuple(name for name, _ in go.fetching),
        command=(go.command, "build", *flags),
        toolchain=toolchain,
        expects=_promise(platform, policy, toolchain, go),
        reasons=(
            *choice.reasons,
            *(() if toolchain is None else _with(toolchain, platform)),
            *_always(platform, policy),
            *([_NO_DWARF] if no_dwarf and not policy.strip else []),
        ),
    )


def joined(parts: tuple[Plan, ...]) -> Plan:
    """The plan for one universal binary, made of `parts` (one for each Mac)."""
    first = parts[0]
    name = first.name.removesuffix(first.target.slug) + UNIVERSAL.slug
    return dataclasses.replace(
        first,
        target=UNIVERSAL,
        name=name,
        environment=(),
        command=(),
        toolchain=None,
        reasons=tuple(
            dict.fromkeys(
                (
                    Reason(decision="one file for both Macs", why=f"{UNIVERSAL} was asked for"),
                    *(reason for part in parts for reason in part.reasons),
                )
            )
        ),
        parts=parts,
    )


def _promise(
    platform: Platform, policy: Policy, toolchain: CToolchain | None, go: GoToolchain
) -> Promise:
    """What the result must be, by what can be on the platform."""
    os = platform.target.os
    linkages: tuple[Linkage, ...] = (Linkage.STATIC, Linkage.STATIC_PIE)
    libraries: tuple[str, ...] = ()
    if os == "linux" and toolchain is not None and platform.glibc:
        linkages, libraries = (*linkages, Linkage.DYNAMIC), tuple(sorted(GLIBC_LIBRARIES))
    elif toolchain is not None and os in BASE:
        linkages, libraries = (*linkages, Linkage.DYNAMIC), BASE[os]
    elif platform.pure.standing is Standing.SYSTEM_ONLY:
        linkages = (*linkages, Linkage.SYSTEM_ONLY)
    elif policy.pie:
        linkages = (Linkage.STATIC_PIE,)
    return Promise(
        linkages=linkages,
        machine=platform.target.arch,
        stripped=policy.strip,
        cgo_enabled=toolchain is not None,
        settings=platform.variant_setting,
        libraries=libraries,
        interpreters=interpreters(platform.target) if libraries else (),
        pie=policy.pie,
        glibc=platform.glibc if libraries else "",
        libc=toolchain.libc if toolchain and os == "linux" and not libraries else "",
        # Another compiler than zig is not told of any.
        macos=minimum_macos(go.version, platform.target.arch)
        if os == "darwin" and toolchain and toolchain.kind == ZIG
        else "",
    )


def _link_words(toolchain: CToolchain, platform: Platform, *, pie: bool) -> tuple[str, ...]:
    """The toolchain's flags for a link. `-static` gives no PIE, and says nothing of it.

    Raises UsageError where the toolchain makes no static PIE.
    """
    if pie and platform.target.os == "linux":
        kind = BY_NAME.get(toolchain.kind)
        if kind is not None and not kind.static_pie:
            raise UsageError(
                f"{platform.target}: {toolchain.name} links no static PIE",
                hint=f"leave --pie or --toolchain {toolchain.kind} away: zig makes one",
            )
        words = tuple("-static-pie" if w == "-static" else w for w in toolchain.link_flags)
    else:
        words = toolchain.link_flags
    return with_allocator(words, toolchain)


def with_allocator(words: tuple[str, ...], toolchain: CToolchain) -> tuple[str, ...]:
    """A link's words, and what stands in for libc's malloc: the compiler puts libc after them all."""
    return (*words, f"-l{toolchain.allocator}") if toolchain.allocator else words


def _with(toolchain: CToolchain, platform: Platform) -> Iterator[Reason]:
    """What the C toolchain makes of the program."""
    if "-static" in toolchain.link_flags:
        yield Reason(
            decision=f"link externally, -static, with {toolchain.name}",
            why="left alone, Go may link internally and ignore -static without a word "
            "(golang/go#48081)",
        )
    else:
        yield Reason(
            decision=f"link externally, with {toolchain.name}",
            why=(platform.cgo.why if toolchain.kind == ZIG else "")
            or "the system's own libc is linked",
        )
    yield from toolchain.hazards
    if toolchain.sysroot is not None:
        for library in toolchain.sysroot.libraries:
            source = library.source.path or f"Debian's {library.source.archive}"
            is_allocator = library.name == toolchain.allocator
            yield Reason(
                decision=f"the C library {library.name} is built from {source}",
                why=(
                    "it takes the place of libc's malloc"
                    if is_allocator
                    else "staticgo.toml asks for it"
                )
                + f" (SHA-256 {library.source.sha256})",
            )
        for name in toolchain.sysroot.left_out:
            yield Reason(
                decision=f"the C library {name} is left out",
                why=f"it, or one that it requires, is not for {platform.target} by its targets in "
                "staticgo.toml or in its recipe",
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


def link_flags(user: str, words: tuple[str, ...] | None, left_out: tuple[str, ...]) -> str:
    """The value of -ldflags: ours, and the user's merged into it.

    `words` is what the C linker is given, None where it has no part; `left_out` are Go's words for
    what shall not be in the program. Raises UsageError.
    """
    external, rest = take_flag(split_quoted(user), "extldflags")
    modes, rest = take_flag(rest, "linkmode")
    flags = [*left_out]
    if words is not None:
        if "internal" in modes:
            raise UsageError(
                "-linkmode=internal ignores -static, and this program links C",
                hint="leave -linkmode out of the linker flags",
            )
        given = [*words, *(word for text in external for word in split_quoted(text))]
        flags.append("-linkmode=external")
        if given:
            flags.append(f"-extldflags={join_quoted(given)}")
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
    fields = without_switch(fields, "race")
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
            ("CGO_CFLAGS", C_FLAGS),
            ("CGO_CXXFLAGS", C_FLAGS),
            ("CGO_LDFLAGS", LINK_FLAGS),
        ):
            users = values.get(name, DEFAULT_C_FLAGS)
            values[name] = ours if users == DEFAULT_C_FLAGS else f"{ours} {users}"
        values |= {"CC": toolchain.cc.name, "CXX": toolchain.cxx.name}
        if toolchain.pkg_config is not None:
            values["PKG_CONFIG"] = toolchain.pkg_config.name
        elif "PKG_CONFIG" not in values and _asks_elsewhere(facts, platform, go, toolchain):
            values["PKG_CONFIG_LIBDIR"] = NO_PACKAGES
    return tuple(sorted(values.items()))


def _asks_elsewhere(
    facts: ProjectFacts, platform: Platform, go: GoToolchain, toolchain: CToolchain
) -> bool:
    """Whether a #cgo line would ask this machine's pkg-config for another machine's libraries.

    Those of this machine fit its own compilers only, and zig's musl never. Who names a compiler by CC
    sees to its libraries too; folders in PKG_CONFIG_PATH are the user's choice in any case.
    """
    own = (platform.target.os, platform.target.arch) == (go.host_os, go.host_arch)
    if toolchain.kind == USERS or (own and toolchain.kind in ("gcc", "clang")):
        return False
    return any(package.pkg_config_names for package in facts.with_cgo.cgo_packages)
