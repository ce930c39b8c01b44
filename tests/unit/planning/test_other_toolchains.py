"""Plans with other toolchains than zig: their flags, their hazards, what they promise and cannot."""

from __future__ import annotations

import dataclasses

import pytest

from staticgo.errors import UsageError
from staticgo.facts.platforms import resolve
from staticgo.facts.toolchains import HAZARDS, LINK_FLAGS
from staticgo.model.plan import CToolchain, GoToolchain, Libc, Policy
from staticgo.planning.choose import choose
from staticgo.planning.compose import compose
from tests.unit.planning.given import GO, ZIG, plan_for, program


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


SYSTEMS = toolchain("cc", Libc.SYSTEM)


def test_what_is_said_of_zig_is_not_said_of_the_users_compiler() -> None:
    zig = dataclasses.replace(SYSTEMS, kind="zig")
    for target in ("darwin/arm64", "freebsd/amd64"):
        whys = [reason.why for reason in plan_for("notes", target, toolchain=SYSTEMS).reasons]
        assert "the system's own libc is linked" in whys
        assert not any("zig" in why for why in whys)
    assert plan_for("notes", "darwin/arm64", toolchain=zig).expects.macos
    assert plan_for("notes", "darwin/arm64", toolchain=SYSTEMS).expects.macos == ""


@pytest.mark.parametrize(
    ("target", "taken", "asked", "kept_away"),
    [
        ("linux/amd64", ZIG, True, True),
        ("linux/arm64", ZIG, True, True),
        ("linux/amd64", MUSL_GCC, True, True),
        ("linux/amd64", GCC, True, False),
        ("linux/386", GCC, True, True),
        ("linux/arm64", toolchain("cc", Libc.GLIBC), True, False),
        ("linux/amd64", ZIG, False, False),
    ],
)
def test_this_machines_pkg_config_answers_for_its_own_compilers_only(
    target: str, taken: CToolchain, asked: bool, kept_away: bool
) -> None:
    facts = program("notes")
    packages = tuple(
        dataclasses.replace(package, pkg_config=("zlib",) if asked else ())
        if package in facts.with_cgo.cgo_packages
        else package
        for package in facts.with_cgo.packages
    )
    facts = dataclasses.replace(
        facts, with_cgo=dataclasses.replace(facts.with_cgo, packages=packages)
    )
    platform = resolve(target)

    def environment(go: GoToolchain) -> dict[str, str]:
        choice = choose(facts, Policy(), platform)
        return dict(compose(facts, platform, Policy(), choice, go, taken).environment)

    assert ("PKG_CONFIG_LIBDIR" in environment(GO)) is kept_away
    users = dataclasses.replace(GO, changed=(("PKG_CONFIG", "aarch64-pkg-config"),))
    assert "PKG_CONFIG_LIBDIR" not in environment(users)


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
