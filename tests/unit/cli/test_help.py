"""Help texts: every verb is named, and every example in them is a command that is understood."""

from __future__ import annotations

import importlib
import re
import shlex
from pathlib import Path

import click
import pytest

import staticgo.cli
from staticgo._version import __version__
from staticgo.cli import VERBS
from staticgo.errors import ExitCode
from tests.unit.cli.called import Staticgo

PAGES = ["", *VERBS]
OPENINGS = [("--help",), ("-h",), ()]


@pytest.fixture
def called(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Staticgo:
    return Staticgo(capsys, monkeypatch)


def command(verb: str) -> click.Command:
    found = getattr(importlib.import_module(f"staticgo.cli.{verb}"), verb)
    assert isinstance(found, click.Command)
    return found


def page(called: Staticgo, verb: str) -> str:
    ran = called(*([verb] if verb else []), "--help")
    assert (ran.status, ran.stderr) == (0, "")
    return ran.stdout


def examples(text: str) -> list[list[str]]:
    """The example commands in a help text, without the remarks beside them."""
    lines = [line.strip() for line in text.split("Examples:")[1].splitlines()]
    commands = [line.split("   ")[0].split(" | ")[0] for line in lines]
    return [shlex.split(line) for line in commands if line.startswith("staticgo ")]


@pytest.mark.parametrize("words", OPENINGS, ids=str)
def test_help_names_every_verb_with_its_sentence(called: Staticgo, words: tuple[str, ...]) -> None:
    ran = called(*words)
    assert (ran.status, ran.stderr) == (0, "")
    for verb, sentence in VERBS.items():
        assert any(line.split() == [verb, *sentence.split()] for line in ran.stdout.splitlines())


def test_every_verb_has_a_file_and_every_file_of_a_command_is_a_verb() -> None:
    folder = Path(staticgo.cli.__file__).parent
    with_command = {
        file.stem
        for file in folder.glob("*.py")
        if re.search(r"@click\.(command|group)\(", file.read_text())
    }
    assert with_command == set(VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_a_verb_explains_every_option(called: Staticgo, verb: str) -> None:
    text = page(called, verb)
    assert text.startswith(f"Usage: staticgo {verb} ")
    for parameter in command(verb).params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name
            assert all(spelling in text for spelling in parameter.opts)


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_a_verb_is_printed_even_with_other_words(called: Staticgo, verb: str) -> None:
    first = command(verb)
    word = next(iter(first.commands)) if isinstance(first, click.Group) else "x"
    assert called(verb, word, "--help").status == ExitCode.PASS
    assert called(verb, "-h").stdout == page(called, verb)


@pytest.mark.parametrize("verb", PAGES)
def test_every_example_is_a_command_that_is_understood(called: Staticgo, verb: str) -> None:
    found = examples(page(called, verb))
    assert len(found) >= 2
    for program, name, *rest in found:
        assert program == "staticgo"
        assert name in VERBS
        called_for, words = command(name), rest
        if isinstance(called_for, click.Group):
            called_for, words = called_for.commands[rest[0]], rest[1:]
        context = called_for.make_context(f"staticgo {name}", words)
        assert context.args == []


@pytest.mark.parametrize("verb", PAGES)
def test_help_fits_a_page(called: Staticgo, verb: str) -> None:
    assert max(map(len, page(called, verb).splitlines())) <= 100


def test_the_codes_in_the_help_are_those_there_are(called: Staticgo) -> None:
    text = " ".join(page(called, "").split("Exit codes:")[1].split())
    listed = {int(piece.split()[0]) for piece in text.rstrip(".").split(", ")}
    assert listed == {int(code) for code in ExitCode}


@pytest.mark.parametrize("word", ["--version", "-V"])
def test_the_version_is_one_line(called: Staticgo, word: str) -> None:
    assert called(word) == (0, f"staticgo {__version__}\n", "")
