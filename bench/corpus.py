"""The programs over which predictions are compared with outcomes.

A program is one of the examples, a few lines that provoke one rule (bench/snippets.py), a main package
of a public module, or a few lines that use a library. Versions are pinned. The cheap ones come first.
"""

from __future__ import annotations

from bench.cases import Program
from bench.snippets import RULES, main_go


def _tool(name: str, kind: str, module: str, folder: str = "", *, tags: str = "") -> Program:
    """A main package, in a folder of its module."""
    package = module.partition("@")[0] + folder
    return Program(name=name, kind=kind, package=package, modules=(module,), tags=tags)


def _library(name: str, kind: str, module: str, use: str, *, tags: str = "") -> Program:
    """A main that uses one name of a package: `.Name`, or `/folder.Name` within the module.

    It is used at run time: what nothing reaches, the linker drops before it is missed.
    """
    folder, _, value = use.rpartition(".")
    imported = f'p "{module.partition("@")[0]}{folder}"'
    files = main_go(imported, top=f"var used = p.{value}", body="println(used != nil)")
    return Program(name=name, kind=kind, modules=(module,), files=files, tags=tags)


EXAMPLES = tuple(
    Program(name=name, kind="example", directory=f"examples/{name}") for name in ("hello", "whoami")
)
NOTES = Program(name="notes", kind="C", directory="examples/notes")

PUBLIC = (
    _tool("xxhsum", "pure", "github.com/cespare/xxhash/v2@v2.3.0", "/xxhsum"),
    _tool("tomlv", "pure", "github.com/BurntSushi/toml@v1.5.0", "/cmd/tomlv"),
    _tool("glua", "net", "github.com/yuin/gopher-lua@v1.1.1", "/cmd/glua"),
    _tool("stringer", "pure", "golang.org/x/tools@v0.30.0", "/cmd/stringer"),
    _tool("shfmt", "pure", "mvdan.cc/sh/v3@v3.12.0", "/cmd/shfmt"),
    _library("purego", "dlopen", "github.com/ebitengine/purego@v0.9.1", ".Dlopen"),
    _library("uuid", "net", "github.com/google/uuid@v1.6.0", ".New"),
    _library("dns", "net", "github.com/miekg/dns@v1.1.69", ".Exchange"),
    _library("pq", "net", "github.com/lib/pq@v1.10.9", ".NewConnector"),
    _tool("minisign", "net", "aead.dev/minisign@v0.3.0", "/cmd/minisign"),
    _tool("age", "net", "filippo.io/age@v1.2.1", "/cmd/age"),
    _tool("mkcert", "net", "filippo.io/mkcert@v1.4.4", ""),
    _tool("hey", "net", "github.com/rakyll/hey@v0.1.5", ""),
    _library("pkcs11", "C", "github.com/miekg/pkcs11@v1.1.1", ".New"),
    _library("pointer", "C", "github.com/mattn/go-pointer@v0.0.1", ".Save"),
    _library(
        "secp256k1", "C", "github.com/ethereum/go-ethereum@v1.14.12", "/crypto/secp256k1.Sign"
    ),
    _library("ethereum-crypto", "C", "github.com/ethereum/go-ethereum@v1.14.12", "/crypto.Sign"),
    _library("blst", "C", "github.com/supranational/blst@v0.3.14", "/bindings/go.KeyGen"),
    _library(
        "hid", "C", "github.com/karalabe/hid@v1.0.1-0.20240306101548-573246063e52", ".Enumerate"
    ),
    _library("usb", "C", "github.com/karalabe/usb@v0.0.2", ".Enumerate"),
    _library("clipboard", "dlopen", "golang.design/x/clipboard@v0.7.0", ".Init"),
    _library(
        "systemd-util",
        "dlopen",
        "github.com/coreos/go-systemd/v22@v22.5.0",
        "/util.RunningFromSystemService",
    ),
    _tool("memfs", "broken", "github.com/winfsp/cgofuse@v1.6.0", "/examples/memfs"),
    _library("openssl", "C", "github.com/libp2p/go-openssl@v0.1.0", ".NewCtx"),
    _library("gozstd", "prebuilt", "github.com/valyala/gozstd@v1.24.0", ".Compress"),
    _tool("pcapdump", "broken", "github.com/google/gopacket@v1.1.19", "/examples/pcapdump"),
    _library("levigo", "broken", "github.com/jmhodges/levigo@v1.0.0", ".Open"),
    _library("seccomp", "broken", "github.com/seccomp/libseccomp-golang@v0.10.0", ".NewFilter"),
    _library("pam", "broken", "github.com/msteinert/pam/v2@v2.0.0", ".Start"),
    _library(
        "odbc",
        "broken",
        "github.com/alexbrainman/odbc@v0.0.0-20250601004241-49e6b2bc0cf0",
        ".NewError",
    ),
    _library(
        "opus",
        "broken",
        "gopkg.in/hraban/opus.v2@v2.0.0-20230925203106-0188a62cb302",
        ".NewDecoder",
    ),
    _library("piv", "broken", "github.com/go-piv/piv-go/v2@v2.3.0", "/piv.Cards"),
    _library(
        "sqlite-system", "C", "github.com/mattn/go-sqlite3@v1.14.32", ".Version", tags="libsqlite3"
    ),
    _tool("sqlite-simple", "C", "github.com/mattn/go-sqlite3@v1.14.32", "/_example/simple"),
    _library("zstd", "C", "github.com/DataDog/zstd@v1.5.6", ".Compress"),
    _library(
        "zstd-system",
        "broken",
        "github.com/DataDog/zstd@v1.5.6",
        ".Compress",
        tags="external_libzstd",
    ),
    _library(
        "tree-sitter",
        "C",
        "github.com/smacker/go-tree-sitter@v0.0.0-20240827094217-dd81d9e9be82",
        "/golang.GetLanguage",
    ),
    _library("webp", "C", "github.com/chai2010/webp@v1.4.0", ".GetInfo"),
    _tool("malgo", "dlopen", "github.com/gen2brain/malgo@v0.11.23", "/_examples/enumeration"),
    _library("godror", "dlopen", "github.com/godror/godror@v0.40.4", ".NewConnector"),
    _library(
        "kafka",
        "prebuilt",
        "github.com/confluentinc/confluent-kafka-go/v2@v2.6.1",
        "/kafka.LibraryVersion",
    ),
    _library(
        "kafka-musl",
        "prebuilt",
        "github.com/confluentinc/confluent-kafka-go/v2@v2.6.1",
        "/kafka.LibraryVersion",
        tags="musl",
    ),
    _library(
        "kafka-dynamic",
        "broken",
        "github.com/confluentinc/confluent-kafka-go/v2@v2.6.1",
        "/kafka.LibraryVersion",
        tags="dynamic",
    ),
    _library(
        "libsql",
        "prebuilt",
        "github.com/tursodatabase/go-libsql@v0.0.0-20251219133454-43644db490ff",
        ".NewEmbeddedReplicaConnector",
    ),
    _library(
        "wasmtime", "prebuilt", "github.com/bytecodealliance/wasmtime-go/v39@v39.0.1", ".NewEngine"
    ),
    _library("duckdb", "prebuilt", "github.com/marcboeker/go-duckdb@v1.5.6", ".NewConnector"),
    _tool("runc", "C", "github.com/opencontainers/runc@v1.2.4", ""),
    _library("libsass", "C++", "github.com/bep/golibsass@v1.2.0", "/libsass.New"),
    _tool("yq", "net", "github.com/mikefarah/yq/v4@v4.44.6", ""),
    _library("modernc-sqlite", "net", "modernc.org/sqlite@v1.34.5", ".Limit"),
)

PROGRAMS = (*EXAMPLES, *RULES, *PUBLIC, NOTES)
