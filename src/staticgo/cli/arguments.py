"""What several verbs take: a program's own arguments after `--`, and lists with commas."""

from __future__ import annotations

import math
from collections.abc import Iterable

import click

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
"""Settings of every verb's command."""

_KEY = "staticgo.arguments"


class WithProgramArguments(click.Command):
    """A command whose words after `--` belong to the user's program and are never read as ours."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if "--" in args:
            cut = args.index("--")
            args, ctx.meta[_KEY] = args[:cut], tuple(args[cut + 1 :])
        return super().parse_args(ctx, args)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return [*super().collect_usage_pieces(ctx), "[-- ARGS...]"]


def _finite(context: click.Context, parameter: click.Parameter, value: float) -> float:
    if not math.isfinite(value):  # click lets nan through every range
        raise click.BadParameter("it is no number of seconds", context, parameter)
    return value


timeout_option = click.option(
    "--timeout",
    type=click.FloatRange(0.1, 24 * 3600),
    default=10.0,
    show_default=True,
    callback=_finite,
    help="Seconds to watch the program in the empty root.",
)


def step(text: str) -> None:
    """Says on standard error which step of long work begins."""
    click.echo(f"staticgo: {text}", err=True)


def program_arguments() -> tuple[str, ...]:
    """The words after `--`."""
    words: tuple[str, ...] = click.get_current_context().meta.get(_KEY, ())
    return words


def split_commas(values: Iterable[str]) -> tuple[str, ...]:
    """`a,b` and `a` `b` alike, empty pieces dropped."""
    return tuple(piece.strip() for value in values for piece in value.split(",") if piece.strip())
