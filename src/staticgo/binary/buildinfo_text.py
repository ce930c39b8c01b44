"""The module text in Go's build information, line by line: Go's src/runtime/debug/mod.go."""

from __future__ import annotations

import re

from staticgo.model.binary import GoBuildInfo, GoModule

# Characters for which Go quotes a key or a value: quoteKey and quoteValue.
_QUOTED_IN_VALUE = re.compile(r'[ \t\r\n"`]')
_QUOTED_IN_KEY = re.compile(r'[= \t\r\n"`]')
# Go's string literals: raw between backquotes, else with escapes (strconv.Quote writes these).
# Possessive: `re` keeps some 100 bytes for every character that it might come back to.
_LITERAL = re.compile(r'`[^`]*+`|"(?:[^"\\\n]++|\\.)*+"')
_ESCAPE = re.compile(
    r'\\(?:(?P<simple>[abfnrtv\\"])|(?P<octal>[0-3][0-7]{2})'
    r"|x(?P<byte>[0-9a-fA-F]{2})|u(?P<short>[0-9a-fA-F]{4})|U(?P<long>[0-9a-fA-F]{8})|(?P<bad>))"
)
_SIMPLE = dict(zip('abfnrtv\\"', '\a\b\f\n\r\t\v\\"', strict=True))


def parse_module_text(version: str, text: str) -> GoBuildInfo:
    """The build information in `text`. Raises ValueError, with the line, where it is malformed."""
    path = ""
    modules: list[tuple[str, GoModule]] = []
    settings: list[tuple[str, str]] = []
    replaceable = False
    # What follows the last newline is no line: Go stops there too.
    for number, line in enumerate(text.split("\n")[:-1], start=1):
        word, tab, rest = line.partition("\t")
        try:
            if not tab:
                continue
            if word == "path":
                path = rest
            elif word in ("mod", "dep"):
                modules.append((word, _module(rest)))
                replaceable = True
            elif word == "=>":
                if not replaceable:
                    raise ValueError("a replacement of nothing")
                modules[-1] = (modules[-1][0], _replaced(modules[-1][1], rest))
                replaceable = False
            elif word == "build":
                settings.append(_setting(rest))
        except ValueError as error:
            raise ValueError(f"line {number}: {error}") from error
    return GoBuildInfo(
        version=version,
        path=path,
        main=next((module for word, module in reversed(modules) if word == "mod"), None),
        dependencies=tuple(module for word, module in modules if word == "dep"),
        settings=tuple(settings),
    )


def _module(text: str) -> GoModule:
    columns = text.split("\t")
    if len(columns) not in (2, 3):
        raise ValueError(f"{len(columns)} columns where a module has 2 or 3")
    return GoModule(path=columns[0], version=columns[1], sum="".join(columns[2:]))


def _replaced(module: GoModule, text: str) -> GoModule:
    columns = text.split("\t")
    if len(columns) != 3:
        raise ValueError(f"{len(columns)} columns where a replacement has 3")
    by = GoModule(path=columns[0], version=columns[1], sum=columns[2])
    return GoModule(path=module.path, version=module.version, sum=module.sum, replaced_by=by)


def _setting(text: str) -> tuple[str, str]:
    """`key=value`, either of them quoted where it must be."""
    if text[:1] in ("`", '"'):
        literal = _LITERAL.match(text)
        if literal is None or text[literal.end() : literal.end() + 1] != "=":
            raise ValueError("a quoted key that does not end in '='")
        key, raw = _unquote(literal[0]), text[literal.end() + 1 :]
    else:
        key, equals, raw = text.partition("=")
        if not (key and equals) or _QUOTED_IN_KEY.search(key):
            raise ValueError("a setting without a proper key")
    if raw[:1] in ("`", '"'):
        if _LITERAL.fullmatch(raw) is None:
            raise ValueError("a quoted value that does not end")
        return key, _unquote(raw)
    if _QUOTED_IN_VALUE.search(raw):
        raise ValueError("a value that should be quoted")
    return key, raw


def _unquote(literal: str) -> str:
    if literal[0] == "`":
        return literal[1:-1].replace("\r", "")  # as strconv.Unquote does
    encoded = b"".join(_unescaped(literal[1:-1]))
    return encoded.decode("utf-8", "replace")


def _unescaped(text: str) -> list[bytes]:
    """Bytes, because `\\xff` is a byte and `\\u00ff` a character."""
    parts: list[bytes] = []
    position = 0
    for escape in _ESCAPE.finditer(text):
        parts.append(text[position : escape.start()].encode("utf-8", "replace"))
        parts.append(_escaped(escape))
        position = escape.end()
    parts.append(text[position:].encode("utf-8", "replace"))
    return parts


def _escaped(escape: re.Match[str]) -> bytes:
    if escape["simple"]:
        return _SIMPLE[escape["simple"]].encode()
    if escape["octal"]:
        return bytes([int(escape["octal"], 8)])
    if escape["byte"]:
        return bytes([int(escape["byte"], 16)])
    digits = escape["short"] or escape["long"]
    if not digits:
        raise ValueError(f"an unknown escape at column {escape.start()} of a quoted string")
    code = int(digits, 16)
    if code > 0x10FFFF or 0xD800 <= code < 0xE000:
        raise ValueError(f"U+{code:04X} is no character")
    return chr(code).encode()
