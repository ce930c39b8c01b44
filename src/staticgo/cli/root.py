"""The `staticgo` command and its verbs, imported one at a time."""

from __future__ import annotations

import importlib

import click

_VERBS = {
    "build": "Build a Go program as a static binary, cgo included.",
    "inspect": "Say what a binary needs from the machine it will run on.",
    "verify": "Start a binary where nothing else exists, and report.",
}
"""The short help of each verb; the long one stands in its own file, staticgo/cli/VERB.py."""


class _LazyGroup(click.Group):
    """Knows its verbs by name, so that `--help` imports none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _VERBS:
            return None
        command = getattr(importlib.import_module(f"staticgo.cli.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl(list(_VERBS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            import difflib

            close = difflib.get_close_matches(args[0], _VERBS, n=1)
            if not close:
                raise
            raise click.UsageError(
                f"{error.message} Perhaps you meant '{close[0]}'?", ctx
            ) from error


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Examples:
  staticgo build ./cmd/app --target linux/amd64 --target linux/arm64 --verify
  staticgo build zgo.at/goatcounter/v2/cmd/goatcounter@v2.7.0
  staticgo verify ./app -- --version

\b
Exit codes:
  0 pass, 1 the binary is not what was asked for, 2 usage or configuration,
  3 inconclusive, 4 a tool is missing, 5 a tool failed, 70 a bug in staticgo.
""",
)
@click.option("-V", "--version", is_flag=True, is_eager=True, help="Print the version.")
def root(version: bool) -> None:
    """Build Go programs as static binaries, prove that they are, and say why where they are not."""
