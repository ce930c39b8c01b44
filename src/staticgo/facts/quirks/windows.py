"""What Go and users ask of MinGW's linker, and zig's driver takes otherwise."""

from __future__ import annotations

from staticgo.model.quirk import Action, Quirk, Speaks

_GO_LINK = "https://github.com/golang/go/blob/go1.26.0/src/cmd/link/internal/ld/lib.go"
_LLD = "https://github.com/llvm/llvm-project/blob/main/lld/MinGW/Options.td"

QUIRKS: tuple[Quirk, ...] = (
    Quirk(
        pattern="--version",
        speaks=Speaks.LINKER,
        action=Action.ANSWER,
        says="LLD (zig ld)",
        reason='Go looks for "LLD ", which zig is but does not say, and gives any other linker a script of '
        "GNU ld's",
        link=_GO_LINK,
        targets=("windows/*",),
    ),
    *(
        Quirk(
            pattern=word,
            speaks=Speaks.LINKER,
            action=Action.DROP,
            reason=reason,
            link=_LLD,
            targets=("windows/*",),
        )
        for word, reason in (
            ("--enable-auto-import", "LLD does so by itself"),
            ("--enable-runtime-pseudo-reloc", "LLD does so by itself"),
            ("--enable-stdcall-fixup", "LLD links without it, or names the symbol it misses"),
            ("--kill-at", "it changes what a DLL exports, and this makes programs"),
        )
    ),
)
