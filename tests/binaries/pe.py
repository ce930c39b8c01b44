"""A recipe for tiny PE images: one or two kilobytes, each field free to lie.

The layout is always: MS-DOS header, PE headers, `.text` with all tables, the other sections, symbols
and their names, certificate. Sections stand a page apart in memory and a sector apart in the file.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field, replace

AMD64, I386, ARM64 = 0x8664, 0x14C, 0xAA64
RELOCS_STRIPPED, EXECUTABLE_IMAGE, DLL = 0x0001, 0x0002, 0x2000
HIGH_ENTROPY_VA, DYNAMIC_BASE, NX_COMPAT, NO_SEH, GUARD_CF = 0x20, 0x40, 0x100, 0x400, 0x4000
NATIVE, GUI, CONSOLE, EFI_APPLICATION = 1, 2, 3, 10
EXPORT, IMPORT, RESOURCE, SECURITY, BASERELOC = 0, 1, 2, 4, 5
LOAD_CONFIG, BOUND_IMPORT, DELAY_IMPORT, COM_DESCRIPTOR = 10, 11, 13, 14
WRITABLE_CODE, INIT = 0xE0000020, 0xE2000020
CODE, READ_ONLY, DATA = 0x60000020, 0x40000040, 0xC0000040
DISCARDABLE = 0x42000040

PE_AT = 64
SECTOR, PAGE = 512, 4096
BASE = 0x400000
TEXT = PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Scn:
    """One section; `header` overwrites fields of its section header."""

    name: bytes
    contents: bytes = b""
    characteristics: int = READ_ONLY
    header: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pe:
    """What to build. The defaults make a program for windows/amd64 that imports nothing."""

    bits: int = 64
    machine: int = AMD64
    characteristics: int = EXECUTABLE_IMAGE
    dll_characteristics: int = NX_COMPAT
    subsystem: int = CONSOLE
    version: tuple[int, int] = (6, 1)
    linker: tuple[int, int] = (3, 0)
    imports: tuple[str, ...] = ()
    delayed: tuple[str, ...] = ()
    delayed_attributes: int = 1
    """Bit 0: the tables hold RVAs; without it addresses."""
    bound: tuple[str, ...] = ()
    forwards: tuple[str, ...] = ()
    """Exports that are others': `NTDLL.RtlAllocateHeap`."""
    relocations: bool = False
    clr: int | None = None
    """The flags of a CLR header."""
    load_config: bytes = b""
    sections: tuple[Scn, ...] = ()
    symbols: tuple[tuple[bytes, int, int], ...] = ()
    """Name of more than 8 bytes, number of its section, offset there."""
    certificate: bytes = b""
    header: dict[str, int] = field(default_factory=dict)
    """Fields of the file header and of the optional header to overwrite: `entry=0`."""
    directories: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Data directories to overwrite, by their index."""

    def but(self, **changes: object) -> Pe:
        """The same image with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def build(self) -> bytes:
        """The image."""
        text, directories = self._tables()
        sections = [Scn(name=b".text", contents=text, characteristics=CODE), *self.sections]
        strings, names = self._strings(sections)
        headers_size = (
            -(-(PE_AT + 24 + self._optional_size + 40 * len(sections)) // SECTOR) * SECTOR
        )
        headers, contents, at = b"", b"", headers_size
        address = TEXT
        for name, section in zip(names, sections, strict=True):
            size = -(-len(section.contents) // SECTOR) * SECTOR
            fields = {
                "virtual_size": len(section.contents),
                "address": address,
                "raw_size": size,
                "pointer": at,
                "characteristics": section.characteristics,
            } | section.header
            headers += struct.pack("<8sIIII12xI", name, *fields.values())
            contents += section.contents.ljust(size, b"\0")
            at += size
            address += max(1, -(-len(section.contents) // PAGE)) * PAGE
        symbols = b"".join(
            struct.pack(
                "<IIIhHBB", 0, strings.index(b"\0" + name + b"\0") + 5, value, number, 0, 2, 0
            )
            for name, number, value in self.symbols
        )
        if self.symbols or strings:
            symbols += struct.pack("<I", 4 + len(strings)) + strings
        if self.certificate:
            directories[SECURITY] = (at + len(symbols), len(self.certificate))
        directories |= self.directories
        optional = self._optional(headers_size, address, directories)
        pe = self._file_header(len(sections), at if symbols else 0)
        image = b"MZ".ljust(60, b"\0") + struct.pack("<I", PE_AT) + pe + optional + headers
        return image.ljust(headers_size, b"\0") + contents + symbols + self.certificate

    @property
    def _optional_size(self) -> int:
        return 240 if self.bits == 64 else 224

    def _strings(self, sections: list[Scn]) -> tuple[bytes, list[bytes]]:
        """The string table without its length; and the sections' names, which may stand there."""
        strings, names = b"", []
        for section in sections:
            if len(section.name) <= 8:
                names.append(section.name)
                continue
            names.append(b"/%d" % (4 + len(strings)))
            strings += section.name + b"\0"
        if self.symbols:
            strings += b"\0" + b"".join(name + b"\0" for name, _number, _value in self.symbols)
        return strings, names

    def _tables(self) -> tuple[bytes, dict[int, tuple[int, int]]]:
        """The contents of `.text`, and where in it each data directory is."""
        text = bytearray(b"\xc3".ljust(16, b"\0"))
        places: dict[int, tuple[int, int]] = {}

        def put(blob: bytes) -> int:
            text.extend(blob)
            return TEXT + len(text) - len(blob)

        if self.imports:
            records = [(0, 0, 0, put(name.encode() + b"\0"), TEXT) for name in self.imports]
            blob = b"".join(struct.pack("<5I", *record) for record in [*records, (0,) * 5])
            places[IMPORT] = (put(blob), len(blob))
        if self.delayed:
            base = 0 if self.delayed_attributes & 1 else BASE
            named = [put(name.encode() + b"\0") + base for name in self.delayed]
            blob = b"".join(struct.pack("<8I", self.delayed_attributes, n, *[0] * 6) for n in named)
            places[DELAY_IMPORT] = (put(blob + bytes(32)), len(blob) + 32)
        if self.bound:
            at = 8 * len(self.bound) + 8
            blob, texts = b"", b""
            for name in self.bound:
                blob += struct.pack("<IHH", 1, at + len(texts), 0)
                texts += name.encode() + b"\0"
            places[BOUND_IMPORT] = (put(blob + bytes(8) + texts), at)
        if self.forwards:
            start = TEXT + len(text)
            table = start + 40
            texts, functions = b"", []
            for name in self.forwards:
                functions.append(table + 4 * len(self.forwards) + len(texts))
                texts += name.encode() + b"\0"
            blob = struct.pack("<20xIII8x", len(functions), 0, table)
            blob += struct.pack(f"<{len(functions)}I", *functions) + texts
            places[EXPORT] = (put(blob), len(blob))
        if self.relocations:
            places[BASERELOC] = (put(struct.pack("<II", TEXT, 8)), 8)
        if self.clr is not None:
            places[COM_DESCRIPTOR] = (put(struct.pack("<I12xI52x", 72, self.clr)), 72)
        if self.load_config:
            places[LOAD_CONFIG] = (put(self.load_config), len(self.load_config))
        return bytes(text), places

    def _file_header(self, sections: int, symbols_at: int) -> bytes:
        fields = {
            "machine": self.machine,
            "sections": sections,
            "time": 0,
            "symbols_at": symbols_at,
            "symbols": len(self.symbols),
            "optional_size": self._optional_size,
            "characteristics": self.characteristics,
        }
        fields |= {key: value for key, value in self.header.items() if key in fields}
        return b"PE\0\0" + struct.pack("<HHIIIHH", *fields.values())

    def _optional(
        self, headers_size: int, image_size: int, directories: dict[int, tuple[int, int]]
    ) -> bytes:
        wide = self.bits == 64
        fields = {
            "magic": 0x20B if wide else 0x10B,
            "linker_major": self.linker[0],
            "linker_minor": self.linker[1],
            "entry": TEXT,
            "base": BASE,
            "section_alignment": PAGE,
            "file_alignment": SECTOR,
            "version_major": self.version[0],
            "version_minor": self.version[1],
            "image_size": image_size,
            "headers_size": headers_size,
            "subsystem": self.subsystem,
            "dll_characteristics": self.dll_characteristics,
            "directories": 16,
        }
        fields |= {key: value for key, value in self.header.items() if key in fields}
        form = "<HBB12xI4xQII8xHH4xII4xHH36xI" if wide else "<HBB12xI8xIII8xHH4xII4xHH20xI"
        table = b"".join(struct.pack("<II", *directories.get(n, (0, 0))) for n in range(16))
        return struct.pack(form, *fields.values()) + table


def load_config(bits: int, cookie: int = 0, handlers: int = 0, guard: int = 0) -> bytes:
    """A load configuration with these fields (winnt.h, IMAGE_LOAD_CONFIG_DIRECTORY)."""
    if bits == 64:
        return struct.pack("<I84xQQQ32xI", 148, cookie, handlers, 1, guard)
    return struct.pack("<I56xIII16xI", 92, cookie, handlers, 1, guard)


def with_manifest(image: Pe, text: bytes, **changes: int) -> Pe:
    """The same image with a manifest as its only resource, in a section of its own.

    `changes` overwrite the counts of each level's directory and what its entry says.
    """
    at = PAGE * 2
    fields = {
        "types": 1,
        "type": 24,
        "numbers": 1,
        "number": 1,
        "numbers_at": 0x80000018,
        "languages": 1,
        "language": 1033,
        "languages_at": 0x80000030,
        "address": at + 88,
        "size": len(text),
    } | changes
    tree = struct.pack("<14xHII", fields["types"], fields["type"], fields["numbers_at"])
    tree += struct.pack("<14xHII", fields["numbers"], fields["number"], fields["languages_at"])
    tree += struct.pack("<14xHII", fields["languages"], fields["language"], 72)
    tree += struct.pack("<II8x", fields["address"], fields["size"])
    return image.but(
        sections=(Scn(name=b".rsrc", contents=tree + text),),
        directories={RESOURCE: (at, len(tree) + len(text))},
    )


def manifest(*elements: str) -> bytes:
    """A manifest of these elements."""
    space = "urn:schemas-microsoft-com:asm.v1"
    return f'<assembly xmlns="{space}">{"".join(elements)}</assembly>'.encode()


def dependency(name: str) -> str:
    """A manifest's wish for a side-by-side assembly."""
    identity = f'<assemblyIdentity type="win32" name="{name}" version="1.0.0.0"/>'
    return f"<dependency><dependentAssembly>{identity}</dependentAssembly></dependency>"


SYSTEM = "KERNEL32.dll"
STATIC = Pe()
GO = Pe(
    imports=("kernel32.dll",),
    relocations=True,
    dll_characteristics=NX_COMPAT | DYNAMIC_BASE | HIGH_ENTROPY_VA,
)
SYSTEM_ONLY = Pe(imports=(SYSTEM, "api-ms-win-crt-runtime-l1-1-0.dll"))
SYSTEM_ONLY_32 = Pe(bits=32, machine=I386, imports=(SYSTEM,))
MINGW = Pe(imports=(SYSTEM, "libgcc_s_seh-1.dll", "msvcrt.dll"), linker=(2, 40))
VISUAL_C = Pe(imports=(SYSTEM, "VCRUNTIME140.dll"), linker=(14, 36), delayed=("USER32.dll",))
DELAYED = Pe(imports=(SYSTEM,), delayed=("plugin.dll",))
LIBRARY = Pe(characteristics=EXECUTABLE_IMAGE | DLL, imports=(SYSTEM,), relocations=True)
DOTNET = Pe(bits=32, machine=I386, imports=("mscoree.dll",), clr=1)
EFI = Pe(subsystem=EFI_APPLICATION, relocations=True)
DRIVER = Pe(subsystem=NATIVE, imports=("ntoskrnl.exe", "HAL.dll"))
MANIFEST = with_manifest(SYSTEM_ONLY, manifest(dependency("Microsoft.Windows.Common-Controls")))
