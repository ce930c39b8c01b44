"""Which C library is linked in, and which of its functions want something at run time."""

from __future__ import annotations

from collections.abc import Iterator

from staticgo.binary.cursor import Cursor
from staticgo.binary.pclntab import FunctionTable
from staticgo.binary.program import Program, Range, apart
from staticgo.facts.signs import FAMILIES, FUNCTIONS, LIBC_TEXTS, NSS_TEXT, FunctionSign
from staticgo.model.binary import Clue

# C's messages stand at the ends of read-only data, around Go's own: linkers keep the order of their
# input. Looking no farther bounds the time that a large program takes.
_WINDOW = 4 << 20
_RANGES_LIMIT = 16
_TEXTS_LIMIT = 4 * _WINDOW  # some twenty texts are searched for; a program has one to three places
# Larger string tables are not searched: the texts and Go's names tell enough.
_SYMBOLS_LIMIT = 2 << 20
_CALLS_LIMIT = 4096
_CALL_NAME_LIMIT = 128
_CALL = b"func_"  # cgo names its calls `net._C2func_getaddrinfo` and `main._Cfunc_sin`


def read_libc(program: Program, *, internal: bool) -> Clue:
    """The C library inside. `internal`: Go's own linker made it, and no cgo is in it."""
    if program.dynamic:
        return Clue()
    if program.gnu_note:
        return Clue(value="glibc", evidence="the note NT_GNU_ABI_TAG, and no library to load")
    if program.android_note:
        return Clue(value="bionic", evidence="a note of Android's, and no library to load")
    if internal:
        return Clue(value="none", evidence="linked by Go's linker, without cgo")
    for libc, text in LIBC_TEXTS:
        if _has_text(program, text):
            return Clue(value=libc, evidence=f"the text {_quoted(text)}")
    return Clue()


def linked_functions(program: Program, libc: str, called: FunctionTable | None) -> tuple[Clue, ...]:
    """Functions of libc that are linked in and may fail. `called`: where cgo's calls are named."""
    if program.dynamic or libc == "none":
        return ()
    calls = dict(_calls(called)) if called else {}
    has_nss = libc == "glibc" and _has_text(program, NSS_TEXT)
    found = {}
    for sign in FUNCTIONS:
        evidence = calls.get(sign.function, "") or _symbol(program, sign)
        fits = libc == ("musl" if sign.family == "dlopen" else "glibc") and sign.text
        if not evidence and fits and (has_nss or libc == "musl") and _has_text(program, sign.text):
            evidence = f"the text {_quoted(sign.text)}"
        if evidence:
            found[sign.function] = (sign.family, evidence)
    clues = [Clue(value=name, evidence=evidence) for name, (_family, evidence) in found.items()]
    told = {family for family, _evidence in found.values()}
    clues += [
        Clue(value=name, evidence=f"the text {_quoted(text)}")
        for family, name, text in FAMILIES
        if has_nss and family not in told and _has_text(program, text)
    ]
    return tuple(clues)


def _calls(table: FunctionTable) -> Iterator[tuple[str, str]]:
    """The C functions that Go code calls, each with the Go name of the call."""
    cursor, (start, size) = table.cursor, table.names
    at, end = start, start + size
    for _call in range(_CALLS_LIMIT):
        at = cursor.find(_CALL, at, end)
        if at < 0:
            return
        before = cursor.up_to(max(start, at - _CALL_NAME_LIMIT), min(_CALL_NAME_LIMIT, at - start))
        after = cursor.up_to(at, min(_CALL_NAME_LIMIT, end - at)).partition(b"\0")[0]
        at += len(_CALL)
        name = before.rpartition(b"\0")[2] + after
        if before.endswith((b"._C", b"._C2")):
            # os/user wraps what it calls: mygetpwnam_r in src/os/user/cgo_lookup_cgo.go.
            function = after.removeprefix(_CALL).removeprefix(b"my").decode("utf-8", "replace")
            yield function, f"{name.decode('utf-8', 'replace')} among its functions"


def _symbol(program: Program, sign: FunctionSign) -> str:
    for start, size in apart(program.symbols, program.cursor.size):
        if size > _SYMBOLS_LIMIT:
            continue
        for name in (sign.function, *sign.symbols):
            needle = b"\0" + program.symbol_prefix + name.encode() + b"\0"
            if program.cursor.find(needle, start, start + size) >= 0:
                return f"{name} among its symbols"
    return ""


def _has_text(program: Program, text: bytes) -> bool:
    return any(
        program.cursor.find(text, start, end) >= 0
        for start, end in _windows(program.cursor, program.texts)
    )


def _windows(cursor: Cursor, places: tuple[Range, ...]) -> Iterator[Range]:
    """Start and end of what is searched."""
    left = _TEXTS_LIMIT
    for start, size in apart(places, cursor.size)[:_RANGES_LIMIT]:
        if left <= 0:
            return
        left -= min(size, 2 * _WINDOW)
        end = start + size
        if size <= 2 * _WINDOW:
            yield start, end
        else:
            yield end - _WINDOW, end
            yield start, start + _WINDOW


def _quoted(text: bytes) -> str:
    return f"'{text.decode().rstrip(chr(0)).strip(': ')}'"
