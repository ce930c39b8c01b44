"""Why `go build` would give up, in the order in which it would find out."""

from __future__ import annotations

from staticgo.facts.linker import CALLS
from staticgo.linking.mode import CGO, Decision, is_pie, uses_cgo
from staticgo.model.binary import Linkage
from staticgo.model.linking import (
    BuildFlags,
    LinkAnswer,
    LinkerFlags,
    LinkMode,
    Sources,
    Stop,
    Surroundings,
)
from staticgo.model.project import Graph


def before_the_link(
    graph: Graph,
    flags: BuildFlags,
    linker: LinkerFlags,
    around: Surroundings,
    sources: Sources,
) -> Stop | None:
    """What stops the compilation, or the linker before it does anything; None where nothing does."""
    if flags.mode == "archive":
        return Stop(
            what="no packages to build",
            why="-buildmode=archive builds all but main packages",
            fix="leave it away",
        )
    broken = next((package for package in graph.packages if package.error), None)
    if broken is not None:
        return Stop(
            what=f"{broken.path} cannot be built",
            why=broken.error.strip(),
            fix=_fix_of(broken.error, around),
        )
    return _compiler(graph, around) or _sources(sources, around) or _words(linker)


def of_the_link(
    graph: Graph,
    flags: BuildFlags,
    linker: LinkerFlags,
    around: Surroundings,
    decision: Decision,
    answer: LinkAnswer | None,
    sources: Sources,
) -> Stop | None:
    """What stops the link itself."""
    named = [package for package, _ in sources.imports]
    if uses_cgo(graph) and not around.cgo:
        return Stop(
            what="relocation target x_cgo_init not defined",
            why=f"runtime/cgo is imported, and cgo is off ({around.cgo_why})",
            fix="drop the import, or build with cgo",
        )
    if linker.no_dynamic and (named or uses_cgo(graph)):
        return Stop(
            what="cannot use dynamic imports with -d flag",
            why=f"{', '.join(named) or 'runtime/cgo'} imports from shared libraries",
            fix="leave -d away",
        )
    external = decision.mode is LinkMode.EXTERNAL
    if external and "-static-pie" in linker.extldflags and not is_pie(flags, around):
        return Stop(
            what="relocation against Go code can not be used when making a PIE object",
            why="-static-pie wants position-independent code, and Go makes it only when it is told to",
            fix="-buildmode=pie",
        )
    if answer is None or answer.late:
        return None
    if answer.error:
        return Stop(
            what="the C linker gives up",
            why=answer.error,
            fix=_known_fix(answer.error, "provide what is missing, for the target's CPU and libc"),
        )
    if answer.machine and answer.machine != around.target.arch:
        return Stop(
            what=f"{around.cc[0] if around.cc else 'the C compiler'} makes {answer.machine} code, "
            f"and the target is {around.target}",
            why="CC is a compiler for another CPU",
            fix="set CC to a compiler for the target; `staticgo build` brings one",
        )
    if decision.mode is LinkMode.INTERNAL:
        return _internal(graph, answer, sources)
    return _unresolved(answer, sources)


def _internal(graph: Graph, answer: LinkAnswer, sources: Sources) -> Stop | None:
    """What Go's own linker cannot do with C, where it is made to try."""
    external = "-ldflags=-linkmode=external"
    if answer.linkage in (Linkage.STATIC, Linkage.STATIC_PIE):
        return Stop(
            what="relocation target not defined",
            why="the C compiler links statically by itself, so Go's own linker finds no shared "
            "library to take libc's functions from (golang/go#44695)",
            fix=external,
        )
    lto = next((p for p in graph.packages for w in p.c_flags if w.startswith("-flto")), None)
    if lto is not None:
        return Stop(
            what=f"the objects of {lto.path} cannot be read",
            why="with -flto they hold no machine code, which only the C compiler's linker can use",
            fix=external,
        )
    if sources.addresses:
        package, symbol = sources.addresses[0]
        return Stop(
            what=f"unhandled relocation for {symbol}",
            why=f"Go data of {package} holds the address of a C function (//go:linkname), which Go's own "
            "linker cannot fill in",
            fix=external,
        )
    for facts in sources.c:
        if facts.archives:
            return Stop(
                what="relocation target not defined",
                why=f"{facts.package} brings a prebuilt library ({facts.archives[0]}), which Go's own "
                "linker never opens",
                fix=external,
            )
        if facts.thread_local:
            return Stop(
                what=f"the objects of {facts.package} cannot be loaded",
                why="Go's own linker cannot relocate thread-local data of C",
                fix=external,
            )
        imported = [name for name in facts.tables if name not in answer.missing]
        if imported:
            return Stop(
                what=f"unexpected relocation for dynamic symbol {imported[0]}",
                why=f"C data of {facts.package} holds the address of a library's function, which Go's "
                "own linker cannot fill in",
                fix=external,
            )
    return _unresolved(answer, sources)


def _unresolved(answer: LinkAnswer, sources: Sources) -> Stop | None:
    own = next((name for name in CALLS[CGO] if name in answer.missing), "")
    if own:
        return Stop(
            what=f"undefined reference to {own}",
            why="runtime/cgo calls it, and no C library that has it is linked",
            fix="leave words such as -nostdlib or -nodefaultlibs away",
        )
    for facts in sources.c:
        name = next((name for name in facts.musts if name in answer.missing), "")
        if name and facts.archives:
            return Stop(
                what=f"undefined reference to {name}",
                why=f"the prebuilt library that {facts.package} brings wants it, and the C library that "
                "is linked has none: it was built for another libc",
                fix="take the module's variant for this libc (often a build tag `musl`), or its source",
            )
        if name:
            return Stop(
                what=f"undefined reference to {name}",
                why=f"{facts.package} calls it, and neither its own C nor a library that it names has it",
                fix="name the library in a #cgo LDFLAGS line or in CGO_LDFLAGS",
            )
    if answer.wanting:
        return Stop(
            what=f"undefined reference to {answer.wanting[0]}",
            why="a static library that is linked wants it, and no library that is named has it",
            fix="name that library too, behind the others: CGO_LDFLAGS=-lm, say",
        )
    return None


def _compiler(graph: Graph, around: Surroundings) -> Stop | None:
    with_c = [package for package in graph.packages if package.uses_cgo]
    cxx = any(package.cxx_files for package in with_c)
    for missing, words, name in (
        (around.cc_missing and bool(with_c), around.cc, "CC"),
        (around.cxx_missing and cxx, around.cxx, "CXX"),
    ):
        if missing:
            return Stop(
                what=f'cgo: C compiler "{words[0] if words else ""}" not found',
                why=f"{with_c[-1].path} needs one, and {name} names it",
                fix="install it, or use `staticgo build`, which brings one",
            )
    return None


def _sources(sources: Sources, around: Surroundings) -> Stop | None:
    refused = next((c for c in sources.c if c.refused), None)
    if refused is not None:
        return Stop(
            what=f"{refused.package}: invalid flag in #cgo line: {refused.refused}",
            why="Go lets only flags of its own list through to the C compiler (https://go.dev/s/invalidflag)",
            fix="if you trust the module, allow it with CGO_CFLAGS_ALLOW or CGO_LDFLAGS_ALLOW",
        )
    missing = next((c for c in sources.c if c.missing), None)
    if missing is not None:
        return Stop(
            what=f"{missing.package}: a C header or library is missing",
            why=missing.missing,
            fix=_known_fix(
                missing.missing, "install the library's development files for the target"
            ),
        )
    if sources.undefined:
        package, name, file = sources.undefined[0]
        return Stop(
            what=f"undefined: {name}",
            why=f"only files of {package} that need cgo define it, {file} uses it, and cgo is off"
            f" ({around.cgo_why})",
            fix="build with cgo: `staticgo build` links its C code statically",
        )
    return None


def _words(linker: LinkerFlags) -> Stop | None:
    if linker.refused:
        static = linker.refused.lstrip("-") in ("static", "Wl,-static")
        return Stop(
            what=f"Go's linker does not take {linker.refused}",
            why="-ldflags is for Go's linker; what the C linker shall have goes into -extldflags",
            fix="-ldflags '-linkmode=external -extldflags=-static'"
            if static
            else "look at `go tool link`",
        )
    return None


def _fix_of(error: str, around: Surroundings) -> str:
    if "build constraints exclude all Go files" in error and not around.cgo:
        return f"it needs cgo, and cgo is off ({around.cgo_why}): `staticgo build` links its C statically"
    return _known_fix(error, "mend what the `go` command says")


def _known_fix(text: str, otherwise: str) -> str:
    from staticgo.facts.diagnosis import diagnose

    known = diagnose(text)
    return known.fix if known is not None else otherwise
