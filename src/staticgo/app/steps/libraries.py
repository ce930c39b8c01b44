"""The program's own C libraries: staticgo.toml read, sources found, sysroots planned and built."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from staticgo.app.steps.pool import run_all
from staticgo.config.load import FILE_NAME, load
from staticgo.errors import UsageError
from staticgo.facts.recipes import recipe_named
from staticgo.host.files import cache_dir, sha256
from staticgo.host.run import Runner
from staticgo.model.config import Config
from staticgo.model.libraries import CLibrary, LibraryPlan, LibrarySource, Sysroot
from staticgo.model.plan import CToolchain
from staticgo.model.target import Target
from staticgo.planning.libraries import plan_sysroot, sysroot_of
from staticgo.sources.unpack import copy_tree, tree_digest, unpack
from staticgo.toolchain.archiver import archiver
from staticgo.toolchain.debian import fetch
from staticgo.toolchain.libraries import Kit, assemble, build_library, installed

Progress = Callable[[str], None]
"""Told the step that begins."""


def find_config(module: str, directory: str) -> Config:
    """What staticgo.toml says: that beside the program's go.mod, else that where the user stands.

    `module` is a folder inside the program's own module; "" where that is not the user's.
    Raises UsageError.
    """
    for folder in (_module_root(module) if module else None, Path(directory)):
        file = folder / FILE_NAME if folder else None
        if file is None or not file.exists():
            continue
        try:
            return load(file.read_text(encoding="utf-8"), str(file))
        except OSError as error:
            raise UsageError(
                f"{file} cannot be read: {error.strerror}", hint="check its permissions"
            ) from error
        except UnicodeDecodeError as error:
            raise UsageError(f"{file} is not in UTF-8", hint="save it as UTF-8") from error
    return Config()


def find_sources(libraries: Sequence[CLibrary], config: str) -> dict[str, LibrarySource]:
    """Where each library's source is, and its digest; nothing is fetched. Raises UsageError."""
    return {library.name: _source(library, config) for library in libraries}


def plan_libraries(
    libraries: Sequence[CLibrary],
    sources: Mapping[str, LibrarySource],
    target: Target,
    toolchain: CToolchain,
) -> Sysroot | None:
    """The sysroot for one target; None where no library is for it."""
    return plan_sysroot(libraries, sources, target, toolchain, root=str(cache_dir("sysroots")))


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
            archiver=archiver(toolchain, runner),
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
        path = Path(source.path) if source.path else fetch(source, runner)
        if path.is_dir():
            return copy_tree(path, folder)
        digest = sha256(path)
        if digest != source.sha256:
            raise UsageError(
                f"{path} has the SHA-256 {digest}, and staticgo.toml says {source.sha256} "
                f"of the C library {plan.name}",
                hint="fetch it again; or, if this file is the one you mean, write its digest there",
            )
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
    return LibrarySource(sha256=library.sha256, path=str(path))


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


def _module_root(folder: str) -> Path | None:
    """The nearest folder from there upwards with a go.mod."""
    start = Path(folder)
    return next((place for place in (start, *start.parents) if (place / "go.mod").exists()), None)
