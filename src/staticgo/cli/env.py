"""`staticgo env`."""

from __future__ import annotations

import os

import click

from staticgo.cli.arguments import CONTEXT, step
from staticgo.cli.output import put
from staticgo.errors import ExitCode
from staticgo.model.shell import Shell


@click.command(
    context_settings=CONTEXT,
    epilog="""\b
Examples:
  eval "$(staticgo env linux/arm64)"               and then make, go build, goreleaser, ...
  staticgo env linux/arm64 --shell fish | source
  staticgo env windows/amd64 --shell json
""",
)
@click.argument("target")
@click.option(
    "--shell",
    type=click.Choice([shell.value for shell in Shell]),
    default=Shell.SH.value,
    show_default=True,
    help="The language to print them in; sh is for bash and zsh too.",
)
@click.option("--toolchain", default="", metavar="NAME", help="The C compiler; default: zig.")
@click.option(
    "--no-prepare",
    is_flag=True,
    help="Do not make the compiler's first link nor staticgo.toml's C libraries: each takes time once.",
)
def env(target: str, shell: str, toolchain: str, no_prepare: bool) -> int:
    """Print settings under which other tools build for TARGET with staticgo's compilers.

    They set GOOS, GOARCH, CC, CXX, GOFLAGS, CGO_* and PKG_CONFIG_LIBDIR, and put the folder of the
    compilers first on PATH. Nothing of them stays behind when the shell ends.
    """
    from staticgo.app.beside import env as run
    from staticgo.host.run import Runner
    from staticgo.view.shell import render

    settings = run(target, toolchain, Runner(), step, first_link=not no_prepare)
    for remark in settings.remarks:
        click.echo(f"warning: {remark.decision}: {remark.why}", err=True)
    put(render(settings, Shell(shell), os.environ.get("PATH", os.defpath)))
    return ExitCode.PASS
