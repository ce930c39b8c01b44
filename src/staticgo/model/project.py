"""What `go list` said about a program, for one target and one setting of cgo."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """The module a package comes from."""

    path: str
    version: str = ""
    main: bool = False


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
    cxx_files: tuple[str, ...] = ()
    swig_files: tuple[str, ...] = ()
    ignored_go_files: tuple[str, ...] = ()
    embed_files: tuple[str, ...] = ()
    other_files: tuple[str, ...] = ()
    """C, assembly and headers, compiled or left out."""
    imports: tuple[str, ...] = ()
    """Resolved import paths (vendoring and `ImportMap` applied)."""
    error: str = ""
    """What `go list -e` said is wrong with it."""

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

    def chain_to(self, path: str) -> tuple[str, ...]:
        """The shortest import chain from the main package to `path`, both included; () if none."""
        imports = {package.path: package.imports for package in self.packages}
        came_from: dict[str, str] = {self.root: ""}
        queue = [self.root]
        for here in queue:  # grows while we walk it: breadth first
            if here == path:
                break
            for there in imports.get(here, ()):
                if there not in came_from:
                    came_from[there] = here
                    queue.append(there)
        if path not in came_from:
            return ()
        chain = [path]
        while chain[-1] != self.root:
            chain.append(came_from[chain[-1]])
        return tuple(reversed(chain))


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
