"""Last words of Go, zig and the linker: what they mean, and what to do next."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One known message. `pattern` is searched in the tool's output."""

    pattern: str
    meaning: str
    hint: str
    outside: bool = False
    """Whether the cause lies with the network or the machine, and not with the user's project."""


# First match wins: the particular stands before the general.
DIAGNOSES: tuple[Diagnosis, ...] = (
    Diagnosis(
        r"No space left on device|no space left on device",
        "the disk is full",
        "free some space, or move the caches with STATICGO_CACHE and GOCACHE",
    ),
    Diagnosis(
        r"use of undeclared identifier '\w+64'|unknown type name '\w+64_t'"
        r"|call to undeclared function '\w+64'",
        "C code written for glibc's large-file names, which musl dropped in 1.2.4",
        "update the module (go-sqlite3: v1.14.17 or later), or set CGO_CFLAGS=-D_LARGEFILE64_SOURCE",
    ),
    Diagnosis(
        r"undefined symbol: std::__cxx11::",
        "a prebuilt C++ archive made for libstdc++; zig links libc++",
        "rebuild that archive from source with the same compiler",
    ),
    Diagnosis(
        r"undefined symbol: (__\w+_chk|__isoc23_\w+|gnu_get_libc_version|__res_init"
        r"|getcontext|\w+64)\b",
        "a prebuilt archive made for glibc is being linked with musl",
        "use the module's musl variant (often a build tag `musl`), or rebuild the archive",
    ),
    Diagnosis(
        r"undefined symbol: _Unwind_",
        "C or C++ code that unwinds the stack; Go links without the unwinder",
        "set CGO_LDFLAGS=-lunwind",
    ),
    Diagnosis(
        r"undefined symbol: ",
        "the link lacks a library, or the library is made for another libc",
        "name the library in CGO_LDFLAGS; it must be a static archive for the target's CPU and musl",
    ),
    Diagnosis(
        r"unable to find dynamic system library '(?P<name>[^']+)'|unable to find library -l",
        "the program links a C library that is not here for this target",
        "provide a static archive for the target's CPU (CGO_CFLAGS=-I..., CGO_LDFLAGS=-L...); "
        "the build machine's own libraries are for glibc and do not serve",
    ),
    Diagnosis(
        r"unsupported linker arg|unknown linker arg|unrecognized (linker )?(argument|parameter)",
        "zig's linker refuses an argument that a #cgo line or CGO_LDFLAGS asks for",
        "drop the argument from CGO_LDFLAGS, or from the module's #cgo LDFLAGS",
    ),
    Diagnosis(
        r'exec: "?(pkg-config|[\w./-]*pkg-config)"?: ',
        "a #cgo pkg-config line asks for a C library, and pkg-config is not installed",
        "install pkg-config and a static build of the library for the target",
    ),
    Diagnosis(
        r"Package .* was not found in the pkg-config search path|pkg-config: exit status",
        "a C library that the program asks for through pkg-config is not here",
        "point PKG_CONFIG_PATH at a static build of the library for the target",
    ),
    Diagnosis(
        r"fatal error: '?(?P<name>[\w./+-]+\.h(pp)?)'?(: No such file| file not found)",
        "a C header is missing: the library it belongs to is not here for this target, "
        "or `go mod vendor` dropped a folder without Go files",
        "provide the library's headers (CGO_CFLAGS=-I...), or build without the vendor folder",
    ),
    Diagnosis(
        r"invalid flag in #cgo (CFLAGS|LDFLAGS|CXXFLAGS)",
        "Go refuses a flag in a #cgo line for safety",
        "allow it with CGO_CFLAGS_ALLOW or CGO_LDFLAGS_ALLOW (https://go.dev/s/invalidflag)",
    ),
    Diagnosis(
        r"build constraints exclude all Go files",
        "a package has no code for this platform and these tags",
        "if it needs C, do not use --cgo off; otherwise it does not support the target",
    ),
    Diagnosis(
        r"go\.mod file not found|cannot find main module",
        "there is no go.mod in this folder or above it",
        "name a folder inside a Go module, or make one: `go mod init example.com/app`",
    ),
    Diagnosis(
        r"go\.(mod|work).* requires go >= ",
        "go.mod asks for a newer Go",
        "install the Go version that go.mod asks for",
    ),
    Diagnosis(
        r"missing dot in first path element",
        "a module's path begins with a host, such as github.com",
        "give the whole path, as its go.mod has it",
    ),
    Diagnosis(
        r"errors parsing .*go\.mod|malformed module path|unknown directive",
        "go.mod cannot be read",
        "mend the line that Go names above",
    ),
    Diagnosis(
        r"missing go\.sum entry|updates to go\.(mod|sum) needed",
        "go.mod and go.sum do not agree with the imports",
        "run `go mod tidy` in the module",
    ),
    Diagnosis(
        r"no required module provides package",
        "an imported package is in no module that go.mod requires",
        "run `go mod tidy` in the module",
    ),
    Diagnosis(
        r"dial tcp|no such host|connection refused|i/o timeout|TLS handshake|proxyconnect"
        r"|network is unreachable|module lookup disabled",
        "the module could not be fetched",
        "check the network and `go env GOPROXY`; modules already in the module cache need none",
        outside=True,
    ),
    Diagnosis(
        r"package \S+ is not in std",
        "there is no such folder, and no such package",
        "check the path for a slip; a folder is named like ./cmd/app",
    ),
    Diagnosis(
        r"flag provided but not defined: (?P<flag>\S+)",
        "Go's linker does not know a flag that it was given",
        "look at --ldflags and GOFLAGS; `go tool link` lists the flags it takes",
    ),
    Diagnosis(
        r"function main is undeclared in the main package",
        "the program has no function main",
        "write `func main()` in the package, or name the folder that has it",
    ),
    Diagnosis(
        r"checksum mismatch",
        "a downloaded module is not what go.sum or the checksum database says",
        "do not build it: find out which of the two changed (go mod verify)",
    ),
    Diagnosis(
        r"signal: killed|Out of memory|out of memory",
        "the machine ran out of memory",
        "build fewer targets at once (--jobs 1)",
    ),
    Diagnosis(
        r"(?m)^\S+\.go:\d+(:\d+)?: ",
        "the program does not compile",
        "mend the errors above; `go vet` shows the same",
    ),
)


def diagnose(output: str) -> Diagnosis | None:
    """The first known message in a tool's output; None where nothing is recognised."""
    return next((known for known in DIAGNOSES if re.search(known.pattern, output)), None)
