"""Warnings of linkers about C libraries that are linked statically, and of compilers about C."""

from __future__ import annotations

from staticgo.model.diagnosis import Entry, Remedy, RemedyKind, Severity

# Each function of glibc that asks NSS is marked with this warning (include/libc-symbols.h,
# link_warning; nss/getXXbyYY.c, nss/getXXent.c, grp/initgroups.c, sysdeps/posix/getaddrinfo.c).
_STATIC = "in statically linked applications requires at runtime the shared libraries"
_ISSUE = "https://github.com/golang/go/issues/13470"

_NSS_CAUSE = (
    "static glibc loads libnss_*.so when it runs, of the very version that it was linked with: with "
    "another glibc, or none, the look-up fails or the program crashes"
)


def _nss(id: str, functions: str, what: str, tag: str) -> Entry:
    """The entry for one database of NSS, whose functions are the words of `functions`."""
    remedy = Remedy(
        kind=RemedyKind.TAG,
        value=tag,
        setting=f"--tags {tag}",
        why=f"Go's own code does it then, where Go calls it: no nsswitch ({what} of LDAP, mDNS and the "
        "like are not found); calls from other C code stay",
    )
    return Entry(
        id=id,
        signs=(_STATIC,),
        pattern=rf"Using '(?P<name>{'|'.join(functions.split())})' {_STATIC}",
        severity=Severity.SIGNIFICANT,
        meaning=f"looking up {what} will need this machine's glibc at run time ({{names}})",
        cause=_NSS_CAUSE,
        fix=(f"build with --tags {tag}, or " if tag else "")
        + "link with musl: staticgo does. iconv needs files too, and no linker warns of it; "
        "`staticgo inspect` does",
        link=_ISSUE,
        remedy=remedy if tag else None,
    )


STATIC_GLIBC: tuple[Entry, ...] = (
    _nss(
        "nss-hosts",
        "getaddrinfo gethostbyname gethostbyname_r gethostbyname2 gethostbyname2_r gethostbyaddr "
        "gethostbyaddr_r gethostent gethostent_r sethostent endhostent getnameinfo",
        "host names",
        "netgo",
    ),
    _nss(
        "nss-users",
        "getpwnam getpwnam_r getpwuid getpwuid_r getpwent getpwent_r setpwent endpwent getspnam getspnam_r "
        "getspent getspent_r setspent endspent getpw",
        "users",
        "osusergo",
    ),
    _nss(
        "nss-groups",
        "getgrnam getgrnam_r getgrgid getgrgid_r getgrent getgrent_r setgrent endgrent getgrouplist "
        "initgroups getsgnam getsgnam_r getsgent getsgent_r setsgent endsgent",
        "groups",
        "osusergo",
    ),
    _nss(
        "nss-networks",
        "getservbyname getservbyname_r getservbyport getservbyport_r getservent getservent_r setservent "
        "endservent getprotobyname getprotobyname_r getprotobynumber getprotobynumber_r getprotoent "
        "getprotoent_r setprotoent endprotoent getnetbyname getnetbyname_r getnetbyaddr getnetbyaddr_r "
        "getnetent getnetent_r setnetent endnetent getrpcbyname getrpcbyname_r getrpcbynumber "
        "getrpcbynumber_r getrpcent getrpcent_r setrpcent endrpcent getaliasbyname getaliasbyname_r "
        "getaliasent getaliasent_r setaliasent endaliasent",
        "services, protocols and networks",
        "",
    ),
    Entry(
        id="sqlite-dlopen",
        signs=("Using 'dlopen' ",),
        pattern=rf"Using '(?P<name>dlopen)' {_STATIC}",
        within="unixDlOpen",
        severity=Severity.SIGNIFICANT,
        meaning="SQLite's extension loader will need this machine's glibc at run time ({names})",
        cause="load_extension calls dlopen, which in a static glibc program works beside "
        "that very glibc only. A program that loads no extension does not miss it, but the linker "
        "names the first caller of dlopen alone, and there may be others",
        fix="build with --tags sqlite_omit_load_extension: then the warning "
        "goes, unless others call dlopen",
        link="https://github.com/mattn/go-sqlite3/pull/235",
        remedy=Remedy(
            kind=RemedyKind.TAG,
            value="sqlite_omit_load_extension",
            setting="--tags sqlite_omit_load_extension",
            why="leaves SQLite's extension loader out of go-sqlite3: load_extension then says so",
        ),
    ),
    Entry(
        id="static-dlopen",
        signs=("Using 'dl",),
        pattern=rf"Using '(?P<name>dlm?open)' {_STATIC}",
        severity=Severity.SIGNIFICANT,
        meaning="loading shared libraries will need this machine's glibc at run time ({names})",
        cause="dlopen in a static program loads a second libc beside the first, of the same version only",
        fix="leave out what loads libraries; the line before names the function that does",
        link=_ISSUE,
    ),
    Entry(
        id="static-glibc-function",
        signs=(_STATIC,),
        pattern=rf"Using '(?P<name>\w+)' {_STATIC}",
        severity=Severity.SIGNIFICANT,
        meaning="{names} will need this machine's glibc at run time",
        cause=_NSS_CAUSE,
        fix="link with musl: staticgo does",
        link=_ISSUE,
    ),
)

WARNINGS: tuple[Entry, ...] = (
    Entry(
        id="always-fails",
        signs=("is not implemented and will always fail",),
        pattern=r"\b(?P<name>\w+) is not implemented and will always fail",
        severity=Severity.SIGNIFICANT,
        meaning="C code calls a function that always fails here ({names})",
        cause="the C library has it in name only",
        fix="see what the code does then: the line before names the caller",
    ),
    Entry(
        id="dangerous-function",
        signs=("is dangerous",),
        pattern=r"the (?:use of )?[`'\u2018](?P<name>\w+)['\u2019] (?:function )?is dangerous",
        severity=Severity.SIGNIFICANT,
        meaning="C code calls a function that cannot be used safely ({names})",
        cause="it may write beyond its buffer, or make a file whose name others can guess",
        fix="see whether a newer version of the module has left it; the linkage is not touched by it",
    ),
    Entry(
        id="executable-stack",
        signs=("implies executable stack", "requires executable stack"),
        pattern=r"(?<![\w./+-])(?P<name>[\w./+-]+): "
        r"(?:missing \.note\.GNU-stack section implies|requires) executable stack",
        severity=Severity.SIGNIFICANT,
        meaning="the program's stack will be executable ({names})",
        cause="an assembly file does not say that it needs no such stack; systems with strict rules do not "
        "start such a program",
        fix="set CGO_LDFLAGS=-Wl,-z,noexecstack if no code on the stack is really wanted (hardly any is)",
        link="https://github.com/42wim/matterbridge/issues/1906",
        remedy=Remedy(
            kind=RemedyKind.FLAG,
            value="-Wl,-z,noexecstack",
            setting="CGO_LDFLAGS=-Wl,-z,noexecstack",
            why="the stack is not executable; code that does run on it (GCC's nested functions) crashes",
        ),
    ),
    Entry(
        id="text-relocations",
        signs=("DT_TEXTREL", "in read-only section"),
        pattern=r"creating DT_TEXTREL"
        r"|relocation (?:against .{1,80}? )?in read-only section [`'\u2018](?P<name>[^'\u2019]+)",
        severity=Severity.SIGNIFICANT,
        meaning="the program will change its own code when it starts",
        cause="an archive compiled without -fPIC is in a position-independent program; a static PIE on "
        "musl crashes at once, and systems with strict rules do not start it",
        fix="link no PIE (-buildmode=exe, -extldflags=-no-pie), or rebuild the archive with -fPIC",
    ),
    Entry(
        id="sqlite-local-address",
        signs=("function may return address of local variable",),
        pattern=r"^sqlite3(?:-binding)?\.c:\d+:\d+: warning: function may return address of local variable",
        within="sqlite3SelectNew",
        severity=Severity.HARMLESS,
        meaning="gcc mistakes SQLite's code",
        cause="in sqlite3SelectNew the local stands in after a failed allocation only, and its address is "
        "not returned then",
        fix="nothing; CGO_CFLAGS='-O2 -g -Wno-return-local-addr' silences it",
        link="https://github.com/mattn/go-sqlite3/issues/803",
    ),
    Entry(
        id="macos-dysymtab",
        signs=("has malformed LC_DYSYMTAB",),
        pattern=r"go-link-\d+/\w+\.o' has malformed LC_DYSYMTAB, expected \d+ undefined symbols",
        severity=Severity.HARMLESS,
        meaning="Apple's linker complains of the order of symbols in Go's object files",
        cause="it takes them all the same, and the program is complete",
        fix="nothing",
        link="https://github.com/golang/go/issues/61229",
    ),
    Entry(
        id="macos-duplicate-libraries",
        signs=("ignoring duplicate libraries",),
        pattern=r"ld: warning: ignoring duplicate libraries: (?P<name>.+)",
        severity=Severity.HARMLESS,
        meaning="a library is named more than once ({names})",
        cause="several #cgo lines ask for it; the linker takes it once",
        fix="nothing",
        link="https://github.com/golang/go/issues/67799",
    ),
)
