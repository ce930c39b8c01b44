"""Every error a user can meet, and the exit code of each: the one tree, in one file."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What staticgo's process returns; documented in docs/guide/exit-codes.md."""

    PASS = 0
    FAIL = 1
    USAGE = 2
    INCONCLUSIVE = 3
    MISSING_TOOL = 4
    TOOL_FAILED = 5
    BUG = 70
    INTERRUPTED = 130


class StaticgoError(Exception):
    """A failure with a cause and a next step.

    `message` says what happened, on which file or target, and why; `hint` says what to do next;
    `details` holds the last words of a tool, when one failed.
    """

    exit_code: ExitCode = ExitCode.BUG

    def __init__(self, message: str, *, hint: str, details: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.details = details


class UsageError(StaticgoError):
    """What was asked for makes no sense: an option, a target, a path."""

    exit_code = ExitCode.USAGE


class UnknownTarget(UsageError):
    """A platform that Go does not know, or that this version cannot build for."""


class ProjectError(UsageError):
    """The package cannot be built as a program: no module, no main, no such package."""


class OutputError(UsageError):
    """The output directory cannot take the result."""


class Unreachable(UsageError):
    """A platform for which this program cannot be built, whatever is installed."""


class Refused(UsageError):
    """The plan that was asked for would make a program that fails at run time."""


class WrongBinary(StaticgoError):
    """A binary was made, and it is not what was promised."""

    exit_code = ExitCode.FAIL


class FormatError(StaticgoError):
    """Bytes that are not a binary of a known format, or a malformed one."""

    exit_code = ExitCode.INCONCLUSIVE


class MissingTool(StaticgoError):
    """Go, zig or another tool is not here."""

    exit_code = ExitCode.MISSING_TOOL


class ToolFailed(StaticgoError):
    """A tool that staticgo called gave up."""

    exit_code = ExitCode.TOOL_FAILED


class Interrupted(StaticgoError):
    """The user, or a signal, ended the run; children are gone and nothing half-written is left."""

    exit_code = ExitCode.INTERRUPTED
