"""C libraries built from source: what the user or a recipe says of one, and how it will be built."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from staticgo.model.target import Target

PREFIX = "/usr/local"
"""Where every library believes it is installed: no folder of this machine enters what is built."""


class BuildSystem(StrEnum):
    """How a library is built."""

    AUTOTOOLS = "autotools"
    CMAKE = "cmake"
    MESON = "meson"
    FILES = "files"
    """A list of files, compiled one by one into one archive."""
    COMMANDS = "commands"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """What is added for some targets only."""

    targets: tuple[str, ...]
    options: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    defines: tuple[str, ...] = ()
    cflags: tuple[str, ...] = ()
    libs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CLibrary:
    """One `[[c-library]]` of staticgo.toml, or what a recipe says in its place."""

    name: str
    recipe: str = ""
    source: str = ""
    """An archive or a folder; absolute once the file has been read."""
    sha256: str = ""
    build: BuildSystem | None = None
    options: tuple[str, ...] = ()
    """For `configure`, `cmake` or `meson setup`."""
    files: tuple[str, ...] = ()
    include_dirs: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    """What `files` installs; FILE=NAME gives it another name."""
    defines: tuple[str, ...] = ()
    cflags: tuple[str, ...] = ()
    library: str = ""
    """What -l calls it; by default the name without a leading `lib`."""
    pkg_config: str = ""
    """What pkg-config calls it; by default the name."""
    version: str = ""
    libs: tuple[str, ...] = ()
    """Libraries that its users must link too."""
    commands: tuple[tuple[str, ...], ...] = ()
    """For `commands`; before `configure` and the like, for the others."""
    tools: tuple[str, ...] = ()
    """Commands that its build calls and that not every machine has."""
    targets: tuple[str, ...] = ()
    """Patterns of the targets it is built for; none means all."""
    requires: tuple[str, ...] = ()
    extra: tuple[Extra, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """A library that staticgo knows how to build, and where its source comes from."""

    package: str
    """Debian's source package."""
    archive: str
    """The file of that package which holds the library's own source."""
    sha256: str
    library: CLibrary


@dataclass(frozen=True, slots=True, kw_only=True)
class LibrarySource:
    """Where a library's source is, and what it must be."""

    sha256: str
    """Of the archive; of a folder, of the names and contents of all in it."""
    path: str = ""
    """An archive or a folder of the user's."""
    package: str = ""
    """Without a path: Debian's source package, and the file of it."""
    archive: str = ""


Command = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryPlan:
    """How one library is built for one target. Words in braces stand for folders and commands."""

    name: str
    key: str
    """A digest of all that decides the result."""
    target: Target
    triple: str
    """The target in GNU's spelling."""
    source: LibrarySource
    stages: tuple[tuple[Command, ...], ...]
    """One after the other; the commands within one at once."""
    environment: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    """Written into the scratch folder before the first stage: name and content."""
    copies: tuple[tuple[str, str], ...] = ()
    """Headers of the source, and where they are installed."""
    tools: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    """Keys of the libraries that it is built against, theirs included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sysroot:
    """The folder in which one target's C libraries are found, and what is in it."""

    key: str
    folder: str
    libraries: tuple[LibraryPlan, ...]
    """Each after those that it requires."""
    left_out: tuple[str, ...] = ()
    """Names of those that are not for this target."""
