"""`staticgo doctor`."""

from __future__ import annotations

import click

from staticgo.cli.arguments import CONTEXT, split_commas, timeout_option
from staticgo.cli.output import put
from staticgo.errors import ExitCode, MissingTool
from staticgo.model.verdict import Outcome


@click.command(
    context_settings=CONTEXT,
    short_help="Try each with a real link.",
    epilog="""\b
Examples:
  staticgo doctor                          every toolchain that is here
  staticgo doctor gcc-cross mingw          these kinds only
  staticgo doctor zig -t linux/riscv64     zig, for another CPU

Exit codes: 0 all are fine, 4 none is here, 5 one failed.
""",
)
@click.argument("names", nargs=-1)
@click.option(
    "-t", "--target", "targets", multiple=True, metavar="OS/ARCH", help="Link for these targets."
)
@timeout_option
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
def doctor(names: tuple[str, ...], targets: tuple[str, ...], timeout: float, as_json: bool) -> int:
    """Link a small static program with each toolchain, read it, and start it in an empty root.

    NAMES are toolchains as `staticgo toolchain list` names them. Each links for one target, this
    machine's where it can; programs for another CPU run under qemu-user, where it is installed.
    """
    from staticgo.app.toolchains import doctor as run
    from staticgo.host.run import Runner
    from staticgo.view.jsonable import to_json
    from staticgo.view.toolchains import render_checkups

    def report(step: str) -> None:
        click.echo(step, err=True)

    checkups = run(split_commas(names), split_commas(targets), Runner(), report, seconds=timeout)
    if not checkups:
        raise MissingTool(
            "no such toolchain is here" if names or targets else "no toolchain is here",
            hint="`staticgo toolchain list` says how each is added",
        )
    put(to_json(checkups) if as_json else render_checkups(checkups))
    failed = any(checkup.outcome is Outcome.FAIL for checkup in checkups)
    return ExitCode.TOOL_FAILED if failed else ExitCode.PASS
