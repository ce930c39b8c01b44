"""Chooses how a program becomes static, and says why. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from staticgo.errors import ProjectError, Refused, ToolFailed, Unreachable, UsageError
from staticgo.facts.packages import HAZARDS, LIBC_PACKAGES, LibcPackage, module_fact
from staticgo.facts.platforms import Platform
from staticgo.facts.reach import Standing
from staticgo.model.plan import CgoMode, Policy, Reason, Strategy
from staticgo.model.project import Graph, Package, ProjectFacts
from staticgo.model.target import Target

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The strategy for one program on one platform, its build tags and its reasons."""

    strategy: Strategy
    tags: tuple[str, ...]
    reasons: tuple[Reason, ...]


def listing_tags(policy: Policy, strategy: Strategy, target: Target) -> tuple[str, ...]:
    """The tags to read the package graph with: those that do not depend on what is in it."""
    if strategy is Strategy.PURE:
        return policy.tags  # without cgo, net and os/user are Go's own anyway
    ours = (known.tag for known in _libc_packages(target) if known.path not in policy.use_libc)
    return _unique((*ours, *policy.tags))


def _libc_packages(target: Target) -> tuple[LibcPackage, ...]:
    """Packages of the standard library that would take cgo there, were it not for a tag.

    On macOS and Windows they ask the system without cgo, and a tag would change what they answer
    (the build constraints of net/cgo_unix.go and os/user/cgo_lookup_cgo.go).
    """
    return () if target.os in ("darwin", "ios", "windows") else LIBC_PACKAGES


def choose(facts: ProjectFacts, policy: Policy, platform: Platform) -> Choice:
    """How to build the program so that it is static, and still the same program.

    Raises ProjectError where it is no program or its packages are broken; Refused where the policy
    would give a program that fails at run time; Unreachable where nothing can be built for the
    platform; UsageError where the policy contradicts itself.
    """
    if policy.cgo is CgoMode.OFF and policy.use_libc:
        raise UsageError(
            "--use-libc needs cgo, and --cgo off forbids it", hint="leave one of the two away"
        )
    check_program(facts.with_cgo, facts.source.display)
    _check_reach(platform)
    needs_c = tuple(
        package
        for package in facts.with_cgo.cgo_packages
        if not package.standard or package.path in policy.use_libc
    )
    if policy.cgo is CgoMode.OFF:
        choice = _without(facts, policy, needs_c, platform)
    elif needs_c or _asks_for_c(policy, platform.target):
        choice = _external(facts, policy, needs_c, platform)
    else:
        choice = _pure(facts, policy, platform.target)
    graph = facts.without_cgo if choice.strategy is Strategy.PURE else facts.with_cgo
    check_packages(graph, facts.source.display)
    return Choice(
        strategy=choice.strategy,
        tags=choice.tags,
        reasons=(*choice.reasons, *(_hazards(graph) if _static(platform.target) else ())),
    )


def _check_reach(platform: Platform) -> None:
    if platform.pure.standing is Standing.NONE:
        raise Unreachable(
            f"{platform.target}: nothing can be built for it: {platform.pure.why}",
            hint="`staticgo targets` lists what can be reached",
        )


def _static(target: Target) -> bool:
    """Whether programs with C are static there, so that dlopen never works."""
    return target.os == "linux" and not target.libc


def _musl(policy: Policy) -> bool:
    """Whether the toolchain links musl: zig, and those named for it."""
    return policy.toolchain in ("", "zig") or "musl" in policy.toolchain


def _asks_for_c(policy: Policy, target: Target) -> bool:
    """Whether what the user wants of the program takes the C linker, be there C or not.

    Go's own linker gives a PIE an interpreter on Linux, and its race detector calls libc.
    """
    race = policy.race and target.os != "darwin"
    return race or (policy.pie and target.os == "linux")


def _pure(facts: ProjectFacts, policy: Policy, target: Target) -> Choice:
    own = [p.path for p in facts.with_cgo.cgo_packages]
    why = (
        f"only the standard library uses cgo here ({', '.join(own)}), and it works without"
        if own
        else "no package of the program uses cgo"
    )
    unused = [name for name in policy.use_libc if facts.with_cgo.get(name) is None]
    return Choice(
        strategy=Strategy.PURE,
        tags=listing_tags(policy, Strategy.PURE, target),
        reasons=(
            Reason(decision="CGO_ENABLED=0", why=why),
            *_no_glibc(target),
            *_no_toolchain(policy),
            *_no_allocator(policy),
            *(
                Reason(
                    decision=f"--use-libc {name} has no effect",
                    why=f"the program does not import {name}",
                    warning=True,
                )
                for name in unused
            ),
            *_changed_files(facts),
        ),
    )


def _no_glibc(target: Target) -> Iterator[Reason]:
    if target.libc:
        yield Reason(
            decision=f"+{target.libc} has no effect",
            why="a program without C needs no libc (--use-libc net,user would take it)",
            warning=True,
        )


def _no_toolchain(policy: Policy) -> Iterator[Reason]:
    if policy.toolchain:
        yield Reason(
            decision=f"--toolchain {policy.toolchain} has no effect",
            why="a program without C needs no C compiler",
        )


def _no_allocator(policy: Policy) -> Iterator[Reason]:
    if policy.allocator:
        yield Reason(
            decision=f"the allocator {policy.allocator} is left out",
            why="a program without C never calls malloc",
        )


def _without(
    facts: ProjectFacts, policy: Policy, needs_c: tuple[Package, ...], platform: Platform
) -> Choice:
    """`--cgo off`: allowed where nothing that the program needs is lost."""
    if _asks_for_c(policy, platform.target):
        raise UsageError(
            f"{'--race' if policy.race else '--pie'} needs the C linker on {platform.target}, and "
            "--cgo off forbids it",
            hint="leave one of the two away",
        )
    for package in needs_c:
        left = facts.without_cgo.get(package.path)
        known = module_fact(package)
        if left is None:  # another package stands in for it
            continue
        if known is not None and known.stub:
            raise Refused(
                f"--cgo off would build {package.path} as a stub: {known.stub}",
                hint="leave --cgo off away: staticgo links the C code statically",
                details=f"imported by: {_chain(facts.without_cgo, package.path)}\n{known.source}",
            )
        if left.error:
            raise Refused(
                f"--cgo off leaves nothing of {package.path}: all its code needs C",
                hint="leave --cgo off away: staticgo links the C code statically",
                details=f"imported by: {_chain(facts.without_cgo, package.path)}\n{left.error}",
            )
    return Choice(
        strategy=Strategy.PURE,
        tags=listing_tags(policy, Strategy.PURE, platform.target),
        reasons=(
            Reason(decision="CGO_ENABLED=0", why="--cgo off was given"),
            *_changed_files(facts),
        ),
    )


def _external(
    facts: ProjectFacts, policy: Policy, needs_c: tuple[Package, ...], platform: Platform
) -> Choice:
    graph = facts.with_cgo
    target = platform.target
    known = _unique(
        fact
        for fact in map(module_fact, needs_c)
        if fact is not None and _static(target) and (not fact.only_for_musl or _musl(policy))
    )
    module_tags = [(tag, fact) for fact in known for tag in fact.tags]
    return Choice(
        strategy=Strategy.EXTERNAL,
        tags=_unique(
            (*listing_tags(policy, Strategy.EXTERNAL, target), *(tag for tag, _ in module_tags)),
        ),
        reasons=(
            *(
                Reason(
                    decision="CGO_ENABLED=1",
                    why=f"{package.path} needs C ({_chain(graph, package.path)})",
                )
                for package in needs_c
            ),
            *_wishes(policy, target),
            *(
                Reason(decision=f"tag {libc.tag}", why=libc.why)
                if libc.path not in policy.use_libc
                else Reason(
                    decision=f"{libc.path} keeps libc's version", why="--use-libc was given"
                )
                for libc in _libc_packages(target)
            ),
            *(Reason(decision=f"tag {tag}", why=fact.why) for tag, fact in module_tags),
        ),
    )


def _wishes(policy: Policy, target: Target) -> Iterator[Reason]:
    """The C linker that is needed for what the user wants, whether or not a package needs C."""
    if policy.race:
        yield Reason(
            decision="-race", why="--race was given; the race detector's C is linked like the rest"
        )
    if policy.pie and target.os == "linux":
        yield Reason(
            decision="-buildmode=pie" + (", -static-pie" if _static(target) else ""),
            why="--pie was given; Go's own linker would give the program an interpreter",
        )


def _changed_files(facts: ProjectFacts) -> Iterator[Reason]:
    """Packages that compile other files without cgo: they may do less than the user expects."""
    for package in facts.with_cgo.packages:
        left = facts.without_cgo.get(package.path)
        if package.standard or left is None:
            continue
        before = {*package.go_files, *package.cgo_files}
        lost = sorted(before - set(left.go_files))
        if lost:
            yield Reason(
                decision=f"{package.path} is built without {', '.join(lost)}",
                why="these files need cgo; what stands in for them may do less at run time",
                warning=True,
            )


def _hazards(graph: Graph) -> Iterator[Reason]:
    imported = {path for p in graph.packages if not p.standard for path in p.imports}
    for path in sorted(imported & HAZARDS.keys()):
        yield Reason(
            decision=f"imports {path} ({_chain(graph, path)})", why=HAZARDS[path], warning=True
        )


def check_program(graph: Graph, name: str) -> None:
    """Raises ProjectError where the graph's root, which the user calls `name`, is no program."""
    main = graph.main
    if main is None:
        raise ProjectError(f"{name}: no such package", hint="name a package, such as ./cmd/app")
    if main.error and main.name != "main":
        from staticgo.facts.diagnosis import diagnose

        known = diagnose(main.error)
        if "no required module provides" in main.error:  # an import path that the user gave
            known = None
        kind = ToolFailed if known and known.outside else ProjectError
        raise kind(
            f"{name}: {known.meaning if known else 'there is no such package'}",
            hint=known.fix
            if known
            else "check the path for a slip; a folder is named like ./cmd/app",
            details=main.error,
        )
    if main.name != "main":
        raise ProjectError(
            f"{name} is a library (package {main.name}), not a program",
            hint="name a folder with a `package main`, such as ./cmd/app",
        )


def check_packages(graph: Graph, name: str) -> None:
    """Raises ProjectError, or ToolFailed where the network is at fault, for broken packages."""
    broken = [package for package in graph.packages if package.error]
    if not broken:
        return
    text = "\n".join(dict.fromkeys(package.error for package in broken[:5]))
    from staticgo.facts.diagnosis import diagnose

    known = diagnose(text)
    kind = ToolFailed if known and known.outside else ProjectError
    raise kind(
        f"{name}: " + (known.meaning if known else f"{broken[0].path} cannot be loaded"),
        hint=known.fix if known else "`go build` in the same folder shows the same",
        details=text,
    )


def _chain(graph: Graph, path: str) -> str:
    return " -> ".join(graph.chain_to(path)) or path


def _unique(items: Iterable[_T]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(items))
