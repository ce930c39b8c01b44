"""Which targets a list of names, patterns and exclusions means. Pure."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from staticgo.errors import UnknownTarget
from staticgo.facts.platforms import UNIVERSAL, names_of, platform, resolve_port
from staticgo.facts.ports import PORTS
from staticgo.facts.reach import Standing
from staticgo.facts.variants import spellings
from staticgo.model.target import Target

_WILD = frozenset("*?[")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One target, and whether the user named it, or a pattern did."""

    target: Target
    named: bool


def expand(words: Sequence[str]) -> tuple[Wanted, ...]:
    """The targets that `words` mean, each once: `linux/arm64`, `linux/*`, `all`, `!linux/mips*`.

    A pattern means the platforms that programs can be built for; with three parts (`linux/arm/*`),
    also their variants. Exclusions count wherever they stand; alone, they leave out of `all`.
    Raises UnknownTarget for a name that is none, and for a word that means nothing here.
    """
    excluded = [word[1:] for word in words if word.startswith("!")]
    included = [word for word in words if not word.startswith("!")] or (["all"] if excluded else [])
    found: dict[Target, bool] = {}
    for word in included:
        if _is_pattern(word):
            for target in _matching(word):
                found.setdefault(target, False)
        else:
            found[resolve_port(word, libc=True)] = True
    left_out = {target for word in excluded for target in _excluded(word, tuple(found))}
    kept = {target: named for target, named in found.items() if target not in left_out}
    if included and not kept:
        raise UnknownTarget(f"{', '.join(words)}: no target is left", hint="exclude less with `!`")
    return tuple(Wanted(target=target, named=named) for target, named in kept.items())


def all_targets(*, variants: bool = False) -> Iterator[Target]:
    """Every port of Go in its canonical spelling; with `variants`, each of its CPU's too."""
    for port in PORTS:
        plain = resolve_port(f"{port.os}/{port.arch}")
        yield plain
        for spelled in spellings(port.arch) if variants else ():
            if spelled != plain.variant:
                yield Target(os=port.os, arch=port.arch, variant=spelled)


def _is_pattern(word: str) -> bool:
    return word.strip().lower() == "all" or bool(_WILD & set(word))


def _pattern(word: str) -> str:
    """The pattern as `_matches` reads it; `all` is a name for one."""
    pattern = word.strip().lower()
    return "*/*" if pattern == "all" else pattern


def _matching(word: str) -> tuple[Target, ...]:
    pattern = _pattern(word)
    every = all_targets(variants=pattern.count("/") > 1)
    reached = [t for t in every if platform(t).pure.standing is not Standing.NONE]
    found = tuple(target for target in reached if _matches(target, pattern))
    if not found:
        raise UnknownTarget(
            f"no target that can be built matches {word}",
            hint="`staticgo targets` lists them; quote patterns, as in 'linux/*'",
        )
    return found


def _excluded(word: str, among: tuple[Target, ...]) -> tuple[Target, ...]:
    """What `!word` leaves out; one that leaves nothing out is taken for a slip."""
    if _is_pattern(word):
        found = tuple(target for target in among if _matches(target, _pattern(word)))
    else:
        named = resolve_port(word, libc=True)
        found = (named,) if named in among else ()
    if not found:
        raise UnknownTarget(
            f"!{word} leaves nothing out: none of the targets is called so",
            hint="leave it away; `staticgo targets` shows what a list of targets means",
        )
    return found


def _matches(target: Target, pattern: str) -> bool:
    """Part by part, so that `*` stands for one part of the name."""
    words = pattern.split("/")
    if target == UNIVERSAL or len(words) not in (1, 2, 3):
        return False
    names = [names_of(target.os), names_of(target.arch), (target.variant,)]
    return all(
        any(fnmatch.fnmatchcase(name, word) for name in each)
        for each, word in zip(names, words, strict=False)
    )
