"""Where a system that starts dynamic programs has its loader."""

from __future__ import annotations

from staticgo.model.target import Target

_GLIBC = {
    "386": "/lib/ld-linux.so.2",
    "amd64": "/lib64/ld-linux-x86-64.so.2",
    "arm": "/lib/ld-linux-armhf.so.3",
    "arm64": "/lib/ld-linux-aarch64.so.1",
    "loong64": "/lib64/ld-linux-loongarch-lp64d.so.1",
    "mips": "/lib/ld.so.1",
    "mipsle": "/lib/ld.so.1",
    "mips64": "/lib64/ld.so.1",
    "mips64le": "/lib64/ld.so.1",
    "ppc64le": "/lib64/ld64.so.2",
    "riscv64": "/lib/ld-linux-riscv64-lp64d.so.1",
    "s390x": "/lib/ld64.so.1",
}
"""By CPU (https://sourceware.org/glibc/wiki/ABIList; `standard` in zig's lib/std/Target.zig, which
writes the same). Go's own linker writes others for mips64, riscv64 and s390x (facts.linker)."""

_SYSTEMS = {
    # The names below /usr are links to these.
    "freebsd": ("/libexec/ld-elf.so.1", "/usr/libexec/ld-elf.so.1"),
    "netbsd": ("/libexec/ld.elf_so", "/usr/libexec/ld.elf_so"),
}


def interpreters(target: Target) -> tuple[str, ...]:
    """The paths of the loader for dynamic programs, the usual one first; () where none is known."""
    if target.os != "linux":
        return _SYSTEMS.get(target.os, ())
    if target.arch == "arm" and target.variant == "v5":  # soft floats
        return ("/lib/ld-linux.so.3",)
    path = _GLIBC.get(target.arch, "")
    return (path,) if path else ()
