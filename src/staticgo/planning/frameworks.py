"""What a program asks of macOS beside libSystem, held against what can be linked here. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from staticgo.errors import MissingTool
from staticgo.facts.libraries_darwin import promises
from staticgo.facts.macos import CXX_LIBRARIES, PROVIDED
from staticgo.model.project import Graph, Package

_HINT = (
    "set SDKROOT to the folder of Apple's SDK for macOS (on a Mac: SDKROOT=$(xcrun --show-sdk-path)), "
    "or leave the package out for darwin"
)
_FRAMEWORK_WORDS = frozenset(("framework", "weak_framework", "needed_framework"))

Texts = Callable[[Package, str], str]
"""What a file of a package holds; "" where it cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What can be linked for macOS."""

    frameworks: frozenset[str]
    libraries: frozenset[str]
    """Names for `-l`, libSystem's left out."""
    headers: bool
    """Whether there is an SDK, with the frameworks' headers."""
    more_folders: bool = False
    """Whether the linker is given folders of the user's, where any library may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """Something that is asked for, and is not here."""

    what: str
    """`the framework Cocoa`."""
    package: str
    file: str
    """Where the package asks for it; "" where none of its files says it in one line."""

    def __str__(self) -> str:
        return f"{self.package}{f' ({self.file})' if self.file else ''} asks for {self.what}"


def check_frameworks(graph: Graph, offer: Offer, name: str, text: Texts) -> None:
    """Raises MissingTool where a link for macOS, here called `name`, would fail for want of an SDK."""
    found = tuple(lacks(graph, offer, text))
    if found:
        chains = graph.chains()
        raise MissingTool(
            f"{name}: {found[0]}, which comes with Apple's SDK only",
            hint=_HINT,
            details="\n".join(
                f"{lack}: imported by {' -> '.join(chains(lack.package))}" for lack in found
            ),
        )


def lacks(graph: Graph, offer: Offer, text: Texts) -> Iterator[Lack]:
    """What packages of the graph ask for in vain. Go's own have their stubs."""
    asking = [p for p in graph.packages if p.uses_cgo and not p.standard]
    folders = offer.more_folders or any(
        word.startswith("-L") for package in asking for word in package.link_flags
    )
    for package in asking:
        for framework in frameworks_of(package.link_flags):
            if framework not in offer.frameworks:
                yield _lack(package, f"the framework {framework}", framework, text)
            elif not offer.headers and (file := _including(package, framework, text)):
                what = f"headers of the framework {framework}"
                yield Lack(what=what, package=package.path, file=file)
        for library in [] if folders else libraries_of(package.link_flags):
            if library not in offer.libraries and promises(library):
                yield _lack(package, f"macOS's library {library}", library, text)


def frameworks_of(words: Iterable[str]) -> tuple[str, ...]:
    """The frameworks that words for a linker name; none where they bring their own folder of them."""
    found, given = [], _flat(words)
    before = ""
    for word in given:
        if word.startswith("-F"):
            return ()
        if before.startswith("-") and before.lstrip("-") in _FRAMEWORK_WORDS:
            found.append(word.partition(",")[0])  # `Cocoa,_debug` names a variant
        before = word
    return tuple(dict.fromkeys(found))


def libraries_of(words: Iterable[str]) -> tuple[str, ...]:
    """The libraries that they name by `-l`, without those that come with zig."""
    names = (word[2:] for word in _flat(words) if word.startswith("-l"))
    return tuple(dict.fromkeys(n for n in names if n and n not in PROVIDED | CXX_LIBRARIES))


def _flat(words: Iterable[str]) -> list[str]:
    """The words with the linker's own set free of `-Wl,` and `-Xlinker`."""
    flat: list[str] = []
    for word in words:
        flat += word.removeprefix("-Wl,").split(",") if word.startswith("-Wl,") else [word]
    return [word for word in flat if word != "-Xlinker"]


def _lack(package: Package, what: str, name: str, text: Texts) -> Lack:
    line = re.compile(rf"(?m)^[ \t/*]*#cgo\b.*LDFLAGS.*{re.escape(name)}\b")
    file = next((file for file in package.cgo_files if line.search(text(package, file))), "")
    return Lack(what=what, package=package.path, file=file)


def _including(package: Package, framework: str, text: Texts) -> str:
    """The file that includes a header of the framework."""
    line = re.compile(rf"#[ \t]*(?:include|import)[ \t]*<{re.escape(framework)}/")
    files = (*package.cgo_files, *package.c_files, *package.cxx_files, *package.other_files)
    return next((file for file in files if line.search(text(package, file))), "")
