"""What the `go` command says: modules, constraints, and settings that contradict each other."""

from __future__ import annotations

from staticgo.model.diagnosis import Entry, Severity

_FATAL = Severity.FATAL

CGO: tuple[Entry, ...] = (
    Entry(
        id="cgo-flag",
        signs=("invalid flag in ",),
        pattern=r"invalid flag in (?:#cgo )?(?:\w*FLAGS|pkg-config --\w+|go:cgo_ldflag): ?(?P<name>\S+)",
        severity=_FATAL,
        meaning="Go refuses a flag in a #cgo line for safety ({names})",
        cause="only flags on Go's own list may come with a module, since others could run commands",
        fix="allow it with CGO_CFLAGS_ALLOW or CGO_LDFLAGS_ALLOW (https://go.dev/s/invalidflag)",
        link="https://go.dev/s/invalidflag",
    ),
    Entry(
        id="c-files-without-cgo",
        signs=("source files not allowed when not using cgo",),
        pattern=r"source files not allowed when not using cgo(?: or SWIG)?: (?P<name>.+)",
        severity=_FATAL,
        meaning="a package holds C, C++ or assembly that only cgo can build ({names})",
        cause='no Go file of it that counts here imports "C", or cgo is off',
        fix="set CGO_ENABLED=1 and CC for the target (staticgo does), or constrain the C files",
    ),
    Entry(
        id="race-needs-cgo",
        signs=("requires cgo; enable cgo",),
        pattern=r"(?P<name>-\w+) requires cgo; enable cgo by setting CGO_ENABLED=1",
        severity=_FATAL,
        meaning="{names} needs cgo, and cgo is off",
        cause="the detector is a C library, which Go links through cgo",
        fix="leave the flag out, or set CGO_ENABLED=1 and CC for the target; `staticgo build --race` does "
        "so for the race detector",
    ),
    Entry(
        id="external-needs-cgo",
        signs=("requires external (cgo) linking",),
        pattern=r"(?<!\S)(?P<name>\S+) requires external \(cgo\) linking, but cgo is not enabled",
        severity=_FATAL,
        meaning="{names} needs a C compiler for the link, and cgo is off",
        cause="Go cannot make this kind of program with its own linker, and CGO_ENABLED is 0, as it is "
        "when cross-compiling",
        fix="leave it out (-buildmode=exe), or set CGO_ENABLED=1 and CC for the target",
        link="https://github.com/golang/go/issues/44695",
    ),
    Entry(
        id="internal-not-possible",
        signs=("internal linking requested",),
        pattern=r"internal linking requested .{0,40}but external linking required: (?P<name>.+)",
        severity=_FATAL,
        meaning="-linkmode=internal was asked for, and this program must be linked externally ({names})",
        cause="Go's own linker cannot do what the reason named asks for",
        fix="leave -linkmode=internal out; for a static program: -linkmode=external -extldflags=-static",
    ),
    Entry(
        id="no-runtime-cgo",
        signs=("cannot find runtime/cgo",),
        pattern=r"loadinternal: cannot find (?P<name>runtime/cgo)",
        severity=_FATAL,
        meaning="the link needs {names}, and cgo is off",
        cause="this build mode starts in C, and CGO_ENABLED is 0",
        fix="set CGO_ENABLED=1 and CC for the target, or build an executable",
    ),
    Entry(
        id="not-on-this-target",
        signs=("not supported on ", "nsupported GOOS/GOARCH"),
        pattern=r"(?P<name>-\w+(?:=[\w-]+)?) (?:is )?not supported on \w+/\w+"
        r"|unsupported GOOS/GOARCH pair (?P<name2>\S+)|unsupported GOOS/GOARCH:? (?P<name3>\S+)",
        severity=_FATAL,
        meaning="Go does not support this for the target ({names})",
        cause="not every port has every build mode and detector; `go tool dist list` lists the ports",
        fix="leave it out for this target",
    ),
)

PACKAGES: tuple[Entry, ...] = (
    Entry(
        id="constraints",
        signs=("build constraints exclude all Go files",),
        pattern=r"(?<![\w./~-])(?P<name>[\w./~-]+): build constraints exclude all Go files"
        r"|build constraints exclude all Go files",
        severity=_FATAL,
        meaning="a package has no code for this platform and these tags ({names})",
        cause="each of its files asks for another platform, or for cgo, which is off without a C compiler "
        "and when cross-compiling",
        fix="if it needs C, do not use --cgo off; otherwise it does not support the target",
        link="https://github.com/golang/go/issues/24433",
    ),
    Entry(
        id="no-go-files",
        signs=("no Go source files", "no Go files in", "no non-test Go files"),
        pattern=r"(?<![\w./~-])(?P<name>[\w./~-]+): no Go source files|no Go source files"
        r"|no Go files in (?P<name2>\S+)"
        r"|no non-test Go files in (?P<name3>\S+)",
        severity=_FATAL,
        meaning="a package has no Go files that count here ({names})",
        cause='the folder holds none, only tests, or only files with import "C" while cgo is off',
        fix="name a folder with a `package main`; if it needs C, do not use --cgo off",
        link="https://github.com/golang/go/issues/24068",
    ),
    Entry(
        id="no-module",
        signs=("go.mod file not found", "cannot find main module"),
        pattern=r"go\.mod file not found|cannot find main module",
        severity=_FATAL,
        meaning="there is no go.mod in this folder or above it",
        cause="the go command builds packages of modules only",
        fix="name a folder inside a Go module, or make one: `go mod init example.com/app`",
    ),
    Entry(
        id="directives",
        signs=(" directives. It must not contain",),
        pattern=r"\bmore (?P<name>\w+) directives\. It must not contain",
        severity=_FATAL,
        meaning="the module's go.mod holds {names} directives, and cannot be built from outside",
        cause="such directives only count in the main module; built otherwise it would be another program",
        fix="clone the repository at that version, and build inside it",
        link="https://github.com/golang/go/issues/44840",
    ),
    Entry(
        id="go-too-old",
        signs=(
            "requires go >= ",
            "requires go1",
            "requires newer Go version",
            "module requires Go ",
            "was released with Go",
        ),
        pattern=r"requires go ?>= ?(?P<name>[\w.]+)|requires newer Go version (?P<name2>[\w.]+)"
        r"|module requires Go (?P<name3>[\w.]+)",
        severity=_FATAL,
        meaning="go.mod asks for a newer Go ({names})",
        cause="the Go that runs is older, and may not fetch another (GOTOOLCHAIN=local)",
        fix="install the Go version that go.mod asks for",
        link="https://go.dev/doc/toolchain",
    ),
    Entry(
        id="no-toolchain",
        signs=("invalid toolchain", "toolchain not available", "download go1"),
        pattern=r"invalid toolchain:? (?P<name>\S+)"
        r"|download (?P<name2>go1[\w.]+).{0,200}toolchain not available"
        r"|invalid GOTOOLCHAIN (?P<name3>\S+)",
        severity=_FATAL,
        meaning="there is no such Go to fetch ({names})",
        cause="go.mod or GOTOOLCHAIN names a release that does not exist, or not for this machine",
        fix="name a whole version, such as 1.25.0, in go.mod's `toolchain` or `go` line",
        link="https://go.dev/doc/toolchain",
    ),
    Entry(
        id="path-without-host",
        signs=("missing dot in first path element",),
        pattern=r"missing dot in first path element",
        severity=_FATAL,
        meaning="a module's path begins with a host, such as github.com",
        cause="the go command finds a module by that host",
        fix="give the whole path, as its go.mod has it",
    ),
    Entry(
        id="broken-go-mod",
        signs=("errors parsing ", "malformed module path", "unknown directive"),
        pattern=r"errors parsing .*go\.mod|malformed module path|unknown directive",
        severity=_FATAL,
        meaning="go.mod cannot be read",
        cause="a line of it is not as the go command expects",
        fix="mend the line that Go names above",
    ),
    Entry(
        id="go-sum",
        signs=("missing go.sum entry", "updates to go."),
        pattern=r"missing go\.sum entry|updates to go\.(mod|sum) needed",
        severity=_FATAL,
        meaning="go.mod and go.sum do not agree with the imports",
        cause="the go command does not change them during a build",
        fix="run `go mod tidy` in the module",
    ),
    Entry(
        id="no-requirement",
        signs=("no required module provides package",),
        pattern=r"no required module provides package (?P<name>[^\s;:]*)",
        severity=_FATAL,
        meaning="an imported package is in no module that go.mod requires ({names})",
        cause="the import is new, or misspelt",
        fix="run `go mod tidy` in the module",
    ),
    Entry(
        id="vendor-behind",
        signs=("inconsistent vendoring", "cannot find module providing package"),
        pattern=r"inconsistent vendoring in (?P<name>\S+?):?$|cannot find module providing package "
        r"(?P<name2>[^\s:;]+)",
        severity=_FATAL,
        meaning="the vendor folder is not what go.mod asks for ({names})",
        cause="go.mod changed since `go mod vendor` ran",
        fix="run `go mod vendor`, or build with -mod=mod",
    ),
)

MISTAKES: tuple[Entry, ...] = (
    Entry(
        id="not-in-std",
        signs=(" is not in std", "is not in GOROOT"),
        pattern=r"package (?P<name>\S+) is not in (?:std|GOROOT)",
        severity=_FATAL,
        meaning="there is no such folder, and no such package ({names})",
        cause="a path without a dot in its first part means a package of Go's own",
        fix="check the path for a slip; a folder is named like ./cmd/app",
    ),
    Entry(
        id="linker-flag",
        signs=("flag provided but not defined",),
        pattern=r"flag provided but not defined: (?P<name>\S+)",
        severity=_FATAL,
        meaning="Go does not know a flag that it was given ({names})",
        cause="it comes from --ldflags or GOFLAGS, or an older Go lacks it",
        fix="look at --ldflags and GOFLAGS; `go tool link` lists the flags it takes",
    ),
    Entry(
        id="no-main",
        signs=("function main is undeclared",),
        pattern=r"function main is undeclared in the main package",
        severity=_FATAL,
        meaning="the program has no function main",
        cause="a program begins there",
        fix="write `func main()` in the package, or name the folder that has it",
    ),
    Entry(
        id="checksum",
        signs=("checksum mismatch",),
        pattern=r"checksum mismatch",
        severity=_FATAL,
        meaning="a downloaded module is not what go.sum or the checksum database says",
        cause="the module was changed after its version was first seen, or on its way here",
        fix="do not build it: find out which of the two changed (go mod verify)",
        link="https://go.dev/ref/mod#authenticating",
    ),
    Entry(
        id="embed",
        signs=("no matching files found", "cannot embed"),
        pattern=r"pattern (?P<name>\S+): (?:no matching files found|cannot embed)",
        severity=_FATAL,
        meaning="a go:embed pattern matches nothing ({names})",
        cause="the files are made by another step (a web front end, say), or are not in the module",
        fix="run the project's own step that makes them first",
    ),
)

LAST: tuple[Entry, ...] = (
    Entry(
        id="undefined-go-name",
        signs=(": undefined: ",),
        pattern=r"\.go:\d+(?::\d+)?: undefined: (?P<name>\S+)",
        severity=_FATAL,
        meaning="the program does not compile: names are undefined ({names})",
        cause='a slip, or the files that declare them fell away: they import "C" while cgo is off, as '
        "when cross-compiling without a C compiler",
        fix="mend the errors above; if the names are C bindings, set CGO_ENABLED=1 and CC for the target "
        "(staticgo does)",
        link="https://pkg.go.dev/cmd/cgo#hdr-Using_cgo_with_the_go_command",
    ),
    Entry(
        id="compile-error",
        signs=(".go:",),
        # With a column, as Go's and C compilers give it: programs' own logs have the line at most.
        pattern=r"^(?:vet: )?\S+\.go:\d+(?::\d+: (?!(?:warning|note|remark)\b)|: (?:syntax )?error\b)",
        severity=_FATAL,
        meaning="the program does not compile",
        cause="a compiler refuses the line that it names",
        fix="mend the errors above; `go vet` shows the same",
    ),
)
