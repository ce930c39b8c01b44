"""Stub files that stand in for Apple's frameworks at the link: a library's name and its symbols.

A Mac program names its libraries and what it takes from them; their code stays on the Mac. So a
linker needs no more than a text file of each (TAPI's .tbd, version 4), and what Go's own packages
take is written in them: `//go:cgo_import_dynamic NAME SYMBOL "LIBRARY"`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from staticgo.facts.macos import FRAMEWORKS, STUB_TARGETS

FRAMEWORK_FOLDER, LIBRARY_FOLDER = "frameworks", "lib"
"""What `-F` and `-L` are to name."""

_LIBSYSTEM = re.compile(r"/usr/lib/libSystem(?:\.B)?\.dylib")
_FRAMEWORK = re.compile(rf"{FRAMEWORKS}/(\w+)\.framework/(?:Versions/\w+/)?\1")
_LIBRARY = re.compile(r"/usr/lib/lib([\w+-]+)(?:\.\w+)*\.dylib")
_SYMBOL = re.compile(r"\w+")

_STUB = """\
--- !tapi-tbd
tbd-version: 4
targets: [ {targets} ]
install-name: '{library}'
exports:
  - targets: [ {targets} ]
    symbols: [ {symbols} ]
...
"""


class Stub(NamedTuple):
    """One file, its path relative to the folder of all stubs."""

    path: str
    content: str


def stubs(imports: Iterable[tuple[str, str]]) -> tuple[Stub, ...]:
    """A stub for each framework and library of macOS in (symbol, install name) pairs, by path.

    libSystem is left out: zig brings Apple's own list of it. So are other systems' libraries.
    """
    wanted: dict[str, set[str]] = {}
    for symbol, library in imports:
        if _path(library) and _SYMBOL.fullmatch(symbol):
            wanted.setdefault(library, set()).add(symbol)
    return tuple(sorted(Stub(_path(name), _stub(name, wanted[name])) for name in wanted))


def offered(files: Iterable[Stub]) -> tuple[frozenset[str], frozenset[str]]:
    """The frameworks and the libraries that there are stubs of, as `-framework` and `-l` name them."""
    frameworks, libraries = set(), set()
    for stub in files:
        folder, _, rest = stub.path.partition("/")
        name = rest.rpartition("/")[2].removesuffix(".tbd")
        if folder == FRAMEWORK_FOLDER:
            frameworks.add(name)
        else:
            libraries.add(name.removeprefix("lib"))
    return frozenset(frameworks), frozenset(libraries)


def _path(library: str) -> str:
    """Where a linker looks for the stub of a library; "" for what needs none."""
    framework = _FRAMEWORK.fullmatch(library)
    if framework:
        name = framework[1]
        return f"{FRAMEWORK_FOLDER}/{name}.framework/{name}.tbd"
    plain = _LIBRARY.fullmatch(library)
    if plain and not _LIBSYSTEM.fullmatch(library):
        return f"{LIBRARY_FOLDER}/lib{plain[1]}.tbd"
    return ""


def _stub(library: str, symbols: set[str]) -> str:
    return _STUB.format(
        targets=", ".join(STUB_TARGETS),
        library=library,
        # Mach-O spells every C name with an underscore before it.
        symbols=", ".join(f"_{symbol}" for symbol in sorted(symbols)),
    )
