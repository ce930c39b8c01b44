"""Flags, tags and settings that are given and change nothing: said aloud, for Go does not."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from staticgo.facts.packages import LIBC_PACKAGES
from staticgo.linking.mode import Decision, is_pie, uses_cgo
from staticgo.model.binary import Linkage
from staticgo.model.linking import (
    BuildFlags,
    GoFlags,
    Ignored,
    LinkerFlags,
    LinkMode,
    Surroundings,
)
from staticgo.model.project import Graph

_GO = ("GO", "CGO_")
_UNTOLD = frozenset(
    ("GO_EXTLINK_ENABLED", "GOTRACEBACK", "GOMAXPROCS", "GOGC", "GOMEMLIMIT", "GO_LDSO")
)
"""Settings of Go that `go env` does not list."""
WITHOUT_LIBC = ("darwin", "ios", "windows", "plan9", "js", "wasip1")
"""Systems whose `net` and `os/user` hold no cgo (`cgo && !netgo && unix && !darwin`)."""


def ignored(
    graph: Graph,
    flags: BuildFlags,
    linker: LinkerFlags,
    around: Surroundings,
    decision: Decision,
    linkage: Linkage,
) -> tuple[Ignored, ...]:
    """Everything without effect, each with its reason."""
    return tuple(
        dict.fromkeys(
            (
                *(Ignored(flag=flag, why=why) for flag, why in (*flags.dropped, *linker.dropped)),
                *_of_the_c_linker(graph, flags, linker, around, decision, linkage),
                *_of_cgo(graph, around),
            )
        )
    )


def idle_tag(tag: str, graph: Graph, around: Surroundings) -> Ignored:
    """A build tag with and without which the program is compiled from the same files."""
    known = next((libc for libc in LIBC_PACKAGES if libc.tag == tag), None)
    if known is None:
        why = "the program is compiled from the same files without it"
    elif around.target.os in WITHOUT_LIBC:
        why = f"{known.path} never uses cgo on {around.target.os}"
    elif graph.get(known.path) is None:
        why = f"the program does not import {known.path}"
    elif not around.cgo:
        why = f"cgo is off ({around.cgo_why}), and {known.path} is Go's own code then"
    else:
        why = f"{known.path} is compiled from the same files without it"
    return Ignored(flag=f"-tags {tag}", why=why)


def unknown_settings(flags: GoFlags, known: frozenset[str]) -> Iterator[Ignored]:
    """Settings that Go does not read: slips of the pen, mostly."""
    for name, value in flags.settings:
        if name in known or name in _UNTOLD or name.endswith("ALLOW") or not name.startswith(_GO):
            continue
        close = difflib.get_close_matches(name, sorted(known), n=1)
        perhaps = f"; perhaps you meant {close[0]}?" if close else ""
        yield Ignored(flag=f"{name}={value}", why=f"Go has no such setting{perhaps}")


def _of_the_c_linker(
    graph: Graph,
    flags: BuildFlags,
    linker: LinkerFlags,
    around: Surroundings,
    decision: Decision,
    linkage: Linkage,
) -> Iterator[Ignored]:
    words = " ".join(linker.extldflags)
    static = [word for word in linker.extldflags if word.startswith("-static")]
    if decision.mode is LinkMode.INTERNAL:
        for flag, given in (("-extldflags", words), ("-extld", " ".join(linker.extld))):
            if given:
                yield Ignored(
                    flag=f"{flag}={given}",
                    why="Go's own linker does the work here, and the C linker that these words are "
                    "for is never called (golang/go#48081); -linkmode=external calls it"
                    if uses_cgo(graph)
                    else "the program holds no C, and the C linker is never called",
                )
    elif decision.mode is LinkMode.EXTERNAL and static:
        if is_pie(flags, around) and linkage is Linkage.STATIC:
            yield Ignored(
                flag="-buildmode=pie",
                why="with -static the C linker makes a program that is not position-independent; "
                "-static-pie makes one that is both",
            )
        if linkage in (Linkage.DYNAMIC, Linkage.SYSTEM_ONLY):
            yield Ignored(
                flag=f"-extldflags={' '.join(static)}",
                why=f"{around.target.os} has no static libc"
                if linkage is Linkage.SYSTEM_ONLY
                else "the C linker makes a dynamic program all the same",
            )


def _of_cgo(graph: Graph, around: Surroundings) -> Iterator[Ignored]:
    if around.cgo and around.cgo_why.startswith("CGO_ENABLED=1") and not uses_cgo(graph):
        yield Ignored(flag="CGO_ENABLED=1", why="no package of the program uses cgo")
