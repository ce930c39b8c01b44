"""The wrapper as a POSIX shell script. `wrapping.rewrite` says what it does; a test holds both equal.

Go calls the compiler some 40 times a build. The script forks nothing and ends in one `exec`.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from staticgo.model.quirk import Action, Quirk, Speaks
from staticgo.wrapping.options import NOT_LINKING, STATES, STATIC
from staticgo.wrapping.rewrite import added, operands_of

_LINKS = """\
links=yes named= operand=
for word do
  [ "$operand" = -o ] && named=yes
  [ "$operand" ] && operand= && continue
  case $word in
    {words}) links= ;;
    -Xlinker | -z | \\
{operands}) operand=$word ;;
    -o?*) named=yes ;;
  esac
done
"""

# `$stack` holds what `--push-state` remembers, three words for each state, each with a comma.
_STATE = """\
{start} stack= operand=
for word do
  [ "$operand" ] && operand= && continue
  case $word in
    {static}) kinds=-Bstatic ;;
    -Xlinker | -z | \\
{operands}) operand=$word ;;
  esac
done
"""

# `for word` goes over the words as they were; each is shifted off in front, and what becomes of it
# is added at the end. Sed is not asked, for arguments hold any byte.
_LOOP = """\
option= held= line= once=
nl='
'
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
    if [ "$alone" ]; then
      more=
    else
      case $rest in
        *,*) token=${{rest%%,*}}; rest=${{rest#*,}} ;;
        *) token=$rest more= ;;
      esac
    fi
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
    objects: Iterable[tuple[str, Sequence[str]]] = (),
) -> str:
    """The script that runs `command` with `arguments` before its own, these rewritten by `quirks`.

    `says` is its comment: what it is, and for which target. `objects` are given to links that name
    their result, each with the command that makes it where it is not there yet (but for `-o` and it).
    """
    lines = ["#!/bin/sh", f"# Written by staticgo: {says}."]
    exported = " ".join(f"{name}={shlex.quote(value)}" for name, value in exports)
    if exported:
        lines.append(f"export {exported}")
    quirks = tuple(quirks)
    table = tuple(quirk for quirk in quirks if quirk.action is not Action.ADD)
    objects = tuple(objects)
    body = ""
    if objects or any(quirk.action is Action.LINK for quirk in table):
        body += _links(table)
    body += _loop(table) if table else ""
    body += "".join(_linked(path, argv) for path, argv in objects)
    words = shlex.join((command, *arguments, *added(quirks)))
    return "\n".join(lines) + f'\n{body}exec {words} "$@"\n'


def _linked(path: str, argv: Sequence[str]) -> str:
    """Puts one object before all else in a link that names its result; makes it where it is not there.

    There no `-x c` of the user's makes a source of it. Two calls at once make the same bytes.
    """
    file = shlex.quote(path)
    make = f"{shlex.join(argv)} -o {file}.$$ && mv {file}.$$ {file}"
    return f"""\
if [ "$links" ] && [ "$named" ]; then
  [ -s {file} ] || {{ {make}; }} || exit
  set -- {file} "$@"
fi
"""


def _links(quirks: tuple[Quirk, ...]) -> str:
    """Finds out whether the call goes as far as the linker, and names its result."""
    operands = _listed(operands_of(Speaks.DRIVER, quirks))
    return _LINKS.format(words=" | ".join(NOT_LINKING), operands=operands)


def _loop(quirks: tuple[Quirk, ...]) -> str:
    operands = _listed(operands_of(Speaks.DRIVER, quirks))
    start = states = ""
    if any(quirk.action is Action.PUSH for quirk in quirks):
        first = " ".join(f"{group}={next(iter(words))}" for group, words in STATES.items())
        start = _STATE.format(start=first, static=" | ".join(STATIC), operands=operands)
        states = "".join(_states())
    return start + _LOOP.format(
        driver_operands=operands,
        linker_operands=_listed(operands_of(Speaks.LINKER, quirks)),
        driver_words="".join(_words(quirks, Speaks.DRIVER)),
        linker_words="".join(_words(quirks, Speaks.LINKER)) + states,
        driver_pairs="".join(_pairs(quirks, Speaks.DRIVER)),
        linker_pairs="".join(_pairs(quirks, Speaks.LINKER)),
    )


def _states() -> Iterator[str]:
    """The `case` branches of the words that a state is made of; they are kept."""
    for group, words in STATES.items():
        for word, spellings in words.items():
            yield f"        {spellings}) {group}={word} ;;\n"


def _pop() -> str:
    """Says again what held at the last push."""
    groups = " ".join(
        f'was=${{stack%%,*}}; stack=${{stack#*,}}; [ "$was" = "${group}" ] || line=$line,$was; '
        f"{group}=$was;"
        for group in STATES
    )
    return f'[ "$stack" ] && {{ {groups} continue; }} ;;'


def _listed(options: tuple[str, ...]) -> str:
    lines, line = [], ""
    for option in options:
        if len(line) + len(option) > 80:
            lines.append(line)
            line = ""
        line += f"{option} | "
    return "        " + " \\\n        ".join([*lines, line.removesuffix(" | ")]).rstrip()


class _Branch(NamedTuple):
    """What the branches of one `case` have in common."""

    word: str
    """The variable that is looked at."""
    key: str
    """What stands for the words in `$once`."""
    keep: str
    """Keeps them as they are."""
    drop: str = ""
    """Comes before all that does not."""


def _words(quirks: tuple[Quirk, ...], speaks: Speaks) -> Iterator[str]:
    """The `case` branches of words that stand alone."""
    branch = (
        _Branch("word", "1$word", 'set -- "$@" "$word"; continue ;;')
        if speaks is Speaks.DRIVER
        else _Branch("token", "1$token", ";;")
    )
    for quirk in quirks:
        if quirk.speaks is speaks and not quirk.operand:
            yield f"        {_pattern(quirk.pattern)}) {_act(quirk, branch)}\n"


def _pairs(quirks: tuple[Quirk, ...], speaks: Speaks) -> Iterator[str]:
    """The branches of options with their operands, one for each option."""
    mine = [quirk for quirk in quirks if quirk.speaks is speaks and quirk.operand]
    kept = 'set -- "$@" "$option" "$word"; option=; continue ;;'
    branch = (
        _Branch("word", "2$option $word", kept, "option=; ")
        if speaks is Speaks.DRIVER
        else _Branch("token", "2$held $token", "line=$line,$held; held= ;;", "held=; ")
    )
    for option in dict.fromkeys(quirk.pattern for quirk in mine):
        yield f"      {_pattern(option)})\n        case ${branch.word} in\n"
        for quirk in mine:
            if quirk.pattern == option:
                yield f"          {_pattern(quirk.operand)}) {_act(quirk, branch)}\n"
        yield f"          *) {branch.keep}\n        esac ;;\n"


def _pattern(pattern: str) -> str:
    """A quirk's pattern as `case` has it: all but `*` is taken as it is."""
    return "*".join(shlex.quote(part) if part else "" for part in pattern.split("*"))


def _act(quirk: Quirk, branch: _Branch) -> str:
    """What a branch does, to its end."""
    words = shlex.join(quirk.words)
    match quirk.action:
        case Action.DROP:
            act = "continue"
        case Action.REPLACE if quirk.speaks is Speaks.DRIVER:
            act = f'set -- "$@" {words}; continue'
        case Action.REPLACE:
            act = f'[ "$line" ] && set -- "$@" "-Wl$line"; line=; set -- "$@" {words}; continue'
        case Action.LINK:
            kept = f'{shlex.quote(quirk.pattern)} "$word"' if quirk.operand else '"$word"'
            more = f'[ "$links" ] && set -- "$@" {words}'
            act = f'set -- "$@" {kept}; {more}; continue'
        case Action.REFUSE:
            act = f"printf '%s\\n' {shlex.quote(quirk.says)} >&2; exit 1"
        case Action.ANSWER:
            act = f"printf '%s\\n' {shlex.quote(quirk.says)}; exit 0"
        case Action.INSTEAD:
            act = f"set -- {words}; held=; break"
        case Action.PUSH:
            act = "stack=" + "".join(f"${group}," for group in STATES) + "$stack; continue"
        case Action.POP:
            return _pop()
        case Action.ONCE:
            return _once(branch)
    return f"{branch.drop}{act} ;;"


def _once(branch: _Branch) -> str:
    """Drops what was there before. Each key stands on a line of its own in `$once`."""
    line = f"${{nl}}{branch.key}$nl"
    return (
        f'case ${branch.word} in *"$nl"*) ;; '
        f'*) case $once in *"{line}"*) {branch.drop}continue ;; esac; once="$once{line}" ;; esac'
        + (f"; {branch.keep}" if branch.keep != ";;" else " ;;")
    )
