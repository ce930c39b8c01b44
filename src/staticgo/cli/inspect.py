"""`staticgo inspect`."""

from __future__ import annotations

from collections.abc import Iterable

import click

from staticgo.cli.arguments import CONTEXT
from staticgo.cli.output import exit_code, put
from staticgo.errors import ExitCode, UsageError
from staticgo.model.inspection import SCHEMA_VERSION, Inspection, Inspections, Require
from staticgo.model.source import Trouble
from staticgo.model.verdict import Outcome


@click.command(
    context_settings=CONTEXT,
    epilog="""\b
Examples:
  staticgo inspect dist/app-linux-arm64
  staticgo inspect --require static dist/           a gate for CI
  staticgo inspect --json app.exe | jq .binaries[0].report
  staticgo inspect --size --only-go image.tar
  staticgo inspect --explain static-libc

Exit codes: 0 all was read (and is what --require asks for), 1 a binary falls short of
--require, 3 something could not be read.
""",
)
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option(
    "--require",
    type=click.Choice([choice.value for choice in Require]),
    help="Fail where a program is not linked so.",
)
@click.option("--size", is_flag=True, help="Break each size down by Go package and C library.")
@click.option("--only-go", is_flag=True, help="Leave out what Go did not make.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Print only what falls short or was not read.")
@click.option("-j", "--jobs", type=click.IntRange(1), help="Files at once; default: one a core.")
@click.option("--explain", metavar="RULE", help="Print what a rule means, and exit.")
def inspect(
    paths: tuple[str, ...],
    require: str | None,
    size: bool,
    only_go: bool,
    as_json: bool,
    quiet: bool,
    jobs: int | None,
    explain: str | None,
) -> int:
    """Say what binaries need from the machine they will run on. None is ever executed.

    PATH is a file, a folder, an archive (tar, zip, deb, also compressed), a container image (OCI
    layout or `docker save`), or - for standard input; ELF, Mach-O and PE, of any CPU.
    """
    if explain is not None:
        put(_explanation(explain))
        return ExitCode.PASS
    if not paths:
        raise UsageError("no PATH was given", hint="name a binary, a folder or an archive")
    from staticgo.app.inspect import inspect_all

    found = inspect_all(
        paths,
        require=Require(require) if require else None,
        sizes=size,
        only_go=only_go,
        jobs=jobs or 0,
    )
    if as_json:
        return _json(found, gate=require is not None)
    return _text(found, short=quiet, gate=require is not None)


def _json(found: Iterable[Inspection | Trouble], *, gate: bool) -> int:
    from staticgo.view.jsonable import to_json

    items = list(found)
    all_of_it = Inspections(
        version=SCHEMA_VERSION,
        binaries=tuple(item for item in items if isinstance(item, Inspection)),
        troubles=tuple(item for item in items if isinstance(item, Trouble)),
    )
    put(to_json(all_of_it))
    # A gate through which nothing went has seen nothing good.
    return exit_code(all_of_it.outcome) if items or gate else ExitCode.PASS


def _text(found: Iterable[Inspection | Trouble], *, short: bool, gate: bool) -> int:
    from staticgo.view import inspection as view

    worst = Outcome.PASS
    nothing = True
    for item in found:
        nothing = False
        if isinstance(item, Trouble):
            click.echo(view.trouble(item), err=True)
            worst = min(worst, Outcome.UNKNOWN)
            continue
        worst = min(worst, item.verdict.outcome)
        if not short:
            put(view.inspection(item) + "\n")
        elif item.verdict.outcome <= Outcome.UNKNOWN:
            lines = [view.line(item), *view.findings(item, at_most=Outcome.UNKNOWN)]
            put("\n".join(lines) + "\n")
    if nothing and gate:
        click.echo("staticgo: nothing was left to judge", err=True)
        click.echo("next: name a program, or leave --only-go away", err=True)
        return ExitCode.INCONCLUSIVE
    return exit_code(worst)


def _explanation(name: str) -> str:
    import difflib

    from staticgo.facts.rules import BY_ID
    from staticgo.view.inspection import rule

    if name not in BY_ID:
        close = difflib.get_close_matches(name, BY_ID, n=1)
        raise UsageError(
            f"there is no rule {name!r}",
            hint=f"perhaps you meant {close[0]}?" if close else f"the rules: {', '.join(BY_ID)}",
        )
    return rule(BY_ID[name])
