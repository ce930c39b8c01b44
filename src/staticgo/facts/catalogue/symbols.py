"""Names that are missing, or there twice, at the link: whose they are tells why."""

from __future__ import annotations

from staticgo.model.diagnosis import Entry, Remedy, RemedyKind, Severity

LFS64_FUNCTIONS = [
    "alphasort64",
    "creat64",
    "fallocate64",
    "fgetpos64",
    "fopen64",
    "freopen64",
    "fseeko64",
    "fsetpos64",
    "fstat64",
    "fstatat64",
    "fstatfs64",
    "fstatvfs64",
    "ftello64",
    "ftruncate64",
    "ftw64",
    "getdents64",
    "getdirentries64",
    "getrlimit64",
    "glob64",
    "globfree64",
    "lockf64",
    "lseek64",
    "lstat64",
    "mkostemp64",
    "mkostemps64",
    "mkstemp64",
    "mkstemps64",
    "mmap64",
    "nftw64",
    "open64",
    "openat64",
    "posix_fadvise64",
    "posix_fallocate64",
    "pread64",
    "preadv64",
    "prlimit64",
    "pwrite64",
    "pwritev64",
    "readdir64",
    "readdir64_r",
    "scandir64",
    "sendfile64",
    "setrlimit64",
    "stat64",
    "statfs64",
    "statvfs64",
    "tmpfile64",
    "truncate64",
    "versionsort64",
]
LFS64_TYPES = [
    "blkcnt64_t",
    "fpos64_t",
    "fsblkcnt64_t",
    "fsfilcnt64_t",
    "ino64_t",
    "off64_t",
    "rlim64_t",
]
"""Names that musl 1.2.4 and later has under _LARGEFILE64_SOURCE only (its include/*.h)."""

_LFS64 = "|".join((*LFS64_FUNCTIONS, *LFS64_TYPES))
_UNDEFINED = r"(?:undefined symbol: |undefined reference to (?:symbol )?[`'\"\u2018])"
_UNDEFINED_SIGNS = ("undefined symbol: ", "undefined reference to ")

LARGE_FILE_DEFINE = Remedy(
    kind=RemedyKind.DEFINE,
    value="-D_LARGEFILE64_SOURCE",
    setting="CGO_CFLAGS=-D_LARGEFILE64_SOURCE",
    why="musl then gives its file functions, which are 64 bits wide anyway, those names too",
    safe=True,
)

LARGE_FILES: tuple[Entry, ...] = (
    Entry(
        id="large-file-names",
        signs=("64",),
        pattern=rf"error: (?:use of undeclared identifier |unknown type name |call to undeclared function "
        rf"|implicit declaration of function |variable has incomplete type |)['\u2018](?:struct )?"
        rf"(?P<name>{_LFS64})['\u2019](?: undeclared|;|$|,| is invalid)?",
        severity=Severity.FATAL,
        meaning="C code uses glibc's large-file names ({names})",
        cause="musl 1.2.4 and later has them only where _LARGEFILE64_SOURCE is defined",
        fix="update the module (go-sqlite3: v1.14.17 or later), or set CGO_CFLAGS=-D_LARGEFILE64_SOURCE",
        link="https://github.com/mattn/go-sqlite3/issues/1164",
        remedy=LARGE_FILE_DEFINE,
    ),
    Entry(
        id="large-file-names-undeclared",
        signs=("64",),
        pattern=rf"warning: implicit declaration of function ['\u2018](?P<name>{_LFS64})\b",
        severity=Severity.SIGNIFICANT,
        meaning="C code calls {names} undeclared",
        cause="an undeclared function is taken to return int: file positions are cut to 32 bits, and "
        "with musl 1.2.4 or later the link fails too",
        fix="set CGO_CFLAGS=-D_LARGEFILE64_SOURCE, or update the module",
        link="https://github.com/mattn/go-sqlite3/issues/1164",
        remedy=LARGE_FILE_DEFINE,
    ),
)

SYMBOLS: tuple[Entry, ...] = (
    Entry(
        id="libstdc++-archive",
        signs=("std::__cxx11::", "NSt7__cxx11", "St7__cxx11"),
        pattern=r"undefined symbol: .{0,200}?(?P<name>std::__cxx11::\w+)|undefined symbol: \w*St7__cxx11",
        severity=Severity.FATAL,
        meaning="a prebuilt C++ archive made for libstdc++ is being linked with libc++",
        cause="zig brings libc++, whose names begin with std::__1::; no flag makes one the other",
        fix="rebuild that archive from source with the same compiler",
    ),
    Entry(
        id="no-c++-runtime",
        signs=_UNDEFINED_SIGNS,
        pattern=rf"{_UNDEFINED}(?:vtable for |typeinfo for |non-virtual thunk to )?"
        r"(?P<name>std::\w+|__cxa_\w+|__gxx_personality_v0|operator (?:new|delete)"
        r"|_Z(?:n|d)[wla]\w+|_ZNS?t\w+|_ZNKS?t\w+|_ZTV\w+|__cxxabiv1::\w+|_ZTVN10__cxxabiv1\w+)",
        severity=Severity.FATAL,
        meaning="C++ code is linked without a C++ runtime ({names})",
        cause="Go links with the C compiler unless a package holds a C++ file of its own, so that a C++ "
        "archive brings no runtime along",
        fix="name it: CGO_LDFLAGS=-lc++ with zig, -lstdc++ with gcc; an empty .cc file in the package "
        "does the same",
        link="https://pkg.go.dev/cmd/cgo#hdr-Using_cgo_with_the_go_command",
        remedy=Remedy(
            kind=RemedyKind.FLAG,
            value="-lc++",
            setting="CGO_LDFLAGS=-lc++",
            why="zig links its libc++ statically; an archive made for libstdc++ still fails then",
        ),
    ),
    Entry(
        id="unwinder",
        signs=_UNDEFINED_SIGNS,
        pattern=rf"{_UNDEFINED}(?P<name>_Unwind_\w+)",
        severity=Severity.FATAL,
        meaning="C, C++ or Rust code unwinds the stack, and the unwinder is missing ({names})",
        cause="Go links with the C compiler, which leaves the unwinder out",
        fix="set CGO_LDFLAGS=-lunwind (zig), or -lgcc_eh (gcc)",
        remedy=Remedy(
            kind=RemedyKind.FLAG,
            value="-lunwind",
            setting="CGO_LDFLAGS=-lunwind",
            why="links the unwinder; an archive made for glibc may lack more than that",
        ),
    ),
    Entry(
        id="sanitizer",
        signs=_UNDEFINED_SIGNS,
        pattern=rf"{_UNDEFINED}(?P<name>__(?:ubsan|asan|msan|tsan)_\w+)",
        severity=Severity.FATAL,
        meaning="C code was compiled with a sanitizer, and is linked without it ({names})",
        cause="zig turns UBSan on where no -O is given",
        fix="set CGO_CFLAGS='-O2 -fno-sanitize=undefined', and compile archives the same way",
        link="https://github.com/ziglang/zig/issues/23052",
    ),
    Entry(
        id="newer-glibc-headers",
        signs=_UNDEFINED_SIGNS,
        pattern=rf"{_UNDEFINED}(?P<name>__isoc23_\w+)",
        severity=Severity.FATAL,
        meaning="code made for glibc 2.38 or later is being linked with another C library ({names})",
        cause="the headers of glibc 2.38 rename strtol and its like; older glibc, and musl, have no "
        "such names",
        fix="rebuild the archive with the compiler that links it, or take the module's musl variant",
    ),
    Entry(
        id="linux-archive",
        signs=_UNDEFINED_SIGNS,
        pattern=rf"{_UNDEFINED}_?(?P<name>__(?:errno_location|ctype_(?:b|tolower|toupper)_loc|xpg_\w+"
        r"|isoc99_\w+|libc_start_main))\b",
        severity=Severity.FATAL,
        meaning="code compiled for Linux is being linked for another system ({names})",
        cause="glibc and musl both have the name, and other systems' C libraries do not",
        fix="provide the archive for the target's system, or compile it from source for the target",
    ),
    Entry(
        id="glibc-archive",
        signs=_UNDEFINED_SIGNS,
        # None is in musl's libc.a (1.2.3; the large-file names left with 1.2.4), unlike the above.
        pattern=rf"{_UNDEFINED}(?P<name>__\w+_chk|gnu_get_libc_version|__res_(?:n\w+|init|query\w*|search)"
        rf"|__strdup|__rawmemchr|_dl_find_object|mallinfo2?|backtrace|(?:get|set|make|swap)context"
        rf"|{'|'.join(LFS64_FUNCTIONS)})\b",
        severity=Severity.FATAL,
        meaning="code made for glibc is being linked with another C library ({names})",
        cause="those names are glibc's own, which musl does not have",
        fix="use the module's musl variant (often a build tag `musl`), or rebuild the archive",
        link="https://wiki.musl-libc.org/functional-differences-from-glibc.html",
        remedy=Remedy(
            kind=RemedyKind.TAG,
            value="musl",
            setting="--tags musl",
            why="takes the archives for musl in modules that have such a tag, as "
            "confluent-kafka-go does; without one it changes nothing",
        ),
    ),
    Entry(
        id="libiconv",
        signs=_UNDEFINED_SIGNS,
        pattern=rf"{_UNDEFINED}(?P<name>libiconv\w*)",
        severity=Severity.FATAL,
        meaning="GNU libiconv is named and not linked ({names})",
        cause="its iconv.h was found before the C library's, and renames iconv to libiconv",
        fix="add CGO_LDFLAGS=-liconv, or take the C library's iconv.h",
    ),
    Entry(
        id="internal-link",
        signs=("relocation target ",),
        pattern=r"relocation target (?P<name>[\w.]+) not defined",
        severity=Severity.FATAL,
        meaning="Go's own linker cannot find C names ({names})",
        cause="Go links internally where all cgo is the standard library's, and cannot read the C "
        "library of zig or musl",
        fix="link externally: -ldflags '-linkmode=external -extldflags=-static'; staticgo does",
        link="https://github.com/golang/go/issues/44695",
    ),
    Entry(
        id="dynamic-by-mistake",
        signs=("missing Go type information for global symbol",),
        pattern=r"missing Go type information for global symbol (?P<name>[\w.]+)",
        severity=Severity.FATAL,
        meaning="Go's own linker makes a dynamic program, and fails ({names})",
        cause="it found no C library to take names from; what it names next is missing",
        fix="link externally: -ldflags '-linkmode=external -extldflags=-static'; staticgo does",
        link="https://github.com/golang/go/issues/44695",
    ),
    Entry(
        id="macos-sdk-symbols",
        signs=_UNDEFINED_SIGNS,
        # The prefixes of Apple's own frameworks, behind the underscore that Mach-O puts before C's names.
        pattern=rf"{_UNDEFINED}_(?P<name>k?(?:AV|AX|CF|CG|CT|CV|IO|SC|Sec)[A-Z]\w+|NS[A-Z]\w+|objc_\w+"
        r"|OBJC_CLASS_\$_\w+)\b",
        severity=Severity.FATAL,
        meaning="names of macOS's frameworks are in nothing that is linked ({names})",
        cause="without Apple's SDK there are only the names that Go's own packages take from "
        "CoreFoundation, Security and libresolv; or the framework is not named",
        fix="name the framework (#cgo darwin LDFLAGS: -framework CoreFoundation), and set SDKROOT to "
        "Apple's SDK for macOS",
    ),
    Entry(
        id="macos-symbols",
        signs=("Undefined symbols for architecture",),
        pattern=r"Undefined symbols for architecture (?P<name>\w+)",
        severity=Severity.FATAL,
        meaning="the link lacks a library, or has it for another CPU than {names}",
        cause="the names that follow are in none of the libraries",
        fix="name the library or framework in CGO_LDFLAGS; `file` tells which CPU an archive is for",
    ),
    Entry(
        id="duplicate-symbol",
        signs=("duplicate symbol", "multiple definition of"),
        # Not Go's own usage: "sanity check duplicate symbol contents during object file reading".
        pattern=r"(?<!check )duplicate symbols?:? '?(?P<name>[\w.:$@~]+)"
        r"|multiple definition of [`'\u2018](?P<name2>[^'\u2019]+)",
        severity=Severity.FATAL,
        meaning="a C name is defined twice ({names})",
        cause="two packages bring the same C library (two SQLite or libsass copies), or a header "
        "defines what it should declare",
        fix="keep one of the two packages; both files are named beside the message",
    ),
    Entry(
        id="undefined-symbol",
        signs=_UNDEFINED_SIGNS,
        pattern=rf"{_UNDEFINED}(?P<name>[^\s'`\"\u2019]+)",
        severity=Severity.FATAL,
        meaning="the link lacks a library, or the library is made for another libc ({names})",
        cause="nothing that is linked defines the name",
        fix="name the library in CGO_LDFLAGS; it must be a static archive for the target's CPU and its "
        "libc (musl on Linux, unless the target names glibc)",
    ),
)
