"""mimalloc, a scalable allocator, as one file that takes the place of malloc and its kin."""

from __future__ import annotations

from staticgo.model.libraries import BuildSystem, CLibrary, Recipe

RECIPE = Recipe(
    package="mimalloc",
    archive="mimalloc_2.0.9+ds.orig.tar.xz",
    sha256="cbc9d207ff105ad1f0cb739c378076143a6452b8d0624309cea0abfb040e972b",
    library=CLibrary(
        name="mimalloc",
        build=BuildSystem.FILES,
        version="2.0.9",
        files=("src/static.c",),
        include_dirs=("include",),
        headers=("include/mimalloc.h",),
        # Without glibc's own sign for C11, 2.0.9 leaves aligned_alloc to libc, whose memory its free
        # then crashes on (src/alloc-override.c).
        defines=("MI_MALLOC_OVERRIDE", "NDEBUG", "__USE_ISOC11=1"),
        cflags=(
            # Else the compiler may make a call of calloc out of what calloc itself is written in.
            "-fno-builtin-malloc",
            # It is linked into programs only: the thread's heap is found without a call.
            "-ftls-model=local-exec",
            "-fomit-frame-pointer",
            # C23 calls ATOMIC_VAR_INIT deprecated.
            "-w",
        ),
        targets=("linux/*",),
    ),
)
