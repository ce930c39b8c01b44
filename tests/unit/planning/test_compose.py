"""A plan's command, environment and promise."""

from __future__ import annotations

import dataclasses

import pytest

from staticgo.errors import UsageError
from staticgo.model.plan import Policy, Strategy
from staticgo.planning.compose import heed_goflags, link_flags
from tests.unit.planning.given import GO, plan_for


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
