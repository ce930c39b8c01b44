"""C libraries that staticgo knows how to build, each with the digest of the source it was tried with."""

from __future__ import annotations

from staticgo.facts.recipes import libpcap, libusb, mimalloc, sqlite, zlib
from staticgo.model.libraries import Recipe

RECIPES: tuple[Recipe, ...] = (
    libpcap.RECIPE,
    libusb.RECIPE,
    mimalloc.RECIPE,
    sqlite.RECIPE,
    zlib.RECIPE,
)

_BY_NAME = {recipe.library.name: recipe for recipe in RECIPES}


def recipe_named(name: str) -> Recipe | None:
    """The recipe of that name."""
    return _BY_NAME.get(name)
