"""From the texts of a package's C to what matters of it to a link. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from staticgo.binary.archive import Member, wanted
from staticgo.facts.linker import CXX_CALLS
from staticgo.linking import csource, gosource
from staticgo.model.linking import CFacts
from staticgo.model.project import Package

_LINKER_MADE = frozenset(("_GLOBAL_OFFSET_TABLE_", "_DYNAMIC", "__tls_get_addr", "___tls_get_addr"))
"""What a linker defines itself, or does without when it links statically."""
_NO_FUNCTIONS = frozenset(
    """
    int uint char schar uchar short ushort long ulong longlong ulonglong float double size_t
    CString CBytes GoString GoStringN GoBytes _GoStringLen _GoStringPtr malloc free
    """.split()  # noqa: SIM905 - a table to read
)
"""What `C.x(...)` also means: conversions, and cgo's own helpers."""


class Texts(NamedTuple):
    """What was read of a package with cgo."""

    go_files: tuple[str, ...]
    """Its Go files with C in them."""
    c: str
    """Their preambles and its C files, preprocessed."""
    cxx: str
    """Its C++ files as they are."""
    complaints: str
    """What the compiler says of the C when it only reads it."""


def conclude(
    package: Package, texts: Texts, archives: tuple[str, ...], members: Sequence[Member]
) -> CFacts:
    """The facts of one package; `members` are those of its prebuilt `archives`."""
    own = csource.own_text(texts.c)
    named = csource.called(texts.c)
    bodies = csource.defined(own)
    called = csource.called(own)
    exported = frozenset(name for text in texts.go_files for name in gosource.exported(text))
    from_go = frozenset(name for text in texts.go_files for name in csource.called_from_go(text))
    outside = wanted(members, {*from_go, *called})
    inside = {name.decode("utf-8", "replace") for member in members for name in member.defines}
    thread_local = csource.thread_local(own)
    return CFacts(
        package=package.path,
        guesses=(
            *sorted((named - bodies - exported) & (called | from_go) - inside),
            *sorted(csource.called(gosource.code_only(texts.cxx)) - bodies),
            *sorted(outside & _LINKER_MADE),
            *(CXX_CALLS if csource.uses_cxx_runtime(texts.cxx) else ()),
            *(("__tls_get_addr",) if thread_local else ()),
        ),
        musts=(
            *sorted(_musts(package, texts, from_go & named) - exported - inside),
            *sorted(outside - _LINKER_MADE),
        ),
        tables=tuple(sorted(csource.in_tables(own, named - csource.defined(texts.c)))),
        thread_local=thread_local,
        archives=archives,
    )


def _musts(package: Package, texts: Texts, from_go: frozenset[str]) -> frozenset[str]:
    """Functions that a library must have: only where all that could define them was read."""
    if package.cxx_files or package.syso_files or package.swig_files or package.assembly_files:
        return frozenset()
    wants = from_go | csource.undeclared(texts.complaints)
    return wants - csource.type_names(texts.c) - csource.defined(texts.c) - _NO_FUNCTIONS
