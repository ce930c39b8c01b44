"""Holds two explanations side by side. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from staticgo.model.comparison import Comparison, Difference
from staticgo.model.explanation import CgoPackage, Explanation
from staticgo.model.project import Graph


def compare(
    left: Explanation,
    right: Explanation,
    names: tuple[str, str],
    graphs: tuple[Graph, Graph] | None = None,
    lines: tuple[str, ...] = (),
) -> Comparison:
    """What is different, causes first. `graphs` tell which imports came or went; `lines` are passed on."""
    return Comparison(
        left_name=names[0],
        right_name=names[1],
        left=left,
        right=right,
        differences=tuple(
            row
            for row in _rows(left, right)
            if row.left != row.right and (row.left, row.right) != names  # what they are called by
        ),
        imports=tuple(_imports(left, right, *graphs)) if graphs else (),
        lines=lines,
    )


def _rows(left: Explanation, right: Explanation) -> Iterator[Difference]:
    both = [_facts(side) for side in (left, right)]
    for topic in both[0]:
        yield Difference(topic=topic, left=both[0][topic], right=both[1][topic])
    yield from _packages(left, right)


def _facts(side: Explanation) -> dict[str, str]:
    found = side.prediction
    return {
        "target": str(side.target),
        "flags": str(side.flags) or "none",
        "Go": side.go_version,
        "go line of go.mod": side.go_line or "none",
        "cgo": f"{'on' if side.cgo else 'off'}: {side.cgo_why}",
        "build": f"fails: {found.stop.what}" if found.stop else "succeeds",
        "stubs": "; ".join(found.stubs) or "none",
        "link mode": f"{found.mode}: {found.rule}" if found.rule else str(found.mode),
        "linkage": f"{found.linkage}: {found.why}",
        "interpreter": found.interpreter or "none",
        "libraries": ", ".join(found.needed) or "none",
        "ignored": "; ".join(item.flag for item in found.ignored) or "nothing",
    }


def _packages(left: Explanation, right: Explanation) -> Iterator[Difference]:
    sides = [{package.path: package for package in side.cgo_packages} for side in (left, right)]
    for path in sorted(sides[0].keys() | sides[1].keys()):
        yield Difference(
            topic=f"cgo in {path}", left=_state(sides[0], path), right=_state(sides[1], path)
        )


def _state(side: dict[str, CgoPackage], path: str) -> str:
    package = side.get(path)
    if package is None:
        return "none"
    compiled = ", ".join(f"{count} {kind}" for kind, count in package.compiles)
    wants = " ".join((*package.libraries, *package.pkg_config))
    return " ".join(filter(None, (package.version, compiled, wants)))


def _imports(left: Explanation, right: Explanation, before: Graph, after: Graph) -> Iterator[str]:
    """The step of each new chain that the other side does not have, and of each that is gone."""
    for verb, side, other, graph in (
        ("now imports", right, left, before),
        ("no longer imports", left, right, after),
    ):
        known = {package.path for package in other.cgo_packages}
        edges = {package.path: set(package.imports) for package in graph.packages}
        seen = set()
        for package in side.cgo_packages:
            if package.path in known:
                continue
            steps = zip(package.chain, package.chain[1:], strict=False)
            step = next(((a, b) for a, b in steps if b not in edges.get(a, ())), None)
            if step is None:
                yield f"{package.path} {'now uses' if side is right else 'no longer uses'} cgo"
            elif step not in seen:
                seen.add(step)
                tail = package.chain[package.chain.index(step[1]) :]
                via = f" ({' -> '.join(tail)})" if len(tail) > 1 else ""
                yield f"{step[0]} {verb} {step[1]}, which brings in cgo{via}"
