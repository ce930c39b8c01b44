"""The catalogue of `inspect`'s rules: what each looks at, why it matters, and what to do.

`staticgo inspect --explain RULE` prints an entry; docs/rules.md holds them all, and a test compares.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One entry; `looks_at` says what is read to answer it."""

    id: str
    title: str
    looks_at: str
    why: str
    fix: str


RULES: tuple[Rule, ...] = (
    Rule(
        id="linkage",
        title="The program needs nothing of the machine but its kernel, or what the system promises",
        looks_at="ELF: PT_INTERP and the libraries that the dynamic section loads. Mach-O: the "
        "libraries in the load commands. PE: the imported DLLs. `static` and `static-pie` need "
        "none; `system-only` needs only what the operating system promises, which is all that "
        "macOS, Windows and OpenBSD allow. What was not read as a whole is `unknown`, and "
        "never taken for good.",
        why="A dynamic program does not start where its interpreter or a library is missing, or "
        'too old. Linux then says "No such file or directory", though the file is there.',
        fix="A Go program: build it with `staticgo build`. Another: link it statically, with musl "
        "rather than glibc, or bring its libraries along.",
    ),
    Rule(
        id="foreign-library",
        title="A library that the operating system does not promise",
        looks_at="The needed libraries, against the lists of what macOS and Windows bring.",
        why="The program fails to start on a machine without it. libgcc_s, libstdc++ and "
        "libwinpthread leak from MinGW, vcruntime from Visual C++, and /usr/local or Homebrew "
        "paths from the build machine.",
        fix="Link the library statically (-static, -static-libgcc), or ship it beside the program.",
    ),
    Rule(
        id="minimum-version",
        title="The oldest system that the program starts on",
        looks_at="ELF: the versions that its symbols ask of libraries, glibc's above all. Mach-O: the "
        "minimum of the build version command. PE: the subsystem version.",
        why='On anything older it does not start: "version `GLIBC_2.34\' not found".',
        fix="Build on an older system, or with a compiler that can aim at one (zig: -target "
        "x86_64-linux-gnu.2.17); a static program asks for none.",
    ),
    Rule(
        id="static-libc",
        title="A function of the C library that wants something of the machine, though it is linked "
        "in",
        looks_at="The names of linked-in functions, and messages that come along with them.",
        why="Static glibc still loads libnss_*.so, gconv modules and shared libraries at run time, "
        "of exactly its own version: on another machine look-ups fail or the program crashes. "
        "dlopen in static musl never works.",
        fix="Keep such functions out (--tags netgo,osusergo; sqlite_omit_load_extension for "
        "go-sqlite3), or link with musl: `staticgo build` does both.",
    ),
    Rule(
        id="empty-machine",
        title="Something that a bare machine lacks, and the program looks for",
        looks_at="Functions of Go packages that are linked in: crypto/x509 (CA certificates), "
        "time.LoadLocation (time zones), os/user (/etc/passwd), net (/etc/resolv.conf).",
        why="The program starts, and fails later: certificates signed by unknown authority, "
        "unknown time zones. It says nothing about linkage.",
        fix="Embed it: golang.org/x/crypto/x509roots/fallback, the tag timetzdata; or put it into "
        "the image.",
    ),
    Rule(
        id="claims",
        title="What the build information claims, and the binary does not show",
        looks_at="Go's build settings against signs in the binary: CGO_ENABLED=1 and no cgo inside, "
        "-buildmode=pie and no PIE.",
        why="`go version -m` reports settings, not results: with them alone a static program "
        "passes for a dynamic one, and the reverse (golang/go#63432).",
        fix="Trust the linkage that was read. To make the two agree, set CGO_ENABLED=0 where no C "
        "is needed.",
    ),
    Rule(
        id="signature",
        title="macOS starts only signed programs on Apple silicon, and none that was changed since",
        looks_at="The code signature of Mach-O files: on arm64 there must be one, ad-hoc will do; the "
        "hash of each page of 4 KiB, and of the signature's own parts, against the file. What a "
        "bundle holds beside the program, and who signed, is not looked at.",
        why='The kernel ends such an arm64 program at once: "Killed: 9".',
        fix="Go's linker and zig sign ad-hoc. What changes the file later, such as strip, must "
        "sign again: codesign -f -s - FILE.",
    ),
    Rule(
        id="repeated-library",
        title="A library is named twice in a program for macOS",
        looks_at="The names in LC_LOAD_DYLIB and its kin.",
        why='dyld of macOS 26 ends the program at its start: "duplicate linked dylib"; earlier '
        "releases only warned. zig's linker writes one command for each -l and -framework that it "
        "is given (rust-cross/cargo-zigbuild#457), where Apple's merges them.",
        fix="Name each library once. `staticgo build` sees to it.",
    ),
    Rule(
        id="executable-stack",
        title="Memory that is writable and executable",
        looks_at="ELF: PT_GNU_STACK. PE: NX_COMPAT. Mach-O: the flags for heap and stack.",
        why="It turns every buffer overflow into foreign code. Hardened systems refuse to start "
        "the program.",
        fix="Assembly sources lack a .note.GNU-stack section, or -z execstack was given: mend the "
        "source, or link with -z noexecstack.",
    ),
    Rule(
        id="run-path",
        title="Libraries are looked for in a folder that others may fill",
        looks_at="RPATH, RUNPATH and LC_RPATH that are relative or empty.",
        why="Whoever controls the current folder then decides which library is loaded.",
        fix="Use $ORIGIN, @loader_path or absolute folders, or no run path at all.",
    ),
)

BY_ID = {rule.id: rule for rule in RULES}
