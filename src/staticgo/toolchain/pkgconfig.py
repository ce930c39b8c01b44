"""A `pkg-config` that sees one sysroot and nothing of this machine."""

from __future__ import annotations

import shlex
import shutil

from staticgo.toolchain.packaged import packaged

PC_FOLDERS = ("pkgconfig",)


def find_pkg_config() -> str | None:
    """The `pkgconf` package's command, else the one on PATH."""
    # The commands that the package puts on PATH start Python, and look into its packages.
    bundled = packaged("pkgconf", ".bin", "pkgconf")
    return str(bundled) if bundled else shutil.which("pkg-config") or shutil.which("pkgconf")


def pkg_config_script(sysroot: str) -> str | None:
    """The command's text; None where there is no pkg-config to call.

    The sysroot's own folders are given out as the compiler's: it looks there by itself, and a path
    in cgo's flags would enter Go's build IDs. Static, for the libraries that others need are wanted too.
    """
    command = find_pkg_config()
    if command is None:
        return None
    folders = shlex.quote(f"{sysroot}/lib/pkgconfig:{sysroot}/share/pkgconfig")
    return f"""\
#!/bin/sh
# Written by staticgo: pkg-config for one target's own libraries.
unset PKG_CONFIG_SYSROOT_DIR PKG_CONFIG_ALLOW_SYSTEM_CFLAGS PKG_CONFIG_ALLOW_SYSTEM_LIBS
export PKG_CONFIG_PATH= PKG_CONFIG_LIBDIR={folders}
export PKG_CONFIG_SYSTEM_INCLUDE_PATH={shlex.quote(f"{sysroot}/include")}
export PKG_CONFIG_SYSTEM_LIBRARY_PATH={shlex.quote(f"{sysroot}/lib")}
exec {shlex.quote(command)} --static "$@"
"""
