"""`staticgo explain`."""

from __future__ import annotations

import click

from staticgo.cli.arguments import CONTEXT, split_commas
from staticgo.cli.output import put
from staticgo.errors import ExitCode, UsageError
from staticgo.host.files import working_directory
from staticgo.model.request import ExplainRequest


@click.command(
    context_settings=CONTEXT,
    epilog="""\b
Examples:
  staticgo explain                                  the program in this folder
  staticgo explain ./cmd/app -t linux/arm64
  staticgo explain --flags "-ldflags '-extldflags=-static'"
  staticgo explain --compare linux/amd64,linux/arm64
  staticgo explain --compare '-tags netgo' --compare 'CGO_ENABLED=0'
  staticgo explain --since v1.4.0                   what turned it dynamic
  staticgo explain --dot | dot -Tsvg > cgo.svg
  go build 2>&1 | staticgo explain --log -          what the linker means

What is foretold is what the `go` command itself would do; nothing is built. That it would fail is
an answer too, and no error.
""",
)
@click.argument("package", default=".")
@click.option(
    "-t",
    "--target",
    "targets",
    multiple=True,
    metavar="OS/ARCH",
    help="Any port of Go; repeat it. Default: GOOS and GOARCH.",
)
@click.option(
    "--flags",
    default="",
    metavar="FLAGS",
    help="What you give to go build, settings before it: 'CC=musl-gcc -tags netgo'.",
)
@click.option(
    "--compare",
    "pair",
    multiple=True,
    metavar="A,B",
    help="Two targets or two sets of flags side by side.",
)
@click.option("--since", metavar="REV", help="What changed since this git revision.")
@click.option(
    "--log", metavar="FILE", help="Explain a build's output instead; - reads it from a pipe."
)
@click.option("--dot", "as_dot", is_flag=True, help="Print the import chains as a Graphviz graph.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def explain(
    package: str,
    targets: tuple[str, ...],
    flags: str,
    pair: tuple[str, ...],
    since: str | None,
    log: str | None,
    as_dot: bool,
    as_json: bool,
) -> int:
    """Say why PACKAGE will or will not be static, before it is built.

    Who brings cgo in, what plain `go build` would make of it, which of your flags have no effect, the
    ways to a static program and what each costs, and what will be missing on an empty machine.
    """
    _check(pair, since, log, as_dot=as_dot, as_json=as_json)
    if log is not None:
        if targets or flags or package != ".":
            raise UsageError(
                "--log reads a log, and no program: a package, --target or --flags say nothing to it",
                hint="leave them away",
            )
        _log(log, as_json=as_json)
        return ExitCode.PASS
    request = ExplainRequest(
        package=package,
        directory=str(working_directory()),
        targets=split_commas(targets),
        flags=flags,
    )
    if pair:
        _compare(request, pair, as_json=as_json)
    elif since is not None:
        _since(request, since, as_json=as_json)
    else:
        _explain(request, as_dot=as_dot, as_json=as_json)
    return ExitCode.PASS


def _check(
    pair: tuple[str, ...], since: str | None, log: str | None, *, as_dot: bool, as_json: bool
) -> None:
    given = [
        name
        for name, on in (("--compare", pair), ("--since", since), ("--log", log), ("--dot", as_dot))
        if on
    ]
    if len(given) > 1:
        raise UsageError(f"{' and '.join(given)} do not go together", hint="ask one at a time")
    if as_dot and as_json:
        raise UsageError("--dot and --json do not go together", hint="ask one at a time")


def _explain(request: ExplainRequest, *, as_dot: bool, as_json: bool) -> None:
    from staticgo.app.explain import explain as run
    from staticgo.host.run import Runner

    found = run(request, Runner())
    if as_json:
        from staticgo.view.jsonable import to_json

        put(to_json(found))
    elif as_dot:
        from staticgo.view.dot import dot

        put(dot(found))
    else:
        from staticgo.view.explanation import explanation

        put("\n".join(map(explanation, found)))


def _log(name: str, *, as_json: bool) -> None:
    from staticgo.app.log import read_log

    reading = read_log(name)
    if as_json:
        from staticgo.view.jsonable import to_json

        put(to_json(reading))
    else:
        from staticgo.view.log import log_text

        put(log_text(reading))


def _compare(request: ExplainRequest, pair: tuple[str, ...], *, as_json: bool) -> None:
    from staticgo.app.explain import compare
    from staticgo.host.run import Runner

    _put_comparison(compare(request, pair, Runner()), as_json=as_json)


def _since(request: ExplainRequest, revision: str, *, as_json: bool) -> None:
    from staticgo.app.since import since
    from staticgo.host.run import Runner

    _put_comparison(since(request, revision, Runner()), as_json=as_json)


def _put_comparison(found: object, *, as_json: bool) -> None:
    from staticgo.model.comparison import Comparison

    assert isinstance(found, Comparison)
    if as_json:
        from staticgo.view.jsonable import to_json

        put(to_json(found))
    else:
        from staticgo.view.explanation import comparison

        put(comparison(found))
