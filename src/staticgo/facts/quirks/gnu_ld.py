"""Words of GNU ld that stand in users' LDFLAGS, and that zig's driver stops at.

One is dropped where the program is the same without it, or where the linker still stops, by the name of
what is wrong, when it was needed. The others are left to zig, which refuses them: `--defsym`,
`--export-dynamic-symbol` (Go asks whether it is there, and exports otherwise), `--emit-relocs`.
"""

from __future__ import annotations

from collections.abc import Iterator

from staticgo.model.quirk import Action, Quirk, Speaks

_REFUSED = "https://github.com/ziglang/zig/issues/21007"
_ELF = ("linux/*", "freebsd/*", "netbsd/*", "openbsd/*")

_TWICE = "where a symbol is defined twice the linker says which; else it changes nothing"
_TALK = "it only makes the linker write or say something"
_EFFORT = "it only tells the linker how to work"
_SHARED = "it is about what a shared library exports, or binds to itself"
_NEEDED = "it is about libraries that shared libraries want; LLD never looks at these"
_PLACE = "it is how LLD works by itself, or only where code is placed"

_DROPPED: tuple[tuple[str, str, str], ...] = (
    ("--allow-multiple-definition", "", _TWICE),
    ("-z", "muldefs", _TWICE),
    ("-z", "combreloc", _PLACE),
    ("-z", "separate-code", _PLACE),
    ("-z", "noseparate-code", _PLACE),
    ("-z", "text", _PLACE),
    ("-Map", "*", _TALK),
    ("-Map=*", "", _TALK),
    ("--Map=*", "", _TALK),
    ("--cref", "", _TALK),
    ("--stats", "", _TALK),
    ("--trace", "", _TALK),
    ("-t", "", _TALK),
    ("--verbose", "", _TALK),
    ("--demangle", "", _TALK),
    ("--no-demangle", "", _TALK),
    ("--warn-common", "", _TALK),
    ("--no-warn-*", "", _TALK),
    ("--no-keep-memory", "", _EFFORT),
    ("--reduce-memory-overheads", "", _EFFORT),
    ("--threads", "", _EFFORT),
    ("--threads=*", "", _EFFORT),
    ("--icf=*", "", "it only makes the program smaller"),
    ("--relax", "", _PLACE),
    ("--no-relax", "", _PLACE),
    ("--discard-locals", "", "it only leaves out names"),
    ("-X", "", "it only leaves out names"),
    ("--exclude-libs", "*", _SHARED),
    ("--exclude-libs=*", "", _SHARED),
    (
        "--dynamic-list",
        "*",
        "Go exports all symbols of a dynamic program, and a static one has none",
    ),
    (
        "--dynamic-list=*",
        "",
        "Go exports all symbols of a dynamic program, and a static one has none",
    ),
    ("--no-export-dynamic", "", _SHARED),
    ("-Bsymbolic-functions", "", _SHARED),
    ("--copy-dt-needed-entries", "", _NEEDED),
    ("--no-copy-dt-needed-entries", "", _NEEDED),
    ("--add-needed", "", _NEEDED),
    ("--no-add-needed", "", _NEEDED),
)


def _dropped() -> Iterator[Quirk]:
    for pattern, operand, reason in _DROPPED:
        yield Quirk(
            pattern=pattern,
            operand=operand,
            speaks=Speaks.LINKER,
            action=Action.DROP,
            reason=reason,
            link=_REFUSED,
            targets=_ELF,
        )


def _driver() -> Iterator[Quirk]:
    """The driver's words that zig takes for unused, with a warning."""
    for word, reason in (
        ("-fuse-ld=*", "zig has one linker for each format"),
        ("-static-libgcc", "zig's runtime libraries are archives"),
        ("-static-libstdc++", "zig's libc++ is an archive"),
    ):
        yield Quirk(pattern=word, action=Action.DROP, reason=f"{reason}, and it warns of the word")


def _refused() -> Iterator[Quirk]:
    for pattern, operand in (
        ("--unresolved-symbols", "*"),
        ("--unresolved-symbols=*", ""),
        ("--warn-unresolved-symbols", ""),
        ("--noinhibit-exec", ""),
    ):
        yield Quirk(
            pattern=pattern,
            operand=operand,
            speaks=Speaks.LINKER,
            action=Action.REFUSE,
            says=f"error: unknown linker argument: {pattern.rstrip('=*')}: nobody would find these symbols "
            "at run time",
            reason="the program expects a library that it loads itself to bring the symbols; without it, "
            "calling one of them is a crash",
            link=_REFUSED,
            targets=_ELF,
        )


QUIRKS: tuple[Quirk, ...] = (
    *_dropped(),
    Quirk(
        pattern="--push-state",
        speaks=Speaks.LINKER,
        action=Action.PUSH,
        reason="zig knows no states; what is changed in one is undone, word by word, below",
        link=_REFUSED,
        targets=_ELF,
    ),
    Quirk(
        pattern="--pop-state",
        speaks=Speaks.LINKER,
        action=Action.POP,
        reason="zig takes the words by which all that a state holds is set again",
        link=_REFUSED,
        targets=_ELF,
    ),
    *_refused(),
    *_driver(),
    Quirk(
        pattern="-static-pie",
        action=Action.REPLACE,
        words=("-static", "-pie"),
        reason="zig takes no notice of it, beyond a warning: the program would not be position-independent",
        targets=("linux/*",),
    ),
)
