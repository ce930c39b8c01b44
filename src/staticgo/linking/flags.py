"""Reads the words given to `go build`, GOFLAGS and -ldflags as the `go` command and its linker do.

Sources: cmd/go/internal/base/goflags.go, cmd/go/internal/load/flag.go, the flag package.
"""

from __future__ import annotations

import difflib
import re
import shlex
from collections.abc import Iterable, Iterator, Sequence

from staticgo.errors import UsageError
from staticgo.facts.gosettings import is_go_setting
from staticgo.facts.linker import SWITCHES, VALUED
from staticgo.model.linking import BuildFlags, GoFlags, LinkerFlags
from staticgo.planning.flags import join_quoted, split_quoted, split_tags

_VALUED = frozenset(
    """
    C asmflags buildmode compiler coverpkg covermode gccgoflags gcflags installsuffix ldflags
    mod modfile o overlay p pgo pkgdir tags toolexec
    """.split()  # noqa: SIM905 - a table to read
)
"""Flags of `go build` whose value may be the next word."""

_NOT_FOR_LISTS = frozenset(("C", "a", "json", "n", "o", "v", "work", "x"))
"""Flags that say how to build, and that `go list` has no use for, or another one."""

_SWITCHES = frozenset(
    """
    a asan buildvcs cover i json linkshared modcacherw msan n race trimpath v work x
    """.split()  # noqa: SIM905 - a table to read
)
"""Flags of `go build` that take no word after them."""

LINKING = ("race", "msan", "asan", "buildmode", "ldflags", "linkshared")
"""Flags that choose how a program is linked."""

_SETTING = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)", re.DOTALL)


def read_flags(text: str) -> GoFlags:
    """`CGO_ENABLED=1 CC=musl-gcc -tags netgo -race`, words split as a shell does.

    `go build` itself may stand between the settings and the flags. Raises UsageError.
    """
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise UsageError(f"--flags {text}: {error}", hint="close the quote") from error
    settings: list[tuple[str, str]] = []
    while words and (match := _SETTING.fullmatch(words[0])):
        name, value = match.groups()
        if not (is_go_setting(name) or name in ("PATH", "PKG_CONFIG_PATH", "LIBRARY_PATH")):
            raise UsageError(
                f"--flags: {name} is no setting of Go or cgo", hint="leave it away, or export it"
            )
        settings.append((name, value))
        del words[0]
    if words[:2] in (["go", "build"], ["go", "install"]):
        words = _without_packages(words[2:])
    for name, value, word in _pairs(words, _VALUED):
        _check(name, value, word)
    return GoFlags(settings=tuple(settings), words=tuple(words))


def _meant(name: str) -> str:
    if name.startswith("static"):
        return f"for the C linker: -ldflags '-linkmode=external -extldflags=-{name}'"
    if name in VALUED | SWITCHES:
        return f"it is one of Go's linker: -ldflags=-{name}=..."
    close = difflib.get_close_matches(name, sorted(_VALUED | _SWITCHES), n=1)
    return f"perhaps you meant -{close[0]}?" if close else "`go help build` lists them"


def _without_packages(words: list[str]) -> list[str]:
    """The flags of a command that was pasted whole: what stands after them names packages."""
    kept: list[str] = []
    for _, value, word in _pairs(words, _VALUED):
        if not word.startswith("-"):
            break
        kept += [word] if value is None or "=" in word else [word, value]
    return kept


def _check(name: str, value: str | None, word: str) -> None:
    if not word.startswith("-"):
        raise UsageError(
            f"--flags: {word!r} is no flag of go build",
            hint="name the package before --flags; write a flag's value as -flag=value",
        )
    if value is None and name in _VALUED:
        raise UsageError(f"--flags: {word} needs a value", hint=f"write it as -{name}=value")
    if name not in _VALUED | _SWITCHES:
        raise UsageError(f"--flags: go build has no flag -{name}", hint=_meant(name))
    if name == "C":
        raise UsageError(
            "--flags: -C leads to another folder", hint="name the program's folder before --flags"
        )
    if name == "compiler" and value != "gc":
        raise UsageError(
            f"--flags: -compiler={value} is another compiler than Go's own",
            hint="only programs of Go's own compiler can be explained",
        )


def join_flags(first: GoFlags, second: GoFlags) -> GoFlags:
    """Both; where both say something of one flag or setting, the second counts."""
    names = {name for name, _, _ in _pairs(second.words, _VALUED)}
    settings = {**dict(first.settings), **dict(second.settings)}
    return GoFlags(
        settings=tuple(settings.items()), words=(*without(first.words, *names), *second.words)
    )


def for_list(words: Sequence[str]) -> tuple[str, ...]:
    """The words that `go list` takes as well, without their effects on where the result goes."""
    return tuple(
        piece
        for name, value, word in _pairs(words, _VALUED)
        if name not in _NOT_FOR_LISTS
        for piece in ([word] if value is None or "=" in word else [word, value])
    )


def without(words: Sequence[str], *names: str) -> tuple[str, ...]:
    """The words without those flags."""
    return tuple(
        piece
        for name, value, word in _pairs(words, _VALUED)
        if name not in names
        for piece in ([word] if value is None or "=" in word else [word, value])
    )


def not_linking(goflags: str) -> str:
    """GOFLAGS without the flags that choose how to link."""
    return join_quoted(without(split_quoted(goflags), *LINKING)) if goflags else ""


def resets(goflags: str, extlink: str) -> tuple[str, ...]:
    """What to set before `go build` so that only its own words choose how to link."""
    kept = not_linking(goflags)
    own = (f"GOFLAGS={shlex.quote(kept)}",) if kept != goflags else ()
    return (*own, "GO_EXTLINK_ENABLED=") if extlink else own


def build_flags(words: Sequence[str], goflags: str, package: str = "") -> BuildFlags:
    """What counts for the main package `package`, of the words and of GOFLAGS.

    Raises UsageError where a value is missing or not readable.
    """
    given = list(_pairs(words, _VALUED))
    names = {name for name, _, _ in given}
    dropped = []
    inherited = []
    for name, value, word in _pairs(split_quoted(goflags), frozenset()):
        if name in names:
            dropped.append((f"GOFLAGS {word}", f"-{name} on the command line replaces it"))
        else:
            inherited.append((name, value, word))
    all_flags = [*inherited, *given]
    linker, replaced = _linker_words(all_flags, package)
    modes = [value or "" for name, value, _ in all_flags if name == "buildmode"]
    tags = [value or "" for name, value, _ in all_flags if name == "tags"]
    return BuildFlags(
        tags=split_tags(tags[-1]) if tags else (),
        mode=modes[-1] if modes else "default",
        race=_on(all_flags, "race"),
        msan=_on(all_flags, "msan"),
        asan=_on(all_flags, "asan"),
        linkshared=_on(all_flags, "linkshared"),
        linker=linker,
        dropped=(*dropped, *replaced, *_without_effect(all_flags)),
    )


def linker_flags(words: Sequence[str]) -> LinkerFlags:
    """The words of -ldflags, as cmd/link reads them: of a flag given twice, the last one counts."""
    values: dict[str, list[str]] = {}
    refused = ""
    for name, value, word in _pairs(words, VALUED):
        known = name in VALUED or name in SWITCHES
        if not word.startswith("-") or not known or (name in VALUED and value is None):
            refused = word
            break  # the flag package stops at the first word it does not know
        values.setdefault(name, []).append("true" if value is None else value)
    last = {name: given[-1] for name, given in values.items()}
    return LinkerFlags(
        mode=last.get("linkmode", "auto"),
        extldflags=tuple(split_quoted(last.get("extldflags", ""))),
        extld=tuple(split_quoted(last.get("extld", ""))),
        interpreter=last.get("I", ""),
        no_dynamic=last.get("d", "false") in _TRUE,
        strip=last.get("s", "false") in _TRUE,
        refused=refused,
        dropped=tuple(
            (f"-{name}={value}", f"a later -{name} replaces it")
            for name, given in values.items()
            if name not in ("X", "v", "L")
            for value in given[:-1]
            if value != given[-1]
        ),
    )


_TRUE = ("1", "t", "T", "true", "TRUE", "True")


def _on(flags: Iterable[tuple[str, str | None, str]], name: str) -> bool:
    values = [value for flag, value, _ in flags if flag == name]
    return bool(values) and (values[-1] is None or values[-1] in _TRUE)


def _linker_words(
    flags: Iterable[tuple[str, str | None, str]], package: str
) -> tuple[tuple[str, ...], list[tuple[str, str]]]:
    """The words of the last -ldflags that matches the package; Go never joins several."""
    matching = []
    dropped = []
    for name, value, word in flags:
        if name != "ldflags":
            continue
        pattern, words = _split_pattern(value or "")
        if _matches(pattern, package):
            matching.append((words, word))
        else:
            dropped.append(
                (f"-ldflags={value}", f"{pattern} does not match the main package {package}")
            )
    dropped += [
        (f"-ldflags={words}", "a later -ldflags replaces it: Go never joins several")
        for words, _ in matching[:-1]
    ]
    return tuple(split_quoted(matching[-1][0])) if matching else (), dropped


def _split_pattern(value: str) -> tuple[str, str]:
    """`pattern=words` apart; without a pattern the words count for the packages that are named."""
    value = value.strip()
    if value.startswith(("-", "'", '"')) or "=" not in value:
        return "", value
    pattern, _, words = value.partition("=")
    return pattern.strip(), words


def _matches(pattern: str, package: str) -> bool:
    if pattern in ("", "all", ".", "./...") or pattern == package:
        return True
    if pattern in ("std", "cmd"):
        return False
    if pattern.startswith("./"):  # relative to where the user stands, which is the program's folder
        return package.endswith(pattern.removeprefix(".").removesuffix("/..."))
    expression = ".*".join(map(re.escape, pattern.split("...")))
    return bool(re.fullmatch(expression, package))


def _without_effect(flags: Iterable[tuple[str, str | None, str]]) -> Iterator[tuple[str, str]]:
    for name, _, word in flags:
        if name == "installsuffix":
            yield (
                word,
                "it names folders of installed packages, and Go has had none since 1.20; it has "
                "nothing to do with static linking",
            )
        if name == "a":
            yield word, "it only builds again what is already built; the result is the same"


def _pairs(words: Sequence[str], valued: frozenset[str]) -> Iterator[tuple[str, str | None, str]]:
    """Flag names, values and words: `-n=v`, `--n v` where `valued` holds n, and `-n` alone."""
    position = 0
    while position < len(words):
        word = words[position]
        position += 1
        bare = word[2:] if word.startswith("--") else word.removeprefix("-")
        name, equals, value = bare.partition("=")
        if equals:
            yield name, value, word
        elif name in valued and word.startswith("-"):
            if position == len(words):
                yield name, None, word
                return
            yield name, words[position], word
            position += 1
        else:
            yield name, None, word
