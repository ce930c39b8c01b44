"""Hardening of an ELF program: what its headers ask of the kernel, ld.so and the compiler."""

from __future__ import annotations

from typing import NamedTuple

from staticgo.binary.elf_dynamic import DT_FLAGS_1, Dynamic
from staticgo.binary.elf_image import PF_W, PF_X, PT_DYNAMIC, PT_LOAD, Image
from staticgo.binary.elf_layout import string_tables
from staticgo.binary.elf_sections import SHT_SYMTAB, Section
from staticgo.binary.program import Signs
from staticgo.binary.protections import MAPPED, Answer, protections
from staticgo.facts.elf import ALWAYS_NX
from staticgo.model.binary import GoBuildInfo, Kind, Protection, State

_PT_GNU_RELRO = 0x6474E552
_STACKS = {0x6474E551: "PT_GNU_STACK", 0x6FFFFFFB: "PT_SUNWSTACK"}  # Solaris' own: its elf.h
_DT_JMPREL, _DT_BIND_NOW, _DT_FLAGS = 23, 24, 30
_DF_BIND_NOW, _DF_1_NOW = 8, 1

# What the compiler calls when a canary is dead: GCC's and Clang's; OpenBSD's own.
_CANARIES = (b"__stack_chk_fail", b"__stack_smash_handler")
_SEARCH_LIMIT = 1 << 25  # more names than any program has


class Hardened(NamedTuple):
    """What the answers are read off."""

    image: Image
    dynamic: Dynamic
    sections: tuple[Section, ...]
    kind: Kind
    os: str
    go: GoBuildInfo | None
    signs: Signs


def read_protections(program: Hardened) -> tuple[Protection, ...]:
    """RELRO, NX, PIE and stack canary; none for what no kernel or loader maps."""
    if program.kind not in MAPPED:
        return ()
    if not program.image.segments:
        return ()
    answers = {
        "RELRO": _relro(program),
        "NX": _nx(program),
        "PIE": _pie(program),
        "stack canary": _canary(program),
    }
    return protections(answers)


def _relro(program: Hardened) -> Answer:
    """Whether tables that are written while starting are read-only afterwards."""
    if not program.image.of_type(_PT_GNU_RELRO):
        if program.kind is Kind.EXECUTABLE and not program.dynamic.entries and _is_gos(program):
            # Go's linker fills in all addresses itself here: there is no loader that writes any.
            return State.NOT_APPLICABLE, "Go's linker fixed every address: nothing is relocated"
        return State.OFF, "no PT_GNU_RELRO"
    if program.image.of_type(PT_DYNAMIC) and not program.dynamic.entries:
        return State.UNKNOWN, "PT_GNU_RELRO, but the dynamic section could not be read"
    static = program.kind is not Kind.SHARED_OBJECT and not program.dynamic.loads
    if static and program.signs.libc.value == "musl":
        # Only musl's ldso/dynlink.c calls mprotect for it; src/env/__init_tls.c and
        # ldso/dlstart.c, which start static programs, do not look at PT_GNU_RELRO.
        return State.OFF, "PT_GNU_RELRO, which the start code of static musl programs ignores"
    if not program.dynamic.entries:
        return _relro_without_loader(program)
    now = _bind_now(program.dynamic)
    if now:
        return State.ON, f"PT_GNU_RELRO, {now}"
    if program.dynamic.first(_DT_JMPREL) is None:
        return State.ON, "PT_GNU_RELRO, and nothing is bound lazily: no DT_JMPREL"
    return State.PARTIAL, "PT_GNU_RELRO, but functions are bound lazily: no BIND_NOW"


def _relro_without_loader(program: Hardened) -> Answer:
    """glibc protects static programs too (csu/libc-start.c, _dl_protect_relro): all of the GOT?"""
    table = next((s for s in program.sections if s.name == b".got.plt"), None)
    if not program.sections:
        return State.PARTIAL, "PT_GNU_RELRO; no section headers tell if it covers .got.plt"
    covered = table is None or any(
        relro.vaddr <= table.address and table.address + table.size <= relro.vaddr + relro.memsz
        for relro in program.image.of_type(_PT_GNU_RELRO)
    )
    if covered:
        return State.ON, "PT_GNU_RELRO covers the whole GOT"
    return State.PARTIAL, "PT_GNU_RELRO does not cover .got.plt"


def _bind_now(dynamic: Dynamic) -> str:
    """The entry that asks ld.so to bind everything at once; "" where none does."""
    for tag, value in dynamic.entries:
        if tag == _DT_BIND_NOW:
            return "DT_BIND_NOW"
        if tag == _DT_FLAGS and value & _DF_BIND_NOW:
            return "DF_BIND_NOW"
        if tag == DT_FLAGS_1 and value & _DF_1_NOW:
            return "DF_1_NOW"
    return ""


def _nx(program: Hardened) -> Answer:
    """Whether what can be written cannot be executed: the stack above all."""
    image = program.image
    if any(load.flags & (PF_W | PF_X) == PF_W | PF_X for load in image.of_type(PT_LOAD)):
        return State.OFF, "a PT_LOAD is both writable and executable"
    for segment in reversed(image.segments):
        # Linux heeds the last one: fs/binfmt_elf.c goes through all of them.
        if segment.type in _STACKS:
            name = _STACKS[segment.type]
            if segment.flags & PF_X:
                return State.OFF, f"{name} asks for an executable stack"
            return State.ON, f"{name} without PF_X"
    if program.os in ALWAYS_NX:
        return State.ON, f"no stack of {program.os} is executable, asked for or not"
    # Linux, elf_read_implies_exec in arch/*/include/asm/elf.h: executable on 386 and arm, not
    # on amd64 since 5.8, and so on; glibc and other systems have defaults of their own.
    return State.UNKNOWN, "no PT_GNU_STACK: the system's default for this CPU holds"


def _pie(program: Hardened) -> Answer:
    if program.kind is Kind.PIE:
        return State.ON, "ET_DYN"
    if program.kind is Kind.SHARED_OBJECT:
        return State.NOT_APPLICABLE, "a shared object can be loaded at any address"
    return State.OFF, "ET_EXEC: it is always at the same address"


def _canary(program: Hardened) -> Answer:
    if _is_gos(program) and program.signs.cgo.value != "yes":
        # Go checks bounds, and in each function's prologue the room on the stack
        # (cmd/internal/obj/*/obj*.go, stacksplit): its compiler has no canaries.
        return State.NOT_APPLICABLE, "there is no C code in it, and Go's compiler makes no canaries"
    cursor = program.image.cursor
    for start, size in string_tables(cursor, program.dynamic, program.sections):
        for name in _CANARIES:
            end = start + min(size, _SEARCH_LIMIT)
            if cursor.find(b"\0" + name + b"\0", start, end) >= 0:
                return State.ON, f"the symbol {name.decode('ascii')}"
    # A dynamic program would take it from libc, by its name.
    if program.dynamic.loads or any(s.type == SHT_SYMTAB for s in program.sections):
        return State.OFF, f"no symbol {_CANARIES[0].decode('ascii')}"
    return State.UNKNOWN, "its symbols are stripped"


def _is_gos(program: Hardened) -> bool:
    """Whether Go's own linker made it, of Go's objects alone."""
    return program.go is not None and program.signs.link_mode.value == "internal"
