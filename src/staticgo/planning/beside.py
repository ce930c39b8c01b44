"""Settings under which other tools (make, `go test`, goreleaser) build for a target as staticgo does. Pure.

A plan is made for one program that is known; these are for any. So cgo is on wherever C can be linked,
and Go is told to link as a program with C needs it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from staticgo.facts.gosettings import DEFAULT_C_FLAGS
from staticgo.facts.platforms import Platform
from staticgo.model.plan import CToolchain, Policy, Reason, Strategy
from staticgo.model.shell import Settings
from staticgo.planning.choose import listing_tags
from staticgo.planning.compose import (
    C_FLAGS,
    LINK_FLAGS,
    NO_PACKAGES,
    link_flags,
    with_allocator,
)
from staticgo.planning.flags import join_quoted, split_quoted, split_tags, take_flag


def settings(
    platform: Platform,
    toolchain: CToolchain | None,
    users: Mapping[str, str],
    *,
    layers: Sequence[str] = (),
    trim: bool = True,
) -> Settings:
    """What to set for `platform`. `users` are the settings that Go has now; `layers` are folders to
    put before the compiler's on PATH; `trim`: no folder of this machine shall enter what is built.

    Without a toolchain cgo is off. Raises UsageError for flags that Go cannot read.
    """
    goflags = split_quoted(users.get("GOFLAGS", ""))
    if trim and "-trimpath" not in goflags:
        goflags.insert(0, "-trimpath")
    if toolchain is None:
        remark = Reason(
            decision=f"cgo is off for {platform.target}", why=platform.cgo.why, warning=True
        )
        return Settings(
            variables=_sorted(platform, {"CGO_ENABLED": "0", "GOFLAGS": join_quoted(goflags)}),
            remarks=(remark,),
        )
    linking = " ".join((LINK_FLAGS, *with_allocator(toolchain.link_flags, toolchain)))
    return Settings(
        variables=_sorted(
            platform,
            {
                "CGO_ENABLED": "1",
                "GOFLAGS": join_quoted(static_flags(platform, toolchain, goflags)),
                "CC": toolchain.cc.name,
                "CXX": toolchain.cxx.name,
                "CGO_CFLAGS": _after(C_FLAGS, users.get("CGO_CFLAGS", "")),
                "CGO_CXXFLAGS": _after(C_FLAGS, users.get("CGO_CXXFLAGS", "")),
                # -static here too: a tool's own -ldflags takes the place of the one in GOFLAGS.
                "CGO_LDFLAGS": _after(linking, users.get("CGO_LDFLAGS", "")),
                # The packages of this machine are not the target's.
                **(
                    {"PKG_CONFIG": toolchain.pkg_config.name}
                    if toolchain.pkg_config
                    else {"PKG_CONFIG_LIBDIR": NO_PACKAGES}
                ),
            },
        ),
        path=(*layers, toolchain.bin_dir),
    )


def static_flags(platform: Platform, toolchain: CToolchain, flags: Sequence[str]) -> list[str]:
    """`flags` (of GOFLAGS, or of a go command) with static linking in them, once."""
    tags, fields = take_flag(flags, "tags")
    given, fields = take_flag(fields, "ldflags")
    policy = Policy(tags=split_tags(tags[-1]) if tags else ())
    wanted = listing_tags(policy, Strategy.EXTERNAL, platform.target)
    if wanted:
        fields.append(f"-tags={','.join(wanted)}")
    # Go would have the host's dsymutil and strip handle a Mac's DWARF (see compose).
    left_out = ("-w",) if platform.target.os == "darwin" else ()
    fields.append(f"-ldflags={_ldflags(toolchain, given[-1] if given else '', left_out)}")
    return fields


def _ldflags(toolchain: CToolchain, users: str, left_out: tuple[str, ...]) -> str:
    _, rest = take_flag(split_quoted(users), "linkmode")
    external, rest = take_flag(rest, "extldflags")
    words = [word for text in external for word in split_quoted(text)]
    ours = with_allocator(toolchain.link_flags, toolchain)
    own = [word for word in words if word not in ours]
    kept = [*rest, *([f"-extldflags={join_quoted(own)}"] if own else [])]
    return link_flags(join_quoted(kept), ours, left_out)


def _after(ours: str, users: str) -> str:
    """The user's own C flags behind ours; each of ours once, however often they are merged."""
    if users == DEFAULT_C_FLAGS:
        return ours
    words = split_quoted(ours)
    return join_quoted([*words, *(word for word in split_quoted(users) if word not in words)])


def _sorted(platform: Platform, values: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted({**dict(platform.variant_setting), **values}.items()))


# Flags of `go test` without a value (cmd/go/internal/work/build.go, cmd/go/internal/test/testflag.go).
_SWITCHES = frozenset(
    (
        "a",
        "artifacts",
        "asan",
        "benchmem",
        "buildvcs",
        "c",
        "cover",
        "failfast",
        "fullpath",
        "json",
        "linkshared",
        "modcacherw",
        "msan",
        "n",
        "race",
        "short",
        "trimpath",
        "v",
        "work",
        "x",
    )
)


def named_packages(given: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The packages among the words for `go test`, and the other words.

    They are the first words that are neither flags nor values of flags.
    """
    words = before_args(given)
    first = next((i for i in range(len(words)) if _is_operand(words, i)), len(words))
    last = next((i for i in range(first, len(words)) if words[i].startswith("-")), len(words))
    return words[first:last], (*given[:first], *given[last:])


def _is_operand(words: Sequence[str], place: int) -> bool:
    before = words[place - 1] if place else ""
    flag = before.lstrip("-").removeprefix("test.") if before.startswith("-") else ""
    return not words[place].startswith("-") and (not flag or "=" in flag or flag in _SWITCHES)


def before_args(given: Sequence[str]) -> tuple[str, ...]:
    """The words for `go test` itself: those from `-args` on are the tests' own."""
    cut = next((i for i, word in enumerate(given) if word in ("-args", "--args")), len(given))
    return tuple(given[:cut])


def around_packages(
    platform: Platform, toolchain: CToolchain | None, given: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What stands before and behind the packages in `go test`; `given` is the user's part.

    Behind stands what is the tests' own, from `-args` on.
    """
    before = before_args(given)
    behind = tuple(given[len(before) :])
    # What stands on the command line takes the place of GOFLAGS, so it must hold ours too.
    if toolchain is not None:
        before = tuple(static_flags(platform, toolchain, before))
    return before, behind
