"""The wrapper as a POSIX shell script. `wrapping.rewrite` says what it does; a test holds both equal.

Go calls the compiler some 40 times a build. The script forks nothing and ends in one `exec`.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence

from staticgo.model.quirk import Action, Quirk, Speaks
from staticgo.wrapping.options import NOT_LINKING
from staticgo.wrapping.rewrite import added, operands_of

_LINKS = """\
links=yes
for word do
  case $word in
    {words}) links= ;;
  esac
done
"""

# `for word` goes over the words as they were; each is shifted off in front, and what becomes of it
# is added at the end. Sed is not asked, for arguments hold any byte.
_LOOP = """\
option= held= line=
for word do
  shift
  case $option in
    '') ;;
    -Xlinker | -z) ;;
{driver_pairs}\
    *) set -- "$@" "$option" "$word"; option=; continue ;;
  esac
  alone= rest= more=yes
  case $option in
    -Xlinker) alone=yes token=$word option= ;;
    -z)
      [ "$held" ] && set -- "$@" "-Wl,$held"
      held=-z alone=yes token=$word option= ;;
    *)
      case $word in
        -Wl,*) rest=${{word#-Wl,}} ;;
        -Xlinker | -z | \\
{driver_operands}) option=$word; continue ;;
{driver_words}\
        *) set -- "$@" "$word"; continue ;;
      esac ;;
  esac
  while [ "$more" ]; do
    case $alone$rest in
      yes*) more= ;;
      *,*) token=${{rest%%,*}}; rest=${{rest#*,}} ;;
      *) token=$rest more= ;;
    esac
    case $held in
      '')
        case $token in
{linker_operands}) held=$token; continue ;;
{linker_words}\
        esac ;;
{linker_pairs}\
      *) line=$line,$held; held= ;;
    esac
    if [ "$alone" ]; then
      [ "$line" ] && set -- "$@" "-Wl$line"
      line=
      set -- "$@" -Xlinker "$token"
    else
      line=$line,$token
    fi
  done
  [ "$line" ] && set -- "$@" "-Wl$line"
  line=
done
[ "$held" ] && set -- "$@" "-Wl,$held"
[ "$option" ] && set -- "$@" "$option"
"""


def render(
    command: str,
    arguments: Sequence[str] = (),
    *,
    says: str,
    exports: Iterable[tuple[str, str]] = (),
    quirks: Iterable[Quirk] = (),
) -> str:
    """The script that runs `command` with `arguments` before its own, these rewritten by `quirks`.

    `says` is its comment: what it is, and for which target.
    """
    lines = ["#!/bin/sh", f"# Written by staticgo: {says}."]
    exported = " ".join(f"{name}={shlex.quote(value)}" for name, value in exports)
    if exported:
        lines.append(f"export {exported}")
    quirks = tuple(quirks)
    table = tuple(quirk for quirk in quirks if quirk.action is not Action.ADD)
    body = _loop(table) if table else ""
    words = shlex.join((command, *arguments, *added(quirks)))
    return "\n".join(lines) + f'\n{body}exec {words} "$@"\n'


def _loop(quirks: tuple[Quirk, ...]) -> str:
    asked = any(quirk.action is Action.LINK for quirk in quirks)
    links = _LINKS.format(words=" | ".join(NOT_LINKING)) if asked else ""
    return links + _LOOP.format(
        driver_operands=_listed(operands_of(Speaks.DRIVER, quirks)),
        linker_operands=_listed(operands_of(Speaks.LINKER, quirks)),
        driver_words="".join(_words(quirks, Speaks.DRIVER)),
        linker_words="".join(_words(quirks, Speaks.LINKER)),
        driver_pairs="".join(_pairs(quirks, Speaks.DRIVER)),
        linker_pairs="".join(_pairs(quirks, Speaks.LINKER)),
    )


def _listed(options: tuple[str, ...]) -> str:
    lines, line = [], ""
    for option in options:
        if len(line) + len(option) > 80:
            lines.append(line)
            line = ""
        line += f"{option} | "
    return "        " + " \\\n        ".join([*lines, line.removesuffix(" | ")]).rstrip()


def _words(quirks: tuple[Quirk, ...], speaks: Speaks) -> Iterator[str]:
    """The `case` branches of words that stand alone."""
    for quirk in quirks:
        if quirk.speaks is speaks and not quirk.operand:
            yield f"        {_pattern(quirk.pattern)}) {_act(quirk)} ;;\n"


def _pairs(quirks: tuple[Quirk, ...], speaks: Speaks) -> Iterator[str]:
    """The branches of options with their operands, one for each option."""
    mine = [quirk for quirk in quirks if quirk.speaks is speaks and quirk.operand]
    word, pending, otherwise = (
        ("word", "option", 'set -- "$@" "$option" "$word"; option=; continue ;;')
        if speaks is Speaks.DRIVER
        else ("token", "held", "line=$line,$held; held= ;;")
    )
    for option in dict.fromkeys(quirk.pattern for quirk in mine):
        yield f"      {_pattern(option)})\n        case ${word} in\n"
        for quirk in mine:
            if quirk.pattern == option:
                yield f"          {_pattern(quirk.operand)}) {pending}=; {_act(quirk)} ;;\n"
        yield f"          *) {otherwise}\n        esac ;;\n"


def _pattern(pattern: str) -> str:
    """A quirk's pattern as `case` has it: all but `*` is taken as it is."""
    return "*".join(shlex.quote(part) if part else "" for part in pattern.split("*"))


def _act(quirk: Quirk) -> str:
    words = shlex.join(quirk.words)
    match quirk.action:
        case Action.DROP:
            return "continue"
        case Action.REPLACE if quirk.speaks is Speaks.DRIVER:
            return f'set -- "$@" {words}; continue'
        case Action.REPLACE:
            return f'[ "$line" ] && set -- "$@" "-Wl$line"; line=; set -- "$@" {words}; continue'
        case Action.LINK:
            kept = f'{shlex.quote(quirk.pattern)} "$word"' if quirk.operand else '"$word"'
            more = f'[ "$links" ] && set -- "$@" {words}'
            return f'set -- "$@" {kept}; {more}; continue'
        case Action.REFUSE:
            return f"printf '%s\\n' {shlex.quote(quirk.says)} >&2; exit 1"
        case _:
            return f"printf '%s\\n' {shlex.quote(quirk.says)}; exit 0"
