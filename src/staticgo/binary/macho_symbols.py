"""A Mach-O symbol table, as far as it answers: stripped or not, and is there a stack canary."""

from __future__ import annotations

from typing import NamedTuple

from staticgo.binary.cursor import Cursor, Unreadable
from staticgo.binary.macho_commands import Commands
from staticgo.binary.macho_image import MH_OBJECT, Header
from staticgo.facts.macho import is_debug
from staticgo.model.binary import Gap

WHAT = "symbol table"

# <mach-o/nlist.h>, <mach-o/stab.h>.
_N_STAB, _N_OPT = 0xE0, 0x3C
_CANARY = b"___stack_chk_fail"
_NAME_LIMIT = 256
# zig's linker leaves one name for each stub, so its stripped programs have some hundreds.
_LOCALS_LIMIT = 4096
_IMPORTS_LIMIT = 1 << 14
_WINDOW_LIMIT = 1 << 21


class Symbols(NamedTuple):
    """What the symbol table tells; None where it cannot be read."""

    stripped: bool | None
    canary: bool | None
    gaps: tuple[Gap, ...] = ()


def read_symbols(cursor: Cursor, header: Header, commands: Commands) -> Symbols:
    """Read what matters of LC_SYMTAB, with LC_DYSYMTAB as its table of contents."""
    debug = any(
        is_debug(section.segment, section.name)
        for segment in commands.segments
        for section in segment.sections
    )
    if not commands.symtab:
        return Symbols(stripped=not debug, canary=False)
    stripped: bool | None = None
    canary: bool | None = None
    gaps = []
    try:
        stripped = not debug and not _has_locals(cursor, header, commands)
    except Unreadable as error:
        gaps.append(error.gap)
    try:
        canary = _imports_canary(cursor, header, commands)
    except Unreadable as error:
        gaps.append(error.gap)
    return Symbols(stripped, canary, tuple(dict.fromkeys(gaps)))


def _records(
    cursor: Cursor, header: Header, commands: Commands, first: int, count: int
) -> list[tuple[int, ...]]:
    """`nlist` entries: index of the name, type, section, description, value."""
    symoff, nsyms, _stroff, _strsize = commands.symtab
    if first + count > nsyms:
        raise Unreadable(WHAT, f"LC_DYSYMTAB counts to {first + count} of {nsyms} symbols")
    layout, size = ("IBBHQ", 16) if header.bits == 64 else ("IBBHI", 12)
    return cursor.records(layout, symoff + first * size, count, WHAT)


def _has_locals(cursor: Cursor, header: Header, commands: Commands) -> bool:
    """Whether there are names that no dynamic linker needs.

    Imports and exports stay whatever is stripped: dyld, or somebody's dlsym, looks for them.
    """
    first, count = commands.dysymtab[:2] if commands.dysymtab else (0, commands.symtab[1])
    if header.filetype == MH_OBJECT:
        return commands.symtab[1] > 0
    _symoff, _nsyms, stroff, strsize = commands.symtab
    past = 0
    while past < count:
        # A program with its symbols says so in the first few.
        some = min(count - past, 64)
        for index, kind, *_rest in _records(cursor, header, commands, first + past, some):
            if kind & _N_STAB:
                if kind != _N_OPT:
                    return True  # the map by which debuggers find the object files
            elif not _is_made_up(cursor.up_to(stroff + index, min(64, strsize - index))):
                return True
        past += some
        if past > _LOCALS_LIMIT:
            raise Unreadable(WHAT, f"{count} local symbols, all of them a linker's own")
    return False


def _is_made_up(text: bytes) -> bool:
    """Names that linkers and strip leave: `dyld_private` of lld and zig, and zig's for each stub.

    Apple's strip marks its work by a symbol named radr://5614542, of type N_OPT.
    """
    name = text.partition(b"\0")[0]
    return name in (b"", b"dyld_private") or name.endswith(b"__thunk")


def _imports_canary(cursor: Cursor, header: Header, commands: Commands) -> bool:
    """Whether C code that checks its stack is inside: compilers let it call __stack_chk_fail."""
    nsyms = commands.symtab[1]
    first, count = commands.dysymtab[4:6] if commands.dysymtab else (0, nsyms)
    if count > _IMPORTS_LIMIT:
        raise Unreadable(WHAT, f"{count} imports, more than are looked at")
    indexes = {record[0] for record in _records(cursor, header, commands, first, count)}
    if not indexes:
        return False
    # Linkers write the names of imports together; reading them at once is much the fastest.
    _symoff, _nsyms, stroff, strsize = commands.symtab
    low, high = min(indexes), max(indexes)
    if high >= strsize:
        raise Unreadable(WHAT, f"a name at {high} of {strsize} bytes")
    if high - low > _WINDOW_LIMIT:
        raise Unreadable(WHAT, f"the names of imports are spread over {high - low} bytes")
    names = cursor.up_to(stroff + low, min(high - low + _NAME_LIMIT, strsize - low))
    at = names.find(_CANARY + b"\0")
    while at >= 0:
        if low + at in indexes:
            return True
        at = names.find(_CANARY + b"\0", at + 1)
    return False
