"""What Go and cgo ask of Apple's linker, and zig's does not know or does otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from staticgo.model.quirk import Action, Quirk, Speaks

_GO_LINK = "https://github.com/golang/go/blob/go1.26.0/src/cmd/link/internal/ld/lib.go"
_TWICE = "https://github.com/rust-cross/cargo-zigbuild/issues/457"
_MAC = ("darwin/*",)


def _questions() -> Iterator[Quirk]:
    """`go build` asks for the compiler's version (cmd/go/internal/work/buildid.go, gccToolID)."""
    for word in ("-###", "--version"):
        yield Quirk(
            pattern=word,
            speaks=Speaks.DRIVER,
            action=Action.INSTEAD,
            words=("--version", "-E"),
            reason="zig answers, and leaves an empty object in the current folder, which is the user's; "
            "where it believes that it only preprocesses, it leaves none",
            link="https://github.com/golang/go/blob/go1.26.0/src/cmd/go/internal/work/buildid.go",
            targets=_MAC,
        )


def _once() -> Iterator[Quirk]:
    """Go names CoreFoundation twice on arm64: for runtime/cgo, and for crypto/x509.

    zig 0.15 and 0.16 merge frameworks, and no libraries; 0.17 merges neither.
    """
    for speaks in Speaks:
        for pattern, operand in (("-framework", "*"), ("-l*", "")):
            yield Quirk(
                pattern=pattern,
                operand=operand,
                speaks=speaks,
                action=Action.ONCE,
                reason="zig writes a load command for each, Apple's linker one for all of a name; dyld of "
                'macOS 26 does not start the program: "duplicate linked dylib"',
                link=_TWICE,
                targets=_MAC,
            )


def _already() -> Iterator[Quirk]:
    """Words that ask for what zig does in any case."""
    for word, reason in (
        ("-no_warn_duplicate_libraries", "zig does not warn of them"),
        ("-ld_classic", "it chooses between Apple's linkers, and zig has its own"),
        ("-no_fixup_chains", "zig writes dyld's opcodes, and no chains"),
        ("-dynamic", "zig links no other program for macOS"),
        ("-pie", "zig links no other program for macOS"),
    ):
        yield Quirk(
            pattern=word,
            speaks=Speaks.LINKER,
            action=Action.DROP,
            reason=reason,
            link="https://github.com/golang/go/issues/61229" if "_" in word else "",
            targets=_MAC,
        )


QUIRKS: tuple[Quirk, ...] = (
    Quirk(
        pattern="-no_pie",
        speaks=Speaks.LINKER,
        action=Action.DROP,
        reason="Go asks for it on amd64 with -buildmode=exe; zig makes position-independent programs "
        "only, and Go's code for amd64 never holds an absolute address of 32 bits "
        "(cmd/internal/obj/x86, useAbs)",
        link=_GO_LINK,
        targets=("darwin/amd64",),
    ),
    *_questions(),
    *_once(),
    *_already(),
)
