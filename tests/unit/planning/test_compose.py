"""A plan's command, environment and promise."""

from __future__ import annotations

import dataclasses

import pytest

from staticgo.errors import Refused, UsageError
from staticgo.model.binary import Linkage
from staticgo.model.plan import CgoMode, Libc, Policy, Strategy
from staticgo.planning.compose import heed_goflags, joined, link_flags
from tests.unit.planning.given import GO, ZIG, plan_for


def test_c_is_linked_externally_and_statically() -> None:
    plan = plan_for("notes")
    assert plan.strategy is Strategy.EXTERNAL
    assert plan.command[-1] == "-s -w -linkmode=external -extldflags=-static"
    environment = dict(plan.environment)
    assert environment["CC"] == "zig-cc-x86_64-linux-musl-0123"
    assert environment["CGO_CFLAGS"] == "-O2 -g0"
    assert environment["CGO_LDFLAGS"] == "-O2"  # -g here would undo -s -w
    assert environment["CGO_ENABLED"] == "1"


def test_the_compiler_is_one_word() -> None:
    environment = dict(plan_for("notes").environment)
    for name in ("CC", "CXX"):
        assert " " not in environment[name]
        assert "/" not in environment[name]


def test_a_pure_build_names_no_compiler() -> None:
    plan = plan_for("hello", "linux/arm")
    environment = dict(plan.environment)
    assert plan.strategy is Strategy.PURE
    assert environment["CGO_ENABLED"] == "0"
    assert environment["GOARM"] == "7"
    assert not {"CC", "CXX", "CGO_CFLAGS"} & environment.keys()
    assert "external" not in " ".join(plan.command)


@pytest.mark.parametrize(
    ("target", "name"),
    [("linux/arm/v7", "notes-linux-arm-v7"), ("linux/386", "notes-linux-386")],
)
def test_the_file_is_named_for_its_target(target: str, name: str) -> None:
    assert plan_for("notes", target).name == name


def test_the_promise_is_what_the_rules_hold_the_binary_against() -> None:
    promise = plan_for("notes", "linux/riscv64").expects
    assert promise.machine == "riscv64"
    assert promise.cgo_enabled
    assert promise.stripped
    assert ("GORISCV64", "rva20u64") in promise.settings


def test_a_remote_program_ignores_workspaces() -> None:
    plan = plan_for("goatcounter", remote=True)
    assert dict(plan.environment)["GOWORK"] == "off"
    assert "-mod=mod" in plan.command


def test_the_users_settings_are_heeded_and_the_plans_own_are_not_overruled() -> None:
    go = dataclasses.replace(
        GO,
        changed=(
            ("CGO_CFLAGS", "-DONE"),
            ("CGO_CXXFLAGS", "-O2 -g"),
            ("GOEXPERIMENT", "x"),
            ("GOFLAGS", "-buildvcs=false -tags=mine '-ldflags=-X main.v=1' -buildmode=pie"),
        ),
        fetching=(("GOPROXY", "secret"),),
    )
    plan = plan_for("notes", go=go)
    environment = dict(plan.environment)
    assert environment["CGO_CFLAGS"] == "-O2 -g0 -DONE"
    assert environment["CGO_CXXFLAGS"] == "-O2 -g0"
    assert environment["GOEXPERIMENT"] == "x"
    assert environment["GOFLAGS"] == "-buildvcs=false"
    assert plan.inherits == ("GOPROXY",)
    assert "secret" not in repr(plan)
    heeded = heed_goflags(Policy(), go)
    assert heeded.tags == ("mine",)
    assert heeded.ldflags == "-X main.v=1"


def test_the_command_line_replaces_goflags() -> None:
    go = dataclasses.replace(GO, changed=(("GOFLAGS", "-tags=theirs"),))
    assert heed_goflags(Policy(tags=("ours",)), go).tags == ("ours",)


def test_the_users_linker_flags_are_merged() -> None:
    flags = link_flags("-X main.v=1 '-extldflags=-lm -Wl,-z,now'", ("-static",), ("-s", "-w"))
    assert flags == "-s -w -linkmode=external '-extldflags=-static -lm -Wl,-z,now' -X main.v=1"
    assert link_flags("", None, ()) == ""


def test_internal_linking_contradicts_c() -> None:
    with pytest.raises(UsageError, match="ignores -static"):
        link_flags("-linkmode internal", ("-static",), ("-s", "-w"))


def test_plans_can_be_hashed_and_compared() -> None:
    assert hash(plan_for("notes")) == hash(plan_for("notes"))
    assert plan_for("notes") != plan_for("notes", "linux/arm64")


def test_a_mac_gets_no_dwarf_from_another_system() -> None:
    """Go would start the host's strip on it."""
    kept = plan_for("notes", "darwin/arm64", Policy(strip=False))
    assert "-ldflags" in kept.command
    assert kept.command[kept.command.index("-ldflags") + 1].split()[0] == "-w"
    assert any("--keep-symbols" in reason.decision for reason in kept.reasons)
    assert kept.expects.macos == "12.0"
    stripped = plan_for("notes", "darwin/arm64")
    assert not any("--keep-symbols" in reason.decision for reason in stripped.reasons)


SYSTEMS = dataclasses.replace(ZIG, libc=Libc.SYSTEM, link_flags=())


def test_a_race_detector_and_a_pie_take_the_c_linker() -> None:
    race = plan_for("hello", policy=Policy(race=True))
    assert race.strategy is Strategy.EXTERNAL
    assert "-race" in race.command
    pie = plan_for("hello", policy=Policy(build_mode="pie"))
    assert pie.strategy is Strategy.EXTERNAL
    assert "-buildmode=pie" in pie.command
    assert pie.command[-1].endswith("-extldflags=-static-pie")
    assert pie.expects.linkages == (Linkage.STATIC_PIE,)


@pytest.mark.parametrize("policy", [Policy(race=True), Policy(build_mode="pie")], ids=str)
def test_without_c_there_is_neither(policy: Policy) -> None:
    with pytest.raises(UsageError, match="--cgo off forbids it"):
        plan_for("hello", policy=dataclasses.replace(policy, cgo=CgoMode.OFF))


@pytest.mark.parametrize("mode", ["plugin", "c-shared", "c-archive", "shared"])
def test_a_library_cannot_be_static(mode: str) -> None:
    for policy, flags in ((Policy(build_mode=mode), ""), (Policy(), f"-buildmode={mode}")):
        with pytest.raises(Refused, match="cannot be static"):
            heed_goflags(policy, dataclasses.replace(GO, changed=(("GOFLAGS", flags),)))


def test_a_build_mode_that_is_none() -> None:
    with pytest.raises(UsageError, match="no such build mode"):
        heed_goflags(Policy(build_mode="pei"), GO)


def test_windows_gets_a_name_of_its_own_and_what_the_system_promises() -> None:
    plan = plan_for("hello", "windows/amd64")
    assert plan.name == "hello-windows-amd64.exe"
    assert "-buildmode=pie" in plan.command  # as Go has it there unasked
    assert Linkage.SYSTEM_ONLY in plan.expects.linkages
    assert Linkage.DYNAMIC not in plan.expects.linkages


def test_a_chosen_glibc_is_linked_dynamically_and_no_newer_one_is_taken() -> None:
    plan = plan_for("notes", "linux/amd64+gnu.2.28", toolchain=SYSTEMS)
    assert plan.expects.glibc == "2.28"
    assert Linkage.DYNAMIC in plan.expects.linkages
    assert "libc.so.6" in plan.expects.libraries
    assert "-static" not in plan.command[-1]
    pure = plan_for("hello", "linux/amd64+gnu.2.28")
    assert pure.expects.linkages == (Linkage.STATIC, Linkage.STATIC_PIE)
    assert any("has no effect" in reason.decision for reason in pure.reasons)


def test_a_bsd_without_a_static_libc_may_name_its_base_system() -> None:
    plan = plan_for("notes", "freebsd/amd64", toolchain=SYSTEMS)
    assert "libc.so.7" in plan.expects.libraries
    assert not plan.expects.glibc


def test_on_a_mac_the_resolver_is_the_systems() -> None:
    plan = plan_for("notes", "darwin/arm64", toolchain=SYSTEMS)
    assert "netgo" not in " ".join(plan.command)


def test_a_universal_binary_is_made_of_two() -> None:
    parts = tuple(plan_for("hello", f"darwin/{cpu}") for cpu in ("amd64", "arm64"))
    whole = joined(parts)
    assert whole.name == "hello-darwin-universal"
    assert whole.builds == whole.parts == parts
    assert parts[0].builds == (parts[0],)


@pytest.mark.parametrize(
    ("flags", "race"), [("-race", True), ("-race=false", False), ("-race=1 -x", True), ("", False)]
)
def test_a_race_detector_in_goflags_is_heeded(flags: str, race: bool) -> None:
    go = dataclasses.replace(GO, changed=(("GOFLAGS", flags),))
    policy = heed_goflags(Policy(), go)
    assert policy.race is race
    plan = plan_for("notes", policy=policy, go=go)
    assert ("-race" in plan.command) is race
    assert "race" not in dict(plan.environment).get("GOFLAGS", "")


def test_a_universal_binary_says_what_its_parts_say() -> None:
    parts = tuple(plan_for("plugin", f"darwin/{cpu}") for cpu in ("amd64", "arm64"))
    reasons = joined(parts).reasons
    assert {*parts[0].reasons, *parts[1].reasons} <= {*reasons}
    assert len(reasons) == len({*reasons})


@pytest.mark.parametrize(
    ("target", "loader"),
    [
        ("linux/amd64+gnu", "/lib64/ld-linux-x86-64.so.2"),
        ("linux/arm/v7+gnu", "/lib/ld-linux-armhf.so.3"),
        ("linux/arm/v5+gnu", "/lib/ld-linux.so.3"),
        ("linux/mips64+gnu", "/lib64/ld.so.1"),
        ("freebsd/amd64", "/libexec/ld-elf.so.1"),
    ],
)
def test_a_dynamic_program_is_promised_the_systems_own_loader(target: str, loader: str) -> None:
    promise = plan_for("notes", target, Policy()).expects
    assert promise.libraries
    assert promise.interpreters[0] == loader
    assert plan_for("notes", "linux/amd64").expects.interpreters == ()
