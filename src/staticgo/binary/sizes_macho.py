"""What `--size` takes from Mach-O files beside the report: the function table's place."""

from __future__ import annotations

from staticgo.binary.cursor import Buffer, Unreadable
from staticgo.binary.macho_commands import read_commands
from staticgo.binary.macho_image import read_header
from staticgo.binary.macho_layout import program_of
from staticgo.binary.program import Program
from staticgo.model.binary import GoBuildInfo


def read_macho_program(data: Buffer, go: GoBuildInfo | None) -> Program | None:
    """Where Go's function table may stand; None where that cannot be read."""
    try:
        header, cursor = read_header(data)
        return program_of(cursor, header, read_commands(cursor, header), go)
    except Unreadable:
        return None
