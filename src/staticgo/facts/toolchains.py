"""The kinds of C toolchain that can link a Go program, their commands, and how each is installed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from staticgo.model.plan import Libc, Reason
from staticgo.model.target import Target

LINK_FLAGS: Mapping[Libc, tuple[str, ...]] = MappingProxyType(
    {
        # musl gives threads 128 KiB of stack, unless PT_GNU_STACK asks for more: a C frame of 600 KB
        # crashes (https://wiki.musl-libc.org/functional-differences-from-glibc.html, "Thread stack size").
        Libc.MUSL: ("-static", "-Wl,-z,stack-size=0x800000"),
        Libc.GLIBC: ("-static",),
        # winpthread, libgcc and libstdc++ are DLLs of MinGW's own, which no Windows has.
        Libc.MINGW: ("-static", "-static-libgcc", "-static-libstdc++"),
        # macOS has no static libSystem, and the BSDs promise their libc as a shared library only.
        Libc.SYSTEM: (),
    }
)
"""What a link is told besides, so that all but the system's own libraries is linked in."""

HAZARDS: Mapping[Libc, tuple[Reason, ...]] = MappingProxyType(
    {
        Libc.GLIBC: (
            Reason(
                decision="glibc is linked statically",
                why="getaddrinfo, getpwnam and their like, iconv and dlopen still load files of the very "
                "glibc it was linked with, where the program runs "
                "(https://sourceware.org/glibc/wiki/FAQ); zig or a musl compiler avoids it",
            ),
        )
    }
)
"""What a static program may still want at run time, by the C library in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One way to compile and link C."""

    name: str
    """What --toolchain takes."""
    summary: str
    libc: Libc | None
    """The C library it links; None where only trying tells."""
    install: str = ""
    """What else installs it, beside Debian's packages."""
    static_pie: bool = True
    """Whether it links a static program that may be loaded at any address."""


ZIG = "zig"
OWN_MUSL = "musl"
USERS = "cc"

KINDS: tuple[Kind, ...] = (
    Kind(
        name=ZIG,
        summary="zig cc: every target, nothing else to install; the default",
        libc=Libc.MUSL,
        install="staticgo toolchain install zig",
    ),
    Kind(
        name="musl-gcc",
        summary="the host's gcc with Debian's musl; C only",
        libc=Libc.MUSL,
        install="staticgo toolchain install musl, and --toolchain musl",
        # musl-gcc.specs knows no -static-pie: what comes out asks for a loader.
        static_pie=False,
    ),
    Kind(
        name=OWN_MUSL,
        summary="the host's gcc with a musl that staticgo built from source; C only",
        libc=Libc.MUSL,
        install="staticgo toolchain install musl",
        # musl-gcc.specs knows no -static-pie: what comes out asks for a loader.
        static_pie=False,
    ),
    Kind(
        name="musl-cross",
        summary="a gcc for musl by its usual name, such as aarch64-linux-musl-gcc",
        libc=Libc.MUSL,
        install="build one with musl-cross-make, and put its bin folder on PATH",
    ),
    Kind(
        name="gcc-cross",
        summary="Debian's gcc for another CPU; static glibc",
        libc=Libc.GLIBC,
    ),
    Kind(
        name="gcc",
        summary="the host's gcc; static glibc where the host has glibc",
        libc=None,
    ),
    Kind(
        name="clang",
        summary="the host's clang; static glibc where the host has glibc",
        libc=None,
    ),
    Kind(
        name="mingw",
        summary="gcc for Windows; its own libraries are linked statically",
        libc=Libc.MINGW,
    ),
    Kind(
        name=USERS,
        summary="what the environment's CC and CXX name, whatever that is",
        libc=None,
        install="set CC (and CXX for C++) to a compiler for the target",
    ),
)

BY_NAME = {kind.name: kind for kind in KINDS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiler:
    """The commands of one kind for one target."""

    kind: str
    target: Target
    cc: str
    cxx: str = ""
    """ "" where it has no C++."""
    packages: tuple[str, ...] = ()
    """Debian's packages with all that C needs, libc.a included."""
    cxx_packages: tuple[str, ...] = ()
    debian: str = "Debian"
    """The releases that have the packages."""
    host: str = ""
    """The one CPU, in Go's words, of the machines where it makes code for this target; "" for any."""


def _packages(triple: str) -> str:
    """The triple as Debian's package names have it."""
    return triple.replace("_", "-")


def _linux(arch: str, variant: str = "") -> Target:
    return Target(os="linux", arch=arch, variant=variant)


# The triple's first words, by target, as musl-cross-make and its prebuilt sets spell them, and most
# distributions after them (https://github.com/richfelker/musl-cross-make, README, "Supported TARGETs").
_MUSL_TRIPLES = (
    (_linux("amd64"), ("x86_64-linux-musl",)),
    (_linux("386"), ("i686-linux-musl",)),
    (_linux("386", "softfloat"), ("i586-linux-musl", "i486-linux-musl", "i386-linux-musl")),
    (_linux("arm64"), ("aarch64-linux-musl",)),
    (_linux("arm", "v7"), ("armv7l-linux-musleabihf", "arm-linux-musleabihf")),
    (_linux("arm", "v6"), ("armv6-linux-musleabihf", "armv6l-linux-musleabihf")),
    (_linux("arm", "v5"), ("armv5l-linux-musleabi", "arm-linux-musleabi", "armel-linux-musleabi")),
    (_linux("riscv64"), ("riscv64-linux-musl",)),
    (_linux("ppc64le"), ("powerpc64le-linux-musl",)),
    (_linux("s390x"), ("s390x-linux-musl",)),
    (_linux("loong64"), ("loongarch64-linux-musl",)),
    (_linux("mips"), ("mips-linux-musl",)),
    (_linux("mips", "softfloat"), ("mips-linux-muslsf",)),
    (_linux("mipsle"), ("mipsel-linux-musl",)),
    (_linux("mipsle", "softfloat"), ("mipsel-linux-muslsf",)),
    (_linux("mips64"), ("mips64-linux-musl",)),
    (_linux("mips64le"), ("mips64el-linux-musl",)),
)

# Target, triple, Debian's word for the CPU. v6 has no row: armel's gcc is made for v5 and armhf's
# for v7. Nor has mips: Debian's libc is for release 2 of these CPUs (`readelf -h` on the objects in
# libc6-dev-mips-cross 2.36), and Go promises release 1, or MIPS III. loong64's packages came with
# Debian 13.
_DEBIAN_TRIPLES = (
    (_linux("amd64"), "x86_64-linux-gnu", "amd64"),
    (_linux("386"), "i686-linux-gnu", "i386"),
    (_linux("arm64"), "aarch64-linux-gnu", "arm64"),
    (_linux("arm", "v7"), "arm-linux-gnueabihf", "armhf"),
    (_linux("arm", "v5"), "arm-linux-gnueabi", "armel"),
    (_linux("riscv64"), "riscv64-linux-gnu", "riscv64"),
    (_linux("ppc64le"), "powerpc64le-linux-gnu", "ppc64el"),
    (_linux("s390x"), "s390x-linux-gnu", "s390x"),
    (_linux("loong64"), "loongarch64-linux-gnu", "loong64"),
)

# Debian's plain command is the one with Windows' own threads, whose C++ library has no std::thread;
# its other one ends in -posix. Elsewhere the plain command is of that kind.
_WINDOWS = (
    ("amd64", "x86_64-w64-mingw32", "-posix", "mingw-w64-x86-64"),
    ("amd64", "x86_64-w64-mingw32", "", "mingw-w64-x86-64"),
    ("386", "i686-w64-mingw32", "-posix", "mingw-w64-i686"),
    ("386", "i686-w64-mingw32", "", "mingw-w64-i686"),
    # llvm-mingw's name for it; Debian has no such package.
    ("arm64", "aarch64-w64-mingw32", "", ""),
)

_HOSTS = ("amd64", "386", "arm64", "arm", "riscv64", "ppc64le", "s390x", "loong64")


def _host_rows() -> tuple[Compiler, ...]:
    rows = []
    for host in _HOSTS:
        target = _linux(host, "v7" if host == "arm" else "")
        for kind, cc in (("musl-gcc", "musl-gcc"), (OWN_MUSL, "musl-gcc")):
            packages = ("musl-tools",) if kind != OWN_MUSL else ("gcc", "libc6-dev", "make")
            rows.append(Compiler(kind=kind, target=target, cc=cc, packages=packages, host=host))
        for cc, cxx, cxx_packages in (("gcc", "g++", ("g++",)), ("clang", "clang++", ("g++",))):
            rows.append(
                Compiler(
                    kind=cc,
                    target=target,
                    cc=cc,
                    cxx=cxx,
                    packages=(cc, "libc6-dev"),
                    cxx_packages=cxx_packages,
                    host=host,
                )
            )
    # An amd64 compiler makes 386 code too, with -m32, where its 32-bit libraries are installed.
    for cc, cxx in (("gcc", "g++"), ("clang", "clang++")):
        rows.append(
            Compiler(
                kind=cc,
                target=_linux("386"),
                cc=cc,
                cxx=cxx,
                packages=(cc, "gcc-multilib"),
                cxx_packages=("g++-multilib",),
                host="amd64",
            )
        )
    return tuple(rows)


COMPILERS: tuple[Compiler, ...] = (
    *_host_rows(),
    *(
        Compiler(kind="musl-cross", target=target, cc=f"{triple}-gcc", cxx=f"{triple}-g++")
        for target, triples in _MUSL_TRIPLES
        for triple in triples
    ),
    *(
        Compiler(
            kind="gcc-cross",
            target=target,
            cc=f"{triple}-gcc",
            cxx=f"{triple}-g++",
            packages=(f"gcc-{_packages(triple)}", f"libc6-dev-{debian}-cross"),
            cxx_packages=(f"g++-{_packages(triple)}",),
            debian="Debian 13 and later" if debian == "loong64" else "Debian",
        )
        for target, triple, debian in _DEBIAN_TRIPLES
    ),
    *(
        Compiler(
            kind="mingw",
            target=Target(os="windows", arch=arch),
            cc=f"{triple}-gcc{threads}",
            cxx=f"{triple}-g++{threads}",
            packages=(f"gcc-{package}",) if package else (),
            cxx_packages=(f"g++-{package}",) if package else (),
        )
        for arch, triple, threads, package in _WINDOWS
    ),
)


def compilers(target: Target, host: str) -> Iterator[Compiler]:
    """Those that make code for `target` on a Linux machine whose CPU is `host`, in Go's words."""
    for compiler in COMPILERS:
        if compiler.host in ("", host) and _fits(compiler.target, target):
            yield compiler


def _fits(row: Target, target: Target) -> bool:
    """Arm's variants and the soft floating point of mips change a compiler's ABI. A 386 with softfloat
    is older than an i686: the one's code runs on the other, and not the other way round.
    """
    if (row.os, row.arch) != (target.os, target.arch):
        return False
    if target.arch == "386" and target.os == "linux":
        return row.variant in ("softfloat", target.variant)
    if target.arch == "arm":
        return row.variant == target.variant
    if target.arch.startswith("mips"):
        return row.variant == target.variant
    return True


def arch_flags(target: Target, settings: Mapping[str, str]) -> tuple[str, ...]:
    """What cmd/go gives the C compiler in every call (gccArchArgs in internal/work/exec.go)."""
    arch = target.arch
    if target.os == "darwin":
        return ("-arch", "x86_64", "-m64") if arch == "amd64" else ("-arch", arch)
    if arch in ("mips", "mipsle"):
        if settings.get("GOMIPS") == "softfloat":
            return ("-mabi=32", "-march=mips32", "-msoft-float")
        return ("-mabi=32", "-march=mips32", "-mhard-float", "-mfp32", "-mno-odd-spreg")
    if arch in ("mips64", "mips64le"):
        soft = settings.get("GOMIPS64") == "softfloat"
        return ("-mabi=64", "-msoft-float" if soft else "-mhard-float")
    return _ARCH_FLAGS.get(arch, ())


_ARCH_FLAGS = {
    "386": ("-m32",),
    "amd64": ("-m64",),
    "arm": ("-marm",),
    "s390x": ("-m64", "-march=z13"),
    "loong64": ("-mabi=lp64d",),
}

_TRIPLE_CPUS = {
    "x86_64": "amd64",
    "aarch64": "arm64",
    "arm64": "arm64",
    "riscv64": "riscv64",
    "powerpc64le": "ppc64le",
    "ppc64le": "ppc64le",
    "powerpc64": "ppc64",
    "s390x": "s390x",
    "loongarch64": "loong64",
    "mips": "mips",
    "mipsel": "mipsle",
    "mips64": "mips64",
    "mips64el": "mips64le",
}
_BOTH_WAYS = {"amd64", "386"}
"""-m32 and -m64 turn the one into the other."""


def triple_arch(triple: str) -> str:
    """The CPU of `-dumpmachine`'s answer in Go's words; "" where it is not known."""
    cpu = triple.partition("-")[0]
    if cpu.startswith("arm"):
        return "arm" if cpu not in ("armeb", "arm64") else _TRIPLE_CPUS.get(cpu, "")
    if len(cpu) == 4 and cpu[0] == "i" and cpu.endswith("86"):
        return "386"
    return _TRIPLE_CPUS.get(cpu, "")


_TRIPLE_SYSTEMS = (
    ("mingw", "windows"),
    ("windows", "windows"),
    ("linux", "linux"),
    ("darwin", "darwin"),
    ("macos", "darwin"),
    ("freebsd", "freebsd"),
    ("netbsd", "netbsd"),
    ("openbsd", "openbsd"),
)


def triple_os(triple: str) -> str:
    """The system of `-dumpmachine`'s answer in Go's words; "" where it is not known."""
    rest = triple.partition("-")[2]
    return next((system for sign, system in _TRIPLE_SYSTEMS if sign in rest), "")


def may_make(triple: str, target: Target) -> bool:
    """Whether a compiler that names itself `triple` may make code for it, for all that is known."""
    arch = triple_arch(triple)
    same_cpu = arch in ("", target.arch) or {arch, target.arch} <= _BOTH_WAYS
    return same_cpu and triple_os(triple) in ("", target.os)
