"""Settings as text that a shell evaluates, or another program reads."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Iterator

from staticgo.model.shell import Settings, Shell


def render(settings: Settings, shell: Shell, path: str) -> str:
    """The settings for `shell`; `path` is the PATH of now, for readers that cannot ask for it."""
    if shell is Shell.JSON:
        folders = os.pathsep.join((*settings.path, path))
        values = {**dict(settings.variables), **({"PATH": folders} if settings.path else {})}
        return json.dumps(values, indent=2, sort_keys=True) + "\n"
    lines = _fish(settings) if shell is Shell.FISH else _sh(settings)
    return "".join(f"{line};\n" for line in lines)


def _sh(settings: Settings) -> Iterator[str]:
    for name, value in settings.variables:
        yield f"export {name}={shlex.quote(value)}"
    if settings.path:
        yield f'export PATH={shlex.quote(":".join(settings.path))}"${{PATH:+:$PATH}}"'


def _fish(settings: Settings) -> Iterator[str]:
    for name, value in settings.variables:
        yield f"set -gx {name} {_fish_quoted(value)}"
    if settings.path:
        yield f"set -gx PATH {' '.join(map(_fish_quoted, settings.path))} $PATH"


def _fish_quoted(text: str) -> str:
    """In single quotes fish reads only \\\\ and \\' (https://fishshell.com/docs/current/language.html#quotes)."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
