"""Static libraries that modules bring ready-made, read before anything is linked with them."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from staticgo._version import __version__
from staticgo.app.steps.ask import keep, kept
from staticgo.app.steps.package_files import members_of, prebuilt_archives, texts
from staticgo.binary.archive import machines
from staticgo.errors import StaticgoError, Unreachable
from staticgo.facts.packages import module_fact
from staticgo.facts.platforms import Platform
from staticgo.host.files import mapped
from staticgo.host.stamps import stamp
from staticgo.linking.gosource import preambles
from staticgo.linking.prebuilt import (
    only_glibcs,
    roots,
    wanted_by,
    words,
    wrong_libc,
    wrong_machine,
)
from staticgo.model.libraries import PREFIX
from staticgo.model.linking import Prebuilt, PrebuiltFacts
from staticgo.model.plan import CToolchain, Reason
from staticgo.model.project import Graph, Package


def check_prebuilt(graph: Graph, platform: Platform, toolchain: CToolchain) -> tuple[Reason, ...]:
    """What is to be said of the libraries that the program's packages bring, before `toolchain` links them.

    Raises Unreachable for one of another CPU or system.
    """
    reasons = []
    for package in graph.cgo_packages:
        if package.standard or _is_chosen(package):
            continue
        archives = tuple(
            path for path in prebuilt_archives(package) if not _is_replaced(path, toolchain)
        )
        for found in _read(package, archives) if archives else ():
            brings = f"{package.path} brings {os.path.relpath(found.path, package.dir)}"
            if other := wrong_machine(found, platform.target):
                raise Unreachable(
                    f"{platform.target}: {brings}, which is for {other} only",
                    hint="see whether a newer version of the module brings it for this target, "
                    "or has a build tag that takes another library in its place",
                )
            elsewhere = _all_words(graph) if found.glibc else frozenset()
            if missed := wrong_libc(found, toolchain.libc, elsewhere):
                reasons.append(_made_for_glibc(brings, missed, platform, toolchain))
    return tuple(reasons)


def _made_for_glibc(
    brings: str, missed: tuple[str, ...], platform: Platform, toolchain: CToolchain
) -> Reason:
    named = ", ".join(missed[:3]) + (f" and {len(missed) - 3} more" if len(missed) > 3 else "")
    return Reason(
        decision=f"{brings}, which was compiled for glibc",
        why=f"it can call {named}, which {toolchain.name} does not have: if the link fails for that, look "
        "for a build tag of the module that takes an archive made for musl, or link glibc dynamically "
        f"(-t {platform.target}+gnu.2.28)",
        warning=True,
    )


def _is_replaced(path: str, toolchain: CToolchain) -> bool:
    """Whether the compiler looks into the program's own libraries instead of this machine's folder."""
    return toolchain.sysroot is not None and Path(path).is_relative_to(PREFIX)


def _is_chosen(package: Package) -> bool:
    """Whether a tag that staticgo sets makes the module take another library than those listed here."""
    known = module_fact(package)
    return known is not None and bool(known.tags)


def _read(package: Package, archives: tuple[str, ...]) -> tuple[Prebuilt, ...]:
    sources = (*package.cgo_files, *package.c_files, *package.cxx_files, *package.other_files)
    stamps = [stamp(path) for path in (*archives, *(str(Path(package.dir, n)) for n in sources))]
    parts = ("prebuilt", __version__, package.dir, archives, stamps)
    key = hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:24]
    known = kept(key, PrebuiltFacts)
    if known is None:
        known = _facts(package, archives)
        keep(key, known)
    return known.archives


def _facts(package: Package, archives: tuple[str, ...]) -> PrebuiltFacts:
    members = {path: members_of(path) for path in archives}
    c_files = (*package.c_files, *package.cxx_files)
    called = roots(texts(package, package.cgo_files), texts(package, c_files))
    missed = only_glibcs(members.values(), called)
    return PrebuiltFacts(
        archives=tuple(
            Prebuilt(path=path, machines=_machines(path), glibc=wanted_by(members[path], missed))
            for path in archives
        )
    )


def _all_words(graph: Graph) -> frozenset[str]:
    """The names in all C that the program's packages bring as text."""
    packages = [package for package in graph.cgo_packages if not package.standard]
    c_files = (
        text for p in packages for text in texts(p, (*p.c_files, *p.cxx_files, *p.other_files))
    )
    in_go = (text for p in packages for text in texts(p, p.cgo_files))
    return words((*c_files, *(part for text in in_go for part in preambles(text))))


def _machines(path: str) -> tuple[str, ...]:
    try:
        with mapped(Path(path)) as data:
            return tuple(sorted(" ".join(machine) for machine in machines(data)))
    except StaticgoError:
        return ()
