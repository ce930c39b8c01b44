"""The table of quirks: what happens to words that Go and users pass, target by target."""

from __future__ import annotations

import shlex

import pytest

from staticgo.facts.platforms import resolve
from staticgo.facts.quirks import QUIRKS, is_supported, quirks_for
from staticgo.model.quirk import Action
from staticgo.model.target import Target
from staticgo.rules.log import read_text
from staticgo.wrapping.rewrite import Rewritten, rewrite


def made(target: str, words: str, version: str = "0.17.0") -> Rewritten:
    return rewrite(shlex.split(words), quirks_for(resolve(target).target, version))


@pytest.mark.parametrize(
    ("target", "words", "become"),
    [
        ("openbsd/amd64", "-Wl,-nopie -pthread a.o", "-no-pie -pthread a.o"),
        ("openbsd/arm64", "-Wl,-z,now,--no-execute-only a.o", "-Wl,-z,now a.o"),
        ("freebsd/arm64", "-fuse-ld=bfd a.o", "a.o"),
        ("linux/mips", "-mabi=32 -mhard-float -c a.c", "-mabi=32 -c a.c"),
        ("linux/mipsle/softfloat", "-msoft-float -c a.c", "-c a.c"),
        ("linux/mips64le", "-c a.c", "-Wno-option-ignored -c a.c"),
        ("linux/amd64", "-Wl,-z,muldefs,-z,now a.o", "-Wl,-z,now a.o"),
        ("linux/amd64", "-z muldefs a.o", "a.o"),
        ("linux/amd64", "-Wl,-z -Wl,muldefs a.o", "a.o"),
        ("linux/amd64", "-Xlinker -z -Xlinker muldefs a.o", "a.o"),
        ("linux/amd64", "-Wl,-Map,out.map -Wl,-Map=out.map a.o", "a.o"),
        ("linux/amd64", "-Wl,--exclude-libs,ALL,--gc-sections", "-Wl,--gc-sections"),
        (
            "linux/amd64",
            "-Wl,--push-state,--whole-archive -lx -Wl,--pop-state",
            "-Wl,--whole-archive -lx -Wl,--no-whole-archive",
        ),
        (  # an outer --whole-archive holds on
            "linux/amd64",
            "-Wl,--whole-archive -lx -Wl,--push-state,--as-needed -la -Wl,--pop-state -lb",
            "-Wl,--whole-archive -lx -Wl,--as-needed -la -lb",
        ),
        (
            "linux/amd64",
            "-Wl,--push-state,-Bstatic,--no-as-needed -la -Wl,--pop-state -lb",
            "-Wl,-Bstatic,--no-as-needed -la -Wl,--as-needed,-Bdynamic -lb",
        ),
        (
            "linux/amd64",
            "-Wl,--push-state,-Bstatic -la -Wl,--pop-state -lb -static",
            "-Wl,-Bstatic -la -lb -static",
        ),
        ("linux/amd64", "-Wl,--pop-state", "-Wl,--pop-state"),
        ("linux/amd64", "-static-pie a.o", "-static -pie a.o"),
        ("linux/amd64", "-static-libgcc -static-libstdc++ -fuse-ld=lld a.o", "a.o"),
        ("linux/amd64", "-rdynamic /link/trivial.c", "-rdynamic /link/trivial.c -O2 -s"),
        ("linux/amd64", "-o b/_cgo_.o -Xlinker -E -o -c", "-o b/_cgo_.o -s -Xlinker -E -o -c"),
        ("linux/amd64", "-o b/_cgo_.o -o x -c", "-o b/_cgo_.o -o x -c"),
        ("linux/ppc64le/power10", "-m64 -mcpu=power10", "-m64 -mcpu=pwr10"),
        ("windows/386", "-Wl,--enable-stdcall-fixup,--kill-at -lm", "-lm"),
        # An operand is no option, whatever it looks like.
        ("linux/amd64", "-o -static-pie -I -fuse-ld=x", "-o -static-pie -I -fuse-ld=x"),
        ("linux/amd64", "-Wl,-rpath,--exclude-libs=x", "-Wl,-rpath,--exclude-libs=x"),
    ],
)
def test_words_are_rewritten(target: str, words: str, become: str) -> None:
    result = made(target, words)
    assert result.status is None
    assert shlex.join(result.arguments) == become


@pytest.mark.parametrize(
    ("target", "words", "status", "part"),
    [
        # As Go's linker reads the answers (cmd/link/internal/ld/lib.go).
        ("freebsd/arm64", "-fuse-ld=bfd -Wl,--version", 0, "GNU ld"),
        ("windows/amd64", "-m64 -Wl,--version", 0, "LLD "),
        ("linux/amd64", "@/tmp/go-link-1/response /tmp/go-link-1/trivial.c", 1, "unknown"),
        ("linux/amd64", "a.o -Wl,--unresolved-symbols=ignore-all", 1, "unknown"),
        ("linux/amd64", "a.o -Wl,--unresolved-symbols,ignore-all", 1, "unknown"),
    ],
)
def test_questions_are_answered(target: str, words: str, status: int, part: str) -> None:
    result = made(target, words)
    assert result.status == status
    assert part in result.says


def test_a_refusal_is_one_the_catalogue_knows() -> None:
    says = made("linux/amd64", "-Wl,--unresolved-symbols=ignore-all").says
    lead = read_text(says).lead
    assert lead is not None
    assert "--unresolved-symbols: nobody would find" in lead.meaning


@pytest.mark.parametrize(
    "words",
    [
        # zig refuses these itself, and Go then does without them.
        "-Wl,--export-dynamic-symbol=main",
        "-Wl,-z,nobtcfi",
        "-Wl,--no-insert-timestamp",
        "-Wl,--disable-dynamicbase",
        "-Wl,--defsym=a=b",
        "@objects.rsp",
    ],
)
@pytest.mark.parametrize("target", ["linux/amd64", "openbsd/arm64", "windows/amd64"])
def test_what_zig_refuses_is_left_to_it(target: str, words: str) -> None:
    assert made(target, words).arguments == (words,)


def test_every_quirk_is_for_a_target_and_says_why() -> None:
    names = "linux/amd64 linux/mips64 linux/ppc64le openbsd/arm64 freebsd/arm64 windows/386 darwin/amd64"
    targets = [Target.parse(name) for name in names.split()]
    used = {quirk for target in targets for quirk in quirks_for(target, "0.17.0")}
    assert set(QUIRKS) == used
    for quirk in QUIRKS:
        assert quirk.reason, quirk
        assert bool(quirk.says) == (quirk.action in (Action.REFUSE, Action.ANSWER)), quirk
        assert "*" not in quirk.pattern or not quirk.operand, quirk
        assert quirk.pattern or quirk.action is Action.ADD


@pytest.mark.parametrize(
    ("version", "supported"),
    [("0.14.1", False), ("0.15.2", True), ("0.17.0", True), ("0.18.0-dev.1+ab", True), ("", False)],
)
def test_which_zig_is_supported(version: str, supported: bool) -> None:
    assert is_supported(version) is supported
