"""The ways to a static program, best first, each with its price. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from staticgo.facts import costs
from staticgo.facts.linker import LIBC_SYSTEMS
from staticgo.facts.packages import HAZARDS, MODULES
from staticgo.facts.platforms import go_settings
from staticgo.facts.replacements import replacement_for
from staticgo.linking.flags import linker_flags
from staticgo.model.binary import Linkage
from staticgo.model.explanation import CgoPackage, Cost, CostKind, Origin, Way, WithoutCgo
from staticgo.model.linking import BuildFlags, Prediction, Surroundings
from staticgo.model.plan import Strategy
from staticgo.model.project import Graph
from staticgo.planning.flags import join_quoted, take_flag

_UNUSABLE = (WithoutCgo.NOTHING, WithoutCgo.STUB)
_LIBC_NAMES = {"net": "net", "os/user": "user"}
_STATIC_WORDS = "-linkmode=external -extldflags=-static"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What the ways depend on."""

    package: str
    """As the user named it."""
    go_words: tuple[str, str]
    """The same for `go`: the folder to stand in ("" for the user's own), and the package."""
    remote: bool = False
    """Whether it is module/path@version, which only `go install` takes."""
    around: Surroundings
    flags: BuildFlags
    resets: tuple[str, ...] = ()
    """Settings to give before `go build`, so that the user's GOFLAGS do not undo the way."""
    graph: Graph
    """With cgo on."""
    cgo: tuple[CgoPackage, ...]
    prediction: Prediction
    strategy: Strategy | None
    reason: str
    """Why `staticgo build` takes its strategy, or why it cannot."""
    tags: tuple[str, ...]
    """The tags that `staticgo build` would set."""

    @property
    def foreign(self) -> tuple[CgoPackage, ...]:
        """The packages with cgo that are not Go's own."""
        return tuple(package for package in self.cgo if package.origin is not Origin.GO)


def ways(case: Case) -> tuple[Way, ...]:
    """Every way that is known, those that work here first."""
    if case.around.target.os in LIBC_SYSTEMS:
        return tuple(_system_only(case))
    found = (
        *_as_it_is(case),
        _pure(case),
        *_tags(case),
        *_musl(case),
        *_musl_gcc(case),
        *_keep_libc(case),
        *_glibc(case),
        *_replacements(case),
    )
    return tuple(sorted(found, key=lambda way: not way.possible))


def _system_only(case: Case) -> Iterator[Way]:
    os = case.around.target.os
    if case.prediction.linkage is Linkage.DYNAMIC:
        yield Way(
            title=f"link statically what is no part of {os}",
            command="",
            possible=True,
            why=case.prediction.why,
            costs=(Cost(kind=CostKind.WORK, text="static archives of those libraries are needed"),),
        )
        return
    blocked = next((p for p in case.foreign if p.without in _UNUSABLE), None)
    if blocked is None:
        yield Way(
            title=f"nothing to do: {os} has no static programs",
            command=_go_build(case, "CGO_ENABLED=0"),
            possible=True,
            why=f"the libraries it needs are part of {os}",
            costs=tuple(_less(case)),
            chosen=case.strategy is Strategy.PURE,
        )
        return
    chosen = case.strategy is Strategy.EXTERNAL
    yield Way(
        title=f"link its C with a compiler for {os} (zig)",
        command=_staticgo_build(case),
        possible=chosen,
        why=case.reason or f"what it links beside {os}'s own libraries must be static archives",
        chosen=chosen,
    )
    yield Way(
        title=f"link its C with a compiler for {os} of your own",
        command=_go_build(case, "CGO_ENABLED=1 CC=<a compiler for the target>"),
        possible=True,
        why=f"what it links beside {os}'s own libraries must be static archives",
        costs=(Cost(kind=CostKind.WORK, text=f"a C compiler and headers for {os} are needed"),),
    )
    yield Way(
        title="do without cgo",
        command=_go_build(case, "CGO_ENABLED=0"),
        possible=False,
        why=f"{blocked.path}: {blocked.note}",
    )


def _as_it_is(case: Case) -> Iterator[Way]:
    static = case.prediction.linkage in (Linkage.STATIC, Linkage.STATIC_PIE)
    said = case.prediction
    if static and said.stop is None and not said.stubs:
        yield Way(
            title="nothing to do: `go build` makes a static program as it is",
            command=_go_build(case, ""),
            possible=True,
            why=case.prediction.why,
        )


def _pure(case: Case) -> Way:
    blocked = next((p for p in case.foreign if p.without in _UNUSABLE), None)
    why = (
        f"{blocked.path}: {blocked.note}"
        if blocked
        else "only Go's own packages use cgo, and they work without it"
        if case.cgo and not case.foreign
        else "no package uses cgo"
        if not case.cgo
        else "every package with cgo has something to put in its place"
    )
    return Way(
        title="do without cgo",
        command=_go_build(case, "CGO_ENABLED=0"),
        possible=blocked is None,
        why=why,
        costs=(*_libc_costs(case), *_less(case)),
        chosen=case.strategy is Strategy.PURE,
    )


def _less(case: Case) -> Iterator[Cost]:
    for package in case.foreign:
        if package.without is WithoutCgo.LESS:
            yield Cost(kind=CostKind.FEATURES, text=f"{package.path}: {package.note}")


def _tags(case: Case) -> Iterator[Way]:
    own = [p.path for p in case.cgo if p.path in ("net", "os/user")]
    if own:
        yield Way(
            title=f"keep cgo on, and {' and '.join(own)} in Go",
            command=_go_build(case, "CGO_ENABLED=1", tags=("netgo", "osusergo")),
            possible=not case.foreign and len(own) == len(case.cgo),
            why=f"{' and '.join(own)} then {'need' if len(own) > 1 else 'needs'} no libc"
            if not case.foreign
            else f"{case.foreign[0].path} still needs C",
            costs=tuple(_libc_costs(case)),
        )


def _musl(case: Case) -> Iterator[Way]:
    if not case.foreign:
        return
    if case.around.target.os != "linux":
        yield _systems_libc(case)
        return
    prices = [*_libc_costs(case), *_tag_costs(case), costs.MUSL_SPEED, costs.MUSL_LICENCE]
    if case.graph.has_cxx:
        prices.append(costs.LIBCXX_LICENCE)
    if _may_dlopen(case):
        prices.append(costs.MUSL_DLOPEN)
    yield Way(
        title="link the C statically with musl (zig as the C compiler)",
        command=_staticgo_build(case),
        possible=case.strategy is Strategy.EXTERNAL,
        why=case.reason
        if case.strategy is Strategy.EXTERNAL
        else case.reason or "`staticgo build` does without C here",
        costs=tuple(prices),
        chosen=case.strategy is Strategy.EXTERNAL,
    )


def _systems_libc(case: Case) -> Way:
    """Where there is no static libc to be had, as on the BSDs: the system's own, and nothing else."""
    os = case.around.target.os
    chosen = case.strategy is Strategy.EXTERNAL
    return Way(
        title=f"link the C with {os}'s own libc (zig as the C compiler): dynamic, on the base system only",
        command=_staticgo_build(case),
        possible=chosen,
        why=case.reason or "`staticgo build` does without C here",
        costs=tuple(_libc_costs(case)),
        chosen=chosen,
    )


def _musl_gcc(case: Case) -> Iterator[Way]:
    around = case.around
    native = (around.target.os, around.target.arch) == (around.host.os, around.host.arch)
    if not case.foreign or around.target.os != "linux":
        return
    blocked = (
        "it serves this machine's CPU only"
        if not native
        else "it brings no C++ library"
        if case.graph.has_cxx
        else ""
    )
    yield Way(
        title="link the C statically with musl, by musl-gcc",
        command=_go_build(
            case, "CGO_ENABLED=1 CC=musl-gcc", tags=_static_tags(case), ldflags=_STATIC_WORDS
        ),
        possible=not blocked,
        why=blocked or "the same by hand, with Debian's musl-tools",
        costs=(
            *_libc_costs(case),
            *_tag_costs(case),
            costs.MUSL_TOOL,
            costs.MUSL_GCC_STACK,
            costs.MUSL_SPEED,
            costs.MUSL_LICENCE,
        ),
    )


def _keep_libc(case: Case) -> Iterator[Way]:
    """Where only net or os/user use cgo: libc's versions, linked statically."""
    own = [package.path for package in case.cgo if package.path in _LIBC_NAMES]
    if own and not case.foreign and case.around.target.os == "linux":
        names = ",".join(_LIBC_NAMES[path] for path in own)
        yield Way(
            title=f"keep libc's {' and '.join(own)}, linked statically with musl",
            command=_staticgo_build(case, "--use-libc", names),
            possible=case.strategy is not None,
            why="musl asks /etc/hosts, name servers and /etc/passwd itself, and loads nothing",
            costs=(*((costs.MUSL_NSS,) if "net" in own else ()), costs.MUSL_LICENCE),
        )


def _glibc(case: Case) -> Iterator[Way]:
    around = case.around
    if not case.cgo or around.target.os != "linux":
        return
    native = around.target.arch == around.host.arch
    other = any("musl" in word or "zig" in word for word in around.cc)
    cc = " CC=<a compiler for the target>" if not native else " CC=gcc" if other else ""
    kept = not case.foreign
    own = " and ".join(package.path for package in case.cgo)
    yield Way(
        title=f"keep libc's {own}, linked statically with glibc"
        if kept
        else "link the C statically with glibc",
        command=_go_build(
            case,
            f"CGO_ENABLED=1{cc}",
            tags=() if kept else _static_tags(case),
            ldflags=_STATIC_WORDS,
        ),
        possible=native,
        why="it takes a C compiler and a static glibc for the target"
        if not native
        else "it looks static, and is not whole: see the hazard"
        if kept
        else "with the tags, no Go package asks NSS; C code of other packages may",
        costs=(
            costs.GLIBC_NSS,
            costs.GLIBC_ICONV,
            *(() if kept else (*_libc_costs(case), *_tag_costs(case))),
            costs.GLIBC_TOOL,
            costs.GLIBC_LICENCE,
        ),
    )


def _replacements(case: Case) -> Iterator[Way]:
    """Pure-Go modules in place of those with C: the whole way where no other C is left."""
    if case.remote:
        return
    modules = {p.path: p.module.path for p in case.graph.packages if p.module is not None}
    by_module: dict[str, CgoPackage] = {}
    for package in case.foreign:
        by_module.setdefault(modules.get(package.path, ""), package)
    for module, package in by_module.items():
        known = replacement_for(module)
        if known is None:
            continue
        others = [other for other in by_module if other != module]
        direct = len(package.chain) == 2
        importer = package.chain[-2] if len(package.chain) > 1 else case.package
        yield Way(
            title=f"use {known.instead} in place of {module}",
            command=f"go get {known.instead}@latest",
            possible=True,
            why=f"it is pure Go; {', '.join(others)} still {'need' if len(others) > 1 else 'needs'} C"
            if others
            else "it is pure Go, and then CGO_ENABLED=0 will do",
            costs=(
                Cost(kind=CostKind.WORK, text=known.differs),
                costs.OTHER_CODE
                if direct
                else Cost(kind=CostKind.WORK, text=f"{importer} imports it, and must be changed"),
            ),
        )


def _static_tags(case: Case) -> tuple[str, ...]:
    return tuple(dict.fromkeys(("netgo", "osusergo", *case.tags)))


def _libc_costs(case: Case) -> Iterator[Cost]:
    own = {package.path for package in case.cgo}
    if "net" in own:
        yield costs.RESOLVER
    if "os/user" in own:
        yield costs.USERS


def _tag_costs(case: Case) -> Iterator[Cost]:
    """What the tags of modules cost that `staticgo build` sets."""
    for fact in MODULES:
        for tag in fact.tags:
            if tag in case.tags and tag not in case.flags.tags and fact.costs:
                yield Cost(kind=CostKind.FEATURES, text=f"tag {tag}: {fact.costs}")


def _may_dlopen(case: Case) -> bool:
    imported = {path for p in case.graph.packages if not p.standard for path in p.imports}
    return bool(imported & HAZARDS.keys()) or any("-ldl" in p.libraries for p in case.foreign)


def _staticgo_build(case: Case, *more: str) -> str:
    words = ["staticgo", "build", case.package, "--target", str(case.around.target), *more]
    own_tags = [tag for tag in case.flags.tags if tag not in ("netgo", "osusergo")]
    if own_tags:
        words += ["--tags", ",".join(own_tags)]
    if own := _own_ldflags(case):
        words += ["--ldflags", own]
    return shlex.join(words)


def _own_ldflags(case: Case) -> str:
    """The user's words for the linker, `-X` and the like, without those that choose how to link."""
    if linker_flags(case.flags.linker).refused:
        return ""
    _, rest = take_flag(case.flags.linker, "linkmode")
    _, rest = take_flag(rest, "extldflags")
    return join_quoted(rest)


def _go_build(case: Case, settings: str, *, tags: tuple[str, ...] = (), ldflags: str = "") -> str:
    target, host = case.around.target, case.around.host
    words = []
    if target != host:
        words += [f"{name}={value}" for name, value in go_settings(target)]
    words += case.resets
    words += [settings] if settings else []
    folder, package = case.go_words
    if case.remote:
        words.append("go install")
    else:
        words.append(f"go -C {shlex.quote(folder)} build" if folder else "go build")
    all_tags = tuple(dict.fromkeys((*tags, *case.flags.tags)))
    if all_tags:
        words.append(f"-tags {shlex.quote(','.join(all_tags))}")
    linker = " ".join(filter(None, (ldflags, _own_ldflags(case))))
    if linker:
        words.append(f"-ldflags {shlex.quote(linker)}")
    words.append(shlex.quote(case.package if case.remote else package))
    return " ".join(words)
