"""What changed between two binaries."""

from __future__ import annotations

import dataclasses

from staticgo.model.binary import Format, GoModule, Group, Linkage
from staticgo.model.change import Change
from staticgo.rules.compare import compare
from tests.unit.rules.given import FULL, piece, report


def test_nothing_changed() -> None:
    groups = (Group(name="main", size=10),)
    assert compare(report(FULL), report(FULL), groups, groups) == ()


def test_each_topic_is_told() -> None:
    assert FULL.go is not None
    other = GoModule(path="example.com/dep", version="v0.2.0")
    after = dataclasses.replace(
        FULL,
        linkage=Linkage.DYNAMIC,
        needed=("libc.so.6",),
        stripped=False,
        packages=(),
        go=dataclasses.replace(FULL.go, version="go1.27.0", dependencies=(other,)),
    )
    changes = compare(
        report(FULL),
        report(after, size=1500),
        (Group(name="main", size=10), Group(name="old", size=5)),
        (Group(name="main", size=400), Group(name="new", size=1)),
    )
    assert changes == (
        Change(topic="linkage", what="", before="static", after="dynamic"),
        Change(topic="stripped", what="", before="yes", after="no"),
        Change(topic="libraries", what="libc.so.6", before="", after="libc.so.6"),
        Change(
            topic="packages that look for something",
            what="crypto/x509",
            before="crypto/x509",
            after="",
        ),
        Change(topic="Go", what="", before="go1.26.8", after="go1.27.0"),
        Change(topic="modules", what="example.com/dep", before="v0.1.0", after="v0.2.0"),
        Change(topic="size", what="", before="1000", after="1500", bytes=500),
        Change(topic="size", what="main", before="10", after="400", bytes=390),
        Change(topic="size", what="old", before="5", after="0", bytes=-5),
        Change(topic="size", what="new", before="0", after="1", bytes=1),
    )


def test_a_module_that_is_replaced_has_changed() -> None:
    assert FULL.go is not None
    fork = GoModule(path="example.com/fork", version="v9.0.0")
    replaced = dataclasses.replace(FULL.go.dependencies[0], replaced_by=fork)
    after = dataclasses.replace(FULL, go=dataclasses.replace(FULL.go, dependencies=(replaced,)))
    (change,) = compare(report(FULL), report(after))
    assert change.after == "v0.1.0 => example.com/fork v9.0.0"


def test_programs_for_two_cpus_are_compared_all_the_same() -> None:
    (change,) = compare(report(piece()), report(piece(machine="arm64")))
    assert (change.topic, change.before, change.after) == ("platform", "linux/amd64", "linux/arm64")


def test_slices_are_matched_by_their_cpu() -> None:
    arm = piece(machine="arm64")
    before = report(piece(), arm, form=Format.MACHO)
    after = report(dataclasses.replace(arm, stripped=False), form=Format.MACHO)
    changes = [(change.topic, change.what) for change in compare(before, after)]
    assert changes == [("platforms", "linux/amd64"), ("linux/arm64: stripped", "")]
