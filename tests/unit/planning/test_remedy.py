"""A safe remedy gives a new plan, once; any other is offered as a command."""

from __future__ import annotations

import dataclasses

import pytest

from staticgo.model.diagnosis import Reading, Remedy, RemedyKind
from staticgo.model.plan import GoToolchain, Plan
from staticgo.planning.remedy import mended, offer
from staticgo.rules.log import read_text
from tests.unit.planning.given import GO, plan_for

LFS64 = read_text("x.c:1:2: error: use of undeclared identifier 'pread64'")


def plan(**changed: str) -> Plan:
    go: GoToolchain = dataclasses.replace(GO, changed=tuple(changed.items()))
    return plan_for("notes", go=go)


def test_a_safe_remedy_makes_a_new_plan_that_says_so() -> None:
    better = mended(plan(), LFS64)
    assert better is not None
    environment = dict(better.environment)
    assert environment["CGO_CFLAGS"] == "-O2 -g0 -D_LARGEFILE64_SOURCE"
    assert environment["CGO_CXXFLAGS"] == "-O2 -g0 -D_LARGEFILE64_SOURCE"
    reason = better.reasons[-1]
    assert reason.warning
    assert reason.decision == "CGO_CFLAGS gets -D_LARGEFILE64_SOURCE"
    assert "pread64" in reason.why
    assert "v1.14.17" in reason.why
    was = plan()
    assert dataclasses.replace(better, environment=was.environment, reasons=was.reasons) == was


def test_the_same_remedy_is_never_applied_twice() -> None:
    better = mended(plan(), LFS64)
    assert better is not None
    assert mended(better, LFS64) is None


@pytest.mark.parametrize(
    "flags",
    ["-D_LARGEFILE64_SOURCE", "-O1 -D_LARGEFILE64_SOURCE=1", "-U_LARGEFILE64_SOURCE"],
)
def test_what_the_user_said_of_it_stands(flags: str) -> None:
    assert mended(plan(CGO_CFLAGS=flags), LFS64) is None


def test_flags_of_the_user_are_kept() -> None:
    better = mended(plan(CGO_CFLAGS="-DX=1"), LFS64)
    assert better is not None
    assert dict(better.environment)["CGO_CFLAGS"] == "-O2 -g0 -DX=1 -D_LARGEFILE64_SOURCE"


def test_a_program_without_c_has_nothing_to_define() -> None:
    assert mended(plan_for("hello"), LFS64) is None


@pytest.mark.parametrize(
    "reading",
    [
        read_text("ld.lld: error: undefined symbol: _Unwind_Resume"),
        read_text("ld.lld: error: undefined symbol: foo"),
        # A name that ends alike, and is none of glibc's.
        read_text("x.c:1:2: error: use of undeclared identifier 'htole64'"),
        read_text("all is well"),
    ],
)
def test_nothing_else_is_retried(reading: Reading) -> None:
    assert mended(plan(), reading) is None


@pytest.mark.parametrize(
    ("kind", "setting", "command"),
    [
        (RemedyKind.TAG, "--tags musl", "staticgo build ./notes -t linux/amd64 --tags musl"),
        (
            RemedyKind.FLAG,
            "CGO_LDFLAGS=-lunwind",
            "CGO_LDFLAGS=-lunwind staticgo build ./notes -t linux/amd64",
        ),
        (RemedyKind.PACKAGE, "apt-get install pkg-config", "apt-get install pkg-config"),
    ],
)
def test_any_other_remedy_is_offered_as_a_command(
    kind: RemedyKind, setting: str, command: str
) -> None:
    remedy = Remedy(kind=kind, value="x", setting=setting, why="so")
    assert offer(plan(), remedy) == command
