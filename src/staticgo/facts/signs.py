"""What names and texts in a program tell: which functions and packages want something of a machine.

Names: Go's function table and symbol tables. Texts: messages of C libraries. Each sign was tried on
programs with the function linked in and on others without (tests/differential/test_go.py does so
again): its absence is no proof, its presence is.
"""

from __future__ import annotations

from dataclasses import dataclass

from staticgo.facts.needs import NEEDS

_REMEDIES = {need.what: need.remedy for need in NEEDS}


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageSign:
    """A Go package whose functions look for something outside of the program."""

    package: str
    function: bytes
    """The beginning of the names of the functions that look; with a NUL, the whole name."""
    unless: bytes = b""
    """A function that brings along what would be missing."""
    formats: tuple[str, ...]
    """Where that is no part of the operating system: macOS brings certificates and time zones."""
    wants: str
    why: str
    fix: str = ""


PACKAGES: tuple[PackageSign, ...] = (
    PackageSign(
        package="crypto/x509",
        # src/crypto/x509/root_unix.go; any check of a certificate without a pool of its own ends there.
        function=b"crypto/x509.loadSystemRoots\0",
        # golang.org/x/crypto/x509roots/fallback calls it, and so do other packages of certificates.
        unless=b"crypto/x509.SetFallbackRoots\0",
        formats=("elf",),
        wants="CA certificates",
        why="without them every TLS connection to a public server fails: "
        "'x509: certificate signed by unknown authority'",
        fix=_REMEDIES["CA certificates"],
    ),
    PackageSign(
        package="time",
        function=b"time.LoadLocation\0",
        unless=b"time/tzdata.",
        # Windows has no such files either: src/time/zoneinfo_windows.go looks in GOROOT only.
        formats=("elf", "pe"),
        wants="the time zone database",
        why="without it time.LoadLocation knows UTC and Local only: 'unknown time zone Europe/Paris'",
        fix=_REMEDIES["the time zone database"],
    ),
    PackageSign(
        package="os/user",
        # lookupUser, lookupUserId, lookupGroup, lookupGroupId: both in Go's code and in cgo's.
        function=b"os/user.lookup",
        formats=("elf",),
        wants="/etc/passwd",
        why="user and group names are looked up there; without it os/user answers 'unknown user', "
        "and user.Current needs $USER and $HOME",
        fix=_REMEDIES["/etc/passwd"],
    ),
    PackageSign(
        package="net",
        # src/net/dnsconfig_unix.go; linked in with every function that looks up a host's name.
        function=b"net.dnsReadConfig\0",
        formats=("elf",),
        wants="/etc/resolv.conf",
        why="Go's resolver finds the name servers there; without it it asks 127.0.0.1 and [::1], "
        "where mostly nobody answers",
        fix=_REMEDIES["/etc/resolv.conf"],
    ),
    PackageSign(
        package="plugin",
        function=b"plugin._Cfunc_pluginOpen\0",
        formats=("elf", "mach-o"),
        wants="plugin files and a dynamic loader",
        why="plugin.Open loads code with dlopen, which never works in a static program",
        fix="leave plugins out, or run them as programs of their own",
    ),
    PackageSign(
        package="github.com/ebitengine/purego",
        function=b"github.com/ebitengine/purego.Dlopen\0",
        formats=("elf",),
        wants="shared libraries that are named at run time only",
        why="purego loads libraries with dlopen; none of them stands in the list of needed libraries",
        fix="bring the libraries along, or leave out the package that uses purego",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionSign:
    """A function of libc that looks for something at run time, even where it is linked in."""

    function: str
    family: str
    symbols: tuple[str, ...] = ()
    """Names under which it stands in a symbol table, beside its own."""
    text: bytes = b""
    """A message of the C library's that is linked in with this function alone."""


# A linker keeps one string for `getpwnam_r` and `__new_getpwnam_r`, so that the plain name may have
# none of its own; `_nss_files_getpwnam_r` ends alike and comes along with every other database.
# dlopen has no sign for glibc: since 2.34 every static program holds it (_dlfcn_hook's table).
FUNCTIONS: tuple[FunctionSign, ...] = (
    FunctionSign(function="getaddrinfo", family="hosts", text=b"/sysdeps/posix/getaddrinfo.c\0"),
    FunctionSign(function="getnameinfo", family="hosts"),
    FunctionSign(function="gethostbyname", family="hosts"),
    FunctionSign(function="gethostbyname_r", family="hosts", symbols=("__new_gethostbyname_r",)),
    FunctionSign(function="gethostbyaddr_r", family="hosts", symbols=("__new_gethostbyaddr_r",)),
    FunctionSign(function="getpwnam_r", family="passwd", symbols=("__new_getpwnam_r",)),
    FunctionSign(function="getpwuid_r", family="passwd", symbols=("__new_getpwuid_r",)),
    FunctionSign(function="getgrnam_r", family="group", symbols=("__new_getgrnam_r",)),
    FunctionSign(function="getgrgid_r", family="group", symbols=("__new_getgrgid_r",)),
    FunctionSign(function="getgrouplist", family="group", symbols=("internal_getgrouplist",)),
    FunctionSign(function="iconv_open", family="iconv"),
    FunctionSign(
        function="dlopen",
        family="dlopen",
        symbols=("stub_dlopen",),  # musl, src/ldso/dlopen.c
        text=b"Dynamic loading not supported\0",
    ),
)

FAMILIES: tuple[tuple[str, str, bytes], ...] = (
    ("hosts", "gethostby*", b"__nss_hosts_lookup2\0"),
    ("passwd", "getpw*", b"__nss_passwd_lookup2\0"),
    ("group", "getgr*", b"__nss_group_lookup2\0"),
)
"""One of a family is linked in, but which? The assertion in glibc's nss/XXX-lookup.c says so much."""

NSS_TEXT = b"__nss_module_get_function\0"
"""Linked in with every function of glibc's that asks NSS (nss/nss_module.c): without it, none is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazard:
    """What goes wrong on another machine with a function that is linked in."""

    libc: str
    families: tuple[str, ...]
    wants: str
    why: str
    fix: str


HAZARDS: tuple[Hazard, ...] = (
    Hazard(
        libc="glibc",
        families=("hosts", "passwd", "group"),
        wants="the shared NSS libraries of the glibc version that it was linked with",
        why="static glibc loads libnss_*.so at run time for host, user and group names; with another "
        "glibc, or none, look-ups fail or the program crashes (golang/go#13470, golang/go#30310)",
        fix="build with --tags netgo,osusergo, or link with musl: staticgo build does both",
    ),
    Hazard(
        libc="glibc",
        families=("iconv",),
        wants="glibc's gconv modules, of the version that it was linked with",
        why="iconv_open loads most character sets from files at run time, and fails without them",
        fix="link with musl, whose iconv needs no files, or bring GNU libiconv along",
    ),
    Hazard(
        libc="glibc",
        families=("dlopen",),
        wants="the shared glibc that it was linked with",
        why="dlopen in a static program loads a second libc beside the first, of the same version only",
        fix="leave out what loads libraries (go-sqlite3: --tags sqlite_omit_load_extension)",
    ),
    Hazard(
        libc="musl",
        families=("dlopen",),
        wants="nothing that any machine has",
        why="dlopen in a static musl program always answers 'Dynamic loading not supported'",
        fix="leave out what loads libraries (go-sqlite3: --tags sqlite_omit_load_extension)",
    ),
    Hazard(
        libc="musl",
        families=("hosts",),
        wants="/etc/resolv.conf",
        why="musl's resolver finds the name servers there, and asks 127.0.0.1 without it",
        fix=_REMEDIES["/etc/resolv.conf"],
    ),
    Hazard(
        libc="musl",
        families=("passwd", "group"),
        wants="/etc/passwd",
        why="musl looks up user and group names in /etc/passwd and /etc/group",
        fix=_REMEDIES["/etc/passwd"],
    ),
)


def hazard_of(libc: str, function: str) -> Hazard | None:
    """What a function named by `FUNCTIONS` or `FAMILIES` means with this libc; None for nothing."""
    families = {sign.function: sign.family for sign in FUNCTIONS}
    families |= {name: family for family, name, _text in FAMILIES}
    family = families.get(function, "")
    return next(
        (hazard for hazard in HAZARDS if hazard.libc == libc and family in hazard.families), None
    )


LIBC_TEXTS: tuple[tuple[str, bytes], ...] = (
    # glibc sysdeps/posix/libc_fatal.c and elf/dl-tunables.c: in all of Debian's static programs.
    ("glibc", b"Fatal glibc error: "),
    # musl src/errno/__strerror.h and src/ldso/dlopen.c; a program that does next to nothing has neither.
    ("musl", b"No error information\0"),
    ("musl", b"Dynamic loading not supported\0"),
)
