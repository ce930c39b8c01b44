"""What zig needs to link for macOS without a Mac: stubs of Go's own making, or the user's SDK."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from staticgo.errors import MissingTool, ToolFailed
from staticgo.facts.macos import FRAMEWORKS, minimum_macos
from staticgo.host.files import cache_dir
from staticgo.linking.gosource import DIRECTIVE, imported_symbols
from staticgo.model.plan import GoToolchain, SupportFile
from staticgo.wrapping.macos_stubs import FRAMEWORK_FOLDER, LIBRARY_FOLDER, Stub, offered, stubs

_SDK_HINT = "SDKROOT names an SDK's folder, such as MacOSX.sdk: it holds System and usr"


@dataclass(frozen=True, slots=True, kw_only=True)
class MacSupport:
    """What goes to the compiler beside its target, and what can then be linked."""

    minimum: str
    """The oldest macOS that the program shall start on."""
    arguments: tuple[str, ...]
    files: tuple[SupportFile, ...]
    frameworks: frozenset[str]
    """What `-framework` may name."""
    libraries: frozenset[str]
    """What `-l` may name, libSystem's names left out."""
    sdk: str
    key: str
    """Stands for all this in a wrapper's name: it changes with the contents, not with the place."""


def mac_support(go: GoToolchain, arch: str, sdk: str = "") -> MacSupport:
    """Stubs for what this Go links to, and the SDK in the folder `sdk` if there is one.

    Nothing is written. Raises ToolFailed where Go's sources are not there, MissingTool where `sdk`
    is no SDK.
    """
    made = _stubs(go.goroot)
    frameworks, libraries = offered(made)
    minimum = minimum_macos(go.version, arch)
    digest = hashlib.sha256("\0".join(part for stub in made for part in stub).encode())
    folder = cache_dir("macos", digest.hexdigest()[:16])
    words: tuple[str, ...] = (f"-F{folder / FRAMEWORK_FOLDER}", f"-L{folder / LIBRARY_FOLDER}")
    if sdk:
        sdk = str(Path(sdk).absolute())  # the compiler runs in other folders
        # The SDK first: it knows more symbols of the same libraries.
        words = (*_sdk_words(Path(sdk)), *words)
        frameworks |= _names(Path(sdk, FRAMEWORKS[1:]), "*.framework", "", ".framework")
        libraries |= _names(Path(sdk, "usr/lib"), "lib*.tbd", "lib", ".tbd")
        # An SDK is too large to be read as a whole: this file names its version and build.
        digest.update(_read(Path(sdk, "SDKSettings.json")).encode())
        digest.update("\0".join(sorted((*frameworks, *libraries))).encode())
    return MacSupport(
        minimum=minimum,
        arguments=words,
        files=tuple(
            SupportFile(path=str(folder / stub.path), content=stub.content) for stub in made
        ),
        frameworks=frameworks,
        libraries=libraries,
        sdk=sdk,
        key=digest.hexdigest()[:12],
    )


@cache
def _stubs(goroot: str) -> tuple[Stub, ...]:
    made = stubs(pair for text in _sources(goroot) for pair in imported_symbols(text))
    if not offered(made)[0]:
        raise ToolFailed(
            f"{goroot}/src names no framework of macOS: Go's sources are not there as a whole",
            hint="install Go anew, from go.dev/dl or the golang packages",
        )
    return made


def _sources(goroot: str) -> Iterator[str]:
    """Go's own packages that name libraries, tests left out: 3000 files, a quarter of a second."""
    directive = DIRECTIVE.encode()
    for folder, names, files in os.walk(Path(goroot, "src")):
        names[:] = sorted(name for name in names if name not in ("cmd", "testdata"))
        for name in sorted(files):
            if not name.endswith(".go") or name.endswith("_test.go"):
                continue
            try:
                data = Path(folder, name).read_bytes()
            except OSError:
                continue
            if directive in data:
                yield data.decode("utf-8", "replace")


def _sdk_words(sdk: Path) -> tuple[str, ...]:
    """Where an SDK's headers and stubs stand.

    No -isysroot: zig does not look there for libraries. And no --sysroot: it would put the SDK before
    the stubs' own folders too.
    """
    top = sdk / FRAMEWORKS[1:]
    if not top.is_dir() or not Path(sdk, "usr/lib").is_dir():
        raise MissingTool(f"SDKROOT={sdk} is no SDK of macOS", hint=_SDK_HINT)
    within = sorted(top.glob("*.framework/Frameworks"))
    return (
        *("-isystem", str(sdk / "usr/include")),
        *(f"-F{folder}" for folder in (top, *within)),
        f"-L{sdk / 'usr/lib'}",
    )


def _names(folder: Path, pattern: str, before: str, after: str) -> frozenset[str]:
    return frozenset(
        path.name.removeprefix(before).removesuffix(after) for path in folder.glob(pattern)
    )


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
