"""`staticgo inspect`."""

from __future__ import annotations

from pathlib import Path

import click

from staticgo.cli.arguments import CONTEXT
from staticgo.cli.output import put
from staticgo.errors import ExitCode
from staticgo.model.binary import Linkage


@click.command(
    context_settings=CONTEXT,
    epilog="""\b
Examples:
  staticgo inspect /bin/ls
  staticgo inspect --json dist/app-linux-arm64

Exit codes: 0 it was read, 3 how it is linked cannot be told.
""",
)
@click.argument("path")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def inspect(path: str, as_json: bool) -> int:
    """Read the binary at PATH and say how it is linked. It is never executed."""
    from staticgo.app.inspect import inspect as run
    from staticgo.view.jsonable import to_json
    from staticgo.view.text import inspection

    report = run(Path(path))
    put(to_json(report) if as_json else inspection(path, report) + "\n")
    unknown = any(piece.linkage is Linkage.UNKNOWN for piece in report.slices)
    return ExitCode.INCONCLUSIVE if unknown else ExitCode.PASS
