"""What a build of the corpus is made of: a program, and a set of flags."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One program. Without `directory` it gets a module of its own that requires `modules`."""

    name: str
    kind: str
    package: str = "."
    modules: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    objects: tuple[tuple[str, str], ...] = ()
    """C files that are compiled beforehand, each with the name of its object."""
    tags: str = ""
    directory: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagSet:
    """What a person adds to `go build`: environment and flags."""

    name: str
    environment: tuple[tuple[str, str], ...] = ()
    arguments: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    """Where it is not for all: the kinds of program it is built for."""

    def fits(self, program: Program) -> bool:
        """Whether the program is built with it."""
        return not self.kinds or program.kind in self.kinds


MUSL = (("CC", "musl-gcc"),)
NO_CGO = (("CGO_ENABLED", "0"),)
STATIC = "-ldflags=-linkmode=external -extldflags=-static"
NETGO = "-tags=netgo,osusergo"
SMALL = ("example", "rule")
GO_ONLY = "{go}"
"""Stands for the folder of `go`: a PATH without a compiler."""

FLAG_SETS = (
    FlagSet(name="plain"),
    FlagSet(name="cgo0", environment=NO_CGO),
    FlagSet(name="cgo1", environment=(("CGO_ENABLED", "1"),)),
    FlagSet(name="netgo", arguments=(NETGO,)),
    FlagSet(name="extldflags-static", arguments=("-ldflags=-extldflags=-static",)),
    FlagSet(name="internal", arguments=("-ldflags=-linkmode=internal",)),
    FlagSet(name="external", arguments=("-ldflags=-linkmode=external",)),
    FlagSet(name="external-static", arguments=(STATIC,)),
    FlagSet(name="musl", environment=MUSL),
    FlagSet(name="musl-static", environment=MUSL, arguments=(STATIC,)),
    FlagSet(name="cgo0-external", environment=NO_CGO, arguments=("-ldflags=-linkmode=external",)),
    FlagSet(name="pie", arguments=("-buildmode=pie",)),
    FlagSet(
        name="static-pie",
        arguments=("-buildmode=pie", "-ldflags=-linkmode=external -extldflags=-static-pie"),
    ),
    FlagSet(name="race", arguments=("-race",)),
    FlagSet(name="pie-static", arguments=("-buildmode=pie", STATIC)),
    FlagSet(name="netgo-internal", arguments=(NETGO, "-ldflags=-linkmode=internal")),
    FlagSet(name="netgo-static", arguments=(NETGO, STATIC)),
    FlagSet(name="musl-internal", environment=MUSL, arguments=("-ldflags=-linkmode=internal",)),
    FlagSet(name="extlink-1", environment=(("GO_EXTLINK_ENABLED", "1"),), kinds=SMALL),
    FlagSet(name="extlink-0", environment=(("GO_EXTLINK_ENABLED", "0"),), kinds=SMALL),
    FlagSet(name="stripped", arguments=("-ldflags=-s -w",), kinds=SMALL),
    FlagSet(name="ldflags-d", arguments=("-ldflags=-d",), kinds=SMALL),
    FlagSet(
        name="internal-static",
        arguments=("-ldflags=-linkmode=internal -extldflags=-static",),
        kinds=SMALL,
    ),
    FlagSet(
        name="external-no-static",
        arguments=("-ldflags=-linkmode=external -extldflags=-static-libgcc",),
        kinds=SMALL,
    ),
    FlagSet(name="no-compiler", environment=(("CC", "no-such-compiler"),), kinds=SMALL),
    FlagSet(name="no-path", environment=(("PATH", GO_ONLY),), kinds=SMALL),
    FlagSet(name="cgo0-static", environment=NO_CGO, arguments=(STATIC,), kinds=SMALL),
    FlagSet(name="cgo0-race", environment=NO_CGO, arguments=("-race",), kinds=SMALL),
    FlagSet(name="cgo0-pie", environment=NO_CGO, arguments=("-buildmode=pie",), kinds=SMALL),
    FlagSet(name="musl-pie", environment=MUSL, arguments=("-buildmode=pie",), kinds=SMALL),
    FlagSet(name="race-static", arguments=("-race", STATIC), kinds=SMALL),
    FlagSet(name="race-pie", arguments=("-race", "-buildmode=pie"), kinds=SMALL),
    FlagSet(name="musl-race", environment=MUSL, arguments=("-race",), kinds=SMALL),
    FlagSet(name="cgo-ldflags", environment=(("CGO_LDFLAGS", "-static"),), kinds=SMALL),
    FlagSet(
        name="spaced",
        arguments=('-ldflags=-linkmode external -extldflags "-static"',),
        kinds=SMALL,
    ),
    FlagSet(name="cgo-cflags", environment=(("CGO_CFLAGS", "-O2 -fcf-protection"),), kinds=SMALL),
    FlagSet(name="cgo-cflags-lto", environment=(("CGO_CFLAGS", "-O2 -flto"),), kinds=SMALL),
    FlagSet(name="asan", arguments=("-asan",), kinds=SMALL),
    FlagSet(name="msan", arguments=("-msan",), kinds=SMALL),
    FlagSet(name="arm64", environment=(("GOARCH", "arm64"),), kinds=SMALL),
    FlagSet(
        name="arm64-pie",
        environment=(("GOARCH", "arm64"),),
        arguments=("-buildmode=pie",),
        kinds=SMALL,
    ),
    FlagSet(
        name="riscv64-pie",
        environment=(("GOARCH", "riscv64"),),
        arguments=("-buildmode=pie",),
        kinds=SMALL,
    ),
    FlagSet(name="darwin", environment=(("GOOS", "darwin"), ("GOARCH", "arm64")), kinds=SMALL),
    FlagSet(name="windows", environment=(("GOOS", "windows"),), kinds=SMALL),
)
