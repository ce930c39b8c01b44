"""zig as the C compiler of every Linux target: finding it, its wrappers, and its first link."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from staticgo.errors import MissingTool, ToolFailed, Unreachable
from staticgo.facts.diagnosis import diagnose
from staticgo.facts.platforms import Platform
from staticgo.facts.quirks import OLDEST_ZIG, is_at_least, is_supported, quirks_for
from staticgo.facts.zigtargets import libc_words, zig_target
from staticgo.host.files import cache_dir, explained, write_atomically, write_program
from staticgo.host.lock import locked
from staticgo.host.run import Runner, clean_environment
from staticgo.model.plan import CToolchain, Libc, SupportFile, Wrapper
from staticgo.model.target import Target
from staticgo.toolchain.installed import own_command
from staticgo.toolchain.macos import MacSupport
from staticgo.toolchain.packaged import packaged
from staticgo.wrapping import arm_atomics
from staticgo.wrapping.render import render

_FIRST_LINK_SECONDS = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Zig:
    """An installed zig."""

    command: str
    version: str
    cache: str


def find_zig(runner: Runner) -> Zig:
    """The `ziglang` package's zig, the one in our cache, or PATH's. Raises MissingTool, ToolFailed."""
    bundled = packaged("ziglang", "zig") or own_command("zig")
    command = str(bundled) if bundled else shutil.which("zig")
    if command is None:
        raise MissingTool(
            "the program uses C, and zig is not here to compile it",
            hint="`staticgo toolchain install zig` brings it, as does pip install 'staticgo[toolchain]'",
        )
    done = runner.run([command, "version"], env=clean_environment(), timeout=30)
    if done.returncode != 0:
        raise ToolFailed(
            f"{command} does not run", hint="reinstall the ziglang package", details=done.stderr
        )
    version = done.stdout.strip()
    if not is_supported(version):
        raise MissingTool(
            f"{command} is zig {version or 'of no version'}; staticgo needs {OLDEST_ZIG} or later",
            hint="pip install -U 'staticgo[toolchain]' brings one that fits",
        )
    return Zig(command=command, version=version, cache=str(cache_dir("zig")))


def c_toolchain(
    zig: Zig,
    platform: Platform,
    *,
    bin_dir: str,
    cxx: bool = False,
    mac: MacSupport | None = None,
) -> CToolchain:
    """The compiler commands for `platform`, as values: nothing is written yet.

    `mac` is what a link for macOS needs. Raises Unreachable where zig cannot link C for it, MissingTool
    where a newer zig can.
    """
    if not platform.zig_triple:
        link = f" ({platform.cgo.link})" if platform.cgo.link else ""
        raise Unreachable(
            f"{platform.target}: the program uses C, and zig cannot link it there: "
            f"{platform.cgo.why}{link}",
            hint="`staticgo explain` shows what brings C in; `staticgo targets` where C can be linked",
        )
    target = platform.target
    row = zig_target(target)
    if row and row.since and not is_at_least(zig.version, row.since):
        raise MissingTool(
            f"{target}: zig {zig.version} has no C library for it; {row.since} and later have",
            hint="pip install -U 'staticgo[toolchain]' brings one that fits",
        )
    libc = _libc(platform)
    support = _support(target) if target.os == "linux" else ()
    return CToolchain(
        kind="zig",
        name=f"zig {zig.version} ({libc_words(platform.target)})",
        libc=libc,
        link_flags=("-static",) if libc in (Libc.MUSL, Libc.MINGW) else (),
        cc=_wrapper(zig, platform, "cc", mac, support),
        cxx=_wrapper(zig, platform, "c++", mac, support),
        bin_dir=bin_dir,
        cxx_wanted=cxx,
        files=(*(mac.files if mac else ()), *support),
    )


def _libc(platform: Platform) -> Libc:
    if platform.glibc:
        return Libc.GLIBC
    return {"linux": Libc.MUSL, "windows": Libc.MINGW}.get(platform.target.os, Libc.SYSTEM)


def _support(target: Target) -> tuple[SupportFile, ...]:
    """The C files that go into each link: all for musl, and what the CPU lacks for any libc.

    A file's name changes with its text.
    """
    folder = cache_dir("zig-support")
    text = resources.files("staticgo").joinpath("support/strings.c").read_text(encoding="utf-8")
    name = f"musl-strings-{hashlib.sha256(text.encode()).hexdigest()[:12]}.c"
    files = [] if target.libc else [SupportFile(path=str(folder / name), content=text)]
    if (target.arch, target.variant) == ("arm", "v5"):
        atomics = str(folder / arm_atomics.FILE_NAME)
        files.append(SupportFile(path=atomics, content=arm_atomics.SOURCE))
    return tuple(files)


def _wrapper(
    zig: Zig,
    platform: Platform,
    driver: str,
    mac: MacSupport | None,
    support: tuple[SupportFile, ...],
) -> Wrapper:
    """One word for CC, as Go's linker probes flags with CC's first word only (golang/go#81163)."""
    target = platform.target
    # zig's own choice of macOS is newer than Go's.
    triple = f"{platform.zig_triple}.{mac.minimum}" if mac else platform.zig_triple
    arguments = [driver, "-target", triple]
    if platform.zig_cpu:
        arguments.append(f"-mcpu={platform.zig_cpu}")
    # zig turns UBSan on in unoptimised builds; it can trap in C that works everywhere else.
    arguments.append("-fno-sanitize=undefined")
    if support and not target.libc:
        # zig keeps the frame pointer everywhere, which costs C a register; gcc does not.
        arguments.append("-fomit-frame-pointer")
    table = quirks_for(target, zig.version)
    # The name enters Go's build id: it must change with the compiler, and not with the machine.
    portable = render(
        "zig",
        [*arguments, mac.key if mac else ""],
        says=f"zig {driver} as one word, for {target}",
        quirks=table,
        objects=[(Path(file.path).name, ()) for file in support],
    )
    key = hashlib.sha256(f"{zig.version}\0{portable}".encode()).hexdigest()
    return Wrapper(
        name=f"zig-{'cxx' if driver == 'c++' else driver}-{triple}-{key[:12]}",
        content=render(
            zig.command,
            [*arguments, *(mac.arguments if mac else ())],
            says=f"zig {driver} as one word, for {target}",
            # zig fails, or hangs, without a HOME that it can write to.
            exports=tuple((f"ZIG_{which}_CACHE_DIR", zig.cache) for which in ("GLOBAL", "LOCAL")),
            quirks=table,
            objects=_compiled(zig, arguments[1:], support),
        ),
    )


def _compiled(
    zig: Zig, flags: Sequence[str], support: Sequence[SupportFile]
) -> list[tuple[str, list[str]]]:
    """An object of each file for this CPU, and the command that makes it.

    They are linked as objects: the language's options of a user's call are not for our C.
    """
    made = []
    for file in support:
        argv = [zig.command, "cc", *flags, "-O2", "-fPIC", "-c", file.path]
        key = hashlib.sha256("\0".join((zig.version, *argv[1:])).encode()).hexdigest()[:12]
        made.append((f"{file.path.removesuffix('.c')}-{key}.o", argv))
    return made


def write_wrappers(toolchain: CToolchain) -> None:
    """Puts the compiler commands where the plan says they stand. Raises ToolFailed."""
    with explained(f"the commands of {toolchain.name} cannot be written"):
        for file in toolchain.files:
            path = Path(file.path)
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(path, file.content)
        folder = Path(toolchain.bin_dir)
        folder.mkdir(parents=True, exist_ok=True)
        for wrapper in toolchain.wrappers:
            write_program(folder / wrapper.name, wrapper.content)


def prepare(toolchain: CToolchain, runner: Runner) -> None:
    """Makes one trivial link, so that zig has built this target's musl (and libc++) once.

    Parallel first links into a cold zig cache have raced (https://github.com/ziglang/zig/issues/18989).
    Raises ToolFailed.
    """
    write_wrappers(toolchain)
    _first_link(toolchain.cc, "c", "int main(void) { return 0; }\n", toolchain, runner)
    if toolchain.cxx_wanted:
        source = (
            "#include <string>\nint main(int n, char **) { return std::to_string(n).empty(); }\n"
        )
        _first_link(toolchain.cxx, "c++", source, toolchain, runner)


def is_prepared(toolchain: CToolchain) -> bool:
    """Whether the first link was made already."""
    stamps = [_stamp(toolchain.cc), *([_stamp(toolchain.cxx)] if toolchain.cxx_wanted else [])]
    return all(stamp.exists() for stamp in stamps)


def _stamp(wrapper: Wrapper) -> Path:
    # The wrapper's text holds zig's path and cache: another cache needs another first link.
    key = hashlib.sha256(wrapper.content.encode()).hexdigest()[:16]
    return cache_dir("prepared") / f"{wrapper.name}-{key}"


def _first_link(
    wrapper: Wrapper, language: str, source: str, toolchain: CToolchain, runner: Runner
) -> None:
    stamp = _stamp(wrapper)
    if stamp.exists():
        return
    with locked(Path(f"{stamp}.lock"), runner), tempfile.TemporaryDirectory() as scratch:
        if stamp.exists():
            return
        done = runner.run(
            # As Go links: optimised and stripped, for zig keeps one runtime library for each.
            [
                wrapper.name,
                *("-O2", "-s", *toolchain.link_flags),
                *("-x", language, "-", "-o", f"{scratch}/first"),
            ],
            env=with_compilers(toolchain, clean_environment()),
            timeout=_FIRST_LINK_SECONDS,
            stdin=source.encode(),
        )
        if done.returncode != 0 or done.timed_out:
            known = diagnose(done.stderr)
            raise ToolFailed(
                f"{toolchain.name} cannot make a first link"
                + (f" in {_FIRST_LINK_SECONDS} s" if done.timed_out else ""),
                hint=known.fix
                if known
                else "reinstall the ziglang package, or empty staticgo's cache",
                details=done.stderr,
            )
        stamp.touch()


def with_compilers(toolchain: CToolchain, env: dict[str, str], *before: str) -> dict[str, str]:
    """`env` with the toolchain's commands first on PATH, after the folders `before` them."""
    folders = (*before, toolchain.bin_dir, env.get("PATH", "/usr/bin:/bin"))
    return {**env, "PATH": ":".join(folders)}
