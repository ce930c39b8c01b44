"""Names as people may see them: whatever an archive says, a terminal must not obey it."""

from __future__ import annotations

import posixpath

_LONGEST = 4096


def shown(name: str) -> str:
    r"""`name` with control characters, direction marks and undecodable bytes as escapes: `\x1b`."""
    if len(name) > _LONGEST:
        name = f"{name[: _LONGEST // 2]}…{name[-_LONGEST // 2 :]}"
    return name if name.isprintable() else "".join(map(_escaped, name))


def inside(archive: str, name: str) -> str:
    """The name of `name` in `archive`, which is shown already."""
    return f"{archive}!{shown(name)}"


def plain(name: str) -> str:
    """A path in an archive as one spelling, to compare: no `./`, no `..`, no slash in front."""
    return posixpath.normpath("/" + name).lstrip("/")


def _escaped(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that was no UTF-8: PEP 383
        return f"\\x{code - 0xDC00:02x}"
    return character.encode("unicode_escape").decode("ascii")
