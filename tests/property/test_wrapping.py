"""The script does to any arguments what `rewrite` does: one shell runs many lists."""

from __future__ import annotations

import shlex
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staticgo.model.quirk import Action, Quirk, Speaks
from staticgo.wrapping.options import DRIVER_OPERANDS, LINKER_OPERANDS
from staticgo.wrapping.render import render
from staticgo.wrapping.rewrite import Rewritten, rewrite


def quirk(speaks: Speaks, pattern: str, action: Action = Action.DROP, **more: object) -> Quirk:
    return Quirk(pattern=pattern, speaks=speaks, action=action, reason="a test", **more)  # type: ignore[arg-type]


TABLE = (
    quirk(Speaks.DRIVER, "-mhard-float"),
    quirk(Speaks.DRIVER, "-march=*"),
    quirk(Speaks.DRIVER, "-nopie", Action.REPLACE, words=("-no-pie", "it's")),
    quirk(Speaks.DRIVER, "@*/response", Action.REFUSE, says="unknown argument: it's @response"),
    quirk(Speaks.DRIVER, "*/trivial.c", Action.LINK, words=("-O2", "it's s")),
    quirk(Speaks.DRIVER, "-o", Action.LINK, operand="*_cgo_.o", words=("-s",)),
    quirk(Speaks.DRIVER, "-framework", operand="Open*"),
    quirk(Speaks.DRIVER, "-framework", Action.REPLACE, operand="Metal", words=("-lMetal",)),
    quirk(Speaks.DRIVER, "-framework", Action.ONCE, operand="C*"),
    quirk(Speaks.DRIVER, "-l*", Action.ONCE),
    quirk(Speaks.LINKER, "-framework", Action.ONCE, operand="*"),
    quirk(Speaks.LINKER, "-l*", Action.ONCE),
    quirk(Speaks.DRIVER, "-###", Action.INSTEAD, words=("--version", "-E")),
    quirk(Speaks.LINKER, "-nopie", Action.REPLACE, words=("-no-pie",)),
    quirk(Speaks.LINKER, "--no-execute-only"),
    quirk(Speaks.LINKER, "-z", operand="nobtcfi"),
    quirk(Speaks.LINKER, "-z", operand="mul*"),
    quirk(Speaks.LINKER, "--exclude-libs", operand="*"),
    quirk(Speaks.LINKER, "--exclude-libs=*"),
    quirk(Speaks.LINKER, "-sectcreate", Action.REPLACE, operand="*x*", words=("-Wl,-S", "", "a b")),
    quirk(Speaks.DRIVER, "", Action.ADD, words=("-Wno-it's", "")),
    quirk(Speaks.LINKER, "--push-state", Action.PUSH),
    quirk(Speaks.LINKER, "--pop-state", Action.POP),
    quirk(Speaks.LINKER, "--version", Action.ANSWER, says="LLD, in the place of GNU ld"),
)
TELLING = sorted(
    {piece for q in TABLE for piece in (q.pattern.replace("*", "x"), q.operand.replace("*", "y"))}
    - {""}
)
STATES = [
    *("--push-state", "--pop-state", "--push-state", "--pop-state", "-static"),
    *("--whole-archive", "--no-whole-archive", "--as-needed", "--no-as-needed"),
    *("-Bstatic", "-Bdynamic", "-dn", "-dy"),
]
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=6)
LINKERS = st.one_of(
    # `yes` is what the script marks things with.
    st.sampled_from([*TELLING, *LINKER_OPERANDS, "nobtcfi", "Metal", "yes"]),
    st.sampled_from(STATES),
    TEXT,
)
WORDS = st.one_of(
    st.sampled_from(
        [*TELLING, *DRIVER_OPERANDS, "-Xlinker", "-z", "-Wl", "-Wl,", "-c", "a.c", "", "-static"]
    ),
    st.lists(LINKERS, max_size=4).map(lambda tokens: ",".join(["-Wl", *tokens])),
    st.sampled_from(
        [
            "-o",
            "b/_cgo_.o",
            "b/trivial.c",
            "@/tmp/response",
            "-framework",
            "OpenGL",
            "nobtcfi",
            "muldefs",
        ]
    ),
    TEXT,
)
SHELLS = [shell for shell in ("dash", "bash", "busybox") if shutil.which(shell)]
SEPARATOR = "\x01next\x02"


def run(shell: str, lists: list[list[str]]) -> list[Rewritten]:
    """What the script makes of each list, all in one start of the shell."""
    # In place of the compiler: each argument with a separator, then the shell lives on.
    body = render("SHOW", quirks=TABLE, says="a test").replace("exec SHOW", "SHOW") + "exit 9"
    show = f"SHOW() {{ for w; do printf '%s{SEPARATOR}' \"$w\"; done; }}\n"
    calls = [
        f"(set -- {shlex.join(words)}\n{body}\n) 2>&1; printf '\\003%s\\004' $?" for words in lists
    ]
    command = ["busybox", "sh"] if shell == "busybox" else [shell]
    done = subprocess.run(
        command, input=(show + "\n".join(calls)).encode(), stdout=subprocess.PIPE, check=True
    )
    results = []
    for part in done.stdout.decode().split("\x04")[:-1]:
        text, _, status = part.rpartition("\x03")
        if status == "9":
            results.append(Rewritten(arguments=tuple(text.split(SEPARATOR)[:-1])))
        else:
            results.append(Rewritten(says=text.removesuffix("\n"), status=int(status)))
    return results


@pytest.mark.parametrize("shell", SHELLS)
@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(WORDS, max_size=12), min_size=1, max_size=40))
def test_the_script_is_the_reference(shell: str, lists: list[list[str]]) -> None:
    marks = "\x01\x02\x03\x04"
    lists = [words for words in lists if not any(mark in "".join(words) for mark in marks)]
    assert run(shell, lists) == [rewrite(words, TABLE) for words in lists]


@given(st.lists(WORDS, max_size=12))
def test_what_no_quirk_names_stays(words: list[str]) -> None:
    """Without quirks, the linker's and the driver's words come out in their order."""

    def linkers(arguments: tuple[str, ...] | list[str]) -> list[str]:
        left = iter(arguments)
        found: list[str] = []
        for word in left:
            if word.startswith("-Wl,"):
                found += word.removeprefix("-Wl,").split(",")
            elif word in ("-Xlinker", "-z"):
                operand = next(left, None)
                found += ["-z"] if word == "-z" and operand is not None else []
                found += [] if operand is None else [operand]
            elif word in DRIVER_OPERANDS:
                next(left, None)
        return found

    result = rewrite(words, ())
    assert result.status is None
    assert linkers(result.arguments) == linkers(words)


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    "words",
    [
        ["-Wl,-rpath,yes"],
        ["-Wl,yes,-rpath"],
        ["b/trivial.c", "-o", "-c"],
        ["b/trivial.c", "-Xlinker", "-E"],
        ["b/trivial.c", "-o", "b/_cgo_.o", "-E"],
    ],
    ids=" ".join,
)
def test_words_that_the_script_once_took_for_its_own(shell: str, words: list[str]) -> None:
    assert run(shell, [words]) == [rewrite(words, TABLE)]
