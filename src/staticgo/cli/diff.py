"""`staticgo diff`."""

from __future__ import annotations

from pathlib import Path

import click

from staticgo.cli.arguments import CONTEXT
from staticgo.cli.output import put
from staticgo.errors import ExitCode


@click.command(
    context_settings=CONTEXT,
    epilog="""\b
Examples:
  staticgo diff app-1.0 app-1.1
  staticgo diff --json old.exe new.exe | jq '.changes[] | select(.topic == "modules")'
""",
)
@click.argument("before")
@click.argument("after")
@click.option("--json", "as_json", is_flag=True, help="Print the changes as JSON.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 where there is a change.")
def diff(before: str, after: str, as_json: bool, exit_code: bool) -> int:
    """Say what changed from the binary BEFORE to the binary AFTER. Neither is executed.

    Linkage, libraries, Go modules and settings, and the size of each Go package.
    """
    from staticgo.app.diff import diff as run
    from staticgo.view.inspection import changes
    from staticgo.view.jsonable import to_json

    found = run(Path(before), Path(after))
    put(to_json(found) if as_json else changes(found.changes) + "\n")
    if not found.whole:
        click.echo("staticgo: a part of the two could not be read, so there may be more", err=True)
        click.echo("next: see what with `staticgo inspect`", err=True)
        return ExitCode.INCONCLUSIVE
    return ExitCode.FAIL if found.changes and exit_code else ExitCode.PASS
