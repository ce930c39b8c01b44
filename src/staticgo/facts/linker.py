"""What is known of Go's linker: which packages it links itself, its flags, its platforms.

Sources, as of Go 1.26: cmd/link/internal/ld/{config,lib,main}.go, cmd/link/internal/*/obj.go,
internal/platform/supported.go. A test compares the platform tables with the installed Go's.
"""

from __future__ import annotations

INTERNAL_PACKAGES = frozenset(
    {
        "crypto/internal/boring",
        "crypto/internal/boring/syso",
        "crypto/x509",
        "net",
        "os/user",
        "runtime/cgo",
        "runtime/race",
        "runtime/race/internal/amd64v1",
        "runtime/race/internal/amd64v3",
        "runtime/msan",
        "runtime/asan",
    }
)
"""Packages whose C objects Go links itself; any other's make it call the C linker (`internalpkg`)."""

SWITCHES = frozenset(
    """
    8 V a asan aslr bindnow c checklinkname compressdwarf d debugnosplit dumpdep e f g h
    linkshared msan n pruneweakmap race s v w
    """.split()  # noqa: SIM905 - a table to read
)
"""Linker flags that take no word after them."""

VALUED = frozenset(
    """
    B D E H I L R T X benchmark benchmarkprofile buildid buildmode capturehostobjs cpuprofile
    debugtextsize debugtramp extar extld extldflags fipso funcalign importcfg installsuffix k
    libgcc linkmode memprofile memprofilerate o pluginpath r randlayout strictdups tmpdir
    """.split()  # noqa: SIM905 - a table to read
)
"""Linker flags that take a value."""

NEVER_STATIC_MODES = {
    "c-archive": "an archive for a C program to link",
    "c-shared": "a shared library",
    "plugin": "a plugin, which is a shared library",
    "shared": "a shared library",
}
"""Build modes whose result is no program of its own."""

_PIE_INTERNAL = frozenset(
    """
    android/arm64 darwin/amd64 darwin/arm64 linux/amd64 linux/arm64 linux/loong64 linux/ppc64le
    windows/386 windows/amd64 windows/arm64
    """.split()  # noqa: SIM905 - a table to read
)


_PIE = frozenset(
    """
    aix/ppc64 android/386 android/amd64 android/arm android/arm64 darwin/amd64 darwin/arm64
    freebsd/amd64 ios/amd64 ios/arm64 linux/386 linux/amd64 linux/arm linux/arm64 linux/loong64
    linux/ppc64le linux/riscv64 linux/s390x openbsd/arm64 windows/386 windows/amd64 windows/arm64
    """.split()  # noqa: SIM905 - a table to read
)
_RACE = frozenset(
    """
    darwin/amd64 darwin/arm64 freebsd/amd64 linux/amd64 linux/arm64 linux/loong64 linux/ppc64le
    linux/riscv64 linux/s390x netbsd/amd64 windows/amd64
    """.split()  # noqa: SIM905 - a table to read
)


def pie_is_supported(os: str, arch: str) -> bool:
    """Whether Go makes position-independent programs there (BuildModeSupported)."""
    return f"{os}/{arch}" in _PIE


def race_is_supported(os: str, arch: str) -> bool:
    """Whether Go's race detector is there (RaceDetectorSupported)."""
    return f"{os}/{arch}" in _RACE


def pie_links_internally(os: str, arch: str) -> bool:
    """Whether Go's own linker makes position-independent programs there (InternalLinkPIESupported)."""
    return f"{os}/{arch}" in _PIE_INTERNAL


def pie_by_default(os: str, *, race: bool) -> bool:
    """Whether `go build` makes a position-independent program there unasked (DefaultPIE)."""
    return os in ("android", "ios", "darwin") or (os == "windows" and not race)


def must_link_externally(os: str, arch: str, *, cgo: bool) -> bool:
    """Whether the platform leaves the linker no choice (MustLinkExternal)."""
    if cgo and (
        arch in ("mips", "mipsle", "mips64", "mips64le")
        or (arch == "ppc64" and os in ("aix", "linux"))
        or os in ("android", "dragonfly")
    ):
        return True
    return (os == "android" and arch != "arm64") or (os == "ios" and arch == "arm64")


INTERPRETERS: dict[str, tuple[str, str]] = {
    "linux/386": ("/lib/ld-linux.so.2", "/lib/ld-musl-i386.so.1"),
    "linux/amd64": ("/lib64/ld-linux-x86-64.so.2", "/lib/ld-musl-x86_64.so.1"),
    "linux/arm": ("/lib/ld-linux.so.3", "/lib/ld-musl-arm.so.1"),
    "linux/arm64": ("/lib/ld-linux-aarch64.so.1", "/lib/ld-musl-aarch64.so.1"),
    "linux/loong64": ("/lib64/ld-linux-loongarch-lp64d.so.1", "/lib/ld-musl-loongarch64.so.1"),
    "linux/mips": ("/lib/ld.so.1", "/lib/ld-musl-mips.so.1"),
    "linux/mipsle": ("/lib/ld.so.1", "/lib/ld-musl-mipsel.so.1"),
    "linux/mips64": ("/lib64/ld64.so.1", "/lib/ld-musl-mips64.so.1"),
    "linux/mips64le": ("/lib64/ld64.so.1", "/lib/ld-musl-mips64el.so.1"),
    "linux/ppc64": ("/lib64/ld64.so.1", "/lib/ld-musl-powerpc64.so.1"),
    "linux/ppc64le": ("/lib64/ld64.so.2", "/lib/ld-musl-powerpc64le.so.1"),
    "linux/riscv64": ("/lib/ld.so.1", ""),
    "linux/s390x": ("/lib64/ld64.so.1", "/lib/ld-musl-s390x.so.1"),
    "android/arm64": ("/system/bin/linker64", ""),
    "freebsd/386": ("/usr/libexec/ld-elf.so.1", ""),
    "freebsd/amd64": ("/libexec/ld-elf.so.1", ""),
    "freebsd/arm": ("/usr/libexec/ld-elf.so.1", ""),
    "freebsd/arm64": ("/usr/libexec/ld-elf.so.1", ""),
    "freebsd/riscv64": ("/usr/libexec/ld-elf.so.1", ""),
    "netbsd/386": ("/usr/libexec/ld.elf_so", ""),
    "netbsd/amd64": ("/libexec/ld.elf_so", ""),
    "netbsd/arm": ("/libexec/ld.elf_so", ""),
    "netbsd/arm64": ("/libexec/ld.elf_so", ""),
    "openbsd/386": ("/usr/libexec/ld.so", ""),
    "openbsd/amd64": ("/usr/libexec/ld.so", ""),
    "openbsd/arm": ("/usr/libexec/ld.so", ""),
    "openbsd/arm64": ("/usr/libexec/ld.so", ""),
    "openbsd/mips64": ("/usr/libexec/ld.so", ""),
    "openbsd/ppc64": ("/usr/libexec/ld.so", ""),
    "openbsd/riscv64": ("/usr/libexec/ld.so", ""),
    "dragonfly/amd64": ("/usr/libexec/ld-elf.so.2", ""),
    "solaris/amd64": ("/lib/amd64/ld.so.1", ""),
    "illumos/amd64": ("/lib/amd64/ld.so.1", ""),
}
"""The interpreter Go's linker writes where nothing else names one, and musl's, which it takes where
the first does not exist on the building machine and musl's does (cmd/link/internal/*/obj.go)."""

LIBC_SYSTEMS = frozenset({"aix", "darwin", "ios", "openbsd", "solaris", "illumos", "windows"})
"""Where every Go program calls the system through its libraries (`UsesLibc` in cmd/link/internal/ld)."""

C_ARCH_FLAGS: dict[str, tuple[str, ...]] = {
    "386": ("-m32",),
    "amd64": ("-m64",),
    "arm": ("-marm",),
    "loong64": ("-mabi=lp64d",),
    "mips": ("-mabi=32",),
    "mipsle": ("-mabi=32",),
    "mips64": ("-mabi=64",),
    "mips64le": ("-mabi=64",),
    "ppc64": ("-m64",),
    "ppc64le": ("-m64",),
    "s390x": ("-m64",),
}
"""What Go tells the C linker of the CPU, macOS and AIX aside (hostlinkArchArgs)."""


CALLS: dict[str, tuple[str, ...]] = {
    "net": ("getaddrinfo", "getnameinfo", "res_search"),
    "os/user": ("getpwnam_r", "getpwuid_r", "getgrnam_r", "getgrgid_r", "getgrouplist"),
    "plugin": ("dlopen", "dlsym", "dlerror"),
    "runtime/race": ("__popcountdi2", "__errno_location", "pthread_getattr_np"),
    "runtime/cgo": ("pthread_create", "pthread_attr_getstack"),
}
"""C functions by which Go's own packages reach into libraries."""

CXX_CALLS = ("__gxx_personality_v0", "_Unwind_Resume")
"""What any C++ of some size takes from its run-time libraries."""
