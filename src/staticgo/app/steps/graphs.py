"""The package graphs that explaining takes: as the user builds, with cgo, without, and tag by tag."""

from __future__ import annotations

from dataclasses import dataclass

from staticgo.app.steps.given import Given
from staticgo.app.steps.pool import run_all
from staticgo.errors import StaticgoError
from staticgo.facts.packages import LIBC_PACKAGES
from staticgo.host.go import list_packages
from staticgo.linking.flags import LINKING, for_list, not_linking, without
from staticgo.model.linking import Stop
from staticgo.model.project import Graph, Package
from staticgo.planning.choose import check_packages

_AT_ONCE = 4
_EXCLUDED = "build constraints exclude all Go files"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listing:
    """One call of `go list`."""

    words: tuple[str, ...]
    goflags: str
    cgo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Graphs:
    """What `go list` said. A graph is None where the `go` command refused its flags."""

    as_is: Graph | None
    with_cgo: Graph | None
    without_cgo: Graph | None
    idle_tags: tuple[str, ...]
    """The user's tags that change no file of the program."""
    refused: Stop | None
    """Why the `go` command does not take the user's flags."""
    listing: _Listing
    """How the program was listed with cgo."""


def list_graphs(given: Given, tags: tuple[str, ...]) -> Graphs:
    """The graphs, each listed once; `tags` are the user's. Raises where nothing can be listed."""
    source, around, goflags = given.source, given.around, given.goflags
    flags, runner = given.flags, given.runner
    remote = ("-mod=mod",) if source.remote else ()
    words = (*remote, *for_list(flags.words))
    bare = without(words, *LINKING)
    bare_goflags = not_linking(goflags)
    as_is = _Listing(words=words, goflags=goflags, cgo=around.cgo)
    with_cgo = _Listing(words=bare, goflags=bare_goflags, cgo=True)
    without_cgo = _Listing(words=bare, goflags=bare_goflags, cgo=False)
    tagless = {
        tag: _Listing(words=_without_tag(words, tags, tag), goflags=goflags, cgo=around.cgo)
        for tag in dict.fromkeys(tags)
    }
    wanted = tuple(dict.fromkeys((as_is, with_cgo, without_cgo, *tagless.values())))

    def read(listing: _Listing) -> Graph | StaticgoError:
        try:
            return _list(listing, given)
        except StaticgoError as error:
            return error

    found = dict(zip(wanted, run_all(read, wanted, _AT_ONCE, runner), strict=True))
    runner.check_cancelled()
    plain, refused = found[as_is], None
    both = found[with_cgo], found[without_cgo]
    for graph in both:
        if isinstance(graph, Graph):
            _check(graph, source.display)
    if isinstance(both[0], StaticgoError) and isinstance(both[1], StaticgoError):
        raise both[0]
    if isinstance(plain, StaticgoError):
        what = plain.message.removeprefix(f"{source.display}: ")
        refused = Stop(what=what, why=plain.details.strip(), fix=plain.hint)
    return Graphs(
        as_is=_graph(plain),
        with_cgo=_graph(both[0]),
        without_cgo=_graph(both[1]),
        idle_tags=tuple(
            tag for tag, listing in tagless.items() if _same_files(found[listing], plain)
        ),
        refused=refused,
        listing=with_cgo,
    )


def netgo_graph(given: Given, graphs: Graphs, tags: tuple[str, ...]) -> Graph:
    """The graph with cgo, net and os/user in Go: what `build` plans with."""
    ours = tuple(dict.fromkeys((*(libc.tag for libc in LIBC_PACKAGES), *tags)))
    words = (*without(graphs.listing.words, "tags"), f"-tags={','.join(ours)}")
    listing = _Listing(words=words, goflags=graphs.listing.goflags, cgo=True)
    return _list(listing, given)


def _list(listing: _Listing, given: Given) -> Graph:
    source = given.source
    settings = {"CGO_ENABLED": "1" if listing.cgo else "0", "GOFLAGS": listing.goflags}
    graph, _ = list_packages(
        given.runner,
        [given.go.command, "list", *listing.words],
        package=source.package,
        display=source.display,
        dir=source.dir,
        env={**given.env, **settings},
    )
    return graph


def _without_tag(words: tuple[str, ...], tags: tuple[str, ...], tag: str) -> tuple[str, ...]:
    rest = ",".join(other for other in tags if other != tag)
    return (*without(words, "tags"), f"-tags={rest}")


def _check(graph: Graph, name: str) -> None:
    """Raises for packages that are broken whatever cgo is; those that cgo breaks are foretold."""
    main = graph.main
    if main is not None and main.error and main.name != "main":
        return  # check_program says it better
    broken = [p for p in graph.packages if p.error and _EXCLUDED not in p.error]
    if any("requires external (cgo) linking" in p.error for p in broken):
        return
    if broken:
        check_packages(Graph(root=graph.root, packages=tuple(broken)), name)


def _graph(found: Graph | StaticgoError) -> Graph | None:
    return found if isinstance(found, Graph) else None


def _same_files(one: Graph | StaticgoError, other: Graph | StaticgoError) -> bool:
    if isinstance(one, StaticgoError) or isinstance(other, StaticgoError):
        return False
    return [*map(_files, one.packages)] == [*map(_files, other.packages)]


def _files(package: Package) -> tuple[object, ...]:
    return (
        package.path,
        package.go_files,
        package.cgo_files,
        package.c_files,
        package.cxx_files,
        package.assembly_files,
        package.syso_files,
        package.link_flags,
        package.c_flags,
    )
