"""What `go build` makes: linked by whom, static or not, with which interpreter and libraries."""

from __future__ import annotations

from typing import Any

import pytest

from staticgo.linking.mode import decide
from staticgo.linking.predict import failed, predict
from staticgo.model.binary import Linkage
from staticgo.model.linking import (
    BuildFlags,
    LinkAnswer,
    LinkerFlags,
    LinkMode,
    Prediction,
    Sources,
    Stop,
    Surroundings,
)
from staticgo.model.project import Graph
from tests.unit.linking.given import CGO, CXX, NET_APP, PURE_APP, SQLITE_APP, app, around

GLIBC = "/lib64/ld-linux-x86-64.so.2"
DYNAMIC = LinkAnswer(
    linkage=Linkage.DYNAMIC, interpreter=GLIBC, needed=("libc.so.6",), machine="amd64"
)
STATIC = LinkAnswer(linkage=Linkage.STATIC, machine="amd64")
STATIC_PIE = LinkAnswer(linkage=Linkage.STATIC_PIE, machine="amd64")
PIE = BuildFlags(mode="pie")


def said(
    graph: Graph,
    where: Surroundings | str = "linux/amd64",
    flags: BuildFlags | None = None,
    linker: LinkerFlags | None = None,
    answer: LinkAnswer | None = None,
    sources: Sources | None = None,
) -> Prediction:
    surroundings = around(where) if isinstance(where, str) else where
    flags, linker = flags or BuildFlags(), linker or LinkerFlags()
    decision = decide(graph, flags, linker, surroundings)
    return predict(graph, flags, linker, surroundings, decision, answer, sources or Sources())


@pytest.mark.parametrize(
    ("target", "flags", "linkage", "interpreter"),
    [
        ("linux/amd64", BuildFlags(), Linkage.STATIC, ""),
        ("linux/amd64", PIE, Linkage.DYNAMIC, GLIBC),
        ("linux/arm64", PIE, Linkage.DYNAMIC, "/lib/ld-linux-aarch64.so.1"),
        ("linux/riscv64", BuildFlags(), Linkage.STATIC, ""),
        ("freebsd/amd64", BuildFlags(), Linkage.STATIC, ""),
        ("netbsd/arm64", BuildFlags(), Linkage.STATIC, ""),
        ("plan9/386", BuildFlags(), Linkage.STATIC, ""),
        ("js/wasm", BuildFlags(), Linkage.STATIC, ""),
        ("wasip1/wasm", BuildFlags(), Linkage.STATIC, ""),
        ("darwin/arm64", BuildFlags(), Linkage.SYSTEM_ONLY, "/usr/lib/dyld"),
        ("ios/arm64", BuildFlags(), Linkage.SYSTEM_ONLY, "/usr/lib/dyld"),
        ("windows/amd64", BuildFlags(), Linkage.SYSTEM_ONLY, ""),
        ("openbsd/amd64", BuildFlags(), Linkage.SYSTEM_ONLY, "/usr/libexec/ld.so"),
        ("solaris/amd64", BuildFlags(), Linkage.SYSTEM_ONLY, "/lib/amd64/ld.so.1"),
        ("aix/ppc64", BuildFlags(), Linkage.SYSTEM_ONLY, ""),
        ("android/arm64", BuildFlags(), Linkage.SYSTEM_ONLY, "/system/bin/linker64"),
    ],
)
def test_without_cgo(target: str, flags: BuildFlags, linkage: Linkage, interpreter: str) -> None:
    found = said(PURE_APP, around(target, cgo=False), flags)
    assert (found.linkage, found.interpreter, found.needed) == (linkage, interpreter, ())
    assert found.stop is None
    assert found.why


def test_an_interpreter_given_to_the_linker_is_written() -> None:
    linker = LinkerFlags(interpreter="/lib/mine.so")
    assert said(PURE_APP, flags=PIE, linker=linker).interpreter == "/lib/mine.so"
    assert said(NET_APP, linker=linker, answer=DYNAMIC).interpreter == "/lib/mine.so"
    assert said(PURE_APP, linker=linker).interpreter == ""  # a static program has none


def test_musl_s_interpreter_is_taken_where_glibc_s_is_not_there() -> None:
    musl = "/lib/ld-musl-x86_64.so.1"
    assert said(PURE_APP, around(interpreters=(musl,)), PIE).interpreter == musl
    assert said(PURE_APP, around(interpreters=(GLIBC, musl)), PIE).interpreter == GLIBC
    assert said(PURE_APP, around(interpreters=()), PIE).interpreter == GLIBC


def test_net_alone_is_dynamic_and_static_flags_do_not_help() -> None:
    found = said(NET_APP, linker=LinkerFlags(extldflags=("-static",)), answer=DYNAMIC)
    assert (found.mode, found.linkage) == (LinkMode.INTERNAL, Linkage.DYNAMIC)
    assert (found.interpreter, found.needed) == (GLIBC, ("libc.so.6",))
    assert "net" in found.why
    assert [item.flag for item in found.ignored] == ["-extldflags=-static"]


@pytest.mark.parametrize(
    ("answer", "words", "linkage"),
    [
        (DYNAMIC, (), Linkage.DYNAMIC),
        (STATIC, ("-static",), Linkage.STATIC),
        (STATIC_PIE, ("-static-pie",), Linkage.STATIC_PIE),
        (STATIC, (), Linkage.STATIC),  # a compiler that links statically by itself
        (DYNAMIC, ("-static",), Linkage.DYNAMIC),  # one that does not listen
    ],
)
def test_external_linking_is_what_the_c_linker_makes(
    answer: LinkAnswer, words: tuple[str, ...], linkage: Linkage
) -> None:
    found = said(SQLITE_APP, linker=LinkerFlags(extldflags=words), answer=answer)
    assert (found.mode, found.linkage) == (LinkMode.EXTERNAL, linkage)
    assert (found.interpreter, found.needed) == (answer.interpreter, answer.needed)
    assert all(word in found.why for word in words)
    assert bool(found.ignored) is (linkage is Linkage.DYNAMIC and bool(words))


def test_an_unanswered_question_is_unknown() -> None:
    assert said(SQLITE_APP).linkage is Linkage.UNKNOWN
    assert said(SQLITE_APP, answer=LinkAnswer(error="cannot find -lm")).linkage is Linkage.UNKNOWN


def test_a_failed_listing_is_unknown() -> None:
    stop = Stop(what="what", why="why")
    found = failed(stop)
    assert (found.stop, found.mode, found.linkage) == (stop, LinkMode.UNKNOWN, Linkage.UNKNOWN)


def test_libraries_that_go_source_names() -> None:
    sources = Sources(imports=(("example.org/purego", ("libdl.so.2", "libc.so.6")),))
    found = said(PURE_APP, around(cgo=False), sources=sources)
    assert found.linkage is Linkage.DYNAMIC
    assert found.needed == ("libc.so.6", "libdl.so.2")
    assert found.interpreter == GLIBC
    assert "example.org/purego" in found.why
    also = said(NET_APP, answer=DYNAMIC, sources=sources)
    assert also.needed == ("libc.so.6", "libdl.so.2")


def test_libraries_on_systems_that_are_called_through_them() -> None:
    sources = Sources(imports=(("runtime", ("/usr/lib/libSystem.B.dylib",)),))
    found = said(PURE_APP, "darwin/arm64", sources=sources)
    assert found.needed == ("/usr/lib/libSystem.B.dylib",)
    assert found.linkage is Linkage.SYSTEM_ONLY


@pytest.mark.parametrize("mode", ["c-archive", "c-shared", "plugin", "shared"])
def test_what_is_no_program_has_no_linkage(mode: str) -> None:
    found = said(PURE_APP, flags=BuildFlags(mode=mode), answer=DYNAMIC)
    assert found.linkage is Linkage.UNKNOWN
    assert mode in found.why


# What stops a build.


def stop(graph: Graph = NET_APP, **more: Any) -> Stop:
    found = said(graph, **more).stop
    assert found is not None
    assert found.what
    assert found.why
    assert found.fix
    return found


def test_runtime_cgo_without_cgo() -> None:
    assert "x_cgo_init" in stop(app(CGO), where=around(cgo=False)).what


def test_no_dynamic_imports_with_d() -> None:
    assert "-d" in stop(linker=LinkerFlags(no_dynamic=True), answer=DYNAMIC).what
    assert said(PURE_APP, linker=LinkerFlags(no_dynamic=True)).stop is None


def test_the_c_linker_gives_up() -> None:
    found = stop(SQLITE_APP, answer=LinkAnswer(error="/usr/bin/ld: cannot find -lm"))
    assert "cannot find -lm" in found.why


def test_a_word_that_the_linker_does_not_take() -> None:
    assert "-extldflags" in stop(linker=LinkerFlags(refused="-static"), answer=DYNAMIC).fix
    assert "-nonsense" in stop(linker=LinkerFlags(refused="-nonsense"), answer=DYNAMIC).what


def test_a_link_mode_that_there_is_not() -> None:
    for graph in (PURE_APP, SQLITE_APP):
        found = said(graph, linker=LinkerFlags(mode="extern"))
        assert found.mode is LinkMode.UNKNOWN
        assert found.linkage is Linkage.UNKNOWN
        assert found.stop is not None
        assert "extern" in found.stop.what


def test_missing_compilers() -> None:
    assert '"gcc"' in stop(SQLITE_APP, where=around(cc_missing=True)).what
    assert '"g++"' in stop(app(CGO, CXX), where=around(cxx_missing=True)).what
    assert said(SQLITE_APP, around(cxx_missing=True), answer=DYNAMIC).stop is None
    assert said(PURE_APP, around(cc_missing=True)).stop is None


def test_internal_linking_of_foreign_c_with_a_static_compiler() -> None:
    """golang/go#44695: with a compiler that links statically, Go's own linker finds no libc."""
    found = stop(NET_APP, answer=STATIC)
    assert "relocation target" in found.what
    assert "external" in found.fix


@pytest.mark.parametrize(
    "answer", [None, LinkAnswer(error="zig took too long", late=True), LinkAnswer(error="no")]
)
@pytest.mark.parametrize("graph", [SQLITE_APP, NET_APP])
def test_c_that_no_compiler_was_asked_about_is_never_static(
    graph: Graph, answer: LinkAnswer | None
) -> None:
    for linker in (LinkerFlags(), LinkerFlags(mode="external", extldflags=("-static",))):
        assert said(graph, linker=linker, answer=answer).linkage is Linkage.UNKNOWN


def test_a_compiler_that_is_late_stops_nothing_and_is_named() -> None:
    found = said(SQLITE_APP, answer=LinkAnswer(error="zig took too long", late=True))
    assert found.stop is None
    assert found.why == "zig took too long"


@pytest.mark.parametrize(
    ("target", "library"),
    [
        ("windows/amd64", "foo.dll"),
        ("darwin/arm64", "/opt/lib/libfoo.dylib"),
        ("openbsd/amd64", "libfoo.so"),
    ],
)
def test_libraries_that_no_system_brings(target: str, library: str) -> None:
    answer = LinkAnswer(linkage=Linkage.DYNAMIC, needed=(library,), machine=target.split("/")[1])
    found = said(SQLITE_APP, target, answer=answer)
    assert found.linkage is Linkage.DYNAMIC
    assert library in found.why


def test_runtime_cgo_needs_a_c_library() -> None:
    answer = LinkAnswer(linkage=Linkage.STATIC, machine="amd64", missing=("pthread_create",))
    found = said(SQLITE_APP, linker=LinkerFlags(extldflags=("-nostdlib",)), answer=answer)
    assert found.stop is not None
    assert "pthread_create" in found.stop.what


def test_no_archive_of_a_program() -> None:
    assert said(PURE_APP, flags=BuildFlags(mode="archive")).stop is not None
