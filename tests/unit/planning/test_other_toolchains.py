"""Plans with other toolchains than zig: their flags, their hazards, what they promise and cannot."""

from __future__ import annotations

import dataclasses

import pytest

from staticgo.errors import UsageError
from staticgo.facts.toolchains import HAZARDS, LINK_FLAGS
from staticgo.model.plan import CToolchain, Libc, Policy
from tests.unit.planning.given import ZIG, plan_for


def toolchain(kind: str, libc: Libc) -> CToolchain:
    return dataclasses.replace(
        ZIG,
        kind=kind,
        name=f"{kind} 12.2.0 ({libc})",
        libc=libc,
        link_flags=LINK_FLAGS[libc],
        hazards=HAZARDS.get(libc, ()),
    )


GCC = toolchain("gcc", Libc.GLIBC)
MUSL_GCC = toolchain("musl-gcc", Libc.MUSL)
MINGW = toolchain("mingw", Libc.MINGW)


@pytest.mark.parametrize(
    ("target", "taken", "libc", "flags"),
    [
        ("linux/amd64", GCC, "glibc", "-extldflags=-static"),
        (
            "linux/amd64",
            MUSL_GCC,
            "musl",
            "'-extldflags=-static -Wl,-z,stack-size=0x800000'",
        ),
        (
            "windows/amd64",
            MINGW,
            "",
            "'-extldflags=-static -static-libgcc -static-libstdc++'",
        ),
    ],
)
def test_the_link_and_the_promise_are_the_toolchains(
    target: str, taken: CToolchain, libc: str, flags: str
) -> None:
    plan = plan_for("notes", target, toolchain=taken)
    assert plan.command[-1].endswith(flags)
    assert plan.expects.libc == libc
    assert any(taken.name in reason.decision for reason in plan.reasons)


def test_what_static_glibc_looks_for_stands_among_the_reasons() -> None:
    told = [reason.why for reason in plan_for("notes", toolchain=GCC).reasons]
    assert any("getaddrinfo" in why for why in told)
    told = [reason.why for reason in plan_for("notes", toolchain=MUSL_GCC).reasons]
    assert not any("getaddrinfo" in why for why in told)


def test_a_static_pie_is_refused_where_it_would_ask_for_a_loader() -> None:
    pie = Policy(build_mode="pie", toolchain="musl-gcc")
    with pytest.raises(UsageError, match="links no static PIE"):
        plan_for("notes", policy=pie, toolchain=MUSL_GCC)
    assert "-extldflags=-static-pie" in plan_for("notes", policy=pie, toolchain=GCC).command[-1]


def test_a_program_without_c_says_that_the_toolchain_has_no_part() -> None:
    plan = plan_for("hello", policy=Policy(toolchain="gcc"))
    assert "--toolchain gcc has no effect" in [reason.decision for reason in plan.reasons]
