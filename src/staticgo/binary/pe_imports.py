"""The DLLs that a PE file makes the loader look for, at its start or later."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from staticgo.binary.cursor import Cursor, Unreadable
from staticgo.binary.pe_image import BOUND_IMPORT, DELAY_IMPORT, EXPORT, IMPORT, Image
from staticgo.model.binary import Gap

IMPORTS = "import directory"
DELAY_IMPORTS = "delay-load import directory"
BOUND_IMPORTS = "bound import directory"
EXPORTS = "export directory"

DELAY_LOADS = "delay-loads"

# Far above any real file (a browser imports from some 60); bounds time and memory for hostile ones.
_DLLS_LIMIT = 1024
_NAME_LIMIT = 512  # the loader's own limit is MAX_PATH, 260
_FUNCTIONS_LIMIT = 0x10000  # ordinals have 16 bits
_FORWARDERS_LIMIT = 1 << 20
_READ_AT_ONCE = 16  # descriptors


class Imports(NamedTuple):
    """What was read; `gaps` says whether that is all of it."""

    loads: tuple[tuple[str, str], ...] = ()
    """How each DLL is asked for and its name, in the file's order."""
    gaps: tuple[Gap, ...] = ()


def read_imports(image: Image) -> Imports:
    """Imports, delay-load imports, bound imports, and the DLLs that exports are forwarded to."""
    loads: list[tuple[str, str]] = []
    gaps: list[Gap] = []
    seen: set[str] = set()
    readers: tuple[tuple[str, Callable[[Image], Iterator[str]]], ...] = (
        ("imports", _imports),
        (DELAY_LOADS, _delay_imports),
        ("is bound to", _bound_imports),
        ("forwards to", _forwarders),
    )
    for how, reader in readers:
        try:
            for name in reader(image):
                # Compilers write the same DLL twice where a linker was given two import libraries.
                if name.lower() not in seen:
                    seen.add(name.lower())
                    loads.append((how, name))
        except Unreadable as error:
            gaps.append(error.gap)
    return Imports(tuple(loads), tuple(gaps))


def _imports(image: Image) -> Iterator[str]:
    """ "The .idata Section", "Import Directory Table".

    The loader never looks at the directory's size; a name or an address table of 0 ends its walk.
    """
    for record in _records(image, IMPORT, "IIIII", IMPORTS):
        _lookup, _time, _chain, name, addresses = record
        if not (name and addresses):
            return
        yield _name(image, name, IMPORTS)


def _delay_imports(image: Image) -> Iterator[str]:
    """ "Delay-Load Import Tables"; the program's own code loads these, when it needs them."""
    for record in _records(image, DELAY_IMPORT, "IIIIIIII", DELAY_IMPORTS):
        attributes, name = record[:2]
        if not name:
            return
        # Visual C++ 6 wrote addresses there: dlattrRva in its delayimp.h.
        yield _name(image, name if attributes & 1 else name - image.header.base, DELAY_IMPORTS)


def _bound_imports(image: Image) -> Iterator[str]:
    """Older Windows loads the DLLs named here in place of the imports (winnt.h,
    IMAGE_BOUND_IMPORT_DESCRIPTOR); a forwarder's record follows its module's and looks the same.
    """
    place = image.directory(BOUND_IMPORT)
    for record in _records(image, BOUND_IMPORT, "IHH", BOUND_IMPORTS):
        time, name, _forwarders_count = record
        if not time and not name:
            return
        yield _name(image, place[0] + name if place else 0, BOUND_IMPORTS)


def _records(image: Image, index: int, layout: str, what: str) -> Iterator[tuple[int, ...]]:
    """Records up to one that the caller takes for the last; a table without one is Unreadable."""
    place = image.directory(index)
    if place is None:
        return
    size = {"IIIII": 20, "IIIIIIII": 32, "IHH": 8}[layout]
    for first in range(0, _DLLS_LIMIT, _READ_AT_ONCE):
        rva = place[0] + first * size
        raw = image.up_to(rva, size * _READ_AT_ONCE)
        if len(raw) < size:
            raise Unreadable(what, f"the file ends before it does, or holds none of it ({rva:#x})")
        yield from Cursor(raw).records(layout, 0, len(raw) // size, what)
        if len(raw) < size * _READ_AT_ONCE:
            raise Unreadable(what, "no empty record ends it")
    raise Unreadable(what, f"more than {_DLLS_LIMIT} records")


def _name(image: Image, rva: int, what: str) -> str:
    name = image.string(rva, _NAME_LIMIT)
    if not name:
        raise Unreadable(what, f"a DLL's name at {rva:#x} cannot be read")
    return name


def _forwarders(image: Image) -> Iterator[str]:
    """ "Export Address Table": an address within the export directory is that of `DLL.function`."""
    place = image.directory(EXPORT)
    if place is None or place[1] < 40:
        return
    raw = image.up_to(place[0], 40)
    if len(raw) < 40:
        raise Unreadable(EXPORTS, "the file holds none of it")
    count, _names, table = Cursor(raw).records("III", 20, 1, EXPORTS)[0]
    if count > _FUNCTIONS_LIMIT:
        raise Unreadable(EXPORTS, f"{count} functions")
    at = image.offset(table, 4 * count, EXPORTS) if count else 0
    addresses = image.cursor.records("I", at, count, EXPORTS) if count else []
    start, end = place[0], place[0] + place[1]
    within = [address for (address,) in addresses if start <= address < end]
    if not within:
        return
    texts = image.up_to(start, min(place[1], _FORWARDERS_LIMIT))
    for address in within:
        text, ended, _rest = texts[address - start : address - start + _NAME_LIMIT].partition(b"\0")
        module = text.rpartition(b".")[0]
        if not (ended and module):
            raise Unreadable(EXPORTS, "a forwarded function names no DLL")
        yield module.decode("utf-8", "replace") + ".dll"
