"""What Go asks of the linker on FreeBSD and OpenBSD, and zig does not know."""

from __future__ import annotations

from staticgo.model.quirk import Action, Quirk, Speaks

_GO_LINK = "https://github.com/golang/go/blob/go1.26.0/src/cmd/link/internal/ld/lib.go"

QUIRKS: tuple[Quirk, ...] = (
    Quirk(
        pattern="-nopie",
        speaks=Speaks.LINKER,
        action=Action.REPLACE,
        words=("-no-pie",),
        reason="Go's linker says it in OpenBSD's ld's way; zig's driver takes only its own",
        link=_GO_LINK,
        targets=("openbsd/*",),
    ),
    Quirk(
        pattern="--no-execute-only",
        speaks=Speaks.LINKER,
        action=Action.DROP,
        reason="Go's code holds constants in its text (golang/go#59615). Only OpenBSD's own ld makes "
        "text execute-only by itself; zig's, LLVM's, does so under --execute-only alone",
        link="https://lld.llvm.org/ELF/",
        targets=("openbsd/arm64",),
    ),
    Quirk(
        pattern="--version",
        speaks=Speaks.LINKER,
        action=Action.ANSWER,
        says="zig ld (LLD), in the place of GNU ld",
        reason="Go asks for GNU ld on freebsd/arm64 since FreeBSD 12's ld.lld made broken programs "
        "(golang/go#35197); it stops where the two words are missing",
        link=_GO_LINK,
        targets=("freebsd/arm64",),
    ),
)
