"""A toolchain made to find the C libraries of one sysroot, and a `pkg-config` that finds nothing else."""

from __future__ import annotations

import dataclasses
import shlex
from collections.abc import Sequence

from staticgo.host.run import find_command
from staticgo.model.libraries import PREFIX, Sysroot
from staticgo.model.plan import CToolchain, Wrapper
from staticgo.toolchain.packaged import packaged
from staticgo.wrapping.options import NOT_LINKING

# The folder that the libraries believe to be in is the sysroot, wherever that is: what pkg-config gives
# out enters Go's build IDs, so it must be the same on every machine.
# A folder of libraries is named where something is linked only: clang warns of it elsewhere.
_LAYER = """\
#!/bin/sh
# Written by staticgo: a C compiler that finds this target's own libraries.
root={root} link=yes left=$#
for word; do
  case $word in
    {not_linking}) link= ;;
    -I{prefix}/* | -L{prefix}/*)
      inside=$root${{word#-?{prefix}}}
      [ -d "$inside" ] && word=${{word%"${{word#-?}}"}}$inside ;;
  esac
  set -- "$@" "$word"
done
shift "$left"
exec {compiler} "$@" -isystem "$root/include" ${{link:+"-L$root/lib"}} {after}
"""

_PKG_CONFIG = """\
#!/bin/sh
# Written by staticgo: pkg-config for one target's own libraries.
unset PKG_CONFIG_SYSROOT_DIR PKG_CONFIG_ALLOW_SYSTEM_CFLAGS PKG_CONFIG_ALLOW_SYSTEM_LIBS
root={root}
export PKG_CONFIG_PATH= PKG_CONFIG_LIBDIR="$root/lib/pkgconfig:$root/share/pkgconfig"
export PKG_CONFIG_SYSTEM_INCLUDE_PATH={prefix}/include PKG_CONFIG_SYSTEM_LIBRARY_PATH={prefix}/lib
exec {command} --static "$@"
"""


def with_sysroot(toolchain: CToolchain, sysroot: Sysroot) -> CToolchain:
    """The same toolchain with the sysroot's libraries; its commands' names hold the sysroot's key.

    Without pkg-config on this machine, it has no such command: not every program asks for it.
    """
    wrappers = [
        Wrapper(
            name=f"{inner.name}-{sysroot.key[:12]}",
            # Beside this command, wherever that is.
            content=compiler_layer(f'"${{0%/*}}"/{shlex.quote(inner.name)}', sysroot.folder),
        )
        for inner in (toolchain.cc, toolchain.cxx)
    ]
    script = pkg_config_script(sysroot.folder)
    return dataclasses.replace(
        toolchain,
        cc=wrappers[0],
        cxx=wrappers[1],
        under=(*toolchain.under, toolchain.cc, toolchain.cxx),
        sysroot=sysroot,
        pkg_config=Wrapper(name=f"pkg-config-{sysroot.key[:12]}", content=script)
        if script
        else None,
    )


def bare(toolchain: CToolchain) -> CToolchain:
    """The toolchain that `with_sysroot` was given."""
    *under, cc, cxx = toolchain.under
    return dataclasses.replace(
        toolchain, cc=cc, cxx=cxx, under=tuple(under), sysroot=None, pkg_config=None
    )


def compiler_layer(compiler: str, sysroot: str, *, after: Sequence[str] = ()) -> str:
    """A command over `compiler`, a word of sh, that finds what is in a sysroot as well."""
    return _LAYER.format(
        root=shlex.quote(sysroot),
        not_linking=" | ".join(NOT_LINKING),
        prefix=PREFIX,
        compiler=compiler,
        after=shlex.join(after),
    )


def find_pkg_config() -> str | None:
    """The `pkgconf` package's command, else the one on PATH."""
    # The commands that the package puts on PATH start Python, and look into its packages.
    bundled = packaged("pkgconf", ".bin", "pkgconf")
    return str(bundled) if bundled else find_command("pkg-config") or find_command("pkgconf")


def pkg_config_script(sysroot: str) -> str | None:
    """The text of such a command; None where this machine has no pkg-config to call.

    Static, for the libraries that others need are wanted too. The sysroot's own folders are not given
    out: the compiler looks there by itself.
    """
    command = find_pkg_config()
    if command is None:
        return None
    return _PKG_CONFIG.format(
        root=shlex.quote(sysroot), prefix=PREFIX, command=shlex.quote(command)
    )
