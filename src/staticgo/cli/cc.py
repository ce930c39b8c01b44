"""`staticgo cc`."""

from __future__ import annotations

import click

from staticgo.cli.arguments import CONTEXT, WithProgramArguments, program_arguments, step
from staticgo.errors import UsageError


@click.command(
    context_settings=CONTEXT,
    cls=WithProgramArguments,
    epilog="""\b
Examples:
  staticgo cc linux/arm64 -- -O2 -static hello.c -o hello
  staticgo cc --cxx linux/riscv64 -- -O2 -static hello.cc -o hello
""",
)
@click.argument("target")
@click.option("--cxx", is_flag=True, help="The C++ compiler.")
@click.option("--toolchain", default="", metavar="NAME", help="The compiler; default: zig.")
def cc(target: str, cxx: bool, toolchain: str) -> None:
    """Be the C compiler for TARGET: ARGS go to it as they are, and its exit status is given back."""
    from staticgo.app.beside import compile_c
    from staticgo.host.run import Runner

    arguments = program_arguments()
    if not arguments:
        raise UsageError(
            "the compiler has nothing to do",
            hint="its arguments stand after --: staticgo cc linux/arm64 -- hello.c -o hello",
        )
    compile_c(target, toolchain, arguments, Runner(), step, cxx=cxx)
