"""How C libraries are built for a target: from what was said of them to steps and keys. Pure."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from staticgo.facts.triples import cmake_system, endian, gnu_cpu, gnu_triple, meson_family
from staticgo.model.braces import literal
from staticgo.model.libraries import (
    PREFIX,
    BuildSystem,
    CLibrary,
    Command,
    LibraryPlan,
    LibrarySource,
    Sysroot,
)
from staticgo.model.plan import CToolchain
from staticgo.model.target import Target

_FORMAT = "1"
"""Part of every key: another way of building, installing or cleaning up is to raise it."""
_CXX = (".cc", ".cpp", ".cxx", ".C")


def plan_sysroot(
    libraries: Sequence[CLibrary],
    sources: Mapping[str, LibrarySource],
    target: Target,
    toolchain: CToolchain,
    *,
    root: str,
    pkg_config: bool = True,
) -> Sysroot:
    """The folder under `root` with all libraries that are for `target`.

    `libraries` stand after those that they require, and `sources` has the source of each by name.
    Without `pkg_config` on this machine, a library's own build may leave parts of it out.
    """
    plans: dict[str, LibraryPlan] = {}
    for library in libraries:
        if is_for(library.targets, target) and all(name in plans for name in library.requires):
            source = sources[library.name]
            plans[library.name] = _plan(
                library, source, target, toolchain, plans, pkg_config=pkg_config
            )
    left_out = tuple(library.name for library in libraries if library.name not in plans)
    return sysroot_of(tuple(plans.values()), root=root, left_out=left_out)


def sysroot_of(
    plans: tuple[LibraryPlan, ...], *, root: str, left_out: tuple[str, ...] = ()
) -> Sysroot:
    """The folder under `root` with just these libraries."""
    key = _digest(*(plan.key for plan in plans))
    return Sysroot(key=key, folder=f"{root}/{key}", libraries=plans, left_out=left_out)


def is_for(patterns: Iterable[str], target: Target) -> bool:
    """Whether `target` is among them: a pattern with `!` takes out what came before; none means all."""
    names = (str(target), f"{target.os}/{target.arch}")
    chosen: bool | None = None
    for pattern in patterns:
        no = pattern.startswith("!")
        chosen = no if chosen is None else chosen
        if any(fnmatchcase(name, pattern.removeprefix("!")) for name in names):
            chosen = not no
    return chosen is not False


def _plan(
    library: CLibrary,
    source: LibrarySource,
    target: Target,
    toolchain: CToolchain,
    known: Mapping[str, LibraryPlan],
    *,
    pkg_config: bool,
) -> LibraryPlan:
    library = _with_literals(_with_extras(library, target))
    needed: dict[str, None] = {}
    for name in library.requires:
        needed |= dict.fromkeys((*known[name].requires, known[name].key))
    stages, files, copies = _ways(library, target)
    if library.commands:
        stages = (*((command,) for command in library.commands), *stages)
    environment = tuple(_environment(library, target, toolchain))
    parts = (
        _FORMAT,
        library.name,
        source.sha256,
        str(target),
        gnu_triple(target, toolchain.libc),
        toolchain.cc.name,
        toolchain.cxx.name,
        repr((stages, files, copies, environment)),
        *needed,
        *(() if pkg_config else ("without pkg-config",)),
    )
    return LibraryPlan(
        name=library.name,
        key=_digest(*parts),
        target=target,
        triple=gnu_triple(target, toolchain.libc),
        source=source,
        stages=stages,
        environment=environment,
        files=files,
        copies=copies,
        tools=tuple(dict.fromkeys((*library.tools, *_tools(library)))),
        requires=tuple(needed),
    )


def _with_extras(library: CLibrary, target: Target) -> CLibrary:
    for extra in library.extra:
        if is_for(extra.targets, target):
            library = dataclasses.replace(
                library,
                options=(*library.options, *extra.options),
                files=(*library.files, *extra.files),
                defines=(*library.defines, *extra.defines),
                cflags=(*library.cflags, *extra.cflags),
                libs=(*library.libs, *extra.libs),
            )
    return library


def _with_literals(library: CLibrary) -> CLibrary:
    """The braces of these are nothing but braces; those of options, cflags and commands are not."""
    return dataclasses.replace(
        library,
        files=tuple(map(literal, library.files)),
        include_dirs=tuple(map(literal, library.include_dirs)),
        headers=tuple(map(literal, library.headers)),
        defines=tuple(map(literal, library.defines)),
        libs=tuple(map(literal, library.libs)),
    )


def _c_flags(library: CLibrary, target: Target) -> tuple[str, ...]:
    # Position-independent, so that the same archive goes into a static PIE too; Windows' code always is.
    pic = () if target.os == "windows" else ("-fPIC",)
    return ("-O2", *pic, *(f"-D{define}" for define in library.defines), *library.cflags)


def _environment(
    library: CLibrary, target: Target, toolchain: CToolchain
) -> Iterator[tuple[str, str]]:
    flags = " ".join(_c_flags(library, target))
    yield "AR", "{ar}"
    # For tools that a build makes for itself and runs: autoconf's and others' names for one thing.
    yield "BUILD_CC", "build-cc"
    yield "CC", "{cc}"
    yield "CC_FOR_BUILD", "build-cc"
    yield "CFLAGS", flags
    yield "CXX", "{cxx}"
    yield "CXXFLAGS", flags
    yield "DESTDIR", "{destdir}"
    # What the link of a program gets is what `configure` must try with.
    yield "LDFLAGS", literal(" ".join(toolchain.link_flags))
    yield "PKG_CONFIG", "{pkg-config}"
    yield "PREFIX", PREFIX
    yield "RANLIB", "{ranlib}"
    # A moment that all agree on, for what writes the time of the build into its result:
    # https://reproducible-builds.org/specs/source-date-epoch/
    yield "SOURCE_DATE_EPOCH", "315532800"
    yield "TZ", "UTC"


_Ways = tuple[
    tuple[tuple[Command, ...], ...], tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]
]


def _ways(library: CLibrary, target: Target) -> _Ways:
    """The stages, the files to be written, and the headers to be copied."""
    match library.build:
        case BuildSystem.AUTOTOOLS:
            return _autotools(library), (), ()
        case BuildSystem.CMAKE:
            return _cmake(library), (("toolchain.cmake", _cmake_file(target)),), ()
        case BuildSystem.MESON:
            return _meson(library), (("cross.ini", _meson_file(target)),), ()
        case BuildSystem.FILES:
            return _files(library, target), (_pc_file(library),), tuple(_headers(library))
    return (), (), ()


def _tools(library: CLibrary) -> tuple[str, ...]:
    match library.build:
        case BuildSystem.AUTOTOOLS:
            return ("make",)
        case BuildSystem.CMAKE:
            return ("cmake", "ninja")
        case BuildSystem.MESON:
            return ("meson", "ninja")
    return ()


def _autotools(library: CLibrary) -> tuple[tuple[Command, ...], ...]:
    configure = (
        "{source}/configure",
        "--host={triple}",
        f"--prefix={PREFIX}",
        f"--libdir={PREFIX}/lib",
        "--disable-shared",
        "--enable-static",
        *library.options,
    )
    return ((configure,), (("make", "-j{jobs}"),), (("make", "install", "DESTDIR={destdir}"),))


def _cmake(library: CLibrary) -> tuple[tuple[Command, ...], ...]:
    configure = (
        *("cmake", "-G", "Ninja", "-S", "{source}", "-B", "{build}"),
        "-DCMAKE_TOOLCHAIN_FILE={work}/toolchain.cmake",
        f"-DCMAKE_INSTALL_PREFIX={PREFIX}",
        "-DCMAKE_INSTALL_LIBDIR=lib",
        "-DCMAKE_BUILD_TYPE=Release",
        "-DBUILD_SHARED_LIBS=OFF",
        "-DCMAKE_POSITION_INDEPENDENT_CODE=ON",
        *library.options,
    )
    build = ("cmake", "--build", "{build}", "--parallel", "{jobs}")
    return ((configure,), (build,), (("cmake", "--install", "{build}"),))


def _cmake_file(target: Target) -> str:
    # https://cmake.org/cmake/help/latest/manual/cmake-toolchains.7.html#cross-compiling
    return f"""\
set(CMAKE_SYSTEM_NAME {cmake_system(target)})
set(CMAKE_SYSTEM_PROCESSOR {gnu_cpu(target)})
set(CMAKE_C_COMPILER "{{cc}}")
set(CMAKE_CXX_COMPILER "{{cxx}}")
set(CMAKE_AR "{{bin}}/{{ar}}" CACHE FILEPATH "")
set(CMAKE_RANLIB "{{bin}}/{{ranlib}}" CACHE FILEPATH "")
set(CMAKE_FIND_ROOT_PATH "{{requires}}")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
"""


def _meson(library: CLibrary) -> tuple[tuple[Command, ...], ...]:
    configure = (
        *("meson", "setup", "{build}", "{source}"),
        "--cross-file={work}/cross.ini",
        f"--prefix={PREFIX}",
        "--libdir=lib",
        "--buildtype=release",
        "--default-library=static",
        "-Db_staticpic=true",
        # Nothing is fetched that no digest was given for.
        "--wrap-mode=nodownload",
        *library.options,
    )
    build = ("meson", "compile", "-C", "{build}", "-j", "{jobs}")
    install = ("meson", "install", "-C", "{build}", "--no-rebuild", "--destdir", "{destdir}")
    return ((configure,), (build,), (install,))


def _meson_file(target: Target) -> str:
    # https://mesonbuild.com/Cross-compilation.html
    return f"""\
[binaries]
c = '{{cc}}'
cpp = '{{cxx}}'
ar = '{{ar}}'
ranlib = '{{ranlib}}'
pkg-config = '{{pkg-config}}'
[host_machine]
system = '{target.os}'
cpu_family = '{meson_family(target)}'
cpu = '{gnu_cpu(target)}'
endian = '{endian(target)}'
"""


def _files(library: CLibrary, target: Target) -> tuple[tuple[Command, ...], ...]:
    flags = (*_c_flags(library, target), *(f"-I{{source}}/{dir}" for dir in library.include_dirs))
    compiled: list[Command] = []
    objects: list[str] = []
    for number, file in enumerate(library.files):
        # Two folders may have a file of one name.
        objects.append(f"{number}-{PurePosixPath(file).stem}.o")
        cc = "{cxx}" if file.endswith(_CXX) else "{cc}"
        compiled.append((cc, *flags, "-c", f"{{source}}/{file}", "-o", f"{{build}}/{objects[-1]}"))
    archive = f"{{install}}/lib/lib{_link_name(library)}.a"
    pack = ("{ar}", "rcs", archive, *(f"{{build}}/{name}" for name in objects))
    return (tuple(compiled), (pack,))


def _headers(library: CLibrary) -> Iterator[tuple[str, str]]:
    for header in library.headers:
        file, _, name = header.partition("=")
        yield f"{{source}}/{file}", f"{{install}}/include/{name or PurePosixPath(file).name}"


def _pc_file(library: CLibrary) -> tuple[str, str]:
    name = library.pkg_config or library.name
    private = "".join(f" {lib}" for lib in library.libs)
    content = f"""\
prefix={PREFIX}
libdir=${{{{prefix}}}}/lib
includedir=${{{{prefix}}}}/include

Name: {library.name}
Description: {library.name}, built by staticgo
Version: {library.version or "0"}
Libs: -L${{{{libdir}}}} -l{_link_name(library)}
Libs.private:{private}
Cflags: -I${{{{includedir}}}}
"""
    return f"{{install}}/lib/pkgconfig/{name}.pc", content


def _link_name(library: CLibrary) -> str:
    return library.library or library.name.removeprefix("lib")


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]
