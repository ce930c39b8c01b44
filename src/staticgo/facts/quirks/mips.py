"""What cgo passes for MIPS, and zig takes for the name of a CPU feature."""

from __future__ import annotations

from staticgo.model.quirk import Action, Quirk, Speaks

_GO_BUILD = "https://github.com/golang/go/blob/go1.26.0/src/cmd/go/internal/work/exec.go"

QUIRKS: tuple[Quirk, ...] = (
    *(
        Quirk(
            pattern=word,
            speaks=Speaks.DRIVER,
            action=Action.DROP,
            reason="zig looks for an LLVM CPU feature of this name; the triple and -mcpu say it already",
            link=_GO_BUILD,
            targets=("linux/mips*",),
        )
        for word in ("-mhard-float", "-msoft-float")
    ),
    Quirk(
        action=Action.ADD,
        words=("-Wno-option-ignored",),
        reason="zig itself passes -fno-PIC for a program that is not position-independent, clang warns "
        "that the N64 ABI has no such code, and runtime/cgo compiles with -Werror",
        link="https://github.com/golang/go/blob/go1.26.0/src/runtime/cgo/cgo.go",
        targets=("linux/mips64*",),
    ),
)
