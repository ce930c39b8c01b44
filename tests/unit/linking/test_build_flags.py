"""Flags of `go build`, GOFLAGS and -ldflags, read as the `go` command and its linker read them."""

from __future__ import annotations

import pytest

from staticgo.errors import UsageError
from staticgo.linking.flags import (
    build_flags,
    for_list,
    join_flags,
    linker_flags,
    read_flags,
    resets,
    without,
)
from staticgo.model.linking import GoFlags


def test_settings_stand_before_the_flags() -> None:
    flags = read_flags("CGO_ENABLED=1 CC='musl-gcc -g' -tags netgo -race")
    assert flags.settings == (("CGO_ENABLED", "1"), ("CC", "musl-gcc -g"))
    assert flags.words == ("-tags", "netgo", "-race")
    assert str(flags) == "CGO_ENABLED=1 CC='musl-gcc -g' -tags netgo -race"


@pytest.mark.parametrize("command", ["go build", "go install"])
def test_the_command_itself_may_be_pasted(command: str) -> None:
    assert read_flags(f"CGO_ENABLED=0 {command} -race") == read_flags("CGO_ENABLED=0 -race")


def test_no_flags_are_no_flags() -> None:
    assert read_flags("") == read_flags("  go build ") == GoFlags()
    assert str(GoFlags()) == ""


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("-ldflags '-s", "-ldflags '-s"),
        ("-tags netgo ./cmd/app", "./cmd/app"),
        ("./...", "./..."),
        ("LD_LIBRARY_PATH=/x -race", "LD_LIBRARY_PATH"),
        ("go test", "go"),
        ("-race -tags", "-tags"),
        ("-ldflags", "-ldflags"),
        ("-C /tmp", "-C"),
        ("-C=/tmp -race", "-C"),
        ("-compiler=gccgo", "gccgo"),
    ],
)
def test_what_is_no_flag_is_refused_by_name(text: str, named: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_flags(text)
    assert named in raised.value.message
    assert raised.value.hint


def test_a_value_may_look_like_a_flag() -> None:
    assert read_flags("-ldflags -s -o -x").words == ("-ldflags", "-s", "-o", "-x")


def test_joined_the_second_counts() -> None:
    first = read_flags("CGO_ENABLED=1 CC=gcc -tags netgo -race --ldflags=-s -o x")
    second = read_flags("CGO_ENABLED=0 -tags=b -ldflags '-w -s'")
    both = join_flags(first, second)
    assert dict(both.settings) == {"CGO_ENABLED": "0", "CC": "gcc"}
    assert both.words == ("-race", "-o", "x", "-tags=b", "-ldflags", "-w -s")
    assert join_flags(first, GoFlags()) == first
    assert join_flags(GoFlags(), second) == second


def test_go_list_is_not_told_where_the_result_goes() -> None:
    words = "-o -v -tags netgo -x -race -C dir -a -json --o=y -n -mod=mod -work -overlay o.json"
    assert for_list(words.split()) == (
        *("-tags", "netgo", "-race", "-mod=mod", "-overlay", "o.json"),
    )
    assert for_list(["-v", "-p", "4", "-buildmode=pie"]) == ("-p", "4", "-buildmode=pie")


def test_without_takes_a_flag_s_value_along() -> None:
    words = ("-tags", "a", "-race", "--tags=b", "-ldflags", "-s")
    assert without(words, "tags") == ("-race", "-ldflags", "-s")
    assert without(words, "ldflags", "race") == ("-tags", "a", "--tags=b")


@pytest.mark.parametrize(
    ("words", "tags"),
    [
        ("-tags netgo,osusergo", ("netgo", "osusergo")),
        ("-tags=netgo,osusergo", ("netgo", "osusergo")),
        ("--tags netgo", ("netgo",)),
        ("-tags 'netgo osusergo'", ("netgo", "osusergo")),
        ("-tags a -tags b", ("b",)),
        ("-tags=", ()),
        ("-race", ()),
    ],
)
def test_of_tags_the_last_ones_count(words: str, tags: tuple[str, ...]) -> None:
    assert build_flags(read_flags(words).words, "").tags == tags


@pytest.mark.parametrize(
    ("words", "race"),
    [
        ("-race", True),
        ("-race=true", True),
        ("--race=1", True),
        ("-race=false", False),
        ("-race -race=0", False),
        ("-race=f -race", True),
    ],
)
def test_switches_may_be_turned_off(words: str, *, race: bool) -> None:
    assert build_flags(words.split(), "").race is race


def test_every_deciding_flag_is_read() -> None:
    flags = build_flags(["-msan", "-asan", "-linkshared", "-buildmode", "pie"], "")
    assert (flags.msan, flags.asan, flags.linkshared, flags.mode) == (True, True, True, "pie")
    assert build_flags([], "").mode == "default"


def test_the_command_line_replaces_goflags_and_says_so() -> None:
    flags = build_flags(["-tags=mine"], "-tags=theirs -race '-ldflags=-s -w'")
    assert flags.tags == ("mine",)
    assert flags.race
    assert flags.linker == ("-s", "-w")
    assert [flag for flag, _ in flags.dropped] == ["GOFLAGS -tags=theirs"]
    assert "command line" in flags.dropped[0][1]


def test_goflags_take_no_value_from_the_next_word() -> None:
    """As `go` itself has it: each word of GOFLAGS is a flag (cmd/go/internal/base/goflags.go)."""
    assert build_flags([], "-tags -race").race


def test_a_later_ldflags_replaces_an_earlier_one_whole() -> None:
    flags = build_flags(["-ldflags=-extldflags=-static", "-ldflags", "-s"], "")
    assert flags.linker == ("-s",)
    ((dropped, why),) = flags.dropped
    assert "-extldflags=-static" in dropped
    assert "replaces" in why


@pytest.mark.parametrize(
    ("value", "counts"),
    [
        ("-s", True),
        ("all=-s", True),
        ("example.com/app=-s", True),
        ("example.com/...=-s", True),
        (".../app=-s", True),
        (".=-s", True),
        ("./...=-s", True),
        ("std=-s", False),
        ("example.com/other=-s", False),
        ("example.com/ap=-s", False),
        ("exampleXcom/app=-s", False),
        ("'-s'", True),
        ("", False),
    ],
)
def test_a_pattern_must_match_the_main_package(value: str, *, counts: bool) -> None:
    flags = build_flags([f"-ldflags={value}"], "", "example.com/app")
    assert flags.linker == (("-s",) if counts else ())
    assert bool(flags.dropped) is (not counts and bool(value))


def test_the_last_matching_ldflags_counts() -> None:
    flags = build_flags(["-ldflags=all=-s", "-ldflags=std=-w"], "", "example.com/app")
    assert flags.linker == ("-s",)
    assert len(flags.dropped) == 1
    assert "example.com/app" in flags.dropped[0][1]


@pytest.mark.parametrize("word", ["-installsuffix=cgo", "-a"])
def test_flags_of_old_recipes_have_no_effect(word: str) -> None:
    assert [flag for flag, _ in build_flags([word], "").dropped] == [word]


def test_words_of_the_linker() -> None:
    linker = linker_flags(
        ["-s", "-w", "-linkmode", "external", "-extldflags", "-static -lm", "-I=/lib/ld", "-d"]
    )
    assert linker.mode == "external"
    assert linker.extldflags == ("-static", "-lm")
    assert linker.interpreter == "/lib/ld"
    assert linker.no_dynamic
    assert linker.strip
    assert linker.refused == ""
    assert linker.dropped == ()


def test_without_words_the_linker_decides() -> None:
    linker = linker_flags([])
    assert (linker.mode, linker.extldflags, linker.extld) == ("auto", (), ())
    assert not (linker.strip or linker.no_dynamic or linker.refused)


def test_quotes_within_extldflags_are_go_s() -> None:
    linker = linker_flags(["-extldflags", "'-Wl,-z stack' -static", "--extld='musl gcc' -x"])
    assert linker.extldflags == ("-Wl,-z stack", "-static")
    assert linker.extld == ("musl gcc", "-x")


def test_of_a_linker_flag_given_twice_the_last_counts() -> None:
    linker = linker_flags(
        ["-extldflags=-static", "-X", "a=b", "-X", "c=d", "-extldflags=-s", "-v", "-v=2", "-s=0"]
    )
    assert linker.extldflags == ("-s",)
    assert not linker.strip
    assert [flag for flag, _ in linker.dropped] == ["-extldflags=-static"]


@pytest.mark.parametrize(
    "words",
    [["-static"], ["-Wl,-static", "-s"], ["-s", "static"], ["-s", "-linkmode"], ["-extldflag=-x"]],
)
def test_what_the_linker_does_not_know_is_named(words: list[str]) -> None:
    assert linker_flags(words).refused in words


def test_a_quote_without_end_is_refused() -> None:
    with pytest.raises(UsageError):
        build_flags(["-ldflags='-s"], "")


@pytest.mark.parametrize(
    ("goflags", "extlink", "expected"),
    [
        ("", "", ()),
        ("-mod=mod -tags=x", "", ()),
        ("-buildmode=pie -mod=mod", "", ("GOFLAGS=-mod=mod",)),
        ("-ldflags=-linkmode=external", "1", ("GOFLAGS=''", "GO_EXTLINK_ENABLED=")),
    ],
)
def test_what_is_set_back(goflags: str, extlink: str, expected: tuple[str, ...]) -> None:
    assert resets(goflags, extlink) == expected


def test_a_whole_command_may_be_pasted() -> None:
    pasted = read_flags("CGO_ENABLED=0 go build -a -installsuffix cgo -ldflags '-s -w' -o app .")
    assert pasted.settings == (("CGO_ENABLED", "0"),)
    assert pasted.words == ("-a", "-installsuffix", "cgo", "-ldflags", "-s -w", "-o", "app")


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("-linkmode=external", "-ldflags=-linkmode"),
        ("-extldflags=-static", "-ldflags=-extldflags"),
        ("-static", "-extldflags=-static"),
        ("-tag netgo", "-tags"),
        ("-nonsense", "go help build"),
    ],
)
def test_flags_that_go_build_does_not_have(words: str, hint: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_flags(words)
    assert hint in raised.value.hint
