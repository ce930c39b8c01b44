"""A recipe for tiny ELF images: a few hundred bytes, each field free to lie.

The layout is always: file header, program headers, contents, section headers. One PT_LOAD maps the
whole file but for `data`, which a second, writable one maps (Go's build information stands there).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field, replace

ET_REL, ET_EXEC, ET_DYN, ET_CORE = 1, 2, 3, 4
PT_NULL, PT_LOAD, PT_DYNAMIC, PT_INTERP, PT_NOTE = 0, 1, 2, 3, 4
PT_GNU_EH_FRAME, PT_GNU_STACK, PT_GNU_RELRO = 0x6474E550, 0x6474E551, 0x6474E552
DT_NULL, DT_NEEDED, DT_STRTAB, DT_SONAME, DT_FLAGS_1 = 0, 1, 5, 14, 0x6FFFFFFB
DT_AUDIT, DT_AUXILIARY, DT_FILTER = 0x6FFFFEFC, 0x7FFFFFFD, 0x7FFFFFFF
DF_1_PIE = 0x08000000
SHT_PROGBITS, SHT_SYMTAB, SHT_STRTAB = 1, 2, 3
AMD64 = 62

BASE = 0x400000
DATA = 0x800000

GLIBC = "/lib64/ld-linux-x86-64.so.2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phdr:
    """One program header."""

    type: int
    offset: int
    vaddr: int
    filesz: int
    memsz: int
    flags: int = 5
    align: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Shdr:
    """One section; contents are put behind the program, with no address of their own."""

    name: bytes
    type: int = SHT_PROGBITS
    flags: int = 0
    address: int = 0
    contents: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Elf:
    """What to build. The defaults make the smallest static program for linux/amd64."""

    bits: int = 64
    big_endian: bool = False
    osabi: int = 0
    type: int = ET_EXEC
    machine: int = AMD64
    flags: int = 0
    entry: int | None = None
    interpreter: str | None = None
    needed: tuple[str, ...] = ()
    dynamic: tuple[tuple[int, int], ...] | None = None
    """Entries beside DT_NEEDED, DT_STRTAB and DT_NULL; None and no `needed`: no PT_DYNAMIC."""
    data: bytes = b""
    sections: tuple[Shdr, ...] = ()
    extra: tuple[Phdr, ...] = ()
    header: dict[str, int] = field(default_factory=dict)
    """File header fields to overwrite: `phnum=0`."""
    patch: dict[int, Phdr] = field(default_factory=dict)
    """Program headers to overwrite, by their index."""

    def but(self, **changes: object) -> Elf:
        """The same image with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    @property
    def order(self) -> str:
        """`struct`'s sign of the byte order."""
        return ">" if self.big_endian else "<"

    @property
    def base(self) -> int:
        """Where the first byte of the file is in memory."""
        return 0 if self.type == ET_DYN else BASE

    @property
    def ehsize(self) -> int:
        """The size of the file header, where the program headers begin."""
        return 64 if self.bits == 64 else 52

    @property
    def phentsize(self) -> int:
        """The size of a program header."""
        return 56 if self.bits == 64 else 32

    @property
    def has_dynamic(self) -> bool:
        """Whether there is a PT_DYNAMIC."""
        return self.dynamic is not None or bool(self.needed)

    @property
    def contents_at(self) -> int:
        """The offset of the first byte behind the program headers."""
        return self.ehsize + self.phentsize * (
            1
            + (self.interpreter is not None)
            + self.has_dynamic
            + bool(self.data)
            + len(self.extra)
        )

    @property
    def data_at(self) -> int:
        """The offset of `data`."""
        return self.contents_at + len(self._text()[0])

    def with_segment(self, kind: int, contents: bytes, *, flags: int = 4, align: int = 4) -> Elf:
        """The same image with `contents` at the end of `data`, and a program header for them."""
        before = self.data.ljust(-(-len(self.data) // 16) * 16, b"\0")
        size = len(contents)
        moved = self.but(
            data=before + contents,
            extra=(*self.extra, Phdr(type=kind, offset=0, vaddr=0, filesz=0, memsz=0)),
        )
        at = moved.data_at + len(before)
        phdr = Phdr(
            type=kind,
            offset=at,
            vaddr=DATA + len(before),
            filesz=size,
            memsz=size,
            flags=flags,
            align=align,
        )
        # The one before was put where it stood before this one moved everything.
        shift = moved.data_at - self.data_at
        earlier = (replace(old, offset=old.offset + shift) for old in self.extra)
        return moved.but(extra=(*earlier, phdr))

    def _text(self) -> tuple[bytes, int, bytes]:
        """What stands before `data`, the offset of the dynamic section, and that section."""
        interpreter = b"" if self.interpreter is None else self.interpreter.encode() + b"\0"
        strings_at = self.contents_at + len(interpreter)
        strings = b"\0" + b"".join(name.encode() + b"\0" for name in self.needed)
        dynamic_at = -(-(strings_at + len(strings)) // 16) * 16
        dynamic = self._dynamic_table(strings_at + self.base) if self.has_dynamic else b""
        text = interpreter + strings.ljust(dynamic_at - strings_at, b"\0") + dynamic
        return text, dynamic_at, dynamic

    def build(self) -> bytes:
        """The image."""
        interpreter = b"" if self.interpreter is None else self.interpreter.encode() + b"\0"
        text, dynamic_at, dynamic = self._text()
        data_at = self.contents_at + len(text)
        phdrs = [
            Phdr(type=PT_LOAD, offset=0, vaddr=self.base, filesz=data_at, memsz=data_at),
            *self._interp(len(interpreter)),
            *self._dynamic_phdr(dynamic_at, len(dynamic)),
            *self._data_phdr(data_at),
            *self.extra,
        ]
        phdrs = [self.patch.get(index, phdr) for index, phdr in enumerate(phdrs)]
        shoff, tail = self._sections(data_at + len(self.data))
        return b"".join(
            (
                self._header(len(phdrs), shoff),
                b"".join(map(self.pack_phdr, phdrs)),
                text,
                self.data,
                tail,
            )
        )

    def _interp(self, size: int) -> list[Phdr]:
        if self.interpreter is None:
            return []
        at = self.contents_at
        return [Phdr(type=PT_INTERP, offset=at, vaddr=self.base + at, filesz=size, memsz=size)]

    def _dynamic_phdr(self, at: int, size: int) -> list[Phdr]:
        if not self.has_dynamic:
            return []
        return [Phdr(type=PT_DYNAMIC, offset=at, vaddr=self.base + at, filesz=size, memsz=size)]

    def _data_phdr(self, at: int) -> list[Phdr]:
        if not self.data:
            return []
        size = len(self.data)
        return [Phdr(type=PT_LOAD, offset=at, vaddr=DATA, filesz=size, memsz=size, flags=6)]

    def _dynamic_table(self, strings_address: int) -> bytes:
        entries = []
        offset = 1
        for name in self.needed:
            entries.append((DT_NEEDED, offset))
            offset += len(name.encode()) + 1
        entries += self.dynamic or ()
        if not any(tag == DT_STRTAB for tag, _value in entries):
            entries.append((DT_STRTAB, strings_address))
        entries.append((DT_NULL, 0))
        form = self.order + ("QQ" if self.bits == 64 else "II")
        return b"".join(struct.pack(form, *entry) for entry in entries)

    def pack_phdr(self, phdr: Phdr) -> bytes:
        """One program header's bytes."""
        sizes = (phdr.filesz, phdr.memsz)
        if self.bits == 64:
            fields = (
                phdr.type,
                phdr.flags,
                phdr.offset,
                phdr.vaddr,
                phdr.vaddr,
                *sizes,
                phdr.align,
            )
            return struct.pack(self.order + "IIQQQQQQ", *fields)
        fields = (phdr.type, phdr.offset, phdr.vaddr, phdr.vaddr, *sizes, phdr.flags, phdr.align)
        return struct.pack(self.order + "IIIIIIII", *fields)

    def _sections(self, at: int) -> tuple[int, bytes]:
        """The offset of the section headers, and everything from `at` on."""
        if not self.sections:
            return 0, b""
        sections = [Shdr(name=b"", type=0), *self.sections]
        names = b"\0".join(section.name for section in sections) + b"\0.shstrtab\0"
        sections.append(Shdr(name=b".shstrtab", type=SHT_STRTAB, contents=names))
        contents = b"".join(section.contents for section in sections)
        form = self.order + ("IIQQQQIIQQ" if self.bits == 64 else "IIIIIIIIII")
        headers = b""
        for section in sections:
            # A section that describes memory has its size in `contents` of the program itself.
            name = names.index(section.name + b"\0")
            place = (section.flags, section.address, at, len(section.contents))
            headers += struct.pack(form, name, section.type, *place, 0, 0, 1, 0)
            at += len(section.contents)
        return at, contents + headers

    def _header(self, phnum: int, shoff: int) -> bytes:
        count = len(self.sections) + 2 if self.sections else 0
        fields = {
            "type": self.type,
            "machine": self.machine,
            "version": 1,
            "entry": self.base + self.ehsize if self.entry is None else self.entry,
            "phoff": self.ehsize,
            "shoff": shoff,
            "flags": self.flags,
            "ehsize": self.ehsize,
            "phentsize": self.phentsize,
            "phnum": phnum,
            "shentsize": 64 if self.bits == 64 else 40,
            "shnum": count,
            "shstrndx": max(0, count - 1),
        } | self.header
        ident = b"\x7fELF" + bytes(
            (1 if self.bits == 32 else 2, 2 if self.big_endian else 1, 1, self.osabi)
        )
        form = self.order + ("HHIQQQIHHHHHH" if self.bits == 64 else "HHIIIIIHHHHHH")
        return ident.ljust(16, b"\0") + struct.pack(form, *fields.values())


STATIC = Elf()
STATIC_PIE = Elf(type=ET_DYN, dynamic=((DT_FLAGS_1, DF_1_PIE),))
DYNAMIC = Elf(interpreter=GLIBC, needed=("libc.so.6",))
DYNAMIC_PIE = DYNAMIC.but(type=ET_DYN, dynamic=((DT_FLAGS_1, DF_1_PIE),))
GO_PIE = Elf(type=ET_DYN, interpreter=GLIBC, dynamic=((DT_FLAGS_1, DF_1_PIE),))
"""As Go's own linker makes it with CGO_ENABLED=0: an interpreter, and nothing to load."""
SHARED_OBJECT = Elf(type=ET_DYN, entry=0, dynamic=((DT_SONAME, 0),))
ARM_STATIC = Elf(bits=32, machine=40)
MIPS_DYNAMIC = Elf(bits=32, big_endian=True, machine=8, interpreter="/lib/ld.so.1", needed=("c",))
