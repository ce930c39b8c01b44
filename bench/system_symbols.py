"""Whether the system's libraries have each name that a program takes from them, by zig's own lists.

    python -m bench.system_symbols PROGRAM...

Nothing is started. For macOS the lists are zig's libSystem.tbd and the stubs that were linked with,
and a name is looked for in the very library that the program binds it to; for the BSDs zig's
`abilists`, where a name may be in any library that the program needs. The lists are of the newest
system that zig knows: whether an older one has a name already, they do not tell.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

from elftools.elf.dynamic import DynamicSection
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

from staticgo.binary import read
from staticgo.binary.cursor import Cursor
from staticgo.binary.macho_commands import read_commands
from staticgo.binary.macho_image import read_header
from staticgo.facts.macho import FAT_MAGICS, machine_name
from staticgo.host.files import cache_dir
from staticgo.model.binary import Format

Promises = Mapping[str, frozenset[str]]
"""By library, the names that it has."""

_CPUS = {"amd64": ("x86_64-macos",), "arm64": ("arm64-macos", "arm64e-macos")}
"""Of a stub file, the targets that a CPU's programs can use: a Mac's own libraries are arm64e."""
_BSD_CPUS = {
    "386": "x86-{}-none",
    "amd64": "x86_64-{}-none",
    "arm": "arm-{}-eabihf",
    "arm64": "aarch64-{}-none",
    "riscv64": "riscv64-{}-none",
}
_BSD_TRIPLES = {("openbsd", "arm"): "arm-openbsd-eabi"}
"""Where a system's triple is of another form."""
_UNDEFINED, _EXTERNAL, _TYPE = 0x0, 0x1, 0xE
_ANY = (0, 0xFE)
"""Ordinals that name no library."""
_ENTRY = re.compile(r"([\w-]+):\s*\[([^]]*)\]")


def zig_libraries() -> Path:
    """Where zig keeps what it knows of systems' libraries."""
    found = find_spec("ziglang")
    assert found and found.origin, "the ziglang package is not here"
    return Path(found.origin).parent / "lib" / "libc"


def missing(path: Path, stubs: Iterable[str] = ()) -> list[str]:
    """Names that no system promises to have, each with the library; `stubs` are .tbd files' texts."""
    data = path.read_bytes()
    report = read(data)
    if report.format is Format.MACHO:
        texts = [(zig_libraries() / "darwin/libSystem.tbd").read_text(), *stubs]
        return [*_missing_on_macos(data, texts)]
    piece = report.slices[0]
    return [*_missing_on_bsd(data, piece.os, piece.machine)]


def tbd_promises(text: str, cpu: str) -> Promises:
    """What the libraries in a .tbd file (version 4) export for a CPU, in Go's words.

    A library that another one exports again counts as part of that one, as for the linker.
    """
    found: dict[str, set[str]] = {}
    umbrella = ""
    for document in text.split("--- !tapi-tbd")[1:]:
        name = re.search(r"install-name:\s*'?([^'\s]+)", document)
        assert name, "a stub without a name"
        umbrella = umbrella if "parent-umbrella:" in document else name[1]
        for part in re.split(r"\n\s*- (?=targets:)", document)[1:]:
            entries = {
                key: re.split(r"[\s,]+", value.strip()) for key, value in _ENTRY.findall(part)
            }
            if not {*entries["targets"]} & {*_CPUS[cpu]}:
                continue
            names = {
                symbol.strip("'\"")
                for key in ("symbols", "weak-symbols", "thread-local-symbols")
                for symbol in entries.get(key, ())
            }
            found.setdefault(umbrella, set()).update(names)
    return {library: frozenset(names) for library, names in found.items()}


def macho_imports(image: bytes) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The names that one Mach-O image takes, and the install names of the libraries it may be in.

    Go's own linker does not say in its symbol table which one it is; that is in the bindings alone.
    """
    header, cursor = read_header(image)
    commands = read_commands(cursor, header)
    symoff, count, stroff, strsize = commands.symtab
    names = cursor.exactly(stroff, strsize, "names")
    for index, kind, _section, described, _value in cursor.records("IBBHQ", symoff, count, "names"):
        if kind & _TYPE == _UNDEFINED and kind & _EXTERNAL:
            ordinal = described >> 8
            every = tuple(dylib[1] for dylib in commands.dylibs)
            libraries = every if ordinal in _ANY else (every[ordinal - 1],)
            yield names[index : names.index(b"\0", index)].decode(), libraries


def _missing_on_macos(data: bytes, texts: list[str]) -> Iterator[str]:
    for cpu, image in _images(data):
        has: dict[str, frozenset[str]] = {}
        for text in texts:
            has |= tbd_promises(text, cpu)
        for name, libraries in macho_imports(image):
            if not any(name in has.get(library, ()) for library in libraries):
                yield f"{cpu}: {name} of {' or '.join(libraries)}"


def _images(data: bytes) -> Iterator[tuple[str, bytes]]:
    if not data.startswith(FAT_MAGICS):
        header, _ = read_header(data)
        yield machine_name(header.cputype, header.cpusubtype), data
        return
    cursor = Cursor(data, big_endian=True)
    ((count,),) = cursor.records("I", 4, 1, "fat header")
    for cputype, subtype, offset, size, _align in cursor.records("5I", 8, count, "fat header"):
        yield machine_name(cputype, subtype), data[offset : offset + size]


def bsd_promises(system: str, triple: str) -> Promises:
    """What zig's `abilists` say of a BSD's libraries (`c`, `m`) for a CPU's triple.

    The format is zig's own (src/libs/freebsd.zig, netbsd.zig, openbsd.zig): names of libraries,
    versions and triples; then functions, objects, and thread-local objects. Each is a name with
    inclusions, which say for which triples (a bit each), in which library, and for which versions.
    Where that does not end with the file, this reading is wrong, and it says so.
    """
    stream = io.BytesIO((zig_libraries() / system / "abilists").read_bytes())
    libraries = [_text(stream) for _ in range(stream.read(1)[0])]
    stream.read(3 * stream.read(1)[0])
    triples = [_text(stream) for _ in range(stream.read(1)[0])]
    bit = 1 << triples.index(triple)
    found: dict[str, set[str]] = {}
    for sized in (False, True, True):
        name = ""
        for _ in range(int.from_bytes(stream.read(2), "little")):
            name = name or _text(stream)
            targets = _leb(stream)
            if sized:
                _leb(stream)
            library = stream.read(1)[0]
            while not stream.read(1)[0] & 0x80:
                pass
            if targets & bit:
                found.setdefault(libraries[library & 0x1F], set()).add(name)
            name = "" if library & 0x80 else name
    assert not stream.read(1), f"{system}/abilists has another form than is read here"
    return {library: frozenset(names) for library, names in found.items()}


def _text(stream: io.BytesIO) -> str:
    return b"".join(iter(lambda: stream.read(1), b"\0")).decode()


def _leb(stream: io.BytesIO) -> int:
    value = shift = 0
    while True:
        byte = stream.read(1)[0]
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value


def _missing_on_bsd(data: bytes, system: str, cpu: str) -> Iterator[str]:
    triple = _BSD_TRIPLES.get((system, cpu)) or _BSD_CPUS[cpu].format(system)
    promises = bsd_promises(system, triple)
    elf = ELFFile(io.BytesIO(data))
    dynamic, symbols = elf.get_section_by_name(".dynamic"), elf.get_section_by_name(".dynsym")
    assert isinstance(dynamic, DynamicSection)
    assert isinstance(symbols, SymbolTableSection)
    tags = dynamic.iter_tags("DT_NEEDED")
    needed = [re.sub(r"^lib|\.so.*", "", str(tag.needed)) for tag in tags]  # type: ignore[attr-defined]
    has = {name for library in needed for name in promises.get(library, ())}
    for symbol in symbols.iter_symbols():
        weak = symbol["st_info"]["bind"] == "STB_WEAK"
        if (
            symbol.name
            and symbol["st_shndx"] == "SHN_UNDEF"
            and not weak
            and symbol.name not in has
        ):
            yield f"{cpu}: {symbol.name} of {', '.join(needed)}"


def main() -> int:
    """Says what is missing of each program; 1 where anything is."""
    bad = 0
    for name in sys.argv[1:]:
        found = missing(Path(name), known_stubs())
        bad += bool(found)
        print(name, "; ".join(found) or "has all")
    return min(bad, 1)


def known_stubs() -> list[str]:
    """The texts of all stubs that staticgo wrote here."""
    return [path.read_text() for path in sorted(cache_dir("macos").rglob("*.tbd"))]


if __name__ == "__main__":
    sys.exit(main())
