"""How a program becomes static, on recorded `go list` output."""

from __future__ import annotations

import dataclasses

import pytest

from staticgo.errors import ProjectError, Refused, UsageError
from staticgo.facts.platforms import resolve
from staticgo.model.plan import CgoMode, Policy, Strategy
from staticgo.model.project import Graph, Package, ProjectFacts
from staticgo.planning.choose import Choice, choose, listing_tags
from tests.unit.planning.given import program

AMD64 = resolve("linux/amd64")


def decisions(choice: Choice) -> list[str]:
    return [reason.decision for reason in choice.reasons]


def test_a_program_without_c_is_built_without_cgo() -> None:
    choice = choose(program("hello"), Policy(), AMD64)
    assert choice.strategy is Strategy.PURE
    assert choice.tags == ()
    assert [r.why for r in choice.reasons] == ["no package of the program uses cgo"]


def test_cgo_of_the_standard_library_alone_is_not_needed() -> None:
    facts = program("whoami")
    # Recorded with netgo and osusergo: without them, these two are what brings libc in.
    packages = tuple(
        dataclasses.replace(p, cgo_files=("cgo_linux.go",)) if p.path in ("net", "os/user") else p
        for p in facts.with_cgo.packages
    )
    facts = dataclasses.replace(
        facts, with_cgo=dataclasses.replace(facts.with_cgo, packages=packages)
    )
    choice = choose(facts, Policy(), AMD64)
    assert choice.strategy is Strategy.PURE
    assert "only the standard library uses cgo here" in choice.reasons[0].why


def test_libc_can_be_kept_for_net_and_users() -> None:
    facts = program("whoami")
    packages = tuple(
        dataclasses.replace(p, cgo_files=("cgo_linux.go",)) if p.path == "net" else p
        for p in facts.with_cgo.packages
    )
    facts = dataclasses.replace(
        facts, with_cgo=dataclasses.replace(facts.with_cgo, packages=packages)
    )
    choice = choose(facts, Policy(use_libc=("net",)), AMD64)
    assert choice.strategy is Strategy.EXTERNAL
    assert choice.tags == ("osusergo",)
    assert "net keeps libc's version" in decisions(choice)


def test_keeping_libc_for_a_package_that_is_not_imported_is_said_to_do_nothing() -> None:
    choice = choose(program("hello"), Policy(use_libc=("net",)), AMD64)
    assert choice.strategy is Strategy.PURE
    assert "--use-libc net has no effect" in decisions(choice)


@pytest.mark.parametrize("name", ["notes", "goatcounter"])
def test_sqlite_is_linked_statically_and_without_its_extension_loader(name: str) -> None:
    choice = choose(program(name), Policy(tags=("mine",)), AMD64)
    assert choice.strategy is Strategy.EXTERNAL
    assert choice.tags == ("netgo", "osusergo", "mine", "sqlite_omit_load_extension")
    assert all(reason.why for reason in choice.reasons)
    assert "go-sqlite3 needs C" in choice.reasons[0].why
    assert " -> github.com/mattn/go-sqlite3)" in choice.reasons[0].why


def test_c_in_the_program_itself_is_linked_statically() -> None:
    assert choose(program("owncgo"), Policy(), AMD64).strategy is Strategy.EXTERNAL


@pytest.mark.parametrize("name", ["notes", "goatcounter"])
def test_a_known_stub_is_refused(name: str) -> None:
    with pytest.raises(Refused) as raised:
        choose(program(name), Policy(cgo=CgoMode.OFF), AMD64)
    assert "as a stub" in raised.value.message
    assert "imported by: " in raised.value.details


def test_a_package_of_which_nothing_is_left_is_refused() -> None:
    with pytest.raises(Refused, match=r"leaves nothing of example\.com/own"):
        choose(program("owncgo"), Policy(cgo=CgoMode.OFF), AMD64)


def test_an_unknown_package_that_loses_files_is_warned_of() -> None:
    c = Package(path="example.com/c", go_files=("c.go",), cgo_files=("real.go",))
    stub = Package(
        path="example.com/c", go_files=("c.go", "stub.go"), ignored_go_files=("real.go",)
    )
    choice = choose(_importing(c, stub), Policy(cgo=CgoMode.OFF), AMD64)
    assert choice.strategy is Strategy.PURE
    warned = [reason for reason in choice.reasons if reason.warning]
    assert [reason.decision for reason in warned] == ["example.com/c is built without real.go"]


def test_files_lost_to_a_cgo_tag_are_warned_of_though_they_hold_no_c() -> None:
    with_tag = Package(path="example.com/c", go_files=("quick.go",))
    without = Package(path="example.com/c", go_files=("slow.go",))
    choice = choose(_importing(with_tag, without), Policy(), AMD64)
    assert choice.strategy is Strategy.PURE
    assert any("built without quick.go" in reason.decision for reason in choice.reasons)


def test_a_package_that_another_replaces_without_cgo_is_no_stub() -> None:
    facts = _importing(Package(path="example.com/c", cgo_files=("real.go",)), None)
    assert choose(facts, Policy(cgo=CgoMode.OFF), AMD64).strategy is Strategy.PURE


def test_plugins_are_warned_of() -> None:
    choice = choose(program("plugin"), Policy(), AMD64)
    assert next(r.decision for r in choice.reasons if r.warning).startswith("imports plugin")


def test_a_library_is_no_program() -> None:
    with pytest.raises(ProjectError, match=r"is a library \(package lib\), not a program"):
        choose(program("library"), Policy(), AMD64)


def test_a_missing_dependency_is_said_with_the_next_step() -> None:
    with pytest.raises(ProjectError) as raised:
        choose(program("broken"), Policy(), AMD64)
    assert "no module that go.mod requires" in raised.value.message
    assert raised.value.hint == "run `go mod tidy` in the module"
    assert "example.org/nowhere" in raised.value.details


def test_libc_without_cgo_is_a_contradiction() -> None:
    with pytest.raises(UsageError, match="--use-libc needs cgo"):
        choose(program("hello"), Policy(cgo=CgoMode.OFF, use_libc=("net",)), AMD64)


def test_the_graph_is_read_with_the_tags_that_will_be_built() -> None:
    policy = Policy(tags=("mine",), use_libc=("net",))
    assert listing_tags(policy, Strategy.PURE, AMD64.target) == ("mine",)
    assert listing_tags(policy, Strategy.EXTERNAL, AMD64.target) == ("osusergo", "mine")


def _importing(with_cgo: Package, without_cgo: Package | None) -> ProjectFacts:
    facts = program("hello")
    main = Package(path="example.com/hello", name="main", imports=("example.com/c",))
    left = (without_cgo,) if without_cgo else ()
    return dataclasses.replace(
        facts,
        with_cgo=Graph(root="example.com/hello", packages=(with_cgo, main)),
        without_cgo=Graph(root="example.com/hello", packages=(*left, main)),
    )


@pytest.mark.parametrize(
    ("target", "toolchain", "tagged"),
    [
        ("linux/amd64", "", True),
        ("linux/amd64", "gcc", True),
        ("linux/amd64+gnu", "", False),
        ("darwin/arm64", "", False),
        ("windows/amd64", "", False),
    ],
)
def test_tags_for_static_programs_are_for_no_others(
    target: str, toolchain: str, tagged: bool
) -> None:
    choice = choose(program("notes"), Policy(toolchain=toolchain), resolve(target))
    assert ("sqlite_omit_load_extension" in choice.tags) is tagged


def test_what_dlopen_cannot_do_is_said_of_static_programs_only() -> None:
    def warned(target: str) -> bool:
        choice = choose(program("plugin"), Policy(), resolve(target))
        return any("imports plugin" in reason.decision for reason in choice.reasons)

    assert warned("linux/amd64")
    assert not warned("darwin/arm64")
