"""The verb `verify`: start one binary where nothing else exists, and say what was seen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from staticgo.app.inspect import inspect
from staticgo.host.files import mapped
from staticgo.host.run import Runner
from staticgo.model.proof import Proof
from staticgo.proof import Limits, prove, refused_script

_SHEBANG_BYTES = 256
"""What Linux reads of a script's first line (BINPRM_BUF_SIZE in linux/binfmts.h)."""


def verify(path: Path, arguments: Sequence[str], runner: Runner, *, seconds: float = 10.0) -> Proof:
    """Starts the binary at `path` with `arguments` in an empty root, for at most `seconds`.

    Raises FormatError for what is neither binary nor script, UsageError for what is no file.
    """
    with mapped(path) as data:
        first = bytes(data[:_SHEBANG_BYTES]).split(b"\n")[0]
    if first.startswith(b"#!"):
        words = first[2:].decode("utf-8", "replace").split()
        return refused_script(words[0] if words else "")
    report = inspect(path)
    return prove(path, report, arguments, runner=runner, limits=Limits(seconds=seconds))
