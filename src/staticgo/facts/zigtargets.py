"""zig's words for each platform whose C it can compile and link."""

from __future__ import annotations

from dataclasses import dataclass

from staticgo.model.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class ZigTarget:
    """What `zig cc -target` and `-mcpu` are given; `blocked` says why there is no link, if so."""

    triple: str
    cpu: str = ""
    blocked: str = ""
    link: str = ""
    """Where upstream speaks of it."""


_TARGETS: dict[tuple[str, str, str], ZigTarget] = {
    ("linux", "amd64", "v1"): ZigTarget(triple="x86_64-linux-musl"),
    ("linux", "arm64", "v8.0"): ZigTarget(triple="aarch64-linux-musl"),
    # GOARM=7 promises VFPv3-D16 and no more; zig's own v7 takes NEON for granted, which
    # Tegra 2 and Armada 370 lack (https://go.dev/wiki/GoArm).
    ("linux", "arm", "7"): ZigTarget(
        triple="arm-linux-musleabihf", cpu="generic+v7a-neon-d32+vfp3d16"
    ),
    ("linux", "386", "sse2"): ZigTarget(triple="x86-linux-musl"),
    ("linux", "riscv64", "rva20u64"): ZigTarget(triple="riscv64-linux-musl"),
    # The oldest macOS is added to these: it depends on Go's version (facts.macos).
    ("darwin", "amd64", "v1"): ZigTarget(triple="x86_64-macos"),
    ("darwin", "arm64", "v8.0"): ZigTarget(triple="aarch64-macos"),
}


def libc_words(target: Target) -> str:
    """The libc that zig links for `target`, in words: `musl`, `glibc 2.17`, `freebsd's libc`."""
    if target.libc:
        return target.libc.replace("gnu.", "glibc ")
    return {"linux": "musl", "windows": "mingw"}.get(target.os, f"{target.os}'s libc")


def zig_target(target: Target, variant: str) -> ZigTarget | None:
    """zig's words for `target`, whose variant Go calls `variant`; None where zig has no libc for it.

    A libc in the target (`gnu.2.17`) takes musl's place in the triple.
    """
    found = _TARGETS.get((target.os, target.arch, variant))
    if found is None or not target.libc:
        return found
    return ZigTarget(triple=found.triple.replace("musl", target.libc), cpu=found.cpu)
