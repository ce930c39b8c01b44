"""zlib. Its own `configure` is no autotools' one, and its files need no configuring."""

from __future__ import annotations

from staticgo.model.libraries import BuildSystem, CLibrary, Extra, Recipe

RECIPE = Recipe(
    package="zlib",
    archive="zlib_1.2.13.dfsg.orig.tar.bz2",
    sha256="71feb7947e3c00ef125f83b79a4e529bde31171e5babe48b391f06758d1ab0a1",
    library=CLibrary(
        name="zlib",
        build=BuildSystem.FILES,
        library="z",
        version="1.2.13",
        files=(
            "adler32.c",
            "compress.c",
            "crc32.c",
            "deflate.c",
            "gzclose.c",
            "gzlib.c",
            "gzread.c",
            "gzwrite.c",
            "infback.c",
            "inffast.c",
            "inflate.c",
            "inftrees.c",
            "trees.c",
            "uncompr.c",
            "zutil.c",
        ),
        headers=("zlib.h", "zconf.h"),
        extra=(
            # For macOS its headers make fdopen a macro that gives NULL, unless it is one already; mended
            # after 1.3.1 (https://github.com/madler/zlib/pull/895).
            Extra(targets=("darwin/*",), defines=("fdopen=fdopen",)),
            # What its configure finds out: 64-bit offsets, and unistd.h for gz*.c.
            Extra(
                targets=("!windows/*",),
                defines=("_LARGEFILE64_SOURCE=1", "HAVE_UNISTD_H", "HAVE_HIDDEN"),
            ),
        ),
    ),
)
