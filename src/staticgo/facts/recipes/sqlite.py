"""SQLite as its authors ship it: one file, which Debian's source package makes with Tcl."""

from __future__ import annotations

from staticgo.model.libraries import BuildSystem, CLibrary, Recipe

RECIPE = Recipe(
    package="sqlite3",
    archive="sqlite3_3.40.1.orig.tar.xz",
    sha256="aaa776260ab4dc976db34aa7891819484c8676b5b2783123ebc6301e2ca5d655",
    library=CLibrary(
        name="sqlite",
        build=BuildSystem.FILES,
        library="sqlite3",
        pkg_config="sqlite3",
        version="3.40.1",
        # The one file is the same for all targets. Its Makefile builds tools that make it, and runs them:
        # configured for Windows, it would look for them under two names.
        commands=(
            (
                *("./configure", "CC=build-cc", "CFLAGS=-O0", "LDFLAGS="),
                *("--disable-shared", "--disable-tcl", "--disable-readline"),
            ),
            ("make", "sqlite3.c"),
        ),
        tools=("make", "tclsh"),
        files=("sqlite3.c",),
        headers=("sqlite3.h", "src/sqlite3ext.h=sqlite3ext.h"),
        # A static program loads no extension: dlopen would be there, and always fail.
        defines=("SQLITE_THREADSAFE=1", "SQLITE_OMIT_LOAD_EXTENSION"),
    ),
)
