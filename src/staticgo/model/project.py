"""What `go list` said about a program, for one target and one setting of cgo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """The module a package comes from."""

    path: str
    version: str = ""
    main: bool = False
    go_version: str = ""
    """The `go` line of its go.mod."""
    replaced: bool = False
    """Whether a `replace` line of go.mod, or a workspace, puts another folder in its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One package of the graph, with the fields that planning looks at."""

    path: str
    name: str = ""
    dir: str = ""
    standard: bool = False
    module: Module | None = None
    go_files: tuple[str, ...] = ()
    cgo_files: tuple[str, ...] = ()
    c_files: tuple[str, ...] = ()
    cxx_files: tuple[str, ...] = ()
    assembly_files: tuple[str, ...] = ()
    syso_files: tuple[str, ...] = ()
    """Object files that go into the link as they are."""
    swig_files: tuple[str, ...] = ()
    ignored_go_files: tuple[str, ...] = ()
    embed_files: tuple[str, ...] = ()
    other_files: tuple[str, ...] = ()
    """C, assembly and headers, compiled or left out."""
    c_flags: tuple[str, ...] = ()
    """Of its `#cgo CPPFLAGS` and `CFLAGS` lines, those for this target."""
    cxx_flags: tuple[str, ...] = ()
    """Of its `#cgo CXXFLAGS` lines, those for this target."""
    link_flags: tuple[str, ...] = ()
    """Of its `#cgo LDFLAGS` lines, those for this target."""
    pkg_config: tuple[str, ...] = ()
    """What its `#cgo pkg-config` lines ask for."""
    imports: tuple[str, ...] = ()
    """Resolved import paths (vendoring and `ImportMap` applied)."""
    error: str = ""
    """What `go list -e` said is wrong with it."""

    @property
    def pkg_config_names(self) -> tuple[str, ...]:
        """The libraries among the words of its `#cgo pkg-config` lines."""
        return tuple(word for word in self.pkg_config if not word.startswith("-"))

    @property
    def uses_cgo(self) -> bool:
        """Whether compiling it calls the C compiler for cgo."""
        return bool(self.cgo_files or self.swig_files)


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """A main package and all it imports, dependencies first, as `go list -deps` orders them."""

    root: str
    """The import path of the main package."""
    packages: tuple[Package, ...]

    def get(self, path: str) -> Package | None:
        """The package of that import path."""
        return next((package for package in self.packages if package.path == path), None)

    @property
    def main(self) -> Package | None:
        """The package that was asked for."""
        return self.get(self.root)

    @property
    def cgo_packages(self) -> tuple[Package, ...]:
        """Packages that need the C compiler, `runtime/cgo` (which cgo itself adds) left out."""
        return tuple(p for p in self.packages if p.uses_cgo and p.path != "runtime/cgo")

    @property
    def has_cxx(self) -> bool:
        """Whether a package that uses cgo holds C++, so that libc++ will be linked."""
        return any(p.cxx_files for p in self.cgo_packages)

    def by_path(self) -> dict[str, Package]:
        """The packages by import path, for whoever looks up many."""
        return {package.path: package for package in self.packages}

    def chains(self) -> Callable[[str], tuple[str, ...]]:
        """A function that gives the shortest import chain from the main package to another one.

        Both ends are included; () where there is none. The graph is walked once, breadth first, and
        of chains of one length the one whose imports stand first is taken.
        """
        imports = {package.path: package.imports for package in self.packages}
        came_from: dict[str, str] = {self.root: ""}
        queue = [self.root]
        for here in queue:  # grows while we walk it
            for there in imports.get(here, ()):
                if there not in came_from:
                    came_from[there] = here
                    queue.append(there)

        def chain(path: str) -> tuple[str, ...]:
            if path not in came_from:
                return ()
            links = [path]
            while links[-1] != self.root:
                links.append(came_from[links[-1]])
            return tuple(reversed(links))

        return chain

    def chain_to(self, path: str) -> tuple[str, ...]:
        """The shortest import chain from the main package to `path`, as `chains` gives it."""
        return self.chains()(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What is to be built, and where the `go` command must stand to build it."""

    package: str
    """The package as the `go` command takes it: `./cmd/app`, or an import path."""
    display: str
    """The package as the user named it."""
    dir: str
    """Where the `go` command runs."""
    files: tuple[tuple[str, str], ...] = ()
    """For a remote package: the go.mod and go.sum of the module made to build it, which is `dir`."""

    @property
    def remote(self) -> bool:
        """Whether it is `module/path@version`, and not a package of the user's own checkout."""
        return bool(self.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFacts:
    """All that planning for one target needs to know of the program."""

    source: Source
    name: str
    """What `go build` would call the program."""
    with_cgo: Graph
    without_cgo: Graph
