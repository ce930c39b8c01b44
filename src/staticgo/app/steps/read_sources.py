"""Reads in the program's own files what `go list` does not say. Only files that can matter are opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from staticgo.app.steps.c_facts import c_facts
from staticgo.app.steps.package_files import text_of, texts
from staticgo.facts.linker import LIBC_SYSTEMS
from staticgo.facts.packages import LIBC_PACKAGES
from staticgo.host.run import Runner
from staticgo.linking import gosource
from staticgo.model.linking import Sources, Surroundings
from staticgo.model.project import Graph, Package


def read_sources(
    graph: Graph,
    with_cgo: Graph | None,
    around: Surroundings,
    env: Mapping[str, str],
    runner: Runner,
) -> Sources:
    """What the sources say."""
    asks = around.cgo and not around.cc_missing
    facts, words = c_facts(graph, around, env, runner) if asks else ((), ())
    return Sources(
        imports=tuple(_imports(graph, around)),
        addresses=tuple(_addresses(graph)) if asks else (),
        undefined=tuple(_undefined(graph, with_cgo)) if with_cgo and not around.cgo else (),
        c=facts,
        pkg_config=words,
        zones=tuple(_zones(graph)),
    )


def _imports(graph: Graph, around: Surroundings) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Who names shared libraries in Go source. To call into them takes assembly or `unsafe`."""
    everything = around.target.os in LIBC_SYSTEMS
    for package in graph.packages:
        own = package.module is not None and (package.module.main or package.module.replaced)
        able = package.assembly_files or "unsafe" in package.imports
        if (package.standard and not everything) or not (able or own):
            continue
        libraries = dict.fromkeys(
            library
            for text in texts(package, package.go_files, holding=gosource.DIRECTIVE)
            for library in gosource.imported_libraries(text)
        )
        if libraries:
            yield package.path, tuple(libraries)


def _addresses(graph: Graph) -> Iterator[tuple[str, str]]:
    for package in graph.packages:
        if package.standard or "unsafe" not in package.imports:
            continue
        assembly = "".join(texts(package, package.assembly_files))
        for text in texts(package, package.go_files, holding=gosource.LINKNAME):
            for symbol in gosource.c_addresses(text):
                if f"TEXT {symbol}(SB)" not in assembly:
                    yield package.path, symbol


def tags_matter(graph: Graph) -> bool:
    """Whether netgo or osusergo, which `build` sets, could change who uses cgo outside Go's own packages.

    The packages that do and those that import them are read; `go list` is asked where it may be so.
    """
    outside = {package.path for package in graph.cgo_packages if not package.standard}
    near = (p for p in graph.packages if p.path in outside or outside & set(p.imports))
    return any(
        libc.tag in text
        for package in near
        if not package.standard
        for text in texts(package, (*package.go_files, *package.cgo_files))
        for libc in LIBC_PACKAGES
    )


def _undefined(graph: Graph, with_cgo: Graph) -> Iterator[tuple[str, str, str]]:
    """Names that fell away with cgo and are still used."""
    importers: dict[str, list[Package]] = {}
    for package in graph.packages:
        for path in package.imports:
            importers.setdefault(path, []).append(package)
    for package in with_cgo.packages:
        left = graph.get(package.path)
        if package.standard or not package.cgo_files or left is None or left.error:
            continue
        lost_files = {*package.go_files, *package.cgo_files} - set(left.go_files)
        lost = gosource.declared(texts(package, sorted(lost_files))) - gosource.declared(
            texts(left, left.go_files)
        )
        if package.path == graph.root and not gosource.has_main(texts(left, left.go_files)):
            yield package.path, "main", "the linker"
        for file in left.go_files:
            if name := gosource.uses(text_of(left, file), lost):
                yield package.path, name, file
        for importer in importers.get(package.path, ()):
            for file in importer.go_files:
                name = gosource.selects(text_of(importer, file), package.path, package.name, lost)
                if name:
                    yield package.path, f"{package.name}.{name}", f"{importer.path}/{file}"


def _zones(graph: Graph) -> Iterator[str]:
    for package in graph.packages:
        if package.module is not None and package.module.main:
            for file in package.go_files:
                if "time.LoadLocation(" in text_of(package, file):
                    yield f"{package.path}/{file}"
