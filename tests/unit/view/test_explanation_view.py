"""An explanation, a comparison and a graph as text."""

from __future__ import annotations

import dataclasses
import json
import random
import re
from collections.abc import Callable, Iterator

import pytest

from staticgo.facts.platforms import resolve
from staticgo.linking.cgo import cgo_packages
from staticgo.linking.compare import compare
from staticgo.linking.flags import build_flags, linker_flags
from staticgo.linking.lacks import lacks
from staticgo.linking.mode import decide
from staticgo.linking.predict import predict
from staticgo.linking.ways import Case, ways
from staticgo.model.binary import Linkage
from staticgo.model.explanation import CgoPackage, Explanation, Origin, WithoutCgo
from staticgo.model.linking import (
    GoFlags,
    Ignored,
    LinkAnswer,
    LinkMode,
    Prediction,
    Sources,
    Stop,
)
from staticgo.model.plan import Policy
from staticgo.planning.choose import choose
from staticgo.view.dot import dot
from staticgo.view.explanation import comparison, explanation, tree
from staticgo.view.jsonable import to_json
from tests.unit.linking.given import around
from tests.unit.planning.given import program, recorded

Golden = Callable[[str, str], None]
ANSWER = LinkAnswer(
    linkage=Linkage.DYNAMIC,
    interpreter="/lib64/ld-linux-x86-64.so.2",
    needed=("libc.so.6",),
    machine="amd64",
)


def explained(
    name: str, *, cgo: bool = True, words: tuple[str, ...] = (), target: str = "linux/amd64"
) -> Explanation:
    """The explanation of a recorded program, as the verb puts it together."""
    facts = program(name)
    # As plain `go build` finds it, where that is another graph than the planner's.
    with_cgo = recorded(name, "plain") if name == "whoami" else facts.with_cgo
    surroundings = around(target, cgo=cgo, cgo_why=f"CGO_ENABLED={int(cgo)} is given")
    graph = with_cgo if cgo else facts.without_cgo
    flags = build_flags(words, "", graph.root)
    linker = linker_flags(flags.linker)
    decision = decide(graph, flags, linker, surroundings)
    answer = ANSWER if cgo and with_cgo.cgo_packages else None
    said = predict(graph, flags, linker, surroundings, decision, answer, Sources())
    brought = cgo_packages(with_cgo, facts.without_cgo, Sources())
    choice = choose(facts, Policy(), resolve("linux/amd64"))
    case = Case(
        package=f"./{name}",
        go_words=("", f"./{name}"),
        around=surroundings,
        flags=flags,
        graph=with_cgo,
        cgo=brought,
        prediction=said,
        strategy=choice.strategy,
        reason=choice.reasons[0].why,
        tags=choice.tags,
    )
    return Explanation(
        package=graph.root,
        target=surroundings.target,
        go_version="1.26.8",
        go_line="1.24",
        flags=GoFlags(words=words),
        cgo=cgo,
        cgo_why=surroundings.cgo_why,
        packages=len(graph.packages),
        prediction=said,
        cgo_packages=brought,
        ways=ways(case),
        lacks=tuple(lacks(graph, Sources(), surroundings.target.os, flags.tags)),
        strategy=choice.strategy,
    )


@pytest.mark.parametrize("name", ["hello", "whoami", "notes", "goatcounter"])
def test_recorded_programs(golden: Golden, name: str) -> None:
    golden(f"explain/{name}.txt", explanation(explained(name)))


def test_the_trap(golden: Golden) -> None:
    words = ("-ldflags", "-extldflags=-static")
    golden("explain/trap.txt", explanation(explained("whoami", words=words)))


def test_a_build_that_fails(golden: Golden) -> None:
    found = explained("notes", cgo=False, words=("-ldflags=-static",))
    golden("explain/fails.txt", explanation(found))


def test_two_sides(golden: Golden) -> None:
    sides = explained("whoami"), explained("whoami", cgo=False, target="linux/arm64")
    found = compare(*sides, ("linux/amd64", "linux/arm64"))
    golden("explain/comparison.txt", comparison(found))


def test_json(golden: Golden) -> None:
    golden("explain/whoami.json", to_json((explained("whoami"),)))


def test_graphs(golden: Golden) -> None:
    golden("explain/goatcounter.dot", dot([explained("goatcounter")]))
    sides = [explained("whoami"), explained("hello", target="linux/arm64")]
    golden("explain/two.dot", dot(sides))


NASTY = 'a"; evil [b]\\" -> {c}\x1b[31m\r\x00\u202e<b>&amp;%s'


def nasty() -> Explanation:
    """An explanation whose every name tries to break out of where it is put."""
    package = CgoPackage(
        path=NASTY,
        version=NASTY,
        origin=Origin.MODULE,
        chain=(NASTY + "root", NASTY),
        compiles=((NASTY, 1),),
        libraries=(NASTY,),
        pkg_config=(NASTY,),
        without=WithoutCgo.NOTHING,
        note=NASTY,
    )
    found = explained("hello")
    said = Prediction(
        stop=Stop(what=NASTY, why=f"{NASTY}\n{NASTY}", fix=NASTY),
        mode=LinkMode.EXTERNAL,
        rule=NASTY,
        linkage=Linkage.DYNAMIC,
        why=NASTY,
        interpreter=NASTY,
        needed=(NASTY,),
        ignored=(Ignored(flag=NASTY, why=NASTY),),
    )
    return dataclasses.replace(
        found,
        package=NASTY + "root",
        go_version=NASTY,
        flags=GoFlags(settings=(("CC", NASTY),), words=(NASTY,)),
        cgo_why=NASTY,
        prediction=said,
        cgo_packages=(package,),
        refusal=NASTY,
        ways=tuple(
            dataclasses.replace(way, title=NASTY, command=NASTY, why=NASTY) for way in found.ways
        ),
    )


def test_no_control_sign_reaches_a_terminal() -> None:
    found = nasty()
    both = compare(found, explained("whoami"), (NASTY, "now"))
    for text in (explanation(found), comparison(both), dot([found, found])):
        assert all(sign.isprintable() or sign == "\n" for sign in text)


def test_what_stands_in_quotes_stays_there() -> None:
    """Without its quoted strings, a graph holds nothing but the words that the view itself writes."""
    text = dot([nasty(), nasty()])
    bare = re.sub(r'"(?:[^"\\\n]|\\.)*"', "", text)
    assert '"' not in bare
    words = set(re.findall(r"\w+", bare)) - {f"cluster_{n}" for n in range(2)}
    assert words <= {
        *("digraph", "cgo", "rankdir", "LR", "node", "shape", "box", "subgraph", "label", "style"),
        *("filled", "fillcolor", "salmon", "khaki", "palegreen"),
    }


def test_json_holds_every_sign() -> None:
    (found,) = json.loads(to_json((nasty(),)))
    assert found["cgo_packages"][0]["path"] == NASTY


def package(*chain: str) -> CgoPackage:
    return CgoPackage(
        path=chain[-1],
        version="",
        origin=Origin.OWN,
        chain=chain,
        compiles=(),
        libraries=(),
        pkg_config=(),
        without=WithoutCgo.NOTHING,
        note="",
    )


def names(lines: Iterator[str]) -> list[str]:
    return [line.partition("  [")[0] for line in lines]


def test_chains_are_joined_where_they_begin_alike() -> None:
    found = (package("r", "a", "b"), package("r", "a", "c"), package("r", "d", "e", "f"))
    assert names(tree(found)) == [
        "r",
        "├─ a",
        "│  ├─ b",
        "│  └─ c",
        "└─ d",
        "   └─ e",
        "      └─ f",
    ]


def test_a_package_that_nobody_imports_stands_alone() -> None:
    alone = dataclasses.replace(package("runtime/race"), chain=())
    assert names(tree((package("r", "a"), alone))) == ["r", "└─ a", "runtime/race"]


def test_a_package_on_the_way_to_another_is_shown_once() -> None:
    assert names(tree((package("r", "a"), package("r", "a", "b")))) == ["r", "└─ a", "   └─ b"]


def recursive(children: dict[str, list[str]], parent: str, indent: str = "") -> Iterator[str]:
    """A tree, drawn the plain way."""
    below = children.get(parent, [])
    for child in below:
        last = child == below[-1]
        yield f"{indent}{'└─ ' if last else '├─ '}{child}"
        yield from recursive(children, child, indent + ("   " if last else "│  "))


@pytest.mark.parametrize("seed", range(20))
def test_trees_of_any_shape(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - shapes, no secrets
    chains: dict[str, tuple[str, ...]] = {"n0": ("n0",)}
    children: dict[str, list[str]] = {}
    for number in range(1, 25):
        name, parent = f"n{number}", chance.choice(list(chains))
        chains[name] = (*chains[parent], name)
    for chain in list(chains.values())[1:]:
        children.setdefault(chain[-2], []).append(chain[-1])
    found = tuple(package(*chain) for chain in list(chains.values())[1:])
    assert names(tree(found)) == ["n0", *recursive(children, "n0")]


def test_a_deep_chain_is_drawn_in_bounded_width() -> None:
    chain = tuple(f"p{number}" for number in range(3_000))
    lines = list(tree((package(*chain),)))
    assert len(lines) == 3_000
    assert max(map(len, lines)) < 200
