"""The text of staticgo.toml made into a Config: recipes filled in, requirements in order."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from staticgo.config.reader import complain, read
from staticgo.config.schema import SCHEMA
from staticgo.facts.recipes import RECIPES, recipe_named
from staticgo.model.config import BuildConfig, Config
from staticgo.model.libraries import BuildSystem, CLibrary, Extra

FILE_NAME = "staticgo.toml"

_CONFIGURED = (BuildSystem.AUTOTOOLS, BuildSystem.CMAKE, BuildSystem.MESON)
# Which keys have a meaning for which ways of building; the others are for all.
_MEANT_FOR = {
    "options": _CONFIGURED,
    "files": (BuildSystem.FILES,),
    "include_dirs": (BuildSystem.FILES,),
    "headers": (BuildSystem.FILES,),
    "library": (BuildSystem.FILES,),
    "pkg_config": (BuildSystem.FILES,),
    "version": (BuildSystem.FILES,),
    "libs": (BuildSystem.FILES,),
}
_NEEDED = {BuildSystem.FILES: "files", BuildSystem.COMMANDS: "commands"}
_ADDED = ("options", "defines", "cflags", "libs", "tools", "requires", "extra")
"""Lists that go on where the recipe's end; what else is said takes the place of the recipe's."""


def load(text: str, path: str) -> Config:
    """The values of the file at `path`, which `text` is; paths in it start at its folder.

    Raises UsageError, which names the place in the file.
    """
    data = read(text, SCHEMA, file=path)
    libraries: list[CLibrary] = []
    for index, table in enumerate(data.get("c-library", ())):
        library = _library(table, f"c-library[{index}]", path)
        if any(library.name == other.name for other in libraries):
            raise complain(
                path,
                f"c-library[{index}].name",
                f"there are two libraries {library.name!r}",
                "give one of them another name",
            )
        libraries.append(library)
    return Config(
        path=path,
        build=BuildConfig(**data.get("build", {})),
        libraries=_in_order(libraries, path),
    )


def _library(table: Mapping[str, Any], place: str, path: str) -> CLibrary:
    said = {key.replace("-", "_"): value for key, value in table.items()}
    if "extra" in said:
        said["extra"] = tuple(Extra(**extra) for extra in said["extra"])
    if "build" in said:
        said["build"] = BuildSystem(said["build"])
    if "source" in said:
        said["source"] = str(PurePath(path).parent / said["source"])
    if "recipe" in said:
        library = _from_recipe(said, place, path)
    else:
        for key, what in (
            ("source", "the archive or the folder"),
            ("build", " or ".join(BuildSystem)),
        ):
            if key not in said:
                raise complain(
                    path,
                    place,
                    f"{key} is missing",
                    f"add {key} ({what}), or a recipe: {_recipes()}",
                )
        library = CLibrary(**said)
    _check(library, said, place, path)
    return library


def _from_recipe(said: Mapping[str, Any], place: str, path: str) -> CLibrary:
    recipe = recipe_named(said["recipe"])
    if recipe is None:
        close = difflib.get_close_matches(said["recipe"], [r.library.name for r in RECIPES], n=1)
        raise complain(
            path,
            f"{place}.recipe",
            f"there is no recipe {said['recipe']!r}",
            f"perhaps you meant {close[0]}?" if close else f"there are: {_recipes()}",
        )
    values = dict(said)
    if "sha256" not in said:
        values["sha256"] = recipe.sha256
    for key in _ADDED:
        values[key] = (*getattr(recipe.library, key), *said.get(key, ()))
    return dataclasses.replace(recipe.library, **values)


def _check(library: CLibrary, said: Mapping[str, Any], place: str, path: str) -> None:
    assert library.build is not None
    extras = {
        f"extra[{index}].{key}": key
        for index, extra in enumerate(said.get("extra", ()))
        for key in _MEANT_FOR
        if getattr(extra, key, ())
    }
    for where, key in ({key: key for key in said} | extras).items():
        meant_for = _MEANT_FOR.get(key)
        if meant_for and library.build not in meant_for:
            raise complain(
                path,
                f"{place}.{where.replace('_', '-')}",
                f"means nothing with build = {str(library.build)!r}",
                f"it is for {', '.join(meant_for)}: leave it out, or build otherwise",
            )
    needed = _NEEDED.get(library.build)
    if needed and not getattr(library, needed):
        raise complain(
            path, place, f"{needed} is missing", f"build = {str(library.build)!r} needs it"
        )


def _in_order(libraries: list[CLibrary], path: str) -> tuple[CLibrary, ...]:
    """Each after those that it requires; otherwise as in the file."""
    places = {library.name: f"c-library[{index}]" for index, library in enumerate(libraries)}
    for library in libraries:
        for name in library.requires:
            if name not in places:
                close = difflib.get_close_matches(name, places, n=1)
                raise complain(
                    path,
                    f"{places[library.name]}.requires",
                    f"there is no library {name!r}",
                    f"perhaps you meant {close[0]}?"
                    if close
                    else "add a [[c-library]] of that name",
                )
    ordered: dict[str, CLibrary] = {}
    while len(ordered) < len(libraries):
        ready = [
            library
            for library in libraries
            if library.name not in ordered and all(name in ordered for name in library.requires)
        ]
        if not ready:
            stuck = next(library for library in libraries if library.name not in ordered)
            raise complain(
                path,
                f"{places[stuck.name]}.requires",
                "the libraries require each other in a circle",
                "take one of the requirements out",
            )
        ordered |= {library.name: library for library in ready[:1]}
    return tuple(ordered.values())


def _recipes() -> str:
    return ", ".join(recipe.library.name for recipe in RECIPES)
