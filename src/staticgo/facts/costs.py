"""What each way to a static program costs. Only what is known is said; figures name their measure."""

from __future__ import annotations

from staticgo.model.explanation import Cost, CostKind

RESOLVER = Cost(
    kind=CostKind.FEATURES,
    text="names are looked up by Go's resolver, from /etc/resolv.conf and /etc/hosts: of "
    "/etc/nsswitch.conf only `files` and `dns` are heeded; no mDNS (.local), no names from LDAP, no "
    "split DNS by a resolver module such as nss-resolve",
)
USERS = Cost(
    kind=CostKind.FEATURES,
    text="users and groups are those of /etc/passwd and /etc/group: no LDAP, SSSD or NIS; "
    "user.Current needs /etc/passwd, or USER and HOME",
)
MUSL_NSS = Cost(
    kind=CostKind.FEATURES,
    text="musl knows no NSS modules: no mDNS, LDAP or SSSD; its resolver asks all name servers at once, "
    "and uses no search list for names with at least `ndots` dots (1, unless resolv.conf says more)",
)
MUSL_SPEED = Cost(
    kind=CostKind.SPEED,
    text="C on static musl is somewhat slower than on glibc: a SQLite workload took 1.03 to 1.08 of the "
    "CPU time (docs/benchmarks.md); --allocator mimalloc helps where many threads allocate in C. Go code "
    "is not touched",
)
MUSL_LICENCE = Cost(
    kind=CostKind.LICENCE, text="musl is MIT: name its copyright, and nothing more is asked"
)
LIBCXX_LICENCE = Cost(
    kind=CostKind.LICENCE,
    text="libc++ is Apache-2.0 with LLVM's exception: nothing is asked of a binary",
)
MUSL_DLOPEN = Cost(
    kind=CostKind.HAZARD,
    text="dlopen answers `Dynamic loading not supported` in a static musl program",
)
MUSL_GCC_STACK = Cost(
    kind=CostKind.HAZARD,
    text="C has 128 KiB of stack in every thread but the first, Go's own included, and deep C code "
    "crashes: -Wl,-z,stack-size=0x800000 in -extldflags mends it",
)
GLIBC_NSS = Cost(
    kind=CostKind.HAZARD,
    text="name and user lookups in C (getaddrinfo, getpwnam...) load NSS modules at run time, of the very "
    "glibc version that was linked: it runs on the build machine and fails or crashes elsewhere "
    "(golang/go#13470, #30310)",
)
GLIBC_ICONV = Cost(
    kind=CostKind.HAZARD,
    text="dlopen and iconv load glibc's shared parts at run time; iconv without a warning from the linker",
)
GLIBC_LICENCE = Cost(
    kind=CostKind.LICENCE,
    text="glibc is LGPL-2.1: with a static program you owe its users the means to link it again "
    "(section 6: object files or source)",
)
MUSL_TOOL = Cost(
    kind=CostKind.WORK, text="musl-tools must be installed; it serves this machine's CPU only"
)
GLIBC_TOOL = Cost(
    kind=CostKind.WORK,
    text="static archives of libc and of each C library must be installed (libc6-dev; glibc-static)",
)
OTHER_CODE = Cost(kind=CostKind.WORK, text="your code that calls it must be changed and tested")
