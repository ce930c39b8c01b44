"""Who brings cgo into a program, by which chain of imports, and what is left without it."""

from __future__ import annotations

from staticgo.facts.packages import LIBC_PACKAGES, module_fact
from staticgo.model.explanation import CgoPackage, Origin, WithoutCgo
from staticgo.model.linking import Sources
from staticgo.model.project import Graph, Package

_KINDS = (
    ("cgo", "cgo_files"),
    ("C", "c_files"),
    ("C++", "cxx_files"),
    ("assembly", "assembly_files"),
    ("SWIG", "swig_files"),
    ("object", "syso_files"),
)


def cgo_packages(
    with_cgo: Graph, without_cgo: Graph | None, sources: Sources
) -> tuple[CgoPackage, ...]:
    """Each package that uses cgo, `runtime/cgo` (which cgo itself adds) left out; nearest first."""
    chains = with_cgo.chains()
    packages = without_cgo.by_path() if without_cgo is not None else {}
    found = []
    for package in with_cgo.cgo_packages:
        without, note = _without(package, packages if without_cgo else None, sources)
        found.append(
            CgoPackage(
                path=package.path,
                version=package.module.version if package.module else "",
                origin=origin(package),
                chain=chains(package.path),
                compiles=tuple(
                    (kind, len(getattr(package, field)))
                    for kind, field in _KINDS
                    if getattr(package, field)
                ),
                libraries=tuple(dict.fromkeys(w for w in package.link_flags if _is_library(w))),
                pkg_config=package.pkg_config_names,
                without=without,
                note=note,
            )
        )
    return tuple(sorted(found, key=lambda p: (len(p.chain), p.chain, p.path)))


def origin(package: Package) -> Origin:
    """Go's own, the user's own module's, or another module's."""
    if package.standard:
        return Origin.GO
    return Origin.OWN if package.module is None or package.module.main else Origin.MODULE


def _is_library(word: str) -> bool:
    return word.startswith("-l") or word.endswith((".a", ".so", ".o"))


def _without(
    package: Package, others: dict[str, Package] | None, sources: Sources
) -> tuple[WithoutCgo, str]:
    if package.standard:
        known = next((libc for libc in LIBC_PACKAGES if libc.path == package.path), None)
        if known is not None:
            return WithoutCgo.SAME, "Go's own code does it"
        if package.path == "plugin":
            return WithoutCgo.STUB, "plugin.Open fails at run time"
        if package.path.startswith(("runtime/race", "runtime/msan", "runtime/asan")):
            return WithoutCgo.NOTHING, "it needs cgo"
        return WithoutCgo.SAME, "Go's own code does it"
    if others is None:
        return WithoutCgo.NOTHING, "the program cannot be listed without cgo"
    left = others.get(package.path)
    if left is None:
        return WithoutCgo.ABSENT, "the program does without it"
    fact = module_fact(package)
    if fact is not None and fact.stub:
        return WithoutCgo.STUB, fact.stub
    if left.error or not left.go_files:
        return WithoutCgo.NOTHING, "all its Go files need cgo, and the build breaks"
    lost = next((name for path, name, _ in sources.undefined if path == package.path), "")
    if lost:
        return WithoutCgo.NOTHING, f"the build breaks: {lost} falls away with its cgo files"
    gone = len({*package.go_files, *package.cgo_files} - set(left.go_files))
    files = "1 file needs" if gone == 1 else f"{gone} files need"
    return WithoutCgo.LESS, f"{files} cgo and fall away; what is left may do less"
