"""What programs, loaders and shells say when a finished program is started."""

from __future__ import annotations

from staticgo.facts.needs import NEEDS, STUBS
from staticgo.model.diagnosis import Entry, Severity

_BITES = Severity.SIGNIFICANT

STARTING: tuple[Entry, ...] = (
    Entry(
        id="newer-glibc",
        signs=("GLIBC_", "GLIBCXX_", "CXXABI_"),
        pattern=r"version [`'\u2018](?P<name>(?:GLIBC|GLIBCXX|CXXABI)_[\w.]+)['\u2019] not found",
        severity=_BITES,
        meaning="the program is dynamic, and was linked with a newer C library than is here ({names})",
        cause="glibc starts no program that was linked with a newer one",
        fix="build it statically: staticgo build; `staticgo inspect` says which version a binary needs",
        link="https://github.com/golang/go/issues/58550",
    ),
    Entry(
        id="missing-shared-library",
        signs=("error while loading shared libraries", "Error loading shared library"),
        pattern=r"error while loading shared libraries: (?P<name>[^:\s]+): cannot open"
        r"|Error loading shared library (?P<name2>[^:\s]+)",
        severity=_BITES,
        meaning="the program is dynamic, and a library it needs is not here ({names})",
        cause="the loader looks for it in this machine's folders",
        fix="build it statically: staticgo build; `staticgo inspect` lists what a binary needs",
    ),
    Entry(
        id="missing-symbol-at-start",
        signs=("symbol lookup error", "Error relocating "),
        pattern=r"symbol lookup error: .{0,300}?undefined symbol: (?P<name>[^\s,]+)"
        r"|Error relocating .{0,300}?: (?P<name2>\w+): symbol not found",
        severity=_BITES,
        meaning="the program is dynamic, and this machine's libraries are not those it was linked with "
        "({names})",
        cause="the name is in none of them: another version, or another C library (glibc or musl)",
        fix="build it statically: staticgo build",
    ),
    Entry(
        id="exec-format",
        signs=("xec format error", "cannot execute binary file", "CPU type in executable"),
        pattern=r"[Ee]xec format error|cannot execute binary file|[Bb]ad CPU type in executable",
        severity=_BITES,
        meaning="the file is no program for this machine's CPU and system",
        cause="it was built for another target, or is damaged or empty",
        fix="`staticgo inspect FILE` says what it is for; build it with --target",
    ),
    Entry(
        id="missing-interpreter",
        signs=(
            "required file not found",
            "bad ELF interpreter",
            "no such file or directory",
            "No such file or directory",
            ": not found",
        ),
        pattern=r"cannot execute: required file not found|(?<!\S)(?P<name>\S+): bad ELF interpreter"
        r"|exec (?:container process )?[\"'`]?(?P<name2>/[^\s\"'`:]+)[\"'`]?: no such file or directory"
        r"|failed to (?:run|execute)(?: command)? ['\u2018](?P<name3>\.?/[^'\u2019]+)['\u2019]?: No such"
        r"|^\S*sh: (?:(?:line )?\d+: )?(?P<name4>\.{0,2}/\S+): (?:not found|No such file or directory)$"
        r"|exec user process caused:? [\"'`]?no such file or directory",
        severity=_BITES,
        meaning="the program, or the interpreter that it asks for, is not here",
        cause="a dynamic program names its loader (/lib64/ld-linux-x86-64.so.2), and the kernel says the "
        "same where that is missing as where the program is",
        fix="if the file is there, `staticgo inspect FILE` names its interpreter; build it statically: "
        "staticgo build",
        link="https://github.com/golang/go/issues/26492",
    ),
    Entry(
        id="threads",
        signs=("pthread_create failed", "failed to create new OS thread"),
        pattern=r"pthread_create failed: (?P<name>.+)|failed to create new OS thread \((?P<name2>[^)]*)",
        severity=_BITES,
        meaning="the program may start no thread ({names})",
        cause='"Resource temporarily unavailable": a limit on processes or memory (ulimit -u, a cgroup). '
        '"Operation not permitted": an old container runtime that forbids the system call clone3',
        fix="raise the limit, or update the container runtime (Docker 20.10.10 or later)",
        link="https://github.com/moby/moby/issues/42680",
    ),
    Entry(
        id="no-dlopen",
        signs=("Dynamic loading not supported",),
        pattern=r"Dynamic loading not supported",
        severity=_BITES,
        meaning="the program loads a library while it runs, which a static musl program cannot",
        cause="musl's dlopen in a static program always answers so",
        fix="leave out what loads libraries (go-sqlite3: --tags sqlite_omit_load_extension)",
    ),
    Entry(
        id="iconv-modules",
        signs=("iconv",),
        pattern=r"\biconv_open\b.{0,80}: Invalid argument|conversion from .{0,80} (?:is )?not supported"
        r"|/gconv/",
        severity=_BITES,
        meaning="a character set cannot be converted",
        cause="static glibc loads most character sets from files (gconv), which are not here or of another "
        "version; the linker does not warn of it",
        fix="link with musl, whose iconv needs no files: staticgo build does",
        link="https://sourceware.org/glibc/manual/latest/html_node/glibc-iconv-Implementation.html",
    ),
)

RUNNING: tuple[Entry, ...] = (
    *(
        Entry(
            id=stub.id,
            signs=stub.signs,
            pattern=stub.pattern,
            severity=_BITES,
            meaning=stub.meaning,
            cause="CGO_ENABLED was 0, as it is when cross-compiling: the module then compiles another file",
            fix="build it with cgo: `staticgo build` does, statically",
            link=stub.link,
        )
        for stub in STUBS
    ),
    *(
        Entry(
            id=need.id,
            signs=need.signs,
            pattern=need.pattern,
            severity=_BITES,
            meaning=f"the program finds no {need.what.removeprefix('a ').removeprefix('the ')}",
            cause="it is linked well enough to run, and the machine it runs on has none",
            fix=need.remedy,
        )
        for need in NEEDS
    ),
)
