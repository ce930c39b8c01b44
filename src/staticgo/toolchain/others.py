"""C toolchains beside zig: finding their commands, trying them, and wrapping each as one word."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from platform import machine

from staticgo.errors import MissingTool, Unreachable, UsageError
from staticgo.facts.emulators import HOST_CPUS
from staticgo.facts.pinned import MUSL
from staticgo.facts.platforms import Platform
from staticgo.facts.toolchains import (
    BY_NAME,
    HAZARDS,
    LINK_FLAGS,
    OWN_MUSL,
    USERS,
    Compiler,
    arch_flags,
    may_make,
    triple_arch,
)
from staticgo.host.run import Runner, clean_environment, find_command
from staticgo.model.binary import Linkage, Slice
from staticgo.model.plan import CToolchain, Libc, Wrapper
from staticgo.planning.flags import split_quoted
from staticgo.toolchain.installed import own_musl
from staticgo.toolchain.trial import Trial, try_link
from staticgo.wrapping.render import render

_SECONDS = 30
_STATIC_SYSTEMS = ("linux", "windows")

_NO_CXX = """\
#!/bin/sh
# Written by staticgo: stands where there is no C++ compiler, for {target}.
echo "staticgo: {what} compiles no C++" >&2
exit 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A compiler that is here: the words that call it, the first of them a path."""

    kind: str
    cc: tuple[str, ...]
    cxx: tuple[str, ...] = ()
    install: str = ""
    """What adds that which may be missing: its C library, its C++."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a compiler says of itself."""

    triple: str
    version: str


def host_cpu() -> str:
    """This machine's CPU in Go's words."""
    return HOST_CPUS.get(machine().lower(), machine().lower())


def find(compiler: Compiler) -> Found | None:
    """The compiler of that row, if its command is here."""
    if compiler.kind == OWN_MUSL:
        musl = own_musl()
        cc = str(musl) if musl is not None else None
    else:
        cc = find_command(compiler.cc)
    if cc is None:
        return None
    cxx = find_command(compiler.cxx) if compiler.cxx else None
    return Found(
        kind=compiler.kind,
        cc=(cc,),
        cxx=(cxx,) if cxx else (),
        install=install_command(compiler, cxx=bool(compiler.cxx)),
    )


def install_command(compiler: Compiler, *, cxx: bool) -> str:
    """What adds the compiler, to be typed; "" where nothing is known to."""
    packages = (*compiler.packages, *(compiler.cxx_packages if cxx else ()))
    own = BY_NAME[compiler.kind].install
    if compiler.kind == OWN_MUSL or not packages:
        return own
    debian = f"apt-get install {' '.join(packages)} ({compiler.debian})"
    return f"{debian}; without root: {own}" if own else debian


def find_users(environment: Mapping[str, str]) -> Found:
    """What CC and CXX name. Raises UsageError where CC is not set, MissingTool where it is not here."""
    cc = split_quoted(environment.get("CC", ""))
    if not cc:
        raise UsageError(
            f"--toolchain {USERS} means the compiler that CC names, and CC is not set",
            hint="set it: CC=aarch64-linux-musl-gcc, say",
        )
    cxx = split_quoted(environment.get("CXX", "")) or _matching_cxx(cc)
    return Found(
        kind=USERS,
        cc=(_located("CC", cc[0]), *cc[1:]),
        cxx=(_located("CXX", cxx[0]), *cxx[1:]) if cxx else (),
    )


def _located(variable: str, command: str) -> str:
    if os.sep in command:
        path = Path(command).absolute()
        found = str(path) if path.is_file() and os.access(path, os.X_OK) else None
    else:
        found = find_command(command)
    if found is None:
        raise MissingTool(
            f"{variable} names {command}, which is no program here",
            hint=f"install it, or set {variable} to one that is",
        )
    return found


def _matching_cxx(cc: Sequence[str]) -> list[str]:
    """The C++ command that goes by the C command's name: x-gcc and x-g++; [] where none is here."""
    path = Path(cc[0])
    for c, cxx in (("gcc", "g++"), ("clang", "clang++"), ("cc", "c++")):
        if path.name.endswith(c):
            name = str(path.with_name(path.name.removesuffix(c) + cxx)) if os.sep in cc[0] else ""
            name = name or path.name.removesuffix(c) + cxx
            if os.access(name, os.X_OK) if os.sep in name else find_command(name):
                return [name, *cc[1:]]
            break
    # `zig cc -target x` and `zig c++ -target x`
    return [cc[0], "c++", *cc[2:]] if cc[1:2] == ["cc"] else []


def ask(found: Found, runner: Runner) -> Asked:
    """What the compiler says of itself. Raises UsageError where it is no compiler."""

    def answer(*options: str) -> str:
        done = runner.run([*found.cc, *options], env=clean_environment(), timeout=_SECONDS)
        lines = done.stdout.strip().splitlines()
        return lines[0].strip() if done.returncode == 0 and len(lines) == 1 else ""

    triple = answer("-dumpmachine")
    if "-" not in triple or " " in triple:
        raise UsageError(
            f"{' '.join(found.cc)} is no C compiler: it does not answer -dumpmachine as gcc and clang do",
            hint="name a compiler of the GCC kind: gcc, clang, or `zig cc`",
        )
    # gcc answers -dumpversion with its major number only, where it was so configured.
    version = answer("-dumpfullversion", "-dumpversion") or answer("-dumpversion")
    return Asked(triple=triple, version=version)


def arch_of(asked: Asked) -> str:
    """The CPU that the compiler makes code for when it is told none, in Go's words."""
    return triple_arch(asked.triple)


def may_link_statically(found: Found, platform: Platform, runner: Runner) -> bool:
    """Whether its static C library is here, for those that can tell without a link."""
    if found.kind not in ("gcc", "clang", "gcc-cross"):
        return True
    flags = arch_flags(platform.target, dict(platform.settings))
    done = runner.run(
        [*found.cc, *flags, "-print-file-name=libc.a"], env=clean_environment(), timeout=_SECONDS
    )
    # Where there is none, the name comes back as it was given.
    return os.sep in done.stdout


def make_toolchain(
    found: Found, platform: Platform, runner: Runner, *, bin_dir: str, cxx: bool = False
) -> CToolchain:
    """The compiler as a plan needs it: tried, read, and wrapped.

    Raises Unreachable for a compiler that is for another CPU or system; UsageError for one that is none
    or links another C library than its name says; MissingTool where its static C library
    is not here; ToolFailed where it gives up.
    """
    asked = ask(found, runner)
    _heed_cpu(found, asked, platform)
    if cxx and not found.cxx:
        raise _no_cxx(found, platform)
    plain = ("-static",) if platform.target.os in _STATIC_SYSTEMS else ()
    with tempfile.TemporaryDirectory() as scratch:
        output = Path(scratch, "trial.exe")  # MinGW adds .exe to any other name
        first = try_link(found.cc, plain, platform, output, runner, install=found.install)
        libc = _judge(found, first.program, platform)
        flags = LINK_FLAGS[libc]
        tried = [first]
        if flags != plain:
            tried.append(try_link(found.cc, flags, platform, output, runner, install=found.install))
        if cxx:
            tried.append(
                try_link(
                    found.cxx, flags, platform, output, runner, cxx=True, install=found.install
                )
            )
            _judge(found, tried[-1].program, platform)
    name = Path(found.cc[0]).name
    return CToolchain(
        kind=found.kind,
        name=f"{name} {asked.version} ({_libc_words(found, libc)})",
        libc=libc,
        # A program that holds C++ shall not have other names for its C.
        cc=_wrapper(found, asked, platform, "cc", found.cc, tried[:-1] if cxx else tried),
        cxx=_wrapper(found, asked, platform, "cxx", found.cxx, tried),
        bin_dir=bin_dir,
        cxx_wanted=cxx,
        link_flags=flags,
        hazards=HAZARDS.get(libc, ()),
    )


def _libc_words(found: Found, libc: Libc) -> str:
    """The C library, with its version where that is known."""
    return f"{libc} {MUSL.version}" if found.kind == OWN_MUSL else libc.value


def _heed_cpu(found: Found, asked: Asked, platform: Platform) -> None:
    if not may_make(asked.triple, platform.target):
        raise _wrong(found, f"it is for {asked.triple}", platform)


def _wrong(found: Found, why: str, platform: Platform) -> Unreachable:
    return Unreachable(
        f"{' '.join(found.cc)} makes no code for {platform.target}: {why}",
        hint="set CC to a compiler for that target, or leave --toolchain away: zig is the default"
        if found.kind == USERS
        else f"`staticgo toolchain list {platform.target}` names those that do",
    )


def _no_cxx(found: Found, platform: Platform) -> MissingTool:
    return MissingTool(
        f"{platform.target}: the program holds C++, and {' '.join(found.cc)} has no C++ compiler beside it",
        hint="set CXX"
        if found.kind == USERS
        else "leave --toolchain away: zig compiles C++ too"
        if found.kind in ("musl-gcc", OWN_MUSL)
        else found.install,
    )


def _judge(found: Found, program: Slice, platform: Platform) -> Libc:
    """The C library in the trial's program, which must be static and for the target. Raises UsageError."""
    target = platform.target
    if program.machine != target.arch:
        raise _wrong(found, f"what it links is for {program.machine}", platform)
    if (program.os or "linux") != target.os:
        raise _wrong(found, f"what it links is for {program.os}", platform)
    allowed: tuple[Linkage, ...] = (Linkage.STATIC, Linkage.STATIC_PIE)
    libc = program.libc.value
    if target.os == "windows":
        allowed, libc = (Linkage.SYSTEM_ONLY, Linkage.STATIC), Libc.MINGW.value
    elif target.os != "linux":
        # What it is dynamic on is for the promise to judge.
        allowed, libc = (Linkage.SYSTEM_ONLY, Linkage.DYNAMIC, *allowed), Libc.SYSTEM.value
    if program.linkage not in allowed:
        raise UsageError(
            f"{' '.join(found.cc)} makes a {program.linkage} program in spite of -static",
            hint="look for flags of its own that undo -static, or name another compiler",
            details=program.linkage_evidence,
        )
    expected = BY_NAME[found.kind].libc
    if libc not in LINK_FLAGS or expected not in (None, libc):
        raise UsageError(
            f"{' '.join(found.cc)} links {libc or 'a C library that is not known'}, not "
            f"{expected or 'musl or glibc'}",
            hint="name a compiler for musl or glibc, or leave --toolchain away: zig is the default",
            details=program.libc.evidence,
        )
    return Libc(libc)


def _wrapper(
    found: Found,
    asked: Asked,
    platform: Platform,
    driver: str,
    words: Sequence[str],
    tried: Sequence[Trial],
) -> Wrapper:
    what = f"{Path(found.cc[0]).name} {asked.version}"
    if words:
        says = f"{what} as one word, for {platform.target}"
        content = render(words[0], words[1:], says=says)
    else:
        content = _NO_CXX.format(what=what, target=platform.target)
    # The name enters Go's build id: it must change with the compiler, and not with the machine.
    decides = (found.kind, asked.triple, asked.version, *words[1:], *(one.digest for one in tried))
    key = hashlib.sha256("\0".join(decides).encode()).hexdigest()
    return Wrapper(name=f"{found.kind}-{driver}-{platform.target.slug}-{key[:12]}", content=content)
