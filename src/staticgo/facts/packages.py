"""What is known of Go packages and modules that use C: the tags they need, and what they lose."""

from __future__ import annotations

from dataclasses import dataclass

from staticgo.model.project import Package


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleFact:
    """One module with cgo in it: tags for a static link, and what is left of it without cgo."""

    path: str
    tags: tuple[str, ...] = ()
    only_for_musl: bool = False
    """Whether the tags are for musl alone, and not for every static program."""
    why: str = ""
    costs: str = ""
    """What the program can no longer do with these tags; "" where it is nothing."""
    stub: str = ""
    """What the program meets at run time if it is built with CGO_ENABLED=0; "" where it is no stub."""
    source: str


MODULES: tuple[ModuleFact, ...] = (
    ModuleFact(
        path="github.com/mattn/go-sqlite3",
        tags=("sqlite_omit_load_extension",),
        why="SQLite's extension loader calls dlopen, which never works in a static binary",
        costs="SQLite's loadable extensions are left out",
        stub="every sql.Open fails at run time: it compiles into a stub that says "
        "'go-sqlite3 requires cgo to work. This is a stub'",
        source="https://github.com/mattn/go-sqlite3/issues/855",
    ),
    ModuleFact(
        path="github.com/confluentinc/confluent-kafka-go/v2",
        tags=("musl",),
        only_for_musl=True,
        why="the module ships one librdkafka for glibc and one for musl; this tag takes musl's",
        source="https://github.com/confluentinc/confluent-kafka-go#static-builds-on-linux",
    ),
    ModuleFact(
        path="github.com/confluentinc/confluent-kafka-go",
        tags=("musl",),
        only_for_musl=True,
        why="the module ships one librdkafka for glibc and one for musl; this tag takes musl's",
        source="https://github.com/confluentinc/confluent-kafka-go#static-builds-on-linux",
    ),
)


def module_fact(package: Package) -> ModuleFact | None:
    """What is known of the module that the package is in."""
    path = package.module.path if package.module else ""
    return next((known for known in MODULES if known.path == path), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class LibcPackage:
    """A package of the standard library that uses libc if it may, and Go's own code otherwise."""

    path: str
    tag: str
    """The build tag that keeps libc out of it."""
    why: str


LIBC_PACKAGES: tuple[LibcPackage, ...] = (
    LibcPackage(
        path="net",
        tag="netgo",
        why="Go's own resolver reads /etc/resolv.conf and /etc/hosts and needs no libc; "
        "nsswitch and mDNS are not consulted (--use-libc net keeps libc's)",
    ),
    LibcPackage(
        path="os/user",
        tag="osusergo",
        why="users and groups are read from /etc/passwd and /etc/group without libc; "
        "LDAP and other NSS sources are not asked (--use-libc user keeps libc's)",
    ),
)

USE_LIBC_NAMES = {"net": "net", "user": "os/user", "os/user": "os/user"}
"""What `--use-libc` takes, and the package each name means."""

HAZARDS: dict[str, str] = {
    "plugin": "package plugin loads code with dlopen, which never works in a static binary: "
    "plugin.Open will fail at run time",
    # Without cgo it names libdl and libc itself (//go:cgo_import_dynamic), and the result is dynamic.
    "github.com/ebitengine/purego": "purego loads libraries with dlopen, which never works in a static "
    "binary: purego.Dlopen will fail at run time",
}
"""Packages that link and then cannot work in a static binary."""
