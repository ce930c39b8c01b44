"""`staticgo verify`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from staticgo.cli.arguments import (
    CONTEXT,
    WithProgramArguments,
    program_arguments,
    timeout_option,
)
from staticgo.cli.output import exit_code, put
from staticgo.model.verdict import Outcome

if TYPE_CHECKING:
    from staticgo.model.proof import Proof


@click.command(
    context_settings=CONTEXT,
    cls=WithProgramArguments,
    epilog="""\b
Examples:
  staticgo verify dist/app-linux-amd64
  staticgo verify dist/app-linux-arm64 -- --version

Exit codes: 0 it starts, 1 it does not, 3 that could not be found out (no emulator, say).
""",
)
@click.argument("file")
@timeout_option
@click.option("--json", "as_json", is_flag=True, help="Print the proof as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing where it passes.")
def verify(file: str, timeout: float, as_json: bool, quiet: bool) -> int:
    """Start FILE in an empty root, and say what was seen.

    Nothing of this machine is there: no files, no network, no privileges. Binaries for other CPUs
    run under qemu-user where it is installed. Use it on programs that you would start anyway.
    """
    from staticgo.app.verify import verify as run
    from staticgo.host.run import Runner

    proof = run(Path(file), program_arguments(), Runner(), seconds=timeout)
    if as_json:
        from staticgo.view.jsonable import to_json

        put(to_json(proof))
    elif proof.outcome is not Outcome.PASS or not quiet:
        put_proof(file, proof)
    return exit_code(proof.outcome)


def put_proof(name: str, proof: Proof) -> None:
    """Prints a proof: on standard error, unless it passed."""
    from staticgo.view.text import proof_text

    if proof.outcome is Outcome.PASS:
        put(proof_text(name, proof) + "\n")
    else:
        click.echo(proof_text(name, proof), err=True)
