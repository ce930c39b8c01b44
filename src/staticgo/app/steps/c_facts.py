"""What the C of the program's packages says: headers, calls, prebuilt libraries. Kept by content."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from staticgo._version import __version__
from staticgo.app.steps.ask import (
    Place,
    compiler_stamp,
    keep,
    kept,
    pkg_config,
    preprocess,
    syntax_complaints,
)
from staticgo.app.steps.package_files import members_of, prebuilt_archives, texts
from staticgo.app.steps.surroundings import flag_rules
from staticgo.errors import StaticgoError
from staticgo.facts.linker import C_ARCH_FLAGS
from staticgo.host.files import cache_dir, write_atomically
from staticgo.host.run import Runner
from staticgo.host.stamps import stamp
from staticgo.linking import csource, gosource
from staticgo.linking.allowed import refused
from staticgo.linking.cfacts import Texts, conclude
from staticgo.model.linking import CFacts, Surroundings
from staticgo.model.project import Graph, Package
from staticgo.planning.flags import split_quoted

_SMALL = 256 * 1024


def c_facts(
    graph: Graph, around: Surroundings, env: Mapping[str, str], runner: Runner
) -> tuple[tuple[CFacts, ...], tuple[str, ...]]:
    """The facts of each package with cgo that is not Go's own, and pkg-config's words for the link."""
    found = []
    words: tuple[str, ...] = ()
    for package in graph.packages:
        if not package.uses_cgo or package.standard:
            continue
        more, complaint = _pkg_config(package, "--libs", env, runner)
        facts = _facts(package, around, more, complaint, env, runner)
        if not facts.refused:
            words += more
        found.append(facts)
    return tuple(found), words


def _pkg_config(
    package: Package, asked: str, env: Mapping[str, str], runner: Runner
) -> tuple[tuple[str, ...], str]:
    names = package.pkg_config_names
    if not names:
        return (), ""
    command = split_quoted(env.get("PKG_CONFIG") or "pkg-config")
    static = ["--static"] if "--static" in package.pkg_config else []
    return pkg_config(command, [*static, asked], names, env, package.dir, runner)


def _facts(
    package: Package,
    around: Surroundings,
    libraries: tuple[str, ...],
    complaint: str,
    env: Mapping[str, str],
    runner: Runner,
) -> CFacts:
    if complaint:
        return CFacts(package=package.path, missing=complaint)
    more, _ = _pkg_config(package, "--cflags", env, runner)
    # Nothing of a module's own words reaches the compiler before Go's own list has let it through.
    unchecked = _unchecked(package, more, libraries, around, env)
    if unchecked is not None:
        return unchecked
    words = [
        *C_ARCH_FLAGS.get(around.target.arch, ()),
        *("-I", package.dir),
        *_export_header(),
        *around.cgo_cflags,
        *package.c_flags,
        *more,
    ]
    key = _key(package, around, words, env)
    known = kept(key, CFacts)
    if known is not None:
        return known
    facts, whole = _read(package, Place(around.cc, words, env, package.dir, runner))
    if whole:
        keep(key, facts)
    return facts


def _unchecked(
    package: Package,
    c_words: tuple[str, ...],
    link_words: tuple[str, ...],
    around: Surroundings,
    env: Mapping[str, str],
) -> CFacts | None:
    """What is known where Go refuses a word, or its list cannot be read; None where all is well."""
    words = {
        "CFLAGS": (*package.c_flags, *c_words),
        "CXXFLAGS": package.cxx_flags,
        "LDFLAGS": (*package.link_flags, *link_words),
    }
    if not any(words.values()):
        return None
    rules = flag_rules(around.goroot)
    if rules is None:
        return CFacts(package=package.path, unchecked=True)
    for name, given in words.items():
        rule = rules[1] if name == "LDFLAGS" else rules[0]
        allow, disallow = (env.get(f"CGO_{name}_{kind}", "") for kind in ("ALLOW", "DISALLOW"))
        try:
            no = refused(given, rule, allow, disallow)
        except re.error:  # the user's own pattern, which Python reads otherwise than Go
            no = refused(given, rule)
        if no:
            return CFacts(package=package.path, refused=no)
    return None


def _export_header() -> tuple[str, ...]:
    """An empty stand-in for the header that cgo writes for exported functions, as words for CC."""
    try:
        folder = cache_dir("answers", "include")
        header = folder / "_cgo_export.h"
        if not header.exists():
            write_atomically(header, "")
    except (OSError, StaticgoError):  # a cache of another user's: packages with exports do without
        return ()
    return ("-I", str(folder))


def _key(package: Package, around: Surroundings, words: list[str], env: Mapping[str, str]) -> str:
    files = (
        *package.cgo_files,
        *package.c_files,
        *package.cxx_files,
        *package.other_files,
    )
    stamps = [stamp(str(Path(package.dir, name))) for name in files]
    stamps += [stamp(path) for path in prebuilt_archives(package)]
    parts = (
        __version__,
        package.dir,
        compiler_stamp(around.cc, env),
        words,
        stamps,
        package.link_flags,
    )
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:24]


def _read(package: Package, place: Place) -> tuple[CFacts, bool]:
    """The facts, and whether all that matters could be read."""
    go_files = tuple(texts(package, package.cgo_files))
    preamble = "\n".join(part for text in go_files for part in gosource.preambles(text))
    said = [preprocess(place, preamble, ())]
    if package.c_files:
        said.append(preprocess(place, None, _beside(package.c_files)))
    failed = next((one for one in said if one.failed), None)
    if failed is not None:
        return CFacts(package=package.path, missing=failed.complaint), False
    archives = prebuilt_archives(package)
    read = Texts(
        go_files=go_files,
        c="".join(one.text for one in said),
        cxx="\n".join(_with_included(package)),
        complaints=syntax_complaints(place, preamble, _small(package)),
    )
    members = [member for archive in archives for member in members_of(archive)]
    return conclude(package, read, archives, members), not any(one.late for one in said)


def _with_included(package: Package) -> Iterator[str]:
    """Its C++ files, and files of its module that these include in place of text of their own."""
    for text in texts(package, package.cxx_files):
        yield text
        yield from texts(package, csource.included(text))


def _small(package: Package) -> tuple[str, ...]:
    """Its C files, where looking through them costs little."""
    total = sum((stamp(str(Path(package.dir, name))) or [0, 0])[1] for name in package.c_files)
    return _beside(package.c_files) if total <= _SMALL else ()


def _beside(names: Iterable[str]) -> tuple[str, ...]:
    """File names that no compiler takes for an option."""
    return tuple(f"./{name}" for name in names)
