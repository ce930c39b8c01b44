"""All that may stand in staticgo.toml."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from staticgo.config.reader import Commands, Table, Text, Texts
from staticgo.facts.ports import PORTS
from staticgo.facts.variants import spellings
from staticgo.model.braces import stray
from staticgo.model.libraries import BuildSystem

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")
_SHA256 = re.compile(r"[0-9a-f]{64}")
PLACEHOLDERS = {
    "source": "the folder of the library's source",
    "build": "an empty folder to build in, beside the source",
    "install": "the folder to install into: {install}/include, {install}/lib",
    "destdir": "the same for what knows DESTDIR: it installs into {destdir}{prefix}",
    "prefix": "where the library shall believe that it is installed",
    "requires": "the folder with the libraries that this one requires",
    "cc": "the C compiler",
    "cxx": "the C++ compiler",
    "ar": "ar",
    "ranlib": "ranlib",
    "triple": "the target in GNU's spelling",
    "os": "the target's GOOS",
    "arch": "the target's GOARCH",
    "jobs": "how many things to do at once",
}
"""What a word in braces stands for."""

_TARGETS = tuple(
    "/".join(filter(None, (port.os, port.arch, variant)))
    for port in PORTS
    for variant in ("", *spellings(port.arch))
)


def _name(text: str) -> str:
    return "" if _NAME.fullmatch(text) else f"{text!r} is no name: letters, digits and . _ + - only"


def _sha256(text: str) -> str:
    if _SHA256.fullmatch(text):
        return ""
    return f"{text!r} is no SHA-256 in 64 lower-case hexadecimal digits"


def _one_line(text: str) -> str:
    if any(character in text for character in "\0\r\n"):
        return f"{text!r} holds a line break or a NUL"
    return ""


def _inside(text: str) -> str:
    """A path within the source's own folder; NAME after `=` is a header's new one."""
    for path in text.split("="):
        if not path or path.startswith(("/", "-", "\\")) or ".." in re.split(r"[/\\]", path):
            return f"{text!r} must be a path inside the source"
    return _one_line(text)


def _word(text: str) -> str:
    if found := stray(text, PLACEHOLDERS):
        known = " ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        return f"{found} in {text!r} stands for nothing: known are {known}; {{{{ is a brace itself"
    return _one_line(text)


def _pattern(text: str) -> str:
    """A pattern of targets; what stands after a `+` is a libc's, of which there are many versions."""
    port = text.removeprefix("!").partition("+")[0]
    if any(fnmatchcase(name, port) for name in _TARGETS):
        return ""
    return f"{text!r} is for no target: `staticgo targets` lists them all"


_EXTRA = Table(
    many=True,
    keys={
        "targets": Texts(required=True, wrong=_pattern),
        "options": Texts(wrong=_word),
        "files": Texts(wrong=_inside),
        "defines": Texts(wrong=_one_line),
        "cflags": Texts(wrong=_word),
        "libs": Texts(wrong=_one_line),
    },
)

_LIBRARY = Table(
    many=True,
    keys={
        "name": Text(required=True, wrong=_name),
        "recipe": Text(wrong=_name),
        "source": Text(wrong=_one_line),
        "sha256": Text(wrong=_sha256),
        "build": Text(choices=tuple(BuildSystem)),
        "options": Texts(wrong=_word),
        "files": Texts(wrong=_inside),
        "include-dirs": Texts(wrong=_inside),
        "headers": Texts(wrong=_inside),
        "defines": Texts(wrong=_one_line),
        "cflags": Texts(wrong=_word),
        "library": Text(wrong=_name),
        "pkg-config": Text(wrong=_name),
        "version": Text(wrong=_name),
        "libs": Texts(wrong=_one_line),
        "commands": Commands(wrong=_word),
        "tools": Texts(wrong=_name),
        "targets": Texts(wrong=_pattern),
        "requires": Texts(wrong=_name),
        "extra": _EXTRA,
    },
)

SCHEMA = Table(
    keys={
        "build": Table(keys={"allocator": Text(wrong=_name), "toolchain": Text(wrong=_name)}),
        "c-library": _LIBRARY,
    }
)
