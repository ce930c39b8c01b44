"""Hardening of a Mach-O program: what its header, signature and imports ask for."""

from __future__ import annotations

from typing import NamedTuple

from staticgo.binary.macho_commands import Commands
from staticgo.binary.macho_image import (
    MH_ALLOW_STACK_EXECUTION,
    MH_NO_HEAP_EXECUTION,
    VM_PROT_EXECUTE,
    VM_PROT_WRITE,
    Header,
)
from staticgo.binary.macho_signature import Signature
from staticgo.binary.macho_symbols import Symbols
from staticgo.binary.protections import MAPPED, Answer, protections
from staticgo.binary.signs import Signs
from staticgo.facts.macho import CPU_TYPE_X86
from staticgo.model.binary import GoBuildInfo, Kind, Protection, State


class Hardened(NamedTuple):
    """What the answers are read off."""

    header: Header
    commands: Commands
    kind: Kind
    os: str
    go: GoBuildInfo | None
    signs: Signs
    symbols: Symbols
    signature: Signature


def read_protections(program: Hardened) -> tuple[Protection, ...]:
    """NX, PIE, stack canary, hardened runtime; none for what no kernel or dyld maps."""
    if program.kind not in MAPPED:
        return ()
    answers = {
        "NX": _nx(program),
        "PIE": _pie(program),
        "stack canary": _canary(program),
        "hardened runtime": _runtime(program),
    }
    return protections(answers)


def _nx(program: Hardened) -> Answer:
    """Whether what can be written cannot be executed."""
    both = VM_PROT_WRITE | VM_PROT_EXECUTE
    for segment in program.commands.segments:
        if segment.initprot & both == both and segment.memsize:
            name = segment.name.decode("utf-8", "replace")
            return State.OFF, f"the segment {name} is both writable and executable"
    if program.kind is Kind.SHARED_OBJECT:
        return State.NOT_APPLICABLE, "the program that loads it decides over stack and heap"
    if program.header.flags & MH_ALLOW_STACK_EXECUTION:
        return State.OFF, "MH_ALLOW_STACK_EXECUTION"
    if program.header.cputype == CPU_TYPE_X86 and not program.header.flags & MH_NO_HEAP_EXECUTION:
        # <mach-o/loader.h>: the flag is for i386 alone, other CPUs always do as it says.
        return State.PARTIAL, "no MH_NO_HEAP_EXECUTION: on 386 the heap is executable"
    return State.ON, "no MH_ALLOW_STACK_EXECUTION"


def _pie(program: Hardened) -> Answer:
    if program.kind is Kind.PIE:
        return State.ON, "MH_PIE"
    if program.kind is Kind.SHARED_OBJECT:
        return State.NOT_APPLICABLE, "a shared object can be loaded at any address"
    return State.OFF, "no MH_PIE: it is always at the same address"


def _canary(program: Hardened) -> Answer:
    if program.symbols.canary:
        return State.ON, "the symbol ___stack_chk_fail"
    if program.go and program.signs.cgo.value != "yes":
        # Go checks bounds, and in each function's prologue the room on the stack
        # (cmd/internal/obj/*/obj*.go, stacksplit): its compiler has no canaries.
        return State.NOT_APPLICABLE, "there is no C code in it, and Go's compiler makes no canaries"
    if program.symbols.canary is None:
        return State.UNKNOWN, "its imports cannot be read"
    return State.OFF, "no symbol ___stack_chk_fail"


def _runtime(program: Hardened) -> Answer:
    """Apple's name for a process that nobody may inject code into; notarization asks for it."""
    if program.kind is Kind.SHARED_OBJECT:
        return State.NOT_APPLICABLE, "the program that loads it decides"
    if program.os not in ("darwin", ""):
        return State.NOT_APPLICABLE, "macOS alone makes it optional"
    if program.signature.hardened is None:
        return State.UNKNOWN, "the code signature cannot be read"
    if program.signature.hardened:
        return State.ON, "CS_RUNTIME in the CodeDirectory"
    return State.OFF, "no CS_RUNTIME in a CodeDirectory"
