"""`staticgo test`."""

from __future__ import annotations

import click

from staticgo.cli.arguments import CONTEXT, WithProgramArguments, program_arguments, step


@click.command(
    context_settings=CONTEXT,
    cls=WithProgramArguments,
    epilog="""\b
Examples:
  staticgo test --target linux/arm64 ./...
  staticgo test -t linux/s390x ./store -- -run TestSave -v
  staticgo test -t windows/amd64                   the package in this folder, under wine

What stands after -- goes to go test. Its exit status is given back.
""",
)
@click.argument("packages", nargs=-1)
@click.option(
    "-t", "--target", default="", metavar="OS/ARCH", help="The platform; default: this machine."
)
@click.option("--toolchain", default="", metavar="NAME", help="The C compiler; default: zig.")
def test(packages: tuple[str, ...], target: str, toolchain: str) -> None:
    """Run the tests of PACKAGES as programs of TARGET: go test, with C linked statically.

    Tests for another CPU run under qemu-user, those for Windows under wine. They see this machine's
    files and network, as go test has it: the empty root of `staticgo verify` is for programs.
    """
    from staticgo.app.test import test as run
    from staticgo.host.run import Runner

    run(target, toolchain, packages, program_arguments(), Runner(), step)
