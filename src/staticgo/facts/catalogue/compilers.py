"""Compilers, assemblers and pkg-config: the wrong one, none, and headers that are not there."""

from __future__ import annotations

from staticgo.model.diagnosis import Entry, Remedy, RemedyKind, Severity

# Go and cgo pass the options of the target's CPU; a compiler for another CPU refuses them, each in
# its own words (cmd/go/internal/work/exec.go, gccArchArgs).
_CPU_OPTIONS = (
    r"m64|m32|m31|marm|mthumb|mthreads|march=\S+|mabi=\S+|mfp32|mno-odd-spreg|mfloat-abi=\S+|mfpu=\S+"
    r"|mhard-float|msoft-float|mno-thumb|arch"
)

_Q = "['\"\u2018\u2019]"
"""gcc quotes with typographic marks where the locale has them."""

COMPILERS: tuple[Entry, ...] = (
    Entry(
        id="wrong-cpu-compiler",
        signs=(
            "command-line option",
            "command line option",
            "in option '-m",
            "bad value ",
            "unsupported option",
            "unsupported argument",
        ),
        pattern=rf"unrecognized command[- ]line option {_Q}(?P<name>-(?:{_CPU_OPTIONS})){_Q}"
        rf"|unrecognized argument in option {_Q}(?P<name2>-m(?:abi|arch|cpu|float-abi|fpu)=[^'\s]*){_Q}"
        rf"|bad value \(?{_Q}?(?P<name3>[^'()\u2018\u2019]+){_Q}?\)? for {_Q}?-m(?:arch|cpu|tune|abi)="
        rf"|unsupported option {_Q}(?P<name4>-m[^'\u2019\s]+){_Q} for target"
        rf"|unsupported argument {_Q}(?P<name5>[^'\u2019\s]+){_Q} to option {_Q}-m(?:arch|cpu|abi)",
        severity=Severity.FATAL,
        meaning="the C compiler is for another CPU or system than the target ({names})",
        cause="Go passes it the target's CPU options, which it does not know: CC is this machine's own",
        fix="set CC to a compiler for the target, or unset it: staticgo brings zig for every target",
    ),
    Entry(
        id="wrong-cpu-assembly",
        signs=("no such instruction", "invalid instruction mnemonic", "gcc_", "bad register name"),
        pattern=r"no such instruction: [`'\u2018](?P<name>\S+)"
        r"|invalid instruction mnemonic ['\"](?P<name2>\w+)"
        r"|gcc_\w+\.S:\d+: Error: (?P<name3>[a-z][a-z -]+)",
        severity=Severity.FATAL,
        meaning="the assembler is for another CPU than the target ({names})",
        cause="assembly of the target's CPU reached this machine's own assembler",
        fix="set CC to a compiler for the target, or unset it: staticgo brings zig for every target",
    ),
    Entry(
        id="mips-hard-float",
        signs=("has no LLVM CPU feature",),
        pattern=r"has no LLVM CPU feature named \"?(?P<name>[\w-]+)",
        severity=Severity.FATAL,
        meaning="zig takes a CPU option for a feature that the CPU does not have ({names})",
        cause="cgo passes gcc's option for it, and zig reads -m options as LLVM's CPU features",
        fix="build with `staticgo build` or under `staticgo env`, whose compiler drops the option: the "
        "target's triple already says it",
    ),
    Entry(
        id="zig-target",
        signs=("unable to parse target query",),
        pattern=r"unable to parse target query ['\"](?P<name>[^'\"]+)['\"]",
        severity=Severity.FATAL,
        meaning="zig does not know the target {names}",
        cause="a triple is spelled CPU-SYSTEM-LIBC, such as aarch64-linux-musl",
        fix="`zig targets` lists what it knows",
    ),
    Entry(
        id="no-c-compiler",
        signs=("C compiler ",),
        pattern=r"C compiler ['\"](?P<name>[^'\"]+)['\"] not found",
        severity=Severity.FATAL,
        meaning="there is no C compiler {names}",
        cause="a package uses cgo, and the command that CC names is not on PATH",
        fix="install it, or let staticgo bring zig: pip install 'staticgo[toolchain]'",
    ),
    Entry(
        id="multilib-header",
        signs=(
            "bits/libc-header-start.h",
            "gnu/stubs-",
            "sys/cdefs.h",
            "asm/types.h",
            "asm/errno.h",
        ),
        pattern=r"fatal error: '?(?P<name>bits/libc-header-start\.h|gnu/stubs-\w+\.h|sys/cdefs\.h"
        r"|asm/\w+\.h)'?(?:: No such file| file not found)",
        severity=Severity.FATAL,
        meaning="the C library's own header is missing for this CPU ({names})",
        cause="the compiler can make code for it (-m32, say), and the C library for it is not installed",
        fix="install it, or use a compiler that brings its own, as zig does",
        remedy=Remedy(
            kind=RemedyKind.PACKAGE,
            value="gcc-multilib",
            setting="apt-get install gcc-multilib",
            why="brings Debian's 32-bit C library and headers",
        ),
    ),
    Entry(
        id="missing-header",
        signs=("fatal error: ", ": No such file or directory", "file not found"),
        pattern=r"fatal error: ['\"\u2018]?(?P<name>[\w./+-]+\.(?:h|hpp|hh|hxx|inc|c|cc|cpp))['\"\u2019]?"
        r"(?:: No such file| file not found)|fatal error: '(?P<name2>[\w./+-]+)' file not found"
        r"|fatal error: (?P<name3>[\w/+-]+): No such file",
        severity=Severity.FATAL,
        meaning="a C header is missing ({names}): the library it belongs to is not here for this target, "
        "or `go mod vendor` dropped a folder without Go files",
        cause="the compiler looks in the target's own folders and those of -I; the build machine's "
        "/usr/include is for its own libc",
        fix="provide the library's headers (CGO_CFLAGS=-I...), or build without the vendor folder",
        link="https://github.com/golang/go/issues/26366",
    ),
    Entry(
        id="no-pkg-config",
        signs=("pkg-config",),
        pattern=r"exec: ['\"]?(?P<name>[\w./-]*pkg-config)['\"]?: ",
        severity=Severity.FATAL,
        meaning="a #cgo pkg-config line asks for a C library, and pkg-config is not installed",
        cause="Go asks the command {names} where the library is",
        fix="have the library built for the target ([[c-library]] in staticgo.toml); install pkg-config",
        remedy=Remedy(
            kind=RemedyKind.PACKAGE,
            value="pkg-config",
            setting="apt-get install pkg-config",
            why="brings the command; the library and its .pc file are wanted too",
        ),
    ),
    Entry(
        id="not-in-pkg-config",
        signs=("pkg-config", "required by 'virtual:world'"),
        pattern=r"Package '?(?P<name>[\w.+-]+)'? was not found in the pkg-config search path"
        r"|Package '(?P<name2>[\w.+-]+)', required by '[^']+', not found"
        r"|No package '(?P<name3>[^']+)' found"
        r"|pkg-config: exit status",
        severity=Severity.FATAL,
        meaning="a C library that the program asks for through pkg-config is not here ({names})",
        cause="pkg-config finds no .pc file of that name in its folders",
        fix="have it built for the target ([[c-library]] in staticgo.toml), or point PKG_CONFIG_PATH at a "
        "static build of it",
    ),
    Entry(
        id="undeclared-c-name",
        signs=("could not determine what C.",),
        pattern=r"could not determine what (?P<name>C\.\w+) refers to",
        severity=Severity.FATAL,
        meaning="Go code uses a C name that no header declares ({names})",
        cause="the header is of another version than the code was written for, or leaves the name out on "
        "this system",
        fix="take the library's headers in the version that the module asks for",
        link="https://pkg.go.dev/cmd/cgo",
    ),
)
