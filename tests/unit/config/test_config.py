"""staticgo.toml: what it says becomes values, and each complaint names its place."""

from __future__ import annotations

import pytest

from staticgo.config.load import load
from staticgo.errors import UsageError
from staticgo.facts.recipes import RECIPES, recipe_named
from staticgo.model.libraries import BuildSystem, CLibrary, Extra

DIGEST = "ab" * 32
PATH = "/home/me/app/staticgo.toml"


def complaint(text: str) -> str:
    with pytest.raises(UsageError) as caught:
        load(text, PATH)
    return f"{caught.value.message} | {caught.value.hint}"


def library(lines: str, *, build: str = "files") -> str:
    return f'[[c-library]]\nname = "a"\nsource = "a.tar"\nbuild = "{build}"\n{lines}\n'


def test_everything_of_a_library() -> None:
    text = f"""
        [build]
        allocator = "mimalloc"
        [[c-library]]
        name = "libfoo"
        source = "third_party/foo-1.2.tar.gz"
        sha256 = "{DIGEST}"
        build = "files"
        files = ["src/foo.c"]
        include-dirs = ["src"]
        headers = ["src/foo.h"]
        defines = ["FAST=1"]
        libs = ["-lm"]
        targets = ["linux/*", "!linux/mips*"]
        [[c-library.extra]]
        targets = ["linux/arm/*"]
        cflags = ["-DSLOW"]
    """
    config = load(text, PATH)
    assert config.build.allocator == "mimalloc"
    assert config.libraries == (
        CLibrary(
            name="libfoo",
            source="/home/me/app/third_party/foo-1.2.tar.gz",
            sha256=DIGEST,
            build=BuildSystem.FILES,
            files=("src/foo.c",),
            include_dirs=("src",),
            headers=("src/foo.h",),
            defines=("FAST=1",),
            libs=("-lm",),
            targets=("linux/*", "!linux/mips*"),
            extra=(Extra(targets=("linux/arm/*",), cflags=("-DSLOW",)),),
        ),
    )


def test_a_recipe_is_filled_in_and_added_to() -> None:
    (found,) = load(
        '[[c-library]]\nname = "pcap"\nrecipe = "libpcap"\noptions = ["--enable-usb"]', PATH
    ).libraries
    recipe = recipe_named("libpcap")
    assert recipe is not None
    assert found.name == "pcap"
    assert found.sha256 == recipe.sha256
    assert found.options == (*recipe.library.options, "--enable-usb")
    assert found.targets == recipe.library.targets


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.library.name)
def test_every_recipe_would_be_accepted_from_a_user(recipe: object) -> None:
    name = recipe.library.name  # type: ignore[attr-defined]
    assert load(f'[[c-library]]\nname = "{name}"\nrecipe = "{name}"', PATH).libraries


def test_libraries_stand_after_those_they_require() -> None:
    text = "".join(
        library(f'files = ["a.c"]\nrequires = [{needs}]').replace('"a"', f'"{name}"', 1)
        for name, needs in (("top", '"middle"'), ("middle", '"base"'), ("base", ""))
    )
    assert [one.name for one in load(text, PATH).libraries] == ["base", "middle", "top"]


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        ("[biuld]", "biuld: unknown", "perhaps you meant build?"),
        ("build = 3", "build: must be a table, not a number", "[build]"),
        ("[c-library]", "c-library: must be a list of tables", "[[c-library]]"),
        ('[[c-library]]\nname = "a"', "c-library[0]: source is missing", "a recipe: libpcap"),
        (library('shq256 = ""'), "c-library[0].shq256: unknown", "perhaps you meant sha256?"),
        (library('sha256 = "abc"'), "c-library[0].sha256: 'abc' is no SHA-256", ""),
        (library('include_dirs = ["a"]'), "include_dirs: unknown", "include-dirs"),
        (library("", build="cmaek"), "c-library[0].build: 'cmaek' is not one of", "cmake"),
        (library(""), "c-library[0]: files is missing", "needs it"),
        (
            library('files = ["../a.c"]'),
            "c-library[0].files[0]: '../a.c' must be a path inside",
            "",
        ),
        (library('files = ["/a.c"]'), "files[0]", ""),
        (library('files = "a.c"'), "c-library[0].files: must be a list of texts, not a text", ""),
        (library("files = [1]"), "c-library[0].files[0]: must be a text, not a number", ""),
        (library('commands = ["make lib"]', build="commands"), "commands[0]", "no shell reads it"),
        (
            library('commands = [["cp", "a", "{instal}"]]', build="commands"),
            "c-library[0].commands[0][2]: {instal} in '{instal}' stands for nothing",
            "",
        ),
        (library('files = ["a.c"]', build="cmake"), "c-library[0].files: means nothing", "files"),
        (library('files = ["a.c"]') * 2, "c-library[1].name: there are two libraries 'a'", ""),
        (library('files = ["a.c"]\nrequires = ["b"]'), "there is no library 'b'", ""),
        (library('files = ["a.c"]\nrequires = ["a"]'), "require each other in a circle", ""),
        ('[[c-library]]\nname = "z"\nrecipe = "zlob"', "no recipe 'zlob'", "you meant zlib?"),
        ('[[c-library]]\nname = "-z"\nrecipe = "zlib"', "c-library[0].name: '-z' is no name", ""),
        ("a = ", "is no TOML: ", ""),
        (library("[[c-library.extra]]\ncflags = []"), "extra[0]: targets is missing", ""),
        (f"a = {'9' * 5000}", "is no TOML: ", ""),
        (library('targets = ["linxu/*"]'), "c-library[0].targets[0]: 'linxu/*' is for no", ""),
        (library('[[c-library.extra]]\ntargets = ["linux", "!x"]'), "extra[0].targets[0]", ""),
        (
            library('[[c-library.extra]]\ntargets = ["*"]\nfiles = ["a.c"]', build="cmake"),
            "c-library[0].extra[0].files: means nothing with build = 'cmake'",
            "it is for files",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, place: str, hint: str) -> None:
    said = complaint(text)
    assert said.startswith(PATH)
    assert place in said
    assert hint in said


@pytest.mark.parametrize(
    "pattern",
    ["linux/*", "!windows/*", "*", "linux/arm/v[67]", "*/arm64", "linux/amd64+gnu*", "linux/*+*"],
)
def test_a_pattern_that_is_for_some_target(pattern: str) -> None:
    (found,) = load(library(f'files = ["a.c"]\ntargets = ["{pattern}"]'), PATH).libraries
    assert found.targets == (pattern,)
