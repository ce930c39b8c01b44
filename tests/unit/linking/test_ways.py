"""The ways to a static program: which are offered for which program, which is `build`'s, what they cost."""

from __future__ import annotations

import dataclasses
import shlex

import pytest

from staticgo.errors import StaticgoError
from staticgo.facts import costs
from staticgo.facts.platforms import resolve
from staticgo.linking.cgo import cgo_packages
from staticgo.linking.mode import decide
from staticgo.linking.predict import predict
from staticgo.linking.ways import Case, ways
from staticgo.model.binary import Linkage
from staticgo.model.explanation import CostKind, Way
from staticgo.model.linking import BuildFlags, LinkAnswer, LinkerFlags, Sources, Surroundings
from staticgo.model.plan import Policy, Strategy
from staticgo.model.project import Graph, Package, ProjectFacts, Source
from staticgo.planning.choose import choose
from tests.unit.linking.given import (
    CGO,
    CXX,
    NET,
    SQLITE,
    USER,
    app,
    around,
    foreign,
    std,
)

LIBRARY = foreign("example.org/c/lib", "runtime/cgo", cgo_files=("c.go",), go_files=("a.go",))
LESS = dataclasses.replace(LIBRARY, cgo_files=(), imports=())
STUB = dataclasses.replace(SQLITE, cgo_files=(), c_files=(), imports=())
PLUGIN = std("plugin", cgo=True)


def case(
    with_cgo: Graph,
    without: Graph,
    where: Surroundings | None = None,
    flags: BuildFlags | None = None,
    answer: LinkAnswer | None = None,
) -> Case:
    where, flags = where or around(), flags or BuildFlags()
    decision = decide(with_cgo, flags, LinkerFlags(), where)
    source = Source(package=".", display=".", dir="/program")
    pure = {p.path for p in with_cgo.packages if p.standard}
    planned = Graph(
        root=with_cgo.root,
        packages=tuple(
            dataclasses.replace(p, cgo_files=()) if p.path in pure else p for p in with_cgo.packages
        ),
    )
    facts = ProjectFacts(source=source, name="app", with_cgo=planned, without_cgo=without)
    strategy: Strategy | None = None
    reason = ""
    tags: tuple[str, ...] = ()
    try:
        choice = choose(facts, Policy(), resolve("linux/amd64"))
        strategy, reason, tags = choice.strategy, choice.reasons[0].why, choice.tags
    except StaticgoError as error:
        reason = error.message
    answer = answer or LinkAnswer(linkage=Linkage.DYNAMIC)
    linker = LinkerFlags()
    return Case(
        package="./cmd/app",
        go_words=("", "./cmd/app"),
        around=where,
        flags=flags,
        graph=with_cgo,
        cgo=cgo_packages(with_cgo, without, Sources()),
        prediction=predict(with_cgo, flags, linker, where, decision, answer, Sources()),
        strategy=strategy,
        reason=reason,
        tags=tags,
    )


PURE = case(app(), app())
NET_ONLY = case(app(CGO, NET, USER), app(std("net"), std("os/user")))
C_LESS = case(app(CGO, LIBRARY), app(LESS))
C_STUB = case(app(CGO, SQLITE), app(STUB))
C_ONLY = case(app(CGO, LIBRARY), app(dataclasses.replace(LESS, go_files=(), error="excluded")))
C_PLUS_PLUS = case(app(CGO, CXX), app())
MIXED = case(app(CGO, NET, SQLITE), app(std("net"), STUB))
CASES = {
    "pure": PURE,
    "net": NET_ONLY,
    "less": C_LESS,
    "stub": C_STUB,
    "broken": C_ONLY,
    "C++": C_PLUS_PLUS,
    "mixed": MIXED,
}


def way(found: Case, words: str) -> Way:
    """The one way whose title holds the words."""
    (one,) = [one for one in ways(found) if words in one.title]
    return one


@pytest.mark.parametrize("found", CASES.values(), ids=CASES)
def test_one_way_is_what_build_does(found: Case) -> None:
    chosen = [one for one in ways(found) if one.chosen]
    assert len(chosen) == 1
    assert chosen[0].possible
    if found.strategy is Strategy.PURE:
        assert "CGO_ENABLED=0" in chosen[0].command
    else:
        assert chosen[0].command.startswith("staticgo build ./cmd/app")


@pytest.mark.parametrize("found", CASES.values(), ids=CASES)
def test_what_cannot_work_stands_last_and_says_why(found: Case) -> None:
    every = ways(found)
    assert [one.possible for one in every] == sorted((one.possible for one in every), reverse=True)
    assert all(one.why for one in every)
    assert all(cost.text for one in every for cost in one.costs)


@pytest.mark.parametrize("found", CASES.values(), ids=CASES)
def test_commands_are_words_of_a_shell(found: Case) -> None:
    for one in ways(found):
        if one.possible and one.command:
            assert shlex.split(one.command)


def test_nothing_to_do_is_said_first() -> None:
    first = ways(PURE)[0]
    assert "nothing to do" in first.title
    assert first.possible
    assert not [one for one in ways(NET_ONLY) if "nothing to do" in one.title]


@pytest.mark.parametrize(
    ("found", "possible"),
    [
        (PURE, True),
        (NET_ONLY, True),
        (C_LESS, True),
        (C_STUB, False),
        (C_ONLY, False),
        (MIXED, False),
        (C_PLUS_PLUS, True),
    ],
    ids=["pure", "net", "less", "stub", "broken", "mixed", "C++"],
)
def test_doing_without_cgo(found: Case, *, possible: bool) -> None:
    """Not offered where a package breaks or becomes a stub that fails at run time."""
    assert way(found, "do without cgo").possible is possible


def test_tags_alone_help_where_only_net_and_user_use_cgo() -> None:
    one = way(NET_ONLY, "keep cgo on")
    assert one.possible
    assert "-tags netgo,osusergo" in one.command
    assert not way(MIXED, "keep cgo on").possible
    # Another of Go's own packages still needs C.
    plugin = case(app(CGO, NET, PLUGIN), app(std("net"), std("plugin")))
    assert not way(plugin, "keep cgo on").possible


def test_libc_s_own_net_is_kept_with_musl() -> None:
    one = way(NET_ONLY, "linked statically with musl")
    assert one.command.endswith("--use-libc net,user")
    assert costs.MUSL_NSS in one.costs


def test_glibc_is_offered_with_its_hazard_and_licence() -> None:
    for found in (NET_ONLY, C_STUB):
        (one,) = [one for one in ways(found) if "glibc" in one.title]
        assert {costs.GLIBC_NSS, costs.GLIBC_LICENCE, costs.GLIBC_TOOL} <= set(one.costs)
        assert "-linkmode=external -extldflags=-static" in one.command
    assert not [one for one in ways(PURE) if "glibc" in one.title]


def test_what_is_lost_is_said_where_it_is_lost() -> None:
    kinds = set(way(NET_ONLY, "do without cgo").costs)
    assert {costs.RESOLVER, costs.USERS} == kinds
    assert costs.USERS not in way(MIXED, "zig").costs
    assert costs.RESOLVER in way(MIXED, "zig").costs
    (less,) = way(C_LESS, "do without cgo").costs
    assert less.kind is CostKind.FEATURES
    assert LIBRARY.path in less.text


def test_musl_gcc_serves_this_cpu_and_no_c_plus_plus() -> None:
    assert way(C_STUB, "musl-gcc").possible
    assert not way(C_PLUS_PLUS, "musl-gcc").possible
    other = case(app(CGO, SQLITE), app(STUB), around("linux/arm64"))
    assert not way(other, "musl-gcc").possible
    (glibc,) = [one for one in ways(other) if "glibc" in one.title]
    assert not glibc.possible


def test_c_plus_plus_brings_its_library_s_licence() -> None:
    assert costs.LIBCXX_LICENCE in way(C_PLUS_PLUS, "zig").costs
    assert costs.LIBCXX_LICENCE not in way(C_STUB, "zig").costs


@pytest.mark.parametrize("extra", [{"link_flags": ("-ldl",)}, {"imports": ("plugin",)}])
def test_dlopen_is_a_hazard_with_musl(extra: dict[str, tuple[str, ...]]) -> None:
    loads = dataclasses.replace(LIBRARY, **extra)  # type: ignore[arg-type]
    found = case(app(CGO, std("plugin"), loads), app(std("plugin"), LESS))
    assert costs.MUSL_DLOPEN in way(found, "zig").costs
    assert costs.MUSL_DLOPEN not in way(C_LESS, "zig").costs


def test_replacements_are_named_once_and_for_every_major_version() -> None:
    one = way(MIXED, "modernc.org/sqlite")
    assert one.command == "go get modernc.org/sqlite@latest"
    assert costs.OTHER_CODE in one.costs
    kafka = "github.com/confluentinc/confluent-kafka-go/v2"
    module = foreign(f"{kafka}/kafka", cgo_files=("a.go",)).module
    assert module is not None
    module = dataclasses.replace(module, path=kafka)
    packages: list[Package] = [
        foreign(f"{kafka}/{name}", cgo_files=("a.go",), module=module)
        for name in ("kafka", "schema")
    ]
    assert way(case(app(CGO, *packages), app()), "franz-go").possible


@pytest.mark.parametrize("target", ["darwin/arm64", "windows/amd64", "openbsd/amd64"])
def test_systems_without_static_programs(target: str) -> None:
    system = target.partition("/")[0]
    (nothing,) = ways(case(app(CGO, NET), app(std("net")), around(target)))
    assert system in nothing.title
    assert nothing.possible
    # A stub is no way out there either.
    zig, linked, pure = ways(case(app(CGO, SQLITE), app(STUB), around(target)))
    assert zig.chosen
    assert zig.command.startswith("staticgo build ")
    for way_out in (zig, linked):
        assert system in way_out.title
        assert way_out.possible
    assert not pure.possible
    assert "stub" in pure.why


def test_on_a_bsd_no_musl_is_spoken_of() -> None:
    found = ways(case(app(CGO, SQLITE), app(STUB), around("freebsd/amd64")))
    assert not [one for one in found if "musl" in one.title]
    assert [one.chosen for one in found if "freebsd's own libc" in one.title] == [True]


def test_the_user_s_tags_and_target_are_kept_in_commands() -> None:
    flags = BuildFlags(tags=("sqlite_fts5", "netgo"))
    found = case(app(CGO, SQLITE), app(STUB), around("linux/arm64"), flags)
    assert "--tags sqlite_fts5" in way(found, "zig").command
    assert "--target linux/arm64" in way(found, "zig").command
    pure = way(found, "do without cgo").command
    assert pure.startswith("GOOS=linux GOARCH=arm64 ")
    assert "-tags sqlite_fts5,netgo" in pure


def test_a_package_with_odd_signs_is_quoted() -> None:
    odd = dataclasses.replace(C_STUB, package="my app; x", go_words=("my dir", "./my app; x"))
    for one in ways(odd):
        if one.command.startswith("staticgo"):
            assert "my app; x" in shlex.split(one.command)
        elif "build" in one.command:
            words = shlex.split(one.command)
            assert words[words.index("-C") + 1] == "my dir"
            assert words[-1] == "./my app; x"


def test_a_remote_program_is_installed() -> None:
    remote = dataclasses.replace(NET_ONLY, package="example.com/app@v1.0.0", remote=True)
    found = way(remote, "do without cgo")
    assert found.command == "CGO_ENABLED=0 go install example.com/app@v1.0.0"


def test_variants_and_resets_are_typed() -> None:
    arm = dataclasses.replace(
        NET_ONLY, around=around("linux/arm/v7"), resets=("GOFLAGS=-mod=mod", "GO_EXTLINK_ENABLED=")
    )
    words = way(arm, "do without cgo").command.split()
    assert words[:5] == [
        "GOOS=linux",
        "GOARCH=arm",
        "GOARM=7",
        "GOFLAGS=-mod=mod",
        "GO_EXTLINK_ENABLED=",
    ]


def test_glibc_is_linked_by_a_compiler_for_it() -> None:
    musl = dataclasses.replace(MIXED, around=around(cc=("musl-gcc",)))
    assert "CC=gcc" in way(musl, "glibc").command
    assert "CC=" not in way(MIXED, "glibc").command


def test_what_no_windows_has_is_no_nothing_to_do() -> None:
    answer = LinkAnswer(linkage=Linkage.DYNAMIC, needed=("foo.dll",), machine="amd64")
    found = case(app(CGO, LIBRARY), app(LESS), around("windows/amd64"), answer=answer)
    assert [w.title for w in ways(found)] == ["link statically what is no part of windows"]


def test_a_replacement_is_the_whole_way_only_where_no_other_c_is_left() -> None:
    alone = way(C_STUB, "modernc.org/sqlite")
    assert "CGO_ENABLED=0" in alone.why
    beside = way(case(app(CGO, SQLITE, LIBRARY), app(STUB, LESS)), "modernc.org/sqlite")
    assert "still needs C" in beside.why
    remote = dataclasses.replace(C_STUB, remote=True)
    assert not [one for one in ways(remote) if "modernc.org" in one.title]
