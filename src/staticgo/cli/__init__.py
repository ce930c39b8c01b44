"""The command line: options, progress, exit codes; nothing else.

`main` answers `--version` before anything heavy is imported; each verb's file is imported when it
is called.
"""

from __future__ import annotations

import signal
import sys
from types import FrameType
from typing import NoReturn

from staticgo._version import __version__
from staticgo.errors import ExitCode, StaticgoError


def main() -> NoReturn:
    """Runs the command line and exits with one of `ExitCode`."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        sys.stdout.write(f"staticgo {__version__}\n")
        sys.exit(ExitCode.PASS)
    signal.signal(signal.SIGTERM, _as_interrupt)
    sys.exit(_run())


def _run() -> int:
    from staticgo.cli.root import root

    try:
        status = root.main(standalone_mode=False, prog_name="staticgo")
        sys.stdout.flush()
    except StaticgoError as failure:
        from staticgo.view.text import error

        sys.stderr.write(error(failure) + "\n")
        return failure.exit_code
    except KeyboardInterrupt:
        sys.stderr.write("staticgo: interrupted; nothing half-written was left\n")
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()  # the reader has gone, and Python would complain of it at exit
        return ExitCode.PASS
    except Exception as failure:
        return _click_or_bug(failure)
    return status if isinstance(status, int) else ExitCode.PASS


def _click_or_bug(failure: Exception) -> int:
    import click

    if isinstance(failure, click.ClickException):
        failure.show()
        return failure.exit_code
    if isinstance(failure, click.Abort):
        sys.stderr.write("staticgo: interrupted; nothing half-written was left\n")
        return ExitCode.INTERRUPTED
    import traceback

    traceback.print_exception(failure)
    sys.stderr.write(
        "staticgo: this is a bug in staticgo\nnext: report it with the lines above, please\n"
    )
    return ExitCode.BUG


def _as_interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
