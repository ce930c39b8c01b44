"""Links that Go makes only to ask something: they shall not cost a C library of their own."""

from __future__ import annotations

from staticgo.model.quirk import Action, Quirk, Speaks

_WHY = (
    "zig builds its libc once for each set of optimisation and stripping; a program is linked with "
    "-O2 -s, and without them this link would build another libc, for a minute"
)

QUIRKS: tuple[Quirk, ...] = (
    Quirk(
        pattern="*/trivial.c",
        speaks=Speaks.DRIVER,
        action=Action.LINK,
        words=("-O2", "-s"),
        reason=f"with it Go's linker asks for the flags that there are; {_WHY}",
        link="https://github.com/golang/go/blob/go1.26.0/src/cmd/link/internal/ld/lib.go",
    ),
    Quirk(
        pattern="-o",
        operand="*/_cgo_.o",
        speaks=Speaks.DRIVER,
        action=Action.LINK,
        words=("-s",),
        reason=f"cgo reads the names of shared libraries from it; {_WHY}",
        link="https://github.com/golang/go/blob/go1.26.0/src/cmd/go/internal/work/exec.go",
    ),
    Quirk(
        pattern="@*/response",
        action=Action.REFUSE,
        says="error: unknown argument: @response: the words of a response file are not rewritten",
        reason="Go's linker asks whether it may put a long command line into a file of this name; without "
        "one it passes the words themselves, as Linux allows two megabytes of them",
        link="https://github.com/golang/go/blob/go1.26.0/src/cmd/link/internal/ld/lib.go",
    ),
)
