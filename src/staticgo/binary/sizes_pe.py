"""What `--size` takes from PE files beside the report: the function table's place."""

from __future__ import annotations

from staticgo.binary.cursor import Buffer, Cursor, Unreadable
from staticgo.binary.pe_image import read_header, read_image, read_sections
from staticgo.binary.pe_layout import function_table, program_of
from staticgo.binary.pe_symbols import read_symbols
from staticgo.binary.program import Program
from staticgo.model.binary import GoBuildInfo


def read_pe_program(
    data: Buffer, go: GoBuildInfo | None, needed: tuple[str, ...]
) -> Program | None:
    """Where Go's function table may stand; None where that cannot be read."""
    header = read_header(data)
    cursor = Cursor(data)
    symbols = read_symbols(cursor, header)
    try:
        image = read_image(cursor, header, read_sections(cursor, header, symbols.names))
    except Unreadable:
        return None
    return program_of(image, symbols, function_table(image, symbols), go, needed)
