"""Hardening of a PE program: what its headers and its load configuration ask of Windows."""

from __future__ import annotations

from typing import NamedTuple

from staticgo.binary.cursor import Cursor, Unreadable
from staticgo.binary.pe_image import LOAD_CONFIG, MACHINE_ARM64, MACHINE_I386, Image
from staticgo.binary.pe_linkage import DYNAMIC_BASE, has_relocations
from staticgo.binary.pe_symbols import Symbols
from staticgo.binary.protections import Answer, protections
from staticgo.binary.signs import Signs
from staticgo.facts.pe import EFI
from staticgo.model.binary import Gap, GoBuildInfo, Protection, State

LOAD_CONFIGURATION = "load configuration"

_HIGH_ENTROPY_VA, _NX_COMPAT, _NO_SEH, _GUARD_CF = 0x0020, 0x0100, 0x0400, 0x4000
_GUARD_CF_INSTRUMENTED = 0x100

_UNREAD = f"the {LOAD_CONFIGURATION} cannot be read"


class LoadConfig(NamedTuple):
    """ "The Load Configuration Structure", as far as it is used; 0 for what it is too short for."""

    present: bool = False
    security_cookie: int = 0
    handler_table: int = 0
    handlers: int = 0
    guard_flags: int = 0
    hybrid: int = 0
    """winnt.h, CHPEMetadataPointer: the image holds code for two CPUs."""


class Hardened(NamedTuple):
    """What the answers are read off."""

    image: Image
    symbols: Symbols
    config: LoadConfig | None
    """None where it could not be read."""
    go: GoBuildInfo | None
    signs: Signs


def read_load_config(image: Image) -> LoadConfig:
    """The load configuration; Unreadable where the file does not hold it."""
    place = image.directory(LOAD_CONFIG)
    if place is None:
        return LoadConfig()
    what = LOAD_CONFIGURATION
    # Its own first field is its size; the directory's was 64 for a long time, whatever was true.
    start = image.offset(place[0], 4, what)
    size = image.cursor.records("I", start, 1, what)[0][0]
    wide = image.header.bits == 64
    width, offsets, whole = (
        (8, (88, 96, 104, 144, 200), 208)
        if wide
        else (
            4,
            (60, 64, 68, 88, 124),
            128,
        )
    )
    raw = image.up_to(place[0], min(size, whole))
    if len(raw) < min(size, whole):
        raise Unreadable(what, "the file ends before it does")
    numbers = Cursor(raw.ljust(whole, b"\0"))
    cookie, table, count, flags, hybrid = (
        numbers.records("Q" if width == 8 and at != 144 else "I", at, 1, what)[0][0]
        for at in offsets
    )
    return LoadConfig(True, cookie, table, count, flags, hybrid)


def read_protections(program: Hardened) -> tuple[Protection, ...]:
    """ASLR, NX, control flow guard, stack canary; none for EFI programs: firmware decides there."""
    if program.image.header.subsystem in EFI:
        return ()
    answers = {"ASLR": _aslr(program.image)}
    if program.image.header.bits == 64:
        answers["high-entropy ASLR"] = _high_entropy(program.image)
    answers["NX"] = _nx(program.image)
    answers["control flow guard"] = _guard(program)
    answers["stack canary"] = _canary(program)
    if program.image.header.machine == MACHINE_I386:
        answers["SafeSEH"] = _handlers(program)
    return protections(answers)


def _aslr(image: Image) -> Answer:
    if not image.header.dll_characteristics & DYNAMIC_BASE:
        return State.OFF, "no DYNAMIC_BASE: it is at the same address wherever that is free"
    if not has_relocations(image.header):
        return State.OFF, "DYNAMIC_BASE, but no relocations: it cannot be moved"
    return State.ON, "DYNAMIC_BASE, and relocations"


def _high_entropy(image: Image) -> Answer:
    if not image.header.dll_characteristics & _HIGH_ENTROPY_VA:
        return State.OFF, "no HIGH_ENTROPY_VA: addresses are chosen below 4 GB"
    state, evidence = _aslr(image)
    return state, f"HIGH_ENTROPY_VA, {evidence}"


def _nx(image: Image) -> Answer:
    if image.header.dll_characteristics & _NX_COMPAT:
        return State.ON, "NX_COMPAT"
    if image.header.bits == 64:
        # Microsoft Learn, "Data Execution Prevention": always on for 64-bit processes.
        return State.ON, "no NX_COMPAT, but Windows asks no 64-bit program"
    return State.OFF, "no NX_COMPAT"


def _guard(program: Hardened) -> Answer:
    asked = program.image.header.dll_characteristics & _GUARD_CF
    if program.config is None:
        return State.UNKNOWN, _UNREAD
    if asked and program.config.guard_flags & _GUARD_CF_INSTRUMENTED:
        return State.ON, "GUARD_CF, and CF_INSTRUMENTED in the load configuration"
    if asked:
        return State.PARTIAL, f"GUARD_CF, but no CF_INSTRUMENTED in the {LOAD_CONFIGURATION}"
    if _is_gos(program):
        return State.NOT_APPLICABLE, "there is no C code in it whose pointers could be bent"
    return State.OFF, "no GUARD_CF"


def _canary(program: Hardened) -> Answer:
    if program.config is None:
        return State.UNKNOWN, _UNREAD
    if program.config.security_cookie:
        return State.ON, "SecurityCookie in the load configuration (/GS)"
    if _is_gos(program):
        # Go checks bounds, and in each function's prologue the room on the stack
        # (cmd/internal/obj/*/obj*.go, stacksplit): its compiler has no canaries.
        return State.NOT_APPLICABLE, "there is no C code in it, and Go's compiler makes no canaries"
    symbols = program.symbols
    if symbols.find(program.image.cursor, b"__stack_chk_fail\0") >= 0:
        return State.ON, "the symbol __stack_chk_fail"
    if symbols.size:
        return State.OFF, "no SecurityCookie, and no symbol __stack_chk_fail"
    return State.UNKNOWN, "no SecurityCookie; GCC's and Clang's canaries show in symbols only"


def _handlers(program: Hardened) -> Answer:
    """Whether Windows knows which exception handlers are the program's own."""
    if program.image.header.dll_characteristics & _NO_SEH:
        return State.ON, "NO_SEH: no handler is accepted"
    if program.config is None:
        return State.UNKNOWN, _UNREAD
    if program.config.handler_table:
        return State.ON, f"a table of {program.config.handlers} exception handlers"
    if _is_gos(program):
        # Go's runtime/signal_windows.go: AddVectoredExceptionHandler.
        return State.NOT_APPLICABLE, "Go's runtime has no handlers on the stack"
    return State.OFF, "no NO_SEH and no table of exception handlers"


def _is_gos(program: Hardened) -> bool:
    """Whether all code in it is Go's."""
    return program.go is not None and program.signs.cgo.value != "yes"


def doubt(image: Image, config: LoadConfig | None) -> tuple[Gap, ...]:
    """ARM64X: Windows rewrites the headers, imports too, before an amd64 process sees them."""
    if config is not None and config.hybrid and image.header.machine == MACHINE_ARM64:
        why = "code for amd64 too (ARM64X), whose imports were not read"
        return (Gap(what=LOAD_CONFIGURATION, why=why),)
    return ()
