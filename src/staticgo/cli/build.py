"""`staticgo build`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from staticgo.cli.arguments import (
    CONTEXT,
    WithProgramArguments,
    program_arguments,
    split_commas,
    timeout_option,
)
from staticgo.cli.output import exit_code, put
from staticgo.errors import ExitCode, UsageError
from staticgo.facts.packages import USE_LIBC_NAMES
from staticgo.host.files import working_directory
from staticgo.model.plan import CgoMode, Policy
from staticgo.model.request import BuildRequest
from staticgo.model.result import BuildResult

if TYPE_CHECKING:
    from staticgo.host.run import Runner


@click.command(
    context_settings=CONTEXT,
    cls=WithProgramArguments,
    epilog="""\b
Examples:
  staticgo build                                   the program in this folder, for this machine
  staticgo build ./cmd/app -t linux/arm64 -t linux/riscv64
  staticgo build ./cmd/app --verify -- version     and start `app version` in an empty root
  staticgo build zgo.at/goatcounter/v2/cmd/goatcounter@v2.7.0
  staticgo build ./cmd/app --dry-run | sh          the same by hand, with the reasons
  staticgo build ./cmd/app -t 'linux/*,!linux/mips*' -t darwin/arm64

The binaries are named DIR/NAME-OS-ARCH. `staticgo targets` lists the targets.
""",
)
@click.argument("package", default=".")
@click.option(
    "-t",
    "--target",
    "targets",
    multiple=True,
    metavar="OS/ARCH",
    help="Names, patterns ('linux/*', all) or exclusions (!linux/mips*); default: this machine.",
)
@click.option(
    "-o",
    "--output",
    default="dist",
    metavar="DIR",
    show_default=True,
    help="Where the binaries go.",
)
@click.option(
    "--verify", is_flag=True, help="Start each binary in an empty root; ARGS are its arguments."
)
@timeout_option
@click.option(
    "--dry-run", is_flag=True, help="Print the plan as a shell script, and build nothing."
)
@click.option("--tags", default="", metavar="TAGS", help="Build tags of your own, with commas.")
@click.option(
    "--ldflags",
    default="",
    metavar="FLAGS",
    help="Flags for Go's linker, such as -X main.version=1.",
)
@click.option(
    "--cgo",
    type=click.Choice([mode.value for mode in CgoMode]),
    default=CgoMode.AUTO.value,
    show_default=True,
    help="off: never use C; refused where that leaves a stub.",
)
@click.option(
    "--use-libc",
    default="",
    metavar="net,user",
    help="Keep libc's version of net or os/user.",
)
@click.option("--race", is_flag=True, help="With Go's race detector, static too.")
@click.option("--pie", is_flag=True, help="Position-independent: a static PIE on Linux.")
@click.option(
    "--buildmode", default="", metavar="MODE", help="exe or pie; other modes cannot be static."
)
@click.option(
    "--toolchain",
    default="",
    metavar="NAME",
    help="The C compiler; default: zig. `staticgo toolchain list` names them.",
)
@click.option(
    "--allocator", default="", metavar="NAME", help="mimalloc: in place of musl's malloc."
)
@click.option("--keep-symbols", is_flag=True, help="Do not strip symbols and DWARF.")
@click.option(
    "-j", "--jobs", type=click.IntRange(1), help="Targets built at once; default: one a core."
)
@click.option("--rebuild", is_flag=True, help="Build again even where nothing seems changed.")
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors and warnings.")
def build(
    package: str,
    targets: tuple[str, ...],
    output: str,
    verify: bool,
    timeout: float,
    dry_run: bool,
    tags: str,
    ldflags: str,
    cgo: str,
    use_libc: str,
    race: bool,
    pie: bool,
    buildmode: str,
    toolchain: str,
    allocator: str,
    keep_symbols: bool,
    jobs: int | None,
    rebuild: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Build PACKAGE as a static binary for each target.

    PACKAGE is a folder with a `package main`, an import path, or module/path@version. C code is
    compiled by zig and linked statically with musl; a program without C is built without cgo.
    Each binary is read and judged before it gets its name.
    """
    request = BuildRequest(
        package=package,
        directory=str(working_directory()),
        output=str(Path(output).absolute()),
        targets=_targets(targets),
        policy=Policy(
            cgo=CgoMode(cgo),
            use_libc=_libc_packages(use_libc),
            tags=split_commas([tags.replace(" ", ",")]),
            ldflags=ldflags,
            strip=not keep_symbols,
            build_mode="pie" if pie else buildmode,
            race=race,
            toolchain=toolchain,
            allocator=allocator,
        ),
        verify=verify,
        seconds=timeout,
        arguments=_arguments(verify),
        jobs=jobs or 0,
        rebuild=rebuild,
    )
    from staticgo.host.run import Runner

    if dry_run:
        return _plan(request, Runner(), as_json=as_json)
    return _build(request, Runner(), as_json=as_json, quiet=quiet)


def _plan(request: BuildRequest, runner: Runner, *, as_json: bool) -> int:
    from staticgo.app.build import plan
    from staticgo.view.jsonable import to_json
    from staticgo.view.script import render

    plans = plan(request, runner).plans
    put(to_json(plans) if as_json else render(plans, request.output))
    return ExitCode.PASS


def _build(request: BuildRequest, runner: Runner, *, as_json: bool, quiet: bool) -> int:
    from staticgo.app.build import build as run
    from staticgo.cli.progress import progress

    with progress(sys.stderr, quiet=quiet) as report:
        results = run(request, runner, report)
    _print(results, as_json=as_json, quiet=quiet)
    outcomes = [result.proof.outcome for result in results if result.proof is not None]
    return max((exit_code(outcome) for outcome in outcomes), key=_severity, default=ExitCode.PASS)


def _print(results: tuple[BuildResult, ...], *, as_json: bool, quiet: bool) -> None:
    from staticgo.cli.verify import put_proof
    from staticgo.model.verdict import Outcome
    from staticgo.view import log, text

    here = str(Path.cwd())
    for line in (*text.warnings(results), *log.build_remarks(results)):
        click.echo(line, err=True)
    if as_json:
        from staticgo.view.jsonable import to_json

        put(to_json(results))
        return
    if not quiet:
        put(text.table(text.rows(results, here)) + "\n")
    for result in results:
        proof = result.proof
        if proof is None:
            continue
        said = proof.needs or proof.hint
        if proof.outcome is not Outcome.PASS or (said and not quiet):
            put_proof(text.short(result.path, here), proof)


def _severity(code: ExitCode) -> int:
    return [ExitCode.PASS, ExitCode.INCONCLUSIVE, ExitCode.FAIL].index(code)


def _targets(values: tuple[str, ...]) -> tuple[str, ...]:
    targets = split_commas(values)
    if values and not targets:
        raise UsageError("--target names no platform", hint="name one, such as linux/arm64")
    return targets


def _libc_packages(text: str) -> tuple[str, ...]:
    names = split_commas([text])
    for name in names:
        if name not in USE_LIBC_NAMES:
            raise UsageError(
                f"--use-libc {name}: no such choice", hint="it takes net, user, or net,user"
            )
    return tuple(dict.fromkeys(USE_LIBC_NAMES[name] for name in names))


def _arguments(verify: bool) -> tuple[str, ...]:
    arguments = program_arguments()
    if arguments and not verify:
        raise UsageError(
            "arguments after -- are for the program, and it is only started with --verify",
            hint="add --verify, or leave them away",
        )
    return arguments
