"""The allocator in place of libc's: how it is planned, where it is left out, what is refused."""

from __future__ import annotations

import dataclasses

import pytest

from staticgo.app.steps.libraries import OwnLibraries
from staticgo.errors import UsageError
from staticgo.facts.allocators import ALLOCATORS
from staticgo.facts.platforms import resolve
from staticgo.facts.recipes import recipe_named
from staticgo.model.config import BuildConfig, Config
from staticgo.model.libraries import BuildSystem, CLibrary, LibrarySource
from staticgo.model.plan import Libc, Plan, Policy
from staticgo.planning.compose import heed_config
from tests.unit.planning.given import ZIG, plan_for

NOTHING = OwnLibraries(config=Config(), looked_at=(), sources={})


def planned(allocator: str, *, libc: Libc = Libc.MUSL) -> Plan:
    toolchain = dataclasses.replace(ZIG, libc=libc)
    equipped = NOTHING.equip(toolchain, resolve("linux/amd64").target, (), allocator)
    return plan_for("notes", toolchain=equipped)


def test_it_is_built_from_source_and_linked_after_all_else() -> None:
    plan = planned("mimalloc")
    assert plan.command[-1].endswith("'-extldflags=-static -lmimalloc'")
    assert plan.toolchain and plan.toolchain.sysroot
    assert [library.name for library in plan.toolchain.sysroot.libraries] == ["mimalloc"]
    assert any("takes the place of libc's malloc" in reason.why for reason in plan.reasons)


def test_the_compilers_name_tells_it() -> None:
    with_it, without = planned("mimalloc"), planned("")
    assert with_it.toolchain and without.toolchain
    assert with_it.toolchain.cc.name != without.toolchain.cc.name


def test_glibc_keeps_its_own() -> None:
    plan = planned("mimalloc", libc=Libc.GLIBC)
    assert "mimalloc" not in plan.command[-1]
    assert any("mimalloc is left out" in reason.decision for reason in plan.reasons)


def test_the_command_line_goes_before_the_file() -> None:
    config = Config(build=BuildConfig(allocator="mimalloc"))
    assert heed_config(Policy(), config).allocator == "mimalloc"
    with pytest.raises(UsageError, match="no allocator 'tcmalloc'"):
        heed_config(Policy(allocator="tcmalloc"), config)


@pytest.mark.parametrize("name", ALLOCATORS)
def test_each_has_a_recipe_that_is_for_all_of_linux(name: str) -> None:
    recipe = recipe_named(name)
    assert recipe and recipe.library.targets == ("linux/*",)


def test_where_its_own_targets_leave_it_out_it_is_not_linked() -> None:
    own = CLibrary(name="mimalloc", build=BuildSystem.FILES, targets=("linux/arm64",))
    libraries = OwnLibraries(
        config=Config(libraries=(own,)),
        looked_at=(),
        sources={"mimalloc": LibrarySource(sha256="0", path="/source")},
    )
    equipped = libraries.equip(ZIG, resolve("linux/amd64").target, (), "mimalloc")
    plan = plan_for("notes", toolchain=equipped)
    assert "-lmimalloc" not in plan.command[-1]
    (why,) = [r.why for r in plan.reasons if r.decision == "the allocator mimalloc is left out"]
    assert why == "its targets leave out linux/amd64"


def test_a_program_without_c_is_told_that_it_has_no_part() -> None:
    plan = plan_for("hello", policy=Policy(allocator="mimalloc"))
    assert "the allocator mimalloc is left out" in [reason.decision for reason in plan.reasons]
