"""The import chains to cgo as a graph in Graphviz's language (https://graphviz.org/doc/info/lang.html)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from staticgo.model.explanation import CgoPackage, Explanation, WithoutCgo

_COLOURS = {
    WithoutCgo.SAME: "palegreen",
    WithoutCgo.LESS: "khaki",
    WithoutCgo.ABSENT: "khaki",
    WithoutCgo.STUB: "salmon",
    WithoutCgo.NOTHING: "salmon",
}


def dot(found: Sequence[Explanation]) -> str:
    """One graph, with a cluster for each explanation where there are several."""
    lines = ["digraph cgo {", "  rankdir=LR;", "  node [shape=box];"]
    for number, one in enumerate(found):
        if len(found) > 1:
            label = f"{one.target} {one.flags}".strip()
            lines += [f"  subgraph cluster_{number} {{", f"    label={_quoted(label)};"]
        prefix = f"{number}:" if len(found) > 1 else ""
        lines += [f"  {line}" for line in _graph(one, prefix)]
        if len(found) > 1:
            lines.append("  }")
    return "\n".join([*lines, "}"]) + "\n"


def _graph(found: Explanation, prefix: str) -> Iterator[str]:
    notes = {package.path: package for package in found.cgo_packages}
    nodes = {found.package: None}
    edges: dict[tuple[str, str], None] = {}
    for package in found.cgo_packages:
        nodes |= dict.fromkeys((*package.chain, package.path))
        edges |= dict.fromkeys(zip(package.chain, package.chain[1:], strict=False))
    for path in nodes:
        label = _quoted(_label(path, notes.get(path)))
        yield f"{_quoted(prefix + path)} [label={label}{_colour(notes.get(path))}];"
    for parent, child in edges:
        yield f"{_quoted(prefix + parent)} -> {_quoted(prefix + child)};"


def _label(path: str, package: CgoPackage | None) -> str:
    if package is None:
        return path
    compiled = ", ".join(f"{count} {kind}" for kind, count in package.compiles)
    return "\n".join(filter(None, (path, package.version, compiled, " ".join(package.libraries))))


def _colour(package: CgoPackage | None) -> str:
    return f", style=filled, fillcolor={_COLOURS[package.without]}" if package else ""


def _quoted(text: str) -> str:
    """A name in Graphviz's quotes; what is not printable cannot end it."""
    plain = "".join(c if c.isprintable() or c == "\n" else "?" for c in text)
    escaped = plain.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
