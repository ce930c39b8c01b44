"""What `inspect` and `diff` print; hostile names do nothing to a terminal."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from staticgo.facts.rules import RULES
from staticgo.model.binary import (
    BinaryReport,
    Clue,
    Format,
    Gap,
    GoBuildInfo,
    GoModule,
    Group,
    Kind,
    Linkage,
    Requirement,
)
from staticgo.model.change import Change
from staticgo.model.inspection import Inspection, Require
from staticgo.model.source import Trouble
from staticgo.rules.inspection import examine
from staticgo.view import inspection as view
from tests.unit.rules.given import FULL, piece, report

Golden = Callable[[str, str], None]

EVIL = "\x1b[2J\x1b]0;owned\x07\r\nlinkage: static\u202e\u200b\x9b31m"


def inspected(found: BinaryReport, name: str = "app", **more: object) -> Inspection:
    return Inspection(name=name, report=found, verdict=examine(found, Require.STATIC), **more)  # type: ignore[arg-type]


def test_a_go_program_in_full(golden: Golden) -> None:
    sizes = (Group(name="main", size=400), Group(name="C and runtime libraries", size=600))
    golden("inspect/go.txt", view.inspection(inspected(report(FULL), sizes=sizes)) + "\n")


def test_a_dynamic_program_in_full(golden: Golden) -> None:
    found = piece(
        kind=Kind.PIE,
        linkage=Linkage.DYNAMIC,
        linkage_evidence="PT_INTERP names /lib/ld.so",
        interpreter="/lib/ld.so",
        needed=("libc.so.6", "libm.so.6"),
        foreign=("libc.so.6", "libm.so.6"),
        run_paths=("lib",),
        requires=(Requirement(what="glibc", version="2.34", asked_by=("dlopen",)),),
        stripped=None,
        go_version=Clue(value="1.20 or later", evidence="the function table's magic"),
    )
    gaps = (Gap(what="section headers", why="e_shentsize is 0, not 64"),)
    whole = dataclasses.replace(report(found), gaps=gaps)
    golden("inspect/dynamic.txt", view.inspection(inspected(whole)) + "\n")


def test_a_fat_file_in_full(golden: Golden) -> None:
    slices = [
        piece(
            machine=machine,
            os="darwin",
            abi="",
            linkage=Linkage.SYSTEM_ONLY,
            linkage_evidence="libraries of macOS only",
            needed=("/usr/lib/libSystem.B.dylib",),
            signature=Clue(value=signature),
            seal=Clue(value="match" if signature == "ad-hoc" else ""),
        )
        for machine, signature in (("amd64", "none"), ("arm64", "ad-hoc"))
    ]
    golden("inspect/fat.txt", view.inspection(inspected(report(*slices, form=Format.MACHO))) + "\n")


def test_one_line_for_each_of_many() -> None:
    assert view.line(inspected(report())) == "app: linux/amd64, static"
    bad = report(piece(linkage=Linkage.DYNAMIC))
    assert view.line(inspected(bad)) == "app: linux/amd64, dynamic  FAIL"


def test_nothing_in_a_hostile_binary_reaches_the_terminal() -> None:
    module = GoModule(path=EVIL, version=EVIL)
    evil = piece(
        linkage=Linkage.DYNAMIC,
        linkage_evidence=EVIL,
        interpreter=EVIL,
        needed=(EVIL, "b" + EVIL),
        foreign=(EVIL,),
        run_paths=(EVIL,),
        abi=EVIL,
        os=EVIL,
        machine=EVIL,
        requires=(Requirement(what=EVIL, version=EVIL, asked_by=(EVIL,)),),
        go=GoBuildInfo(version=EVIL, path=EVIL, main=module, settings=((EVIL, EVIL),)),
        sections=(Group(name=EVIL, size=1),),
        signature=Clue(value=EVIL, evidence=EVIL),
        libc=Clue(value=EVIL, evidence=EVIL),
    )
    whole = dataclasses.replace(report(evil), gaps=(Gap(what=EVIL, why=EVIL),))
    found = inspected(whole, EVIL, sizes=(Group(name=EVIL, size=1),))
    change = Change(topic=EVIL, what=EVIL, before=EVIL, after=EVIL)
    texts = (
        view.inspection(found),
        view.line(found),
        view.trouble(Trouble(name=EVIL, message=EVIL, hint=EVIL)),
        view.changes([change, dataclasses.replace(change, what="", after="")]),
    )
    for text in texts:
        assert all(character.isprintable() or character == "\n" for character in text)
        # A line of its own could be taken for ours.
        assert not any(line.startswith("linkage: static") for line in text.splitlines())


def test_changes_read_well(golden: Golden) -> None:
    changes = (
        Change(topic="linkage", what="", before="static", after="dynamic"),
        Change(topic="interpreter", what="", before="", after="/lib/ld.so"),
        Change(topic="libraries", what="libc.so.6", before="", after="libc.so.6"),
        Change(topic="libraries", what="libm.so.6", before="libm.so.6", after=""),
        Change(topic="modules", what="example.com/a", before="v1.0.0", after="v1.1.0"),
        Change(topic="modules", what="example.com/b", before="", after="v1.1.0"),
        Change(topic="size", what="", before="1000", after="3500", bytes=2500),
        Change(topic="size", what="main", before="900", after="400", bytes=-500),
    )
    golden("inspect/changes.txt", view.changes(changes) + "\n")
    assert view.changes(()) == "no difference"


def test_a_rule_is_explained_in_full() -> None:
    for entry in RULES:
        text = view.rule(entry)
        assert text.startswith(f"{entry.id}: ")
        for part in (entry.looks_at, entry.why, entry.fix):
            assert part in text
