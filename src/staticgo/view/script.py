"""A plan as a shell script that does the same thing by hand, its reasons as comments."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Iterator, Sequence

from staticgo._version import __version__
from staticgo.facts.gosettings import COMPILER_SETTINGS
from staticgo.model.plan import Plan, Reason

_END = "STATICGO_END"


def render(plans: Sequence[Plan], output: str) -> str:
    """The script that builds every plan into the folder `output`, byte for byte as `build` does.

    But for two things, of which the script itself says so: the C libraries of staticgo.toml are built
    by staticgo, and a program for OpenBSD that zig linked gets a header afterwards.
    """
    return "\n".join(_lines(plans, output)) + "\n"


def _lines(plans: Sequence[Plan], output: str) -> Iterator[str]:
    first = plans[0]
    yield "#!/bin/sh"
    yield f"# staticgo {__version__} builds {_comment(first.source.display)} like this."
    yield "set -eu"
    yield "work=$(mktemp -d)"
    yield """trap 'rm -rf "$work"' EXIT"""
    yield f"mkdir -p {shlex.quote(output)}"
    yield ""
    yield from _settings(first)
    yield ""
    if first.source.remote:
        yield f"# A module made to build {_comment(first.source.display)}, with that module's own go.sum."
        yield 'mkdir "$work/module"'
        yield 'cd "$work/module"'
        for name, content in first.source.files:
            yield from _file(shlex.quote(name), content)
    else:
        yield f"cd {shlex.quote(first.source.dir)}"
    for plan in plans:
        for part in plan.builds:
            yield ""
            yield from _target(part, f"{output}/{part.name}")
        if plan.parts:
            files = [f"{output}/{part.name}" for part in plan.parts]
            yield ""
            yield f"# {plan.target}: Apple's lipo, or LLVM's llvm-lipo, joins the parts."
            yield shlex.join(["lipo", "-create", "-output", f"{output}/{plan.name}", *files])


def _settings(plan: Plan) -> Iterator[str]:
    """Only what the plan says may decide the bytes: every other setting of the caller is dropped."""
    if plan.inherits:
        yield "# Your own settings for fetching modules are kept."
        go = shlex.quote(plan.command[0])
        for name in plan.inherits:
            yield f"{name}=$({go} env {name})"
            yield f"export {name}"
    keep = "|".join((*plan.inherits, "GOOGLE*"))
    yield "# All other settings of Go and cgo are set below, or not at all."
    yield r"for name in $(env | sed -n 's/^\(C\{0,1\}GO[A-Z0-9_]*\)=.*/\1/p'); do"
    yield f'  case $name in {keep}) ;; *) unset "$name" ;; esac'
    yield "done"
    yield f"unset {' '.join(sorted(COMPILER_SETTINGS))}"
    yield "export LC_ALL=C"


def _target(plan: Plan, output: str) -> Iterator[str]:
    using = f", {plan.toolchain.name}" if plan.toolchain else ""
    yield f"# {plan.target}: {plan.strategy}{using}"
    for reason in plan.reasons:
        yield from _reason(reason)
    path = ""
    if plan.toolchain is not None:
        yield 'mkdir -p "$work/bin"'
        for support in plan.toolchain.files:
            yield f"mkdir -p {shlex.quote(posixpath.dirname(support.path))}"
            yield from _file(shlex.quote(support.path), support.content)
        for wrapper in plan.toolchain.wrappers:
            file = f'"$work/bin/{wrapper.name}"'
            yield from _file(file, wrapper.content)
            yield f"chmod +x {file}"
        path = 'PATH="$work/bin:$PATH" \\\n'
        if plan.toolchain.sysroot is not None:
            folder = shlex.quote(plan.toolchain.sysroot.folder)
            yield "# `staticgo build` makes the C libraries of staticgo.toml there first."
            missing = "the C libraries are not there yet: run staticgo build once"
            yield f"test -d {folder} || {{ echo '{missing}' >&2; exit 1; }}"
    environment = "".join(f"{name}={shlex.quote(value)} \\\n" for name, value in plan.environment)
    yield path + environment + shlex.join(plan.arguments(output))
    if plan.target.os == "openbsd" and plan.toolchain and plan.toolchain.kind == "zig":
        yield "# `staticgo build` then changes one program header, from PT_GNU_STACK to"
        yield "# PT_OPENBSD_NOBTCFI: without it, OpenBSD ends the program on CPUs that check jumps."


def _reason(reason: Reason) -> Iterator[str]:
    mark = "warning: " if reason.warning else ""
    yield f"#   {mark}{_comment(reason.decision)}: {_comment(reason.why)}"


def _file(name: str, content: str) -> Iterator[str]:
    yield f"cat > {name} <<'{_END}'"
    yield content.rstrip("\n")
    yield _END


def _comment(text: str) -> str:
    """Names come from the program's own files: none may end the comment it stands in."""
    return "".join(c if c.isprintable() else "?" for c in text)
