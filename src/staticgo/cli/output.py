"""What goes to standard output: the verb's answer, whatever becomes of its reader."""

from __future__ import annotations

import os
import sys

from staticgo.errors import ExitCode, OutputError
from staticgo.model.verdict import Outcome


def put(text: str) -> None:
    """Writes `text`, and no newline. A reader that has gone changes neither answer nor exit code.

    File names need not be UTF-8, and come out as they went in. Raises OutputError.
    """
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        forget()
    except OSError as error:
        forget()
        raise OutputError(
            f"cannot write to standard output: {error.strerror}",
            hint="free some space there, or name another file",
        ) from error


def forget() -> None:
    """What is left to write goes nowhere, or Python would complain of it at exit.

    https://docs.python.org/3/library/signal.html#note-on-sigpipe
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def exit_code(outcome: Outcome) -> ExitCode:
    """The exit code that a proof or a verdict asks for."""
    return {
        Outcome.FAIL: ExitCode.FAIL,
        Outcome.UNKNOWN: ExitCode.INCONCLUSIVE,
    }.get(outcome, ExitCode.PASS)
