"""What Go's own linker says in each program for OpenBSD, and zig's driver lets nobody say.

OpenBSD 7.4 and later end a program whose indirect jumps do not land on marked places (IBT, BTI), where the
CPU can tell, unless a program header exempts it. Go's code has no marks; its linker writes the header
(cmd/link/internal/ld/elf.go), or asks the system's linker for it with `-z nobtcfi`. zig refuses the words.
"""

from __future__ import annotations

import struct

from staticgo.errors import FormatError

_EXEMPT = 0x65A3DBE8  # PT_OPENBSD_NOBTCFI
_STACK = 0x6474E551  # PT_GNU_STACK
_EXECUTE = 1


def exempted(program: bytes) -> bytes:
    """The ELF `program` with that header in the place of PT_GNU_STACK, which OpenBSD does not read.

    Go's linker has it there too. Raises FormatError where there is no such place.
    """
    if program[:4] != b"\x7fELF" or len(program) < 64:
        raise FormatError("the linker's result is no ELF file", hint="build again")
    wide, order = program[4] == 2, "<" if program[5] == 1 else ">"
    (table,) = struct.unpack_from(f"{order}{'Q' if wide else 'I'}", program, 32 if wide else 28)
    size, count = struct.unpack_from(f"{order}HH", program, 54 if wide else 42)
    at = [table + n * size for n in range(count) if table + (n + 1) * size <= len(program)]
    kinds = {struct.unpack_from(f"{order}I", program, place)[0]: place for place in at}
    if _EXEMPT in kinds:
        return program
    if _STACK not in kinds:
        raise FormatError(
            "the program has no header that could exempt it from OpenBSD's landing pads",
            hint="report this as a bug of staticgo",
        )
    header = [0] * 8
    header[0], header[1 if wide else 6] = _EXEMPT, _EXECUTE
    changed = bytearray(program)
    struct.pack_into(f"{order}II6Q" if wide else f"{order}8I", changed, kinds[_STACK], *header)
    return bytes(changed)
