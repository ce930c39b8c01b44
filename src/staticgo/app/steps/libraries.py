"""The program's own C libraries: staticgo.toml read, sources found, sysroots planned and built."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from staticgo.app.steps.pool import run_all
from staticgo.config.load import FILE_NAME, load
from staticgo.errors import MissingTool, UsageError
from staticgo.facts.buildtools import TOOLS
from staticgo.facts.recipes import recipe_named
from staticgo.host.files import cache_dir, sha256
from staticgo.host.run import Runner
from staticgo.model.config import Config
from staticgo.model.libraries import CLibrary, LibraryPlan, LibrarySource, Sysroot
from staticgo.model.plan import CToolchain, Libc, Reason
from staticgo.model.project import Source
from staticgo.model.target import Target
from staticgo.planning.libraries import plan_sysroot, sysroot_of
from staticgo.sources.unpack import copy_tree, tree_digest, tree_paths, unpack
from staticgo.toolchain.buildtools import helpers
from staticgo.toolchain.debian import fetch
from staticgo.toolchain.libraries import (
    Kit,
    assemble,
    build_library,
    installed,
    mark_used,
)
from staticgo.toolchain.select import prepare
from staticgo.toolchain.sysroots import bare, find_pkg_config, with_sysroot

Progress = Callable[[str], None]
"""Told the step that begins."""

_BY_HAND = 'name it in staticgo.toml: source = "..."'


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLibraries:
    """What staticgo.toml says, and where it was looked for."""

    config: Config
    looked_at: tuple[str, ...]
    """The files that decide it, be they there or not."""
    sources: Mapping[str, LibrarySource]

    def equip(
        self, toolchain: CToolchain, target: Target, asked: Sequence[str], allocator: str = ""
    ) -> CToolchain:
        """The toolchain with the libraries planned for `target`, where there are any at all.

        `asked` is what the program wants from pkg-config; `allocator` takes the place of musl's malloc.
        Raises MissingTool where pkg-config is not here.
        """
        libraries, sources = self.config.libraries, self.sources
        recipe = recipe_named(allocator)
        if recipe and toolchain.libc is not Libc.MUSL:
            why = f"{toolchain.name} does not link musl, whose malloc is the slow one"
            toolchain = _without(allocator, toolchain, why)
            recipe = None
        if recipe and allocator not in sources:
            libraries = (*libraries, recipe.library)
            source = LibrarySource(
                sha256=recipe.sha256, package=recipe.package, archive=recipe.archive
            )
            sources = {**sources, allocator: source}
        if not libraries:
            return toolchain
        root = str(cache_dir("sysroots"))
        sysroot = plan_sysroot(
            libraries,
            sources,
            target,
            toolchain,
            root=root,
            pkg_config=find_pkg_config() is not None,
        )
        equipped = with_sysroot(toolchain, sysroot)
        if recipe and allocator in sysroot.left_out:
            equipped = _without(allocator, equipped, f"its targets leave out {target}")
        elif recipe:
            equipped = dataclasses.replace(equipped, allocator=allocator)
        if asked and equipped.pkg_config is None:
            raise MissingTool(
                f"the program asks pkg-config for {', '.join(asked)}, and there is none here",
                hint=TOOLS["pkg-config"],
            )
        return equipped

    def watched(self) -> Iterator[str]:
        """All files and folders that the libraries rest on."""
        yield from self.looked_at
        for source in self.sources.values():
            if source.path:
                yield source.path
                if Path(source.path).is_dir():
                    yield from tree_paths(Path(source.path))


def own_libraries(source: Source, directory: str) -> OwnLibraries:
    """What staticgo.toml says: that beside the program's go.mod, else that where the user stands.

    A module that the user only named has no say: its commands would run here. Raises UsageError.
    """
    folders = [] if source.remote else [_module_root(Path(source.dir))]
    files = [folder / FILE_NAME for folder in (*folders, Path(directory))]
    found = next((file for file in files if file.exists()), None)
    config = _read(found) if found else Config()
    return OwnLibraries(
        config=config,
        looked_at=tuple(dict.fromkeys(map(str, files))),
        sources={library.name: _source(library, config.path) for library in config.libraries},
    )


def _without(allocator: str, toolchain: CToolchain, why: str) -> CToolchain:
    left_out = Reason(decision=f"the allocator {allocator} is left out", why=why)
    return dataclasses.replace(toolchain, hazards=(*toolchain.hazards, left_out))


def build_own(toolchain: CToolchain, runner: Runner, progress: Progress) -> None:
    """Builds the libraries of an equipped toolchain that are not in the cache.

    Raises MissingTool, ToolFailed, UsageError.
    """
    sysroot = toolchain.sysroot
    if sysroot is None:
        return
    mark_used(sysroot)
    if Path(sysroot.folder).exists():
        return
    progress("preparing the C compiler")
    prepare(bare(toolchain), runner)
    build_sysroots([(sysroot, bare(toolchain))], runner, progress=progress)


def build_sysroots(
    wanted: Sequence[tuple[Sysroot, CToolchain]],
    runner: Runner,
    *,
    jobs: int = 0,
    progress: Progress = lambda step: None,
) -> None:
    """Builds all libraries of all targets that are not in the cache, several at a time.

    The compilers are prepared. Raises MissingTool, ToolFailed, UsageError.
    """
    left = {
        plan.key: (plan, toolchain)
        for sysroot, toolchain in wanted
        for plan in sysroot.libraries
        if not installed(plan).exists()
    }
    known = {plan.key: plan for sysroot, _ in wanted for plan in sysroot.libraries}
    cores = jobs or os.cpu_count() or 1

    def one(job: tuple[LibraryPlan, CToolchain]) -> None:
        plan, toolchain = job
        progress(f"building the C library {plan.name} for {plan.target}")
        kit = Kit(
            toolchain=toolchain,
            helpers=helpers(toolchain, runner),
            runner=runner,
            jobs=max(1, cores // len(ready)),
        )
        build_library(plan, kit, _requirements(plan, known, runner), _unpacker(plan, runner))

    while left:
        # Those whose requirements are built; each round leaves fewer, for there are no circles.
        ready = [job for job in left.values() if not any(key in left for key in job[0].requires)]
        run_all(one, ready, cores, runner)
        for plan, _ in ready:
            del left[plan.key]
    for sysroot, _ in wanted:
        assemble(sysroot, runner)


def _requirements(
    plan: LibraryPlan, known: Mapping[str, LibraryPlan], runner: Runner
) -> Sysroot | None:
    """The folder with what the library requires, put together."""
    if not plan.requires:
        return None
    sysroot = sysroot_of(
        tuple(known[key] for key in plan.requires), root=str(cache_dir("sysroots"))
    )
    assemble(sysroot, runner)
    return sysroot


def _unpacker(plan: LibraryPlan, runner: Runner) -> Callable[[Path], Path]:
    source = plan.source

    def work(folder: Path) -> Path:
        path = Path(source.path) if source.path else fetch(source, runner, by_hand=_BY_HAND)
        if path.is_dir():
            copy = copy_tree(path, folder)
            if tree_digest(copy) != source.sha256:
                raise UsageError(
                    f"{path}, the source of the C library {plan.name}, was changed meanwhile",
                    hint="run the same command again",
                )
            return copy
        # Once more: it may be another file by now.
        _check_digest(path, source.sha256, plan.name)
        return unpack(path, folder)

    return work


def _source(library: CLibrary, config: str) -> LibrarySource:
    recipe = recipe_named(library.recipe)
    if not library.source:
        assert recipe is not None
        if library.sha256 != recipe.sha256:
            raise UsageError(
                f"{config}: the C library {library.name} has a sha256 of its own and no source",
                hint=f"name the archive: source = ...; or leave sha256 out, for {recipe.archive}",
            )
        return LibrarySource(sha256=recipe.sha256, package=recipe.package, archive=recipe.archive)
    path = Path(library.source)
    if path.is_dir():
        return _folder(library, path, config)
    if not path.is_file():
        raise UsageError(
            f"{config}: the source of the C library {library.name} is not there: {path}",
            hint="check the path: it starts at the folder of staticgo.toml",
        )
    if not library.sha256:
        raise UsageError(
            f"{config}: the C library {library.name} has no sha256, and its source is an archive",
            hint=f'if {path.name} is what you mean, add: sha256 = "{sha256(path)}"',
        )
    _check_digest(path, library.sha256, library.name)
    return LibrarySource(sha256=library.sha256, path=str(path))


def _check_digest(path: Path, wanted: str, name: str) -> None:
    try:
        digest = sha256(path)
    except OSError as error:
        raise UsageError(
            f"{path}, the source of the C library {name}, cannot be read: {error.strerror}",
            hint="check its permissions",
        ) from error
    if digest != wanted:
        raise UsageError(
            f"{path} has the SHA-256 {digest}, and for the C library {name} it must be {wanted}",
            hint="fetch it again; or, if this file is the one you mean, write its digest into "
            "staticgo.toml",
        )


def _folder(library: CLibrary, path: Path, config: str) -> LibrarySource:
    digest = tree_digest(path)
    # A recipe's digest is its archive's: a folder in place of that has another.
    recipe = recipe_named(library.recipe)
    wanted = "" if recipe and library.sha256 == recipe.sha256 else library.sha256
    if wanted not in ("", digest):
        raise UsageError(
            f"{config}: the folder {path} of the C library {library.name} has the digest {digest}, "
            f"and not {wanted}",
            hint="if its contents are what you mean, write the new digest, or leave sha256 out",
        )
    return LibrarySource(sha256=digest, path=str(path))


def _read(file: Path) -> Config:
    try:
        return load(file.read_text(encoding="utf-8"), str(file))
    except OSError as error:
        raise UsageError(
            f"{file} cannot be read: {error.strerror}", hint="check its permissions"
        ) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is not in UTF-8", hint="save it as UTF-8") from error


def _module_root(folder: Path) -> Path:
    """The nearest folder from there upwards with a go.mod; the folder itself where there is none."""
    above = (folder, *folder.parents)
    return next((place for place in above if (place / "go.mod").exists()), folder)
