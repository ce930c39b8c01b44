"""The files of a package beside Go's own reading of them: texts, and static libraries that it brings."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from staticgo.binary.archive import Member, read_archive
from staticgo.errors import StaticgoError
from staticgo.host.files import mapped
from staticgo.model.project import Package

_LARGEST = 64 * 1024 * 1024


def text_of(package: Package, name: str, *, holding: str = "") -> str:
    """A file of the package; "" where it cannot be read, as with an overlay's, or does not hold that."""
    path = os.path.join(package.dir, name)  # noqa: PTH118 - for hundreds of files, strings are quicker
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            data = file.read(_LARGEST)
    except OSError:
        return ""
    return data.decode("utf-8", "replace") if holding.encode() in data else ""


def texts(package: Package, names: Iterable[str], *, holding: str = "") -> Iterator[str]:
    """Several files of the package."""
    return (text_of(package, name, holding=holding) for name in names)


def prebuilt_archives(package: Package) -> tuple[str, ...]:
    """Static libraries that the package's `#cgo LDFLAGS` name by their file or their folder."""
    folders = [word[2:] for word in package.link_flags if word.startswith("-L") and word != "-L"]
    found = []
    for word in package.link_flags:
        if word.endswith(".a") and not word.startswith("-"):
            found.append(Path(package.dir, word))
        elif word.startswith("-l"):
            name = word[2:]
            file = name[1:] if name.startswith(":") else f"lib{name}.a"
            found += [Path(package.dir, folder, file) for folder in folders]
    # A folder of the system holds a shared library beside it, which the linker prefers.
    return tuple(
        str(path)
        for path in dict.fromkeys(found)
        if path.is_file() and not path.with_suffix(".so").exists()
    )


def members_of(path: str) -> tuple[Member, ...]:
    """The members of an archive; none where it is no such archive."""
    try:
        with mapped(Path(path)) as data:
            return read_archive(data)
    except StaticgoError:
        return ()
