"""A driver's arguments, rewritten: one pass over the whole list, which knows what operands are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from staticgo.model.quirk import Action, Quirk, Speaks
from staticgo.wrapping.options import (
    DRIVER_OPERANDS,
    LINKER_OPERANDS,
    LINKERS_OPERANDS,
    NOT_LINKING,
    STATES,
    STATIC,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewritten:
    """What becomes of a call: other arguments, or, where `status` is set, words and an exit status."""

    arguments: tuple[str, ...] = ()
    says: str = ""
    status: int | None = None


def rewrite(arguments: Iterable[str], quirks: Iterable[Quirk]) -> Rewritten:
    """`arguments` as the compiler shall have them.

    A linker's words keep their order among themselves; an option of theirs may come to stand after
    driver's words that stood between it and its operand (`-Wl,-rpath -lm -Wl,/lib`).
    """
    arguments, quirks = tuple(arguments), tuple(quirks)
    table = tuple(quirk for quirk in quirks if quirk.action is not Action.ADD)
    with_operand = {speaks: frozenset(operands_of(speaks, table)) for speaks in Speaks}
    words = _options(arguments, with_operand[Speaks.DRIVER])
    state = _State(
        quirks=table,
        added=added(quirks),
        kept=list(added(quirks)),
        links=not any(word in NOT_LINKING for word in words),
        libraries=_first_state(static=any(word in STATIC for word in words)),
        with_operand=with_operand,
    )
    for word in arguments:
        state.take(word)
        if state.ended:
            return state.ended
    state.release()
    if state.option:
        state.kept.append(state.option)
    return Rewritten(arguments=tuple(state.kept))


def _options(arguments: Iterable[str], with_operand: frozenset[str]) -> list[str]:
    """The driver's words without operands: these are no options, whatever they look like."""
    found = []
    words = iter(arguments)
    for word in words:
        found.append(word)
        if word in LINKERS_OPERANDS or word in with_operand:
            next(words, None)
    return found


def _first_state(*, static: bool) -> dict[str, str]:
    """What holds of libraries before any linker's word."""
    state = {group: next(iter(words)) for group, words in STATES.items()}
    return {**state, "kinds": "-Bstatic"} if static else state


def added(quirks: Iterable[Quirk]) -> tuple[str, ...]:
    """The words that come before all others."""
    return tuple(w for quirk in quirks if quirk.action is Action.ADD for w in quirk.words)


def operands_of(speaks: Speaks, quirks: Iterable[Quirk]) -> tuple[str, ...]:
    """The options that take the next word, by themselves or because a quirk says so."""
    named = DRIVER_OPERANDS if speaks is Speaks.DRIVER else LINKER_OPERANDS
    more = (quirk.pattern for quirk in quirks if quirk.speaks is speaks and quirk.operand)
    return tuple(sorted({*named, *more}))


def matches(pattern: str, word: str) -> bool:
    """Whether `word` is of the form `pattern`, as a shell's `case` has it."""
    text = ".*".join(re.escape(part) for part in pattern.split("*"))
    return re.fullmatch(text, word, re.DOTALL) is not None


@dataclass(slots=True, kw_only=True)
class _State:
    quirks: tuple[Quirk, ...]
    links: bool
    with_operand: dict[Speaks, frozenset[str]]
    added: tuple[str, ...]
    kept: list[str] = field(default_factory=list)
    option: str = ""
    """The driver's option whose operand comes next; `-Xlinker` and `-z` are among them."""
    held: str = ""
    """The linker's option whose operand comes next, maybe some words later."""
    line: list[str] = field(default_factory=list)
    """The linker's words since the last word that was kept."""
    seen: set[tuple[str, str | None]] = field(default_factory=set)
    """What is to be there once, and is."""
    libraries: dict[str, str]
    """What holds of libraries that follow, in each of STATES' groups."""
    pushed: list[dict[str, str]] = field(default_factory=list)
    ended: Rewritten | None = None

    def take(self, word: str) -> None:
        option, self.option = self.option, ""
        if option in LINKERS_OPERANDS:
            if option == "-z":
                self.release()
                self.held = "-z"
            self._linker(word, alone=True)
            self._flush()
        elif option:
            if not self._act(Speaks.DRIVER, option, word):
                self.kept += [option, word]
        elif word.startswith("-Wl,"):
            for token in word.removeprefix("-Wl,").split(","):
                self._linker(token, alone=False)
                if self.ended:
                    return
            self._flush()
        elif word in LINKERS_OPERANDS or word in self.with_operand[Speaks.DRIVER]:
            self.option = word
        elif not self._act(Speaks.DRIVER, word, None):
            self.kept.append(word)

    def _linker(self, token: str, *, alone: bool) -> None:
        held, self.held = self.held, ""
        if held:
            if self._act(Speaks.LINKER, held, token):
                return
            self.line.append(held)
        elif token in self.with_operand[Speaks.LINKER]:
            self.held = token
            return
        elif self._act(Speaks.LINKER, token, None):
            return
        if not held:
            self._heed(token)
        if alone:  # it may hold commas
            self._flush()
            self.kept += ["-Xlinker", token]
        else:
            self.line.append(token)

    def _act(self, speaks: Speaks, option: str, operand: str | None) -> bool:
        """Does what the first quirk for these words says; False where there is none."""
        quirk = next((q for q in self.quirks if _means(q, speaks, option, operand)), None)
        if quirk is None:
            return False
        match quirk.action:
            case Action.REPLACE:
                self._flush()
                self.kept += quirk.words
            case Action.LINK:
                self.kept += [option, *([] if operand is None else [operand])]
                self.kept += quirk.words if self.links else ()
            case Action.REFUSE:
                self.ended = Rewritten(says=quirk.says, status=1)
            case Action.ANSWER:
                self.ended = Rewritten(says=quirk.says, status=0)
            case Action.INSTEAD:
                self.ended = Rewritten(arguments=(*self.added, *quirk.words))
            case Action.ONCE:
                return self._again(option, operand)
            case Action.PUSH:
                self.pushed.append(dict(self.libraries))
            case Action.POP:
                return self._pop()
        return True

    def _heed(self, token: str) -> None:
        """What a linker's word says of the libraries that follow."""
        for group, words in STATES.items():
            for word, spellings in words.items():
                if token in spellings.split(" | "):
                    self.libraries[group] = word

    def _pop(self) -> bool:
        """Says again what held at the last push; without one, the word is left to zig."""
        if not self.pushed:
            return False
        before = self.pushed.pop()
        self.line += [word for group, word in before.items() if self.libraries[group] != word]
        self.libraries = before
        return True

    def _again(self, option: str, operand: str | None) -> bool:
        """Whether the same words were there before; a driver's and a linker's are the same."""
        words = (option, operand)
        if "\n" in f"{option}{operand}":  # what the script tells words apart by
            return False
        again = words in self.seen
        self.seen.add(words)
        return again

    def _flush(self) -> None:
        if self.line:
            self.kept.append(",".join(["-Wl", *self.line]))
            self.line.clear()

    def release(self) -> None:
        """Lets go of the option whose operand never came."""
        if self.held:
            self.kept.append(f"-Wl,{self.held}")
            self.held = ""


def _means(quirk: Quirk, speaks: Speaks, option: str, operand: str | None) -> bool:
    if quirk.speaks is not speaks or (operand is None) != (not quirk.operand):
        return False
    if operand is None:
        return matches(quirk.pattern, option)
    return quirk.pattern == option and matches(quirk.operand, operand)
