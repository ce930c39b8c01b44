"""Two explanations side by side: what is different, and which import made it so."""

from __future__ import annotations

from typing import Any

import pytest

from staticgo.app.since import steering_lines
from staticgo.linking.cgo import cgo_packages
from staticgo.linking.compare import compare
from staticgo.model.binary import Linkage
from staticgo.model.comparison import Comparison
from staticgo.model.explanation import Explanation
from staticgo.model.linking import GoFlags, LinkMode, Prediction, Sources, Stop
from staticgo.model.project import Graph
from staticgo.model.target import Target
from tests.unit.linking.given import CGO, NET, PURE_APP, ROOT, SQLITE, app, foreign, std


def explained(graph: Graph, **changes: Any) -> Explanation:
    cgo = cgo_packages(graph, None, Sources())
    said = Prediction(
        stop=changes.pop("stop", None),
        mode=LinkMode.INTERNAL,
        rule="a rule",
        linkage=Linkage.DYNAMIC if cgo else Linkage.STATIC,
        why="a reason",
    )
    fields = {
        "package": graph.root,
        "target": Target(os="linux", arch="amd64"),
        "go_version": "1.26.8",
        "go_line": "1.24",
        "flags": GoFlags(),
        "cgo": True,
        "cgo_why": "a setting",
        "packages": len(graph.packages),
        "prediction": said,
        "cgo_packages": cgo,
        "ways": (),
        "lacks": (),
        "strategy": None,
    }
    return Explanation(**{**fields, **changes})


def between(left: Graph, right: Graph) -> Comparison:
    return compare(explained(left), explained(right), ("v1", "now"), graphs=(left, right))


def topics(found: Comparison) -> list[str]:
    return [difference.topic for difference in found.differences]


def test_nothing_is_different_from_itself() -> None:
    found = between(PURE_APP, PURE_APP)
    assert (found.differences, found.imports, found.turned) == ((), (), False)


@pytest.mark.parametrize(
    ("changes", "topic"),
    [
        ({"go_version": "1.25.0"}, "Go"),
        ({"go_line": "1.25"}, "go line of go.mod"),
        ({"cgo": False}, "cgo"),
        ({"flags": GoFlags(words=("-race",))}, "flags"),
        ({"target": Target(os="linux", arch="arm64")}, "target"),
        ({"stop": Stop(what="no", why="no")}, "build"),
    ],
)
def test_each_fact_is_held_side_by_side(changes: dict[str, Any], topic: str) -> None:
    found = compare(explained(PURE_APP), explained(PURE_APP, **changes), ("a", "b"))
    (difference,) = found.differences
    assert difference.topic == topic
    assert difference.left != difference.right
    assert found.turned is (topic == "build")


def test_what_the_sides_are_called_by_is_not_repeated() -> None:
    arm = explained(PURE_APP, target=Target(os="linux", arch="arm64"))
    assert topics(compare(explained(PURE_APP), arm, ("linux/amd64", "linux/arm64"))) == []


def test_an_import_was_added_and_dropped() -> None:
    dns = foreign("example.org/x/dns", "net")
    before, after = app(), Graph(root=ROOT, packages=app(CGO, NET, dns).packages)
    main = app(dns).packages[-1]
    after = Graph(root=ROOT, packages=(CGO, NET, dns, main))
    found = between(before, after)
    (news,) = found.imports
    assert news.startswith(f"{ROOT} now imports example.org/x/dns")
    assert "example.org/x/dns -> net" in news
    assert "cgo in net" in topics(found)
    assert found.turned
    (back,) = between(after, before).imports
    assert "no longer imports example.org/x/dns" in back


def test_one_import_that_brings_two_packages_is_said_once() -> None:
    both = foreign("example.org/x/both", "net", SQLITE.path)
    after = Graph(root=ROOT, packages=(CGO, NET, SQLITE, both, app(both).packages[-1]))
    assert len(between(app(), after).imports) == 1


def test_a_step_deep_in_the_chain_is_found() -> None:
    old, new = foreign("example.org/x/deep"), foreign("example.org/x/deep", "net")
    before = Graph(root=ROOT, packages=(old, app(old).packages[-1]))
    after = Graph(root=ROOT, packages=(CGO, NET, new, app(new).packages[-1]))
    (news,) = between(before, after).imports
    assert news.startswith("example.org/x/deep now imports net")


def test_a_package_that_begins_to_use_cgo() -> None:
    (news,) = between(app(std("net")), app(CGO, NET)).imports
    assert news == "net now uses cgo"
    (back,) = between(app(CGO, NET), app(std("net"))).imports
    assert back == "net no longer uses cgo"


DIFF = """diff --git Makefile Makefile
--- Makefile
+++ Makefile
@@ -1 +1 @@
-	CGO_ENABLED=0 go build
+	go build -race
@@ -9 +9 @@
-	echo one
+	echo two
diff --git Dockerfile Dockerfile
--- /dev/null
+++ Dockerfile
@@ -0,0 +1 @@
+ENV CGO_ENABLED=1
"""


def test_lines_that_steer_the_build() -> None:
    assert list(steering_lines(DIFF)) == [
        "- Makefile: CGO_ENABLED=0 go build",
        "+ Makefile: go build -race",
        "+ Dockerfile: ENV CGO_ENABLED=1",
    ]
    assert list(steering_lines("")) == []
