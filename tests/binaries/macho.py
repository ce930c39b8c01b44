"""A recipe for tiny Mach-O images: a few hundred bytes, each field free to lie.

The layout is always: file header, load commands, `text`, `data`, symbols, their names, signature.
__PAGEZERO stands below, __TEXT maps all up to the end of `text`, __DATA (rw) maps `data`, where Go's
build information stands, and __LINKEDIT the rest.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

AMD64, ARM64, I386, PPC = 0x01000007, 0x0100000C, 7, 18
MH_OBJECT, MH_EXECUTE, MH_CORE, MH_DYLIB, MH_BUNDLE = 1, 2, 4, 6, 8
MH_DYLDLINK, MH_TWOLEVEL, MH_PIE = 0x4, 0x80, 0x200000
LC_SYMTAB, LC_UNIXTHREAD, LC_DYSYMTAB = 0x2, 0x5, 0xB
LC_LOAD_DYLIB, LC_LOAD_WEAK_DYLIB, LC_REEXPORT_DYLIB = 0xC, 0x80000018, 0x8000001F
LC_LAZY_LOAD_DYLIB, LC_LOAD_UPWARD_DYLIB = 0x20, 0x80000023
LC_LOAD_DYLINKER, LC_RPATH, LC_DYLD_ENVIRONMENT = 0xE, 0x8000001C, 0x27
LC_CODE_SIGNATURE, LC_VERSION_MIN_MACOSX, LC_BUILD_VERSION = 0x1D, 0x24, 0x32
LC_ENCRYPTION_INFO_64, LC_MAIN, LC_SOURCE_VERSION = 0x2C, 0x80000028, 0x2A

BASE, DATA, LINKEDIT = 0x10000, 0x20000, 0x30000
DYLD = "/usr/lib/dyld"
LIBSYSTEM = "/usr/lib/libSystem.B.dylib"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sym:
    """One symbol: N_SECT and external, unless said otherwise."""

    name: str
    type: int = 0xF


@dataclass(frozen=True, slots=True, kw_only=True)
class Macho:
    """What to build. The defaults make the smallest program for macOS on arm64."""

    bits: int = 64
    big_endian: bool = False
    cputype: int = ARM64
    cpusubtype: int = 0
    filetype: int = MH_EXECUTE
    flags: int = MH_DYLDLINK | MH_PIE
    dylinker: str | None = DYLD
    dylibs: tuple[str | tuple[int, str], ...] = (LIBSYSTEM,)
    run_paths: tuple[str, ...] = ()
    text: bytes = b""
    text_section: str = "__cstring"
    data: bytes = b""
    data_section: str = "__go_buildinfo"
    symbols: tuple[tuple[Sym, ...], tuple[Sym, ...], tuple[Sym, ...]] | None = None
    """Local, defined external, undefined."""
    signature: bytes = b""
    platform: tuple[int, int] | None = (1, 0x000C0000)
    """Number and minimum version."""
    extra: tuple[tuple[int, bytes], ...] = ((LC_MAIN, bytes(16)),)
    """More commands: number and what follows the size."""
    header: dict[str, int] = field(default_factory=dict)
    """File header fields to overwrite: `ncmds=0`."""
    patch: dict[str, dict[int, int]] = field(default_factory=dict)
    """Fields of a segment to overwrite, by their place: `{"__TEXT": {2: 1 << 40}}` (fileoff)."""

    def but(self, **changes: object) -> Macho:
        """The same image with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    @property
    def order(self) -> str:
        """`struct`'s sign of the byte order."""
        return ">" if self.big_endian else "<"

    def build(self) -> bytes:
        """The image. The size of the commands does not depend on what they say."""
        size = self._header_size + len(b"".join(self._commands(0)))
        commands = b"".join(self._commands(size))
        body = self.text + self.data + self._nlist() + self._names()[0] + self.signature
        return self._header(len(self._commands(0)), len(commands)) + commands + body

    @property
    def _header_size(self) -> int:
        return 32 if self.bits == 64 else 28

    def _header(self, count: int, size: int) -> bytes:
        fields = {
            "magic": 0xFEEDFACF if self.bits == 64 else 0xFEEDFACE,
            "cputype": self.cputype,
            "cpusubtype": self.cpusubtype,
            "filetype": self.filetype,
            "ncmds": count,
            "sizeofcmds": size,
            "flags": self.flags,
        } | self.header
        packed = struct.pack(self.order + "7I", *fields.values())
        return packed.ljust(self._header_size, b"\0")

    def _commands(self, at: int) -> list[bytes]:
        """All commands, where the contents begin at `at`."""
        text, data, linkedit = at + len(self.text), len(self.data), len(self._nlist())
        names, end = len(self._names()[0]), len(self.signature)
        symbols_at = text + data
        signature_at = symbols_at + linkedit + names
        commands = [
            self._segment("__PAGEZERO", (0, BASE, 0, 0), 0, None),
            self._segment(
                "__TEXT", (BASE, text, 0, text), 5, (self.text_section, at, len(self.text))
            ),
        ]
        if self.data:
            place = (self.data_section, text, data)
            commands.append(self._segment("__DATA", (DATA, data, text, data), 3, place))
        rest = linkedit + names + end
        commands.append(self._segment("__LINKEDIT", (LINKEDIT, rest, symbols_at, rest), 1, None))
        commands += self._symbol_commands(symbols_at, symbols_at + linkedit)
        if self.signature:
            commands.append(self.command(LC_CODE_SIGNATURE, self._ints(signature_at, end)))
        if self.platform:
            number, minimum = self.platform
            commands.append(
                self.command(LC_BUILD_VERSION, self._ints(number, minimum, 0x000F0000, 0))
            )
        if self.dylinker is not None:
            commands.append(self.named(LC_LOAD_DYLINKER, self.dylinker))
        for library in self.dylibs:
            number, name = (LC_LOAD_DYLIB, library) if isinstance(library, str) else library
            commands.append(self.named(number, name, self._ints(0, 0x10000, 0x10000)))
        commands += [self.named(LC_RPATH, path) for path in self.run_paths]
        return commands + [self.command(number, body) for number, body in self.extra]

    def _symbol_commands(self, symbols_at: int, names_at: int) -> list[bytes]:
        if self.symbols is None:
            return []
        count = sum(map(len, self.symbols))
        first = 0
        ranges: list[int] = []
        for group in self.symbols:
            ranges += (first, len(group))
            first += len(group)
        strings = self._names()[0]
        return [
            self.command(LC_SYMTAB, self._ints(symbols_at, count, names_at, len(strings))),
            self.command(LC_DYSYMTAB, self._ints(*ranges).ljust(72, b"\0")),
        ]

    def command(self, number: int, body: bytes) -> bytes:
        """One load command."""
        return self._ints(number, 8 + len(body)) + body

    def named(self, number: int, name: str, between: bytes = b"") -> bytes:
        """One load command with a string behind `between`."""
        text = name.encode() + b"\0"
        body = self._ints(12 + len(between)) + between + text
        return self.command(number, body.ljust(-(-len(body) // 8) * 8 + 8, b"\0"))

    def _segment(
        self,
        name: str,
        place: tuple[int, int, int, int],
        protection: int,
        section: tuple[str, int, int] | None,
    ) -> bytes:
        wide = self.bits == 64
        word = "Q" if wide else "I"
        fields = list(place)
        for index, value in self.patch.get(name, {}).items():
            fields[index] = value
        body = struct.pack(
            f"{self.order}16s4{word}iiII",
            name.encode(),
            *fields,
            protection,
            protection,
            1 if section else 0,
            0,
        )
        if section:
            title, offset, size = section
            address = place[0] + offset - place[2]
            body += struct.pack(
                f"{self.order}16s16s2{word}{8 if wide else 7}I",
                title.encode(),
                name.encode(),
                address,
                size,
                offset,
                *[0] * (7 if wide else 6),
            )
        return self.command(0x19 if wide else 0x1, body)

    def _names(self) -> tuple[bytes, list[int]]:
        """The string table, and where each name begins; the first byte is nobody's."""
        strings, places = b" \0" if self.symbols else b"", []
        for symbol in (symbol for group in self.symbols or () for symbol in group):
            places.append(len(strings))
            strings += symbol.name.encode() + b"\0"
        return strings, places

    def _nlist(self) -> bytes:
        form = self.order + ("IBBHQ" if self.bits == 64 else "IBBHI")
        symbols = [symbol for group in self.symbols or () for symbol in group]
        return b"".join(
            struct.pack(form, place, symbol.type, 1, 0, 0)
            for place, symbol in zip(self._names()[1], symbols, strict=True)
        )

    def _ints(self, *numbers: int) -> bytes:
        return struct.pack(f"{self.order}{len(numbers)}I", *numbers)


def signature(
    flags: int = 0x2,
    *,
    cms: bytes | None = None,
    identifier: str = "tiny",
    pages: tuple[bytes, ...] = (),
    limit: int = 0,
    parts: Mapping[int, bytes] = MappingProxyType({}),
) -> bytes:
    """A SuperBlob with a CodeDirectory of these pages and parts, and a CMS signature of these bytes."""
    name = identifier.encode() + b"\0"
    special = max(parts, default=0)
    signed = [*(parts.get(slot) for slot in range(special, 0, -1)), *pages]
    hashes = [bytes(32) if one is None else hashlib.sha256(one).digest() for one in signed]
    hashes_at = 64 + len(name) + 32 * special
    size = hashes_at + 32 * len(pages)
    numbers = (0xFADE0C02, size, 0x20300, flags, hashes_at, 64, special, len(pages), limit)
    directory = struct.pack(">9I4B4IQ", *numbers, 32, 2, 0, 12, 0, 0, 0, 0, 0) + name
    blobs = [(0, directory + b"".join(hashes)), *sorted(parts.items())]
    if cms is not None:
        blobs.append((0x10000, struct.pack(">II", 0xFADE0B01, 8 + len(cms)) + cms))
    index, bodies = b"", b""
    for slot, blob in blobs:
        index += struct.pack(">II", slot, 12 + 8 * len(blobs) + len(bodies))
        bodies += blob
    whole = index + bodies
    return struct.pack(">III", 0xFADE0CC0, 12 + len(whole), len(blobs)) + whole


def sealed(image: Macho, **how: Any) -> Macho:
    """The image with a signature whose hashes are right."""
    for _ in range(3):  # its size is in the first page, and then its hashes are right
        whole = image.build()
        body = whole[: len(whole) - len(image.signature)]
        pages = tuple(body[at : at + 4096] for at in range(0, len(body), 4096))
        image = image.but(signature=signature(**{"pages": pages, "limit": len(body), **how}))
    return image


def fat(
    *images: tuple[int, bytes],
    wide: bool = False,
    count: int | None = None,
    places: Mapping[int, tuple[int, int]] = MappingProxyType({}),
) -> bytes:
    """A fat file of (cputype, image); `places` overwrites offset and size by index."""
    form = ">IIQQII" if wide else ">IIIII"
    at = 8 + struct.calcsize(form) * len(images)
    table, body = b"", b""
    for index, (cputype, image) in enumerate(images):
        offset, size = places.get(index, (at + len(body), len(image)))
        table += struct.pack(form, cputype, 0, offset, size, 0, *([0] if wide else []))
        body += image
    number = len(images) if count is None else count
    return struct.pack(">II", 0xCAFEBABF if wide else 0xCAFEBABE, number) + table + body


PROGRAM = Macho()
INTEL = PROGRAM.but(cputype=AMD64)
LIBRARY = Macho(filetype=MH_DYLIB, flags=MH_DYLDLINK, dylinker=None, extra=())
STATIC = Macho(
    cputype=AMD64, flags=0, dylinker=None, dylibs=(), extra=((LC_UNIXTHREAD, bytes(176)),)
)
OLD_MAC = Macho(bits=32, big_endian=True, cputype=PPC, platform=None, flags=MH_DYLDLINK)
IMPORT = Sym(name="_printf", type=0x1)
SIGNED = sealed(PROGRAM)

FOREIGN = "/opt/homebrew/lib/libfoo.dylib"
_A, _B = PROGRAM.build(), INTEL.build()

CORRUPT: Mapping[str, bytes] = MappingProxyType(
    {
        "no load commands": PROGRAM.but(header={"ncmds": 0}).build(),
        "more commands than there are": PROGRAM.but(header={"ncmds": 99}).build(),
        "too many commands": PROGRAM.but(header={"ncmds": 2**32 - 1}).build(),
        "commands past the end": PROGRAM.but(header={"sizeofcmds": 0x20000}).build(),
        "commands of absurd size": PROGRAM.but(header={"sizeofcmds": 2**32 - 1}).build(),
        "a command of no size": PROGRAM.build().replace(
            struct.pack("<II", LC_MAIN, 24), struct.pack("<II", LC_MAIN, 0)
        ),
        "an unknown command": PROGRAM.but(extra=((0x7777, bytes(8)),)).build(),
        "an unknown CPU": PROGRAM.but(cputype=0x123).build(),
        "another byte order than the CPU has": PROGRAM.but(big_endian=True).build(),
        "another word size than the CPU has": PROGRAM.but(bits=32).build(),
        "two dynamic linkers": PROGRAM.but(
            extra=((LC_LOAD_DYLINKER, struct.pack("<I", 12) + b"/usr/lib/dyld\0\0\0"),)
        ).build(),
        "a dynamic linker without a name": PROGRAM.but(dylinker="").build(),
        "a library without a name": PROGRAM.but(dylibs=("",)).build(),
        "a segment past the end": PROGRAM.but(patch={"__TEXT": {3: 1 << 40}}).build(),
        "a segment around the end of memory": PROGRAM.but(
            patch={"__LINKEDIT": {0: 2**64 - 1, 1: 9}}
        ).build(),
        "a segment over another": PROGRAM.but(patch={"__LINKEDIT": {0: BASE, 1: 4096}}).build(),
        "a header that is not in memory": PROGRAM.but(patch={"__TEXT": {2: 8}}).build(),
        "a segment for another word size": PROGRAM.but(extra=((0x1, bytes(48)),)).build(),
        "a program packed by UPX": STATIC.build() + b"UPX!" + bytes(28),
        "a static program that asks for dyld": STATIC.but(flags=MH_DYLDLINK).build(),
        "a static program without a beginning": STATIC.but(extra=()).build(),
        "an object file": PROGRAM.but(filetype=MH_OBJECT).build(),
        "a core dump": PROGRAM.but(filetype=MH_CORE).build(),
        "a kernel extension": PROGRAM.but(filetype=11).build(),
        "a slice past the end": fat((ARM64, _A), places={0: (28, len(_A) + 1)}),
        "a slice over the header": fat((ARM64, _A), places={0: (0, 28)}),
        "a slice of nothing": fat((ARM64, b"")),
        "slices that overlap": fat(
            (ARM64, _A), (AMD64, _B), places={0: (48, len(_A) + 1), 1: (48 + len(_A), len(_B))}
        ),
        "a fat file in a fat file": fat((ARM64, fat((ARM64, _A)))),
        "a fat file that lies about the CPU": fat((AMD64, _A)),
        "an archive of object files": fat((ARM64, b"!<arch>\n" + bytes(60))),
    }
)
"""Images that lie or are damaged: none of them may be called static or system-only."""

REFUSED: Mapping[str, bytes] = MappingProxyType(
    {
        "nothing": b"",
        "half a magic": _A[:3],
        "half a header": _A[:31],
        "an ELF file": b"\x7fELF" + bytes(60),
        "a fat file without slices": fat(),
        "a fat file of 2^32-1 slices": fat((ARM64, _A), count=2**32 - 1),
        "a 64-bit fat file of 2^32-1 slices": fat((ARM64, _A), wide=True, count=2**32 - 1),
        "a fat file cut in its table": fat((ARM64, _A))[:27],
        "a fat file cut in its header": fat((ARM64, _A))[:7],
        "a Java class": bytes.fromhex("cafebabe00000034") + bytes(100),
        "an old Java class": bytes.fromhex("cafebabe0003002d") + bytes(100),
    }
)
"""What is no Mach-O file at all, or none that anything can be said of."""
