"""The verb `inspect`: read one binary. It is never executed."""

from __future__ import annotations

from pathlib import Path

from staticgo import binary
from staticgo.errors import FormatError
from staticgo.host.files import mapped
from staticgo.model.binary import BinaryReport


def inspect(path: Path) -> BinaryReport:
    """What the binary at `path` needs from a machine.

    Raises FormatError for what is no binary, UsageError for what is no readable file.
    """
    with mapped(path) as data:
        try:
            return binary.read(data)
        except FormatError as error:
            raise FormatError(
                f"{path}: {error.message}", hint=error.hint, details=error.details
            ) from error
