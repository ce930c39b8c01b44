"""Each rule of determineLinkMode and mustLinkExternal, on small graphs."""

from __future__ import annotations

import pytest

from staticgo.linking.mode import decide, is_pie, outside_packages, uses_cgo
from staticgo.model.linking import BuildFlags, LinkerFlags, LinkMode
from staticgo.model.project import Graph
from tests.unit.linking.given import (
    CGO,
    NET_APP,
    PURE_APP,
    SQLITE_APP,
    app,
    around,
    foreign,
    std,
)
from tests.unit.planning.given import program, recorded

INTERNAL, EXTERNAL = LinkMode.INTERNAL, LinkMode.EXTERNAL
SYSO_APP = app(foreign("example.org/o/syso", syso_files=("a.syso",)))
SYSO_CGO_APP = app(CGO, foreign("example.org/o/syso", syso_files=("a.syso",)))
RACE_APP = app(CGO, std("runtime/race", "runtime/cgo", cgo=True))

# graph, target, flags, mode, words of the rule
RULES = [
    (PURE_APP, "linux/amd64", BuildFlags(), INTERNAL, "no package"),
    (NET_APP, "linux/amd64", BuildFlags(), INTERNAL, "net"),
    (app(CGO), "linux/amd64", BuildFlags(), INTERNAL, "runtime/cgo"),
    (RACE_APP, "linux/amd64", BuildFlags(race=True), INTERNAL, "runtime/race"),
    (SQLITE_APP, "linux/amd64", BuildFlags(), EXTERNAL, "github.com/mattn/go-sqlite3"),
    # Object files alone, without cgo, are Go's own linker's to refuse or take.
    (SYSO_APP, "linux/amd64", BuildFlags(), INTERNAL, "no package"),
    (SYSO_CGO_APP, "linux/amd64", BuildFlags(), EXTERNAL, "example.org/o/syso"),
    # What the platform or a flag forces.
    (PURE_APP, "linux/amd64", BuildFlags(msan=True), EXTERNAL, "-msan"),
    (PURE_APP, "linux/arm64", BuildFlags(asan=True), EXTERNAL, "-asan"),
    (PURE_APP, "linux/amd64", BuildFlags(linkshared=True), EXTERNAL, "-linkshared"),
    (PURE_APP, "linux/amd64", BuildFlags(mode="c-archive"), EXTERNAL, "c-archive"),
    (PURE_APP, "linux/amd64", BuildFlags(mode="c-shared"), EXTERNAL, "c-shared"),
    (PURE_APP, "linux/amd64", BuildFlags(mode="plugin"), EXTERNAL, "plugin"),
    (PURE_APP, "linux/amd64", BuildFlags(mode="shared"), EXTERNAL, "shared"),
    (PURE_APP, "wasip1/wasm", BuildFlags(mode="c-shared"), INTERNAL, "no package"),
    (PURE_APP, "linux/amd64", BuildFlags(mode="pie"), INTERNAL, "no package"),
    (PURE_APP, "linux/386", BuildFlags(mode="pie"), EXTERNAL, "position-independent"),
    (PURE_APP, "linux/riscv64", BuildFlags(mode="pie"), EXTERNAL, "position-independent"),
    (PURE_APP, "freebsd/amd64", BuildFlags(mode="pie"), EXTERNAL, "position-independent"),
    (PURE_APP, "linux/386", BuildFlags(mode="exe"), INTERNAL, "no package"),
    (PURE_APP, "linux/mips", BuildFlags(), INTERNAL, "no package"),
    (NET_APP, "linux/mips", BuildFlags(), EXTERNAL, "linux/mips"),
    (NET_APP, "linux/mipsle", BuildFlags(), EXTERNAL, "linux/mipsle"),
    (NET_APP, "linux/mips64", BuildFlags(), EXTERNAL, "linux/mips64"),
    (NET_APP, "linux/mips64le", BuildFlags(), EXTERNAL, "linux/mips64le"),
    (NET_APP, "linux/ppc64", BuildFlags(), EXTERNAL, "linux/ppc64"),
    (NET_APP, "linux/ppc64le", BuildFlags(), INTERNAL, "net"),
    (PURE_APP, "aix/ppc64", BuildFlags(), INTERNAL, "no package"),
    (NET_APP, "aix/ppc64", BuildFlags(), EXTERNAL, "aix/ppc64"),
    (NET_APP, "openbsd/ppc64", BuildFlags(), INTERNAL, "net"),
    (PURE_APP, "dragonfly/amd64", BuildFlags(), INTERNAL, "no package"),
    (NET_APP, "dragonfly/amd64", BuildFlags(), EXTERNAL, "dragonfly"),
    (PURE_APP, "android/arm64", BuildFlags(), INTERNAL, "no package"),
    (app(CGO), "android/arm64", BuildFlags(), EXTERNAL, "android/arm64"),
    (PURE_APP, "android/arm", BuildFlags(), EXTERNAL, "always"),
    (PURE_APP, "android/amd64", BuildFlags(), EXTERNAL, "always"),
    (PURE_APP, "ios/arm64", BuildFlags(), EXTERNAL, "always"),
    (PURE_APP, "ios/amd64", BuildFlags(), EXTERNAL, "position-independent"),
    (PURE_APP, "darwin/arm64", BuildFlags(), INTERNAL, "no package"),
    (PURE_APP, "windows/amd64", BuildFlags(), INTERNAL, "no package"),
]


@pytest.mark.parametrize(
    ("graph", "target", "flags", "mode", "words"),
    RULES,
    ids=[f"{r[1]}-{r[2].mode}-{r[3]}-{i}" for i, r in enumerate(RULES)],
)
def test_who_links(
    graph: Graph, target: str, flags: BuildFlags, mode: LinkMode, words: str
) -> None:
    decision = decide(graph, flags, LinkerFlags(), around(target))
    assert decision.mode is mode
    assert words in decision.rule
    assert decision.stop is None


@pytest.mark.parametrize(
    ("linkmode", "extlink", "mode"),
    [
        ("external", "", EXTERNAL),
        ("internal", "", INTERNAL),
        ("auto", "1", EXTERNAL),
        ("auto", "0", INTERNAL),
        ("auto", "", INTERNAL),
        ("auto", "nonsense", INTERNAL),
        ("internal", "1", INTERNAL),
        ("external", "0", EXTERNAL),
    ],
)
def test_the_user_s_word_counts(linkmode: str, extlink: str, mode: LinkMode) -> None:
    decision = decide(NET_APP, BuildFlags(), LinkerFlags(mode=linkmode), around(extlink=extlink))
    assert decision.mode is mode
    if linkmode != "auto":
        assert "-linkmode" in decision.rule
    elif extlink in ("0", "1"):
        assert "GO_EXTLINK_ENABLED" in decision.rule


@pytest.mark.parametrize(
    ("flags", "linkmode", "extlink"),
    [(BuildFlags(msan=True), "internal", ""), (BuildFlags(mode="c-shared"), "auto", "0")],
)
def test_internal_against_what_is_forced_is_refused(
    flags: BuildFlags, linkmode: str, extlink: str
) -> None:
    decision = decide(PURE_APP, flags, LinkerFlags(mode=linkmode), around(extlink=extlink))
    assert decision.stop is not None
    assert "external linking is required" in decision.stop.what


def test_internal_for_foreign_c_is_tried_as_asked() -> None:
    """Only what is forced is refused; a C object that cannot be loaded is found later."""
    decision = decide(SQLITE_APP, BuildFlags(), LinkerFlags(mode="internal"), around())
    assert (decision.mode, decision.stop) == (INTERNAL, None)


def test_flags_that_go_does_not_trust_itself_to_link() -> None:
    odd = around(odd_cflags=("-flto",))
    decision = decide(NET_APP, BuildFlags(), LinkerFlags(), odd)
    assert decision.mode is EXTERNAL
    assert "-flto" in decision.rule
    assert decide(PURE_APP, BuildFlags(), LinkerFlags(), odd).mode is INTERNAL


def test_a_trial_link_that_fails_makes_go_call_the_c_linker() -> None:
    decision = decide(NET_APP, BuildFlags(), LinkerFlags(), around(), dynimport_failed="net")
    assert decision.mode is EXTERNAL
    assert "net" in decision.rule


def test_many_packages_with_c_are_counted() -> None:
    many = app(CGO, *(foreign(f"example.org/c/p{i}", cgo_files=("a.go",)) for i in range(5)))
    rule = decide(many, BuildFlags(), LinkerFlags(), around()).rule
    assert "p0" in rule
    assert "p4" not in rule
    assert "2 more" in rule


def test_dragonfly_does_not_trust_net_and_user() -> None:
    assert outside_packages(NET_APP, around("linux/amd64")) == ()
    assert [p.path for p in outside_packages(NET_APP, around("dragonfly/amd64"))] == ["net"]


@pytest.mark.parametrize(
    ("target", "flags", "pie"),
    [
        ("linux/amd64", BuildFlags(), False),
        ("linux/amd64", BuildFlags(mode="pie"), True),
        ("android/arm64", BuildFlags(), True),
        ("darwin/amd64", BuildFlags(), True),
        ("darwin/amd64", BuildFlags(mode="exe"), False),
        ("windows/amd64", BuildFlags(), True),
        ("windows/amd64", BuildFlags(race=True), False),
        ("freebsd/amd64", BuildFlags(), False),
    ],
)
def test_position_independence_by_default(target: str, flags: BuildFlags, *, pie: bool) -> None:
    assert is_pie(flags, around(target)) is pie


@pytest.mark.parametrize(
    ("name", "with_cgo", "without_cgo"),
    [
        ("hello", INTERNAL, INTERNAL),
        ("whoami", INTERNAL, INTERNAL),
        ("notes", EXTERNAL, INTERNAL),
        ("goatcounter", EXTERNAL, INTERNAL),
        ("owncgo", EXTERNAL, INTERNAL),
    ],
)
def test_recorded_programs(name: str, with_cgo: LinkMode, without_cgo: LinkMode) -> None:
    facts = program(name)
    for graph, mode in ((facts.with_cgo, with_cgo), (facts.without_cgo, without_cgo)):
        assert decide(graph, BuildFlags(), LinkerFlags(), around()).mode is mode
    assert not uses_cgo(facts.without_cgo)


def test_net_and_user_alone_are_the_trap() -> None:
    """With cgo in them, Go still links itself, and ignores what the C linker is told."""
    graph = recorded("whoami", "plain")
    decision = decide(graph, BuildFlags(), LinkerFlags(extldflags=("-static",)), around())
    assert uses_cgo(graph)
    assert decision.mode is INTERNAL
    assert "net, os/user" in decision.rule
