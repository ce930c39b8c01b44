"""Builds C libraries from their plans, each in a scratch folder, into the cache."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from staticgo.binary.archive import normalised
from staticgo.errors import FormatError, MissingTool, ToolFailed
from staticgo.facts.buildtools import TOOLS
from staticgo.host.files import cache_dir, explained, stays_inside, write_program
from staticgo.host.lock import locked
from staticgo.host.run import Runner, find_command
from staticgo.model.braces import expand
from staticgo.model.libraries import PREFIX, Command, LibraryPlan, Sysroot
from staticgo.model.plan import CToolchain, Wrapper
from staticgo.toolchain.sysroots import compiler_layer, pkg_config_script
from staticgo.toolchain.zig import write_wrappers

_SECONDS = 3600
_LAST_LINES = 25
_KEPT_SECONDS = 30 * 24 * 3600
_OWN_FOLDERS = ("locks", "logs", "scratch")
# What a program is linked with. Programs, manuals and libtool's notes stay behind.
_KEPT_FOLDERS = ("include", "lib", "share/pkgconfig")
_SHARED = ("*.so", "*.so.*", "*.dylib", "*.dll", "*.la", "*.dll.a")
_INHERITED = ("HOME", "TMPDIR", "SYSTEMROOT")

Unpack = Callable[[Path], Path]
"""Puts a library's source, checked, into a folder, and returns where it begins in there."""


def installed(plan: LibraryPlan) -> Path:
    """Where the library stands once it is built: the folder is whole, or absent."""
    return cache_dir("libraries") / plan.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """What a library is built with."""

    toolchain: CToolchain
    helpers: tuple[Wrapper, ...]
    """`target-ar`, `target-ranlib` and `build-cc`."""
    runner: Runner
    jobs: int


def build_library(plan: LibraryPlan, kit: Kit, requires: Sysroot | None, unpack: Unpack) -> Path:
    """Builds the library unless it stands in the cache. Raises MissingTool, ToolFailed, UsageError."""
    final = installed(plan)
    if final.exists():
        return final
    _check_tools(plan)
    with locked(cache_dir("libraries", "locks") / plan.key, kit.runner):
        if not final.exists():
            with (
                explained(f"{plan.target}: the C library {plan.name} cannot be built"),
                tempfile.TemporaryDirectory(
                    dir=cache_dir("libraries", "scratch"), ignore_cleanup_errors=True
                ) as scratch,
            ):
                _Site(plan, kit, requires, Path(scratch)).build(unpack, final)
    return final


class _Site:
    """The scratch folder of one library."""

    def __init__(self, plan: LibraryPlan, kit: Kit, requires: Sysroot | None, work: Path) -> None:
        self.plan = plan
        self.kit = kit
        self.work = work
        self.log = work / "log"
        self.destdir = work / "destdir"
        self.install = self.destdir / PREFIX.lstrip("/")
        self.requires = requires.folder if requires else ""

    def build(self, unpack: Unpack, final: Path) -> None:
        """All of it; `final` appears at the end, whole."""
        (self.work / "build").mkdir()
        for folder in ("lib/pkgconfig", "include"):
            (self.install / folder).mkdir(parents=True)
            # Stands for what it requires, where that is nothing: zig warns of a folder that is not there.
            (self.work / "none" / folder).mkdir(parents=True)
        self._write_commands()
        source = unpack(self.work / "source")
        values = self._values(source)
        env = self._environment(values)
        for name, content in self.plan.files:
            path = Path(self.work, expand(name, values))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(expand(content, values), encoding="utf-8")
        for stage in self.plan.stages:
            commands = [tuple(expand(word, values) for word in command) for command in stage]
            self._run_stage(commands, source, env)
        for origin, place in self.plan.copies:
            self._copy(Path(expand(origin, values)), Path(expand(place, values)))
        kept = self.work / "kept"
        self._keep(kept)
        kept.replace(final)

    def _values(self, source: Path) -> dict[str, str]:
        target = self.plan.target
        return {
            "work": str(self.work),
            "bin": str(self.work / "bin"),
            "source": str(source),
            "build": str(self.work / "build"),
            "install": str(self.install),
            "destdir": str(self.destdir),
            "prefix": PREFIX,
            "requires": self.requires or str(self.work / "none"),
            **{name: f"target-{name}" for name in ("cc", "cxx", "ar", "ranlib", "pkg-config")},
            "triple": self.plan.triple,
            "os": target.os,
            "arch": target.arch,
            "jobs": str(self.kit.jobs),
        }

    def _environment(self, values: Mapping[str, str]) -> dict[str, str]:
        """Nothing of the user's own CFLAGS and the like: the key knows nothing of them."""
        ours = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        path = (
            str(self.work / "bin"),
            str(Path(sys.executable).parent),
            os.environ.get("PATH", ""),
        )
        return {
            **ours,
            "PATH": os.pathsep.join(path),
            "LC_ALL": "C",
            **{name: expand(value, values) for name, value in self.plan.environment},
        }

    def _write_commands(self) -> None:
        toolchain = self.kit.toolchain
        write_wrappers(toolchain)
        folder = self.work / "bin"
        folder.mkdir()
        for name, wrapper in (("target-cc", toolchain.cc), ("target-cxx", toolchain.cxx)):
            layer = compiler_layer(
                shlex.quote(str(Path(toolchain.bin_dir, wrapper.name))),
                self.requires or str(self.work / "none"),
                # No folder of this machine, and nothing that only a debugger reads.
                after=(f"-ffile-prefix-map={self.work}=.", "-g0"),
            )
            write_program(folder / name, layer)
        for wrapper in self.kit.helpers:
            write_program(folder / wrapper.name, wrapper.content)
        script = pkg_config_script(self.requires or str(self.work / "none"))
        if script is not None:
            write_program(folder / "target-pkg-config", script)

    def _run_stage(self, commands: Sequence[Command], source: Path, env: Mapping[str, str]) -> None:
        with ThreadPoolExecutor(max_workers=min(self.kit.jobs, len(commands)) or 1) as pool:
            futures = [pool.submit(self._run, command, source, env) for command in commands]
            try:
                wait(futures, return_when=FIRST_EXCEPTION)
            finally:
                pool.shutdown(wait=False, cancel_futures=True)
            for future in futures:
                if not future.cancelled():
                    future.result()

    def _run(self, command: Command, source: Path, env: Mapping[str, str]) -> None:
        try:
            done = self.kit.runner.run(command, env=env, cwd=str(source), timeout=_SECONDS)
        except MissingTool as error:
            absent = os.sep in command[0] and not Path(source, command[0]).exists()
            why = f"its source has no {Path(command[0]).name}" if absent else error.message
            raise self._failed(why, self._log(f"$ {shlex.join(command)}\n{why}\n")) from error
        said = self._log(f"$ {shlex.join(command)}\n{done.stdout}{done.stderr}")
        if done.returncode != 0 or done.timed_out:
            raise self._failed(
                f"{command[0]} took longer than {_SECONDS} s"
                if done.timed_out
                else f"{Path(command[0]).name} ended with exit code {done.returncode}",
                said,
            )

    def _log(self, said: str) -> str:
        with self.log.open("a", encoding="utf-8") as log:
            log.write(said)
        return said

    def _failed(self, why: str, said: str = "") -> ToolFailed:
        kept = cache_dir("libraries", "logs") / f"{self.plan.name}-{self.plan.target.slug}.log"
        with contextlib.suppress(OSError):
            shutil.copyfile(self.log, kept)
        return ToolFailed(
            f"{self.plan.target}: the C library {self.plan.name} cannot be built: {why}",
            hint=f"all that was said is in {kept}",
            details="\n".join(said.rstrip().splitlines()[-_LAST_LINES:]),
        )

    def _copy(self, origin: Path, place: Path) -> None:
        if not origin.is_file():
            raise self._failed(f"its source has no file {origin.name} to install")
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(origin, place)

    def _keep(self, kept: Path) -> None:
        """Takes from what was installed all that a static link needs, and nothing else."""
        for folder in _KEPT_FOLDERS:
            if (self.install / folder).is_dir():
                (kept / folder).parent.mkdir(parents=True, exist_ok=True)
                (self.install / folder).rename(kept / folder)
        self._see_nothing_elsewhere()
        found = {file for pattern in _SHARED for file in kept.rglob(pattern)}
        shared = [file for file in found if file.is_symlink() or file.is_file()]
        for file in shared:
            file.unlink()
        self._check_links(kept)
        archives = [file for file in kept.rglob("*.a") if file.is_file() and not file.is_symlink()]
        headers = any(file.is_file() for file in (kept / "include").rglob("*"))
        if not archives and (shared or not headers):
            what = "only a shared library" if shared else "no static library and no header"
            raise self._failed(f"it installed {what} under {PREFIX}")
        for archive in archives:
            try:
                content = normalised(archive.read_bytes())
            except FormatError as error:
                raise self._failed(f"{archive.name}: {error.message}") from error
            # A new file: the old one may be read-only, or a hard link to what is not ours.
            archive.unlink()
            archive.write_bytes(content)

    def _see_nothing_elsewhere(self) -> None:
        """A static library that stays behind, as in lib64, would make it one of headers only."""
        for file in self.destdir.rglob("*.a"):
            if file.is_file() and not file.name.endswith(".dll.a"):
                raise self._failed(
                    f"it installed /{file.relative_to(self.destdir)}, and its libraries must be "
                    f"installed in {PREFIX}/lib"
                )

    def _check_links(self, kept: Path) -> None:
        for link in kept.rglob("*"):
            if link.is_symlink() and not stays_inside(link, kept):
                raise self._failed(
                    f"it installed the link {link.relative_to(kept)} to {link.readlink()}, which "
                    "leads out of its own folders: make it a relative link, or install a copy"
                )


def assemble(sysroot: Sysroot, runner: Runner) -> None:
    """Puts the sysroot's libraries, which are built, together in its folder. Raises ToolFailed."""
    final = Path(sysroot.folder)
    if final.exists():
        return
    with locked(cache_dir("sysroots", "locks") / sysroot.key, runner):
        if final.exists():
            return
        with (
            explained("the C libraries cannot be put together"),
            tempfile.TemporaryDirectory(
                dir=cache_dir("sysroots", "scratch"), ignore_cleanup_errors=True
            ) as scratch,
        ):
            whole = Path(scratch, "whole")
            for folder in ("include", "lib"):
                (whole / folder).mkdir(parents=True)
            homes: dict[str, str] = {}
            for plan in sysroot.libraries:
                _add(plan, whole, homes)
            whole.replace(final)


def forget_unused_libraries() -> None:
    """Removes libraries and sysroots that no build used for a month, and what a killed one left."""
    for kind in ("libraries", "sysroots"):
        for folder in (*cache_dir(kind).iterdir(), *cache_dir(kind, "scratch").iterdir()):
            if folder.name in _OWN_FOLDERS:
                continue
            with contextlib.suppress(OSError):
                if time.time() - folder.stat().st_mtime > _KEPT_SECONDS:
                    # Out of the way first: whoever looks for it finds all of it, or nothing.
                    gone = cache_dir(kind, "scratch") / f"gone-{os.getpid()}-{folder.name}"
                    folder.rename(gone)
                    shutil.rmtree(gone, ignore_errors=True)


def mark_used(sysroot: Sysroot) -> None:
    """Lets the sysroot and its libraries be kept another month."""
    for folder in (Path(sysroot.folder), *map(installed, sysroot.libraries)):
        with contextlib.suppress(OSError):
            os.utime(folder)


def _add(plan: LibraryPlan, whole: Path, homes: dict[str, str]) -> None:
    root = installed(plan)
    if not root.is_dir():
        raise ToolFailed(
            f"{plan.target}: the C library {plan.name} was removed from the cache meanwhile",
            hint="run the same command again",
        )
    for file in sorted(root.rglob("*")):
        if file.is_dir() and not file.is_symlink():
            continue
        name = str(file.relative_to(root))
        if name in homes:
            raise ToolFailed(
                f"{plan.target}: the C libraries {homes[name]} and {plan.name} both install {name}",
                hint="leave one of them out of staticgo.toml, or out for this target (targets = [...])",
            )
        homes[name] = plan.name
        place = whole / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, place, follow_symlinks=False)


def _check_tools(plan: LibraryPlan) -> None:
    for tool in plan.tools:
        beside = Path(sys.executable).parent
        if find_command(tool) is None and not os.access(beside / tool, os.X_OK):
            raise MissingTool(
                f"{plan.target}: {tool} is not here, and the C library {plan.name} is built with it",
                hint=TOOLS.get(tool, f"install {tool}, so that it is found on PATH"),
            )
