"""Packages in pure Go that do what a package with C does. A hint, not a promise: they differ."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """One module with C, and the one in Go."""

    module: str
    instead: str
    differs: str
    """What changes for the program."""


REPLACEMENTS: tuple[Replacement, ...] = (
    Replacement(
        module="github.com/mattn/go-sqlite3",
        instead="modernc.org/sqlite",
        differs='the driver is called "sqlite" and not "sqlite3", and its connection string is '
        "written otherwise; it is SQLite's C translated to Go: measure its speed",
    ),
    Replacement(
        module="github.com/DataDog/zstd",
        instead="github.com/klauspost/compress/zstd",
        differs="another API; compression levels are fewer",
    ),
    Replacement(
        module="github.com/valyala/gozstd",
        instead="github.com/klauspost/compress/zstd",
        differs="another API; compression levels are fewer",
    ),
    Replacement(
        module="github.com/confluentinc/confluent-kafka-go",
        instead="github.com/twmb/franz-go",
        differs="another API and other settings: it is no librdkafka",
    ),
    Replacement(
        module="github.com/google/brotli/go/cbrotli",
        instead="github.com/andybalholm/brotli",
        differs="nearly the same API; measure its speed",
    ),
    Replacement(
        module="github.com/jmhodges/levigo",
        instead="github.com/syndtr/goleveldb",
        differs="another API; it reads the same files",
    ),
    Replacement(
        module="github.com/tecbot/gorocksdb",
        instead="github.com/cockroachdb/pebble",
        differs="another API; it reads RocksDB's files of some versions only",
    ),
    Replacement(
        module="github.com/libgit2/git2go",
        instead="github.com/go-git/go-git/v5",
        differs="another API; not all of git is in it",
    ),
    Replacement(
        module="github.com/bytecodealliance/wasmtime-go",
        instead="github.com/tetratelabs/wazero",
        differs="another API",
    ),
    Replacement(
        module="github.com/wasmerio/wasmer-go",
        instead="github.com/tetratelabs/wazero",
        differs="another API",
    ),
    Replacement(
        module="rogchap.com/v8go",
        instead="github.com/dop251/goja",
        differs="another API; an interpreter without a JIT compiler, of older JavaScript",
    ),
    Replacement(
        module="github.com/aarzilli/golua",
        instead="github.com/yuin/gopher-lua",
        differs="another API; Lua 5.1, and C modules of Lua do not load",
    ),
    Replacement(
        module="github.com/godror/godror",
        instead="github.com/sijms/go-ora/v2",
        differs="it speaks Oracle's protocol itself; not all of OCI is in it",
    ),
    Replacement(
        module="github.com/mattn/go-oci8",
        instead="github.com/sijms/go-ora/v2",
        differs="it speaks Oracle's protocol itself; not all of OCI is in it",
    ),
    Replacement(
        module="github.com/google/gopacket",
        instead="github.com/google/gopacket/pcapgo",
        differs="it reads and writes capture files, and captures on Linux only (EthernetHandle)",
    ),
    Replacement(
        module="github.com/bep/golibsass",
        instead="github.com/bep/godartsass/v2",
        differs="it starts the program dart-sass, which must be there",
    ),
)
"""By module path, major version left out."""


def replacement_for(module: str) -> Replacement | None:
    """The pure-Go module for `module` (`example.com/mod/v2`); None where none is known."""
    for known in REPLACEMENTS:
        if module == known.module or module.startswith(f"{known.module}/v"):
            return known
    return None
