"""What `explain` says, as plain text."""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Iterator

from staticgo.model.comparison import Comparison
from staticgo.model.explanation import CgoPackage, Explanation, Origin, Way, WithoutCgo
from staticgo.model.linking import LinkMode
from staticgo.view.words import printable

_WIDTH = 100
_LABEL = 14
_DEEPEST = 3 * 30
"""Columns after which a branch stands no further to the right than the one above it."""
_MODES = {
    LinkMode.INTERNAL: "Go's own linker (internal)",
    LinkMode.EXTERNAL: "the C linker (external)",
}
_ORIGINS = {Origin.GO: "Go's own", Origin.OWN: "your own"}
_WITHOUT = {
    WithoutCgo.SAME: "works without cgo",
    WithoutCgo.STUB: "a stub without cgo",
    WithoutCgo.LESS: "less without cgo",
    WithoutCgo.NOTHING: "breaks without cgo",
    WithoutCgo.ABSENT: "not there without cgo",
}


def explanation(found: Explanation) -> str:
    """One explanation in full."""
    blocks = [
        [f"{printable(found.package)} for {found.target}, Go {printable(found.go_version)}"],
        list(_prediction(found)),
        list(_cgo(found)),
        list(_ways(found)),
        list(_lacks(found)),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _prediction(found: Explanation) -> Iterator[str]:
    said = found.prediction
    settings = [f"{name}={shlex.quote(value)}" for name, value in found.flags.settings]
    words = [*settings, "go build", *map(shlex.quote, found.flags.words)]
    head = f"{printable(' '.join(words))}: "
    if said.stop is not None:
        yield f"{head}FAILS"
        yield from _row("because", said.stop.what)
        for line in said.stop.why.splitlines()[:8]:
            yield from _row("", line)
        if said.stop.fix:
            yield from _row("next", said.stop.fix)
    else:
        yield f"{head}{said.linkage}{', BUT A STUB' if said.stubs else ''}"
        for stub in said.stubs:
            yield from _row("but", stub)
        yield from _row("because", said.why)
    if said.rule:
        yield from _row("linked by", f"{_MODES.get(said.mode, said.mode)}: {said.rule}")
    if said.stop is None:
        if said.interpreter:
            yield from _row("interpreter", said.interpreter)
        if said.needed:
            yield from _row("libraries", ", ".join(said.needed))
    yield from _row("cgo", f"{'on' if found.cgo else 'off'}: {found.cgo_why}")
    for item in said.ignored:
        yield from _row("ignored", f"{item.flag}: {item.why}")


def _cgo(found: Explanation) -> Iterator[str]:
    if not found.cgo_packages:
        yield f"none of its {found.packages} packages uses cgo"
        return
    count = len(found.cgo_packages)
    also = "" if found.cgo else " (when it is on)"
    verb = "uses" if count == 1 else "use"
    yield f"{count} of its {found.packages} packages {verb} cgo{also}, brought in by"
    yield from (f"  {line}" for line in tree(found.cgo_packages))


def tree(packages: tuple[CgoPackage, ...]) -> Iterator[str]:
    """The import chains to the packages, joined where they begin alike."""
    children: dict[str, list[str]] = {}
    for package in packages:
        for parent, child in zip(package.chain, package.chain[1:], strict=False):
            siblings = children.setdefault(parent, [])
            if child not in siblings:
                siblings.append(child)
    roots = dict.fromkeys(package.chain[0] for package in packages if package.chain)
    notes = {package.path: package for package in packages}
    for root in roots:
        yield _node(root, notes)
        yield from _branches(root, children, notes)
    # Linked in by a flag, and imported by nobody.
    yield from (_node(package.path, notes) for package in packages if not package.chain)


def _branches(
    root: str, children: dict[str, list[str]], notes: dict[str, CgoPackage]
) -> Iterator[str]:
    """What is below the root. A chain of imports may be longer than Python's stack is deep."""
    waiting = [(child, "") for child in reversed(children.get(root, []))]
    while waiting:
        path, indent = waiting.pop()
        last = not waiting or waiting[-1][1] != indent
        yield f"{indent}{'└─ ' if last else '├─ '}{_node(path, notes)}"
        below = indent + ("   " if last else "│  ") if len(indent) < _DEEPEST else indent
        waiting += [(child, below) for child in reversed(children.get(path, []))]


def _node(path: str, notes: dict[str, CgoPackage]) -> str:
    package = notes.get(path)
    if package is None:
        return printable(path)
    facts = [
        _ORIGINS.get(package.origin, package.version),
        ", ".join(f"{n} {kind} file{'s' * (n > 1)}" for kind, n in package.compiles),
        " ".join(package.libraries),
        f"pkg-config {' '.join(package.pkg_config)}" if package.pkg_config else "",
        _WITHOUT[package.without],
    ]
    return printable(f"{path}  [{'; '.join(filter(None, facts))}]")


def _ways(found: Explanation) -> Iterator[str]:
    yield "ways to a static program"
    for number, way in enumerate((w for w in found.ways if w.possible), 1):
        yield from _way(f"{number}.", way)
    closed = [way for way in found.ways if not way.possible]
    for way in closed:
        yield from _wrapped("   - ", f"not: {way.title}: {way.why}")
    if found.refusal:
        yield from _wrapped("   ! ", f"staticgo build would not do it: {found.refusal}")


def _way(mark: str, way: Way) -> Iterator[str]:
    yield from _wrapped(f"  {mark} ", f"{way.title}: {way.why}")
    if way.command:
        yield f"       {printable(way.command)}"
    if way.chosen:
        yield "       (this is what `staticgo build` does)"
    for cost in way.costs:
        yield from _wrapped(f"     {cost.kind}: ", cost.text)


def _lacks(found: Explanation) -> Iterator[str]:
    if not found.lacks:
        return
    yield "what it may miss on an empty machine"
    for lack in found.lacks:
        yield from _wrapped("  - ", f"{lack.what}: {lack.then}; {lack.remedy}")


def comparison(found: Comparison) -> str:
    """Two explanations side by side: what is different, and only that."""
    lines = list(_verdict(found))
    for number, news in enumerate(found.imports):
        if number == 0:
            lines += ["", "imports"]
        lines += _wrapped("  - ", news)
    if found.lines:
        lines += ["", "changed lines of build files that steer the link"]
        lines += [f"  {printable(line)}" for line in found.lines]
    if found.differences:
        lines.append("")
    for difference in found.differences:
        lines.append(printable(difference.topic))
        lines += _wrapped(f"  {printable(found.left_name)}: ", difference.left)
        lines += _wrapped(f"  {printable(found.right_name)}: ", difference.right)
    return "\n".join(lines) + "\n"


def _verdict(found: Comparison) -> Iterator[str]:
    for name, side in ((found.left_name, found.left), (found.right_name, found.right)):
        said = side.prediction
        result = (
            f"the build FAILS: {said.stop.what}" if said.stop else f"{said.linkage}: {said.why}"
        ) + "".join(f"; BUT {stub}" for stub in said.stubs)
        yield from _wrapped(f"{printable(name)}: ", result)
    if not found.differences:
        yield "there is no difference"
    elif not found.turned:
        yield "the result is linked the same way"


def _row(label: str, text: str) -> list[str]:
    return _wrapped(f"  {label:<{_LABEL}}", text)


def _wrapped(first: str, text: str) -> list[str]:
    """The text in lines, those after the first below where it begins."""
    indent = " " * min(len(first), 24)
    lines = textwrap.wrap(
        printable(text),
        _WIDTH,
        initial_indent=first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return lines or [first.rstrip()]
