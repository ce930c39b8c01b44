"""The command line: options, progress, exit codes; nothing else.

`main` answers `--version` and `--help` itself, before anything heavy is imported; each verb's file,
and click with it, is imported when that verb is called.
"""

from __future__ import annotations

import sys

from staticgo._version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import NoReturn

VERBS = {
    "build": "Build a Go program as a static binary, cgo included.",
    "explain": "Say why a program will or will not be static, before it is built.",
    "inspect": "Say what binaries need from the machine they will run on.",
    "diff": "Say what changed between two binaries.",
    "verify": "Start a binary where nothing else exists, and report.",
    "env": "Print settings under which other tools build for a target.",
    "cc": "Be the C compiler for a target.",
    "test": "Run a package's tests for a target, statically linked.",
    "targets": "List the platforms: what can be built, and how it is proven.",
    "toolchain": "List the C toolchains, and install them.",
    "doctor": "Try each C toolchain with a real link.",
}
"""The short help of each verb; the long one stands in its own file, staticgo/cli/VERB.py."""

_STARTING = ("build", "verify")
"""The verbs that take arguments for the user's program."""

_HELP = """\
Usage: staticgo VERB [OPTIONS]

  Build Go programs as static binaries, prove that they are, and say why where
  they are not.

Verbs:
{verbs}

Options:
  -V, --version  Print the version.
  -h, --help     Print this, or a verb's own help: staticgo VERB --help

Examples:
  staticgo build ./cmd/app --target linux/amd64 --target linux/arm64 --verify
  staticgo build zgo.at/goatcounter/v2/cmd/goatcounter@v2.7.0
  staticgo verify ./app -- --version
  staticgo inspect --require static dist/

Exit codes:
  0 pass, 1 the binary is not what was asked for, 2 usage or configuration,
  3 inconclusive, 4 a tool is missing, 5 a tool failed, 70 a bug in staticgo,
  130 interrupted.
"""


def main() -> NoReturn:
    """Runs the command line and exits with one of `ExitCode`."""
    first = sys.argv[1] if len(sys.argv) > 1 else "--help"
    if first in ("--version", "-V"):
        sys.stdout.write(f"staticgo {__version__}\n")
        sys.exit(0)
    if first in ("--help", "-h"):
        sys.stdout.write(_HELP.format(verbs="\n".join(f"  {v:<9} {t}" for v, t in VERBS.items())))
        sys.exit(0)
    import signal

    for ending in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(ending) is not signal.SIG_IGN:  # as nohup has it
            signal.signal(ending, _as_interrupt)
    sys.exit(_run(first, sys.argv[2:]))


def _run(verb: str, words: list[str]) -> int:
    from staticgo.errors import ExitCode, StaticgoError

    try:
        status = _call(verb, words)
    except StaticgoError as failure:
        from staticgo.view.text import error

        sys.stderr.write(error(failure) + "\n")
        return failure.exit_code
    except KeyboardInterrupt:
        return _interrupted()
    except BrokenPipeError:  # of a help text; the verbs' answers go through `output`
        from staticgo.cli.output import forget

        forget()
        return ExitCode.PASS
    except Exception as failure:
        return _click_or_bug(verb, failure)
    return status if isinstance(status, int) else ExitCode.PASS


def _call(verb: str, words: list[str]) -> object:
    """What the verb's command returns. Raises UsageError where there is no such verb."""
    if verb not in VERBS:
        import difflib

        from staticgo.errors import UsageError

        close = difflib.get_close_matches(verb, VERBS, n=1)
        raise UsageError(
            f"there is no verb {verb!r}",
            hint=f"perhaps you meant {close[0]}?" if close else f"the verbs are {', '.join(VERBS)}",
        )
    import importlib

    command = getattr(importlib.import_module(f"staticgo.cli.{verb}"), verb)
    # Not command.main: it answers a broken pipe itself, with the status of a wrong binary.
    import click

    try:
        with command.make_context(f"staticgo {verb}", words) as context:
            return command.invoke(context)
    except click.exceptions.Exit as ended:
        return ended.exit_code


def _click_or_bug(verb: str, failure: Exception) -> int:
    import click

    from staticgo.errors import ExitCode

    if isinstance(failure, click.ClickException):
        unknown = isinstance(failure, click.NoSuchOption)
        # Without click's guess: the likeliest slip is an option of the program's own.
        message = (failure.message if unknown else failure.format_message()).rstrip(".")
        sys.stderr.write(f"staticgo: {message[:1].lower()}{message[1:]}\n")
        also = "; what is meant for the program itself stands after --" if verb in _STARTING else ""
        if verb == "explain":
            also = "; what you give to go build stands in --flags"
        sys.stderr.write(f"next: `staticgo {verb} --help` lists what it takes{also}\n")
        return ExitCode.USAGE
    if isinstance(failure, click.Abort):
        return _interrupted()
    import traceback

    traceback.print_exception(failure)
    sys.stderr.write(
        "staticgo: this is a bug in staticgo\nnext: report it with the lines above, please\n"
    )
    return ExitCode.BUG


def _interrupted() -> int:
    from staticgo.errors import ExitCode

    sys.stderr.write("staticgo: interrupted; nothing half-written was left\nnext: run it again\n")
    return ExitCode.INTERRUPTED


def _as_interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
