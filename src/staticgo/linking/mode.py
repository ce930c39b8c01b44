"""Internal or external: Go's own rules (determineLinkMode, mustLinkExternal in cmd/link/internal/ld)."""

from __future__ import annotations

from dataclasses import dataclass

from staticgo.facts.linker import (
    INTERNAL_PACKAGES,
    NEVER_STATIC_MODES,
    must_link_externally,
    pie_by_default,
    pie_links_internally,
)
from staticgo.model.linking import BuildFlags, LinkerFlags, LinkMode, Stop, Surroundings
from staticgo.model.project import Graph, Package

CGO = "runtime/cgo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The link mode and the rule that decides it; `stop` where Go refuses what was asked for."""

    mode: LinkMode
    rule: str
    stop: Stop | None = None


def is_pie(flags: BuildFlags, around: Surroundings) -> bool:
    """Whether a position-independent program is asked for, by the user or by the platform."""
    return flags.mode == "pie" or (
        flags.mode == "default" and pie_by_default(around.target.os, race=flags.race)
    )


def uses_cgo(graph: Graph) -> bool:
    """Whether the C start-up code is in the program: Go's linker asks for `runtime/cgo` only."""
    return graph.get(CGO) is not None


def outside_packages(graph: Graph, around: Surroundings) -> tuple[Package, ...]:
    """Packages with C objects that Go leaves to the C linker (`externalobj`)."""
    mistrusted = {"net", "os/user"} if around.target.os == "dragonfly" else set()
    return tuple(
        package
        for package in graph.packages
        if (package.uses_cgo or package.syso_files)
        and (package.path not in INTERNAL_PACKAGES or package.path in mistrusted)
    )


def decide(
    graph: Graph,
    flags: BuildFlags,
    linker: LinkerFlags,
    around: Surroundings,
    *,
    dynimport_failed: str = "",
) -> Decision:
    """Who links. `dynimport_failed` names a package whose C could not be linked for a trial."""
    forced = _forced(graph, flags, around, dynimport_failed)
    asked, by = linker.mode, f"-linkmode={linker.mode} was given"
    if asked == "auto" and around.extlink in ("0", "1"):
        asked = "internal" if around.extlink == "0" else "external"
        by = f"GO_EXTLINK_ENABLED={around.extlink} is set"
    if asked == "internal" and forced:
        stop = Stop(
            what=f"internal linking is asked for, and external linking is required: {forced}",
            why=by,
            fix="leave -linkmode=internal (or GO_EXTLINK_ENABLED=0) away",
        )
        return Decision(mode=LinkMode.INTERNAL, rule=by, stop=stop)
    if asked not in ("auto", "internal", "external"):
        stop = Stop(
            what=f"{by}, and there is no such mode",
            why="the linker knows internal, external and auto",
            fix="take one of them",
        )
        return Decision(mode=LinkMode.UNKNOWN, rule=by, stop=stop)
    if asked != "auto":
        return Decision(mode=LinkMode(asked), rule=by)
    if forced:
        return Decision(mode=LinkMode.EXTERNAL, rule=forced)
    if uses_cgo(graph):
        return _with_cgo(graph, around)
    return Decision(mode=LinkMode.INTERNAL, rule="no package of the program uses cgo")


def _with_cgo(graph: Graph, around: Surroundings) -> Decision:
    outside = outside_packages(graph, around)
    if outside:
        names = ", ".join(package.path for package in outside[:3])
        more = f" and {len(outside) - 3} more" if len(outside) > 3 else ""
        return Decision(
            mode=LinkMode.EXTERNAL,
            rule=f"{names}{more}: C code from outside Go's own packages goes to the C linker",
        )
    if around.odd_cflags and any(p.uses_cgo for p in graph.packages):
        words = " ".join(around.odd_cflags)
        return Decision(
            mode=LinkMode.EXTERNAL,
            rule=f"the C flags {words} are not among those that Go's own linker is known to bear",
        )
    own = ", ".join(p.path for p in graph.packages if p.uses_cgo and p.path != CGO) or CGO
    return Decision(mode=LinkMode.INTERNAL, rule=f"all cgo comes from Go's own packages ({own})")


def _forced(graph: Graph, flags: BuildFlags, around: Surroundings, dynimport_failed: str) -> str:
    """Why Go's linker has no choice; "" where it has one."""
    os, arch = around.target.os, around.target.arch
    if must_link_externally(os, arch, cgo=False):
        return f"{os}/{arch} is always linked externally"
    for name, on in (("msan", flags.msan), ("asan", flags.asan)):
        if on:
            return f"-{name} needs the C linker"
    if uses_cgo(graph) and must_link_externally(os, arch, cgo=True):
        return f"Go's own linker does not link cgo on {os}/{arch}"
    if flags.mode in NEVER_STATIC_MODES and not (flags.mode == "c-shared" and arch == "wasm"):
        return f"-buildmode={flags.mode} needs the C linker"
    if is_pie(flags, around) and not pie_links_internally(os, arch):
        return f"Go's own linker makes no position-independent program for {os}/{arch}"
    if flags.linkshared:
        return "-linkshared needs the C linker"
    if dynimport_failed:
        return f"the C code of {dynimport_failed} cannot be linked for a trial"
    return ""
