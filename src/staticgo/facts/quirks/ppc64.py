"""The names that gcc and Go have for POWER's CPUs, and zig has not."""

from __future__ import annotations

from staticgo.model.quirk import Action, Quirk

QUIRKS: tuple[Quirk, ...] = tuple(
    Quirk(
        pattern=f"-mcpu=power{number}",
        action=Action.REPLACE,
        words=(f"-mcpu=pwr{number}",),
        reason="zig calls them as LLVM does; Go's linker stops where it finds no power10",
        link="https://github.com/golang/go/blob/go1.26.0/src/cmd/link/internal/ld/lib.go",
        targets=("linux/ppc64le",),
    )
    for number in (8, 9, 10)
)
