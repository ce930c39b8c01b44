"""`staticgo targets`."""

from __future__ import annotations

import click

from staticgo.cli.arguments import CONTEXT, split_commas
from staticgo.cli.output import put
from staticgo.errors import ExitCode


@click.command(
    context_settings=CONTEXT,
    epilog="""\b
Examples:
  staticgo targets                           every port of Go
  staticgo targets 'linux/*' '!linux/mips*'  some of them
  staticgo targets 'linux/arm/*'             the variants of a CPU
  staticgo targets --json | jq '.[] | select(.cgo == "static") | .target'
""",
)
@click.argument("patterns", nargs=-1)
@click.option("--variants", is_flag=True, help="Also every variant of each CPU.")
@click.option("--json", "as_json", is_flag=True, help="Print the platforms as JSON.")
def targets(patterns: tuple[str, ...], variants: bool, as_json: bool) -> int:
    """Say what can be built for each platform, how static it can be, and how it is proven here.

    PATTERNS are names, patterns or exclusions, as `staticgo build --target` takes them.
    """
    from staticgo.app.targets import targets as run
    from staticgo.host.run import Runner
    from staticgo.view.jsonable import to_json
    from staticgo.view.targets import render

    found = run(split_commas(patterns), Runner(), variants=variants)
    put(to_json(found) if as_json else render(found))
    return ExitCode.PASS
