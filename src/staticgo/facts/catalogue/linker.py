"""What linkers refuse: libraries that are not there, arguments, code that cannot be placed."""

from __future__ import annotations

from staticgo.model.diagnosis import Entry, Remedy, RemedyKind, Severity

LIBRARIES: tuple[Entry, ...] = (
    Entry(
        id="no-static-glibc",
        signs=("cannot find -l",),
        pattern=r"cannot find -l(?P<name>c|m|pthread|dl|rt|resolv|util|anl|crypt)(?=[:\s]|$)",
        severity=Severity.FATAL,
        meaning="the C library's static archive is not here ({names})",
        cause="-static asks for lib*.a; some distributions pack them apart, or not at all",
        fix="install it (Fedora: glibc-static, Debian: libc6-dev), or link with musl: staticgo does",
        remedy=Remedy(
            kind=RemedyKind.PACKAGE,
            value="glibc-static",
            setting="dnf install glibc-static",
            why="brings libc.a on Fedora and its kin; what is linked with it is static glibc, whose "
            "host and user look-ups still want the shared one",
        ),
    ),
    Entry(
        id="missing-library",
        signs=(
            "cannot find -l",
            "unable to find library",
            "unable to find dynamic system library",
            "unable to find static system library",
            "library not found for -l",
            "' not found",
        ),
        pattern=r"cannot find -l(?P<name>[\w.+-]+?)(?=:?(?:\s|$))"
        r"|unable to find (?:dynamic|static) system library ['\"](?P<name2>[^'\"]+)['\"]"
        r"|unable to find library -l(?P<name3>\S+)|library not found for -l(?P<name4>\S+)"
        r"|ld: library ['\"](?P<name5>[^'\"]+)['\"] not found",
        severity=Severity.FATAL,
        meaning="the program links a C library that is not here for this target ({names})",
        cause="the linker looks for a static archive in the folders it is given; the build machine's own "
        "libraries are for glibc and its CPU, and do not serve another",
        fix="have it built for the target ([[c-library]] in staticgo.toml), or provide a static archive "
        "for its CPU and libc (CGO_CFLAGS=-I..., CGO_LDFLAGS=-L...)",
    ),
    Entry(
        id="missing-framework",
        signs=("framework",),
        pattern=r"unable to find (?:dynamic )?(?:system )?framework ['\"](?P<name>[^'\"]+)['\"]"
        r"|framework not found (?P<name2>\S+)|ld: framework ['\"](?P<name3>[^'\"]+)['\"] not found",
        severity=Severity.FATAL,
        meaning="a macOS framework is not here ({names})",
        cause="frameworks come with Apple's SDK; zig brings none, and staticgo of its own only what Go's "
        "standard library names (CoreFoundation, Security)",
        fix="point SDKROOT at an SDK, and `staticgo build` takes frameworks from it; or build on a Mac",
    ),
    Entry(
        id="wrong-cpu-library",
        signs=("incompatible with", "file in wrong format", "is for architecture"),
        pattern=r"(?<![\w./+-])(?P<name>[\w./+-]+) is incompatible with \w"
        r"|(?<![\w./+-])(?P<name2>[\w./+-]+): file in wrong format"
        r"|file is for architecture",
        severity=Severity.FATAL,
        meaning="an archive or object is for another CPU ({names})",
        cause="the linker was given a file made for another machine than the target",
        fix="provide it for the target's CPU, and name its folder first (CGO_LDFLAGS=-L...)",
    ),
    Entry(
        id="passed-over-library",
        signs=("skipping incompatible",),
        pattern=r"skipping incompatible (?P<name>\S+)",
        severity=Severity.SIGNIFICANT,
        meaning="a library was passed over, for it is for another CPU ({names})",
        cause="the linker goes on to look for another of that name, which need not be the one you mean",
        fix="provide it for the target's CPU, and name its folder first (CGO_LDFLAGS=-L...)",
    ),
    Entry(
        id="no-start-files",
        signs=("crt1.o", "crti.o", "crtn.o", "crtbegin"),
        pattern=r"(?:cannot find|cannot open) (?P<name>\w*crt\w+\.o)",
        severity=Severity.FATAL,
        meaning="the C library's start files for this target are not here ({names})",
        cause="the compiler has no C library for the CPU that it was asked to link for",
        fix="install the cross compiler's C library (32 bits on Debian: gcc-multilib), or use staticgo "
        "with zig, which brings its own",
    ),
    Entry(
        id="position-dependent",
        signs=("recompile with -fPI", "relocation R_", "recompile with"),
        pattern=r"relocation (?P<name>R_\w+)\b.{0,300}?(?:can ?not be used|recompile with -fPI)"
        r"|requires dynamic .{0,80}? reloc|recompile with -fPI[CE]",
        severity=Severity.FATAL,
        meaning="an archive was compiled without -fPIC, and a position-independent program is linked",
        cause="the linker makes a PIE (gcc's default on most systems, or -buildmode=pie), which such "
        "code cannot be part of",
        fix="link no PIE (-buildmode=exe, -extldflags=-no-pie), or rebuild the archive with -fPIC",
        remedy=Remedy(
            kind=RemedyKind.FLAG,
            value="-no-pie",
            setting="CGO_LDFLAGS=-no-pie",
            why="makes a program that always loads at the same address: less hardened",
        ),
    ),
    Entry(
        id="static-glibc-by-zig",
        signs=("requires dynamic linking",),
        pattern=r"libc of the specified target requires dynamic linking",
        severity=Severity.FATAL,
        meaning="zig links this target's C library dynamically only",
        cause="zig brings glibc and macOS' libSystem as stubs, and no static archive of them",
        fix="name a musl target: zig cc -target x86_64-linux-musl",
    ),
    Entry(
        id="linker-argument",
        signs=(
            "linker arg",
            "linker extension flag",
            "linker parameter",
            "nrecognized argument",
            "nrecognized parameter",
            "nrecognized option",
            "nknown argument",
            "nknown option",
        ),
        pattern=r"(?:unsupported|unknown|unrecognized) linker (?:arg|argument|parameter|extension flag)s?: "
        r"(?P<name>.+)"
        r"|\bld[\w.]{0,20}: (?:error: |fatal: )?(?:unrecognized|unknown) (?:argument|option|parameter):? "
        r"['\"`]?(?P<name2>[^'\"`\s]+)|unrecognized parameter: (?P<name3>\S+)",
        severity=Severity.FATAL,
        meaning="the linker refuses an argument ({names}) that a #cgo line, CGO_LDFLAGS or -extldflags "
        "asks for",
        cause="zig's linker stops at arguments it does not know; another linker may take them",
        fix="drop the argument from CGO_LDFLAGS, or from the module's #cgo LDFLAGS",
        link="https://github.com/ziglang/zig/issues/21007",
    ),
    Entry(
        id="host-strip",
        signs=("file format not recognized", "ile format not recognized"),
        pattern=r"strip(?:\.\w+)?: .*[Ff]ile format not recognized",
        severity=Severity.FATAL,
        meaning="this machine's strip cannot read the program",
        cause="Go runs the host's `strip` on macOS programs unless -w is given, and it reads ELF alone",
        fix="give Go's linker -w (-ldflags='-s -w'), as `staticgo build` does",
    ),
    Entry(
        id="bfd-wanted",
        signs=("external linker must be",),
        pattern=r"ARM64 external linker must be (?P<name>\S+)",
        severity=Severity.FATAL,
        meaning="Go insists on GNU ld for this target ({names})",
        cause="Go's linker looks for the words `GNU ld` in the linker's version",
        fix="build with `staticgo build` or under `staticgo env`, whose compiler answers so and links it; "
        "or link with a GNU cross compiler, or with CGO_ENABLED=0",
        link="https://github.com/golang/go/issues/35197",
    ),
)
