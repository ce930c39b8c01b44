"""A PE file's bytes to a report: linkage, symbols, and Go's build information."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from staticgo.binary.buildinfo import read_build_info
from staticgo.binary.cursor import Buffer, Cursor, Unreadable
from staticgo.binary.pe_image import (
    SCN_DATA,
    SCN_READ,
    SCN_WRITE,
    SECURITY,
    Header,
    Image,
    read_header,
    read_image,
    read_sections,
)
from staticgo.binary.pe_layout import function_table, program_of, read_groups
from staticgo.binary.pe_linkage import read_linkage
from staticgo.binary.pe_protections import (
    Hardened,
    LoadConfig,
    doubt,
    read_load_config,
    read_protections,
)
from staticgo.binary.pe_symbols import Symbols, is_stripped, read_symbols
from staticgo.binary.signs import read_signs
from staticgo.facts.libraries_windows import is_ucrt
from staticgo.facts.pe import EFI, GO_WINDOWS, UCRT_WINDOWS, machine_name
from staticgo.model.binary import (
    BinaryReport,
    Clue,
    Format,
    Gap,
    GoBuildInfo,
    Requirement,
    Slice,
)

# Go's debug/buildinfo, peExe.DataStart: IMAGE_SCN_ALIGN_32BYTES may be there, and nothing else.
_GO_DATA = SCN_DATA | SCN_READ | SCN_WRITE
_ALIGN_32BYTES = 0x600000
_CERTIFICATE_SIZE = 8
_GO = re.compile(r"go1\.([0-9]{1,4})(?![0-9])", re.ASCII)


class _Memory(NamedTuple):
    """What Go's build information is read through; the PE half of Go's debug/buildinfo."""

    image: Image

    def at(self, address: int, size: int) -> bytes:
        """Up to `size` bytes of file-backed memory, to the end of their section at most."""
        return self.image.up_to(address - self.image.header.base, size)

    def places(self) -> Iterator[tuple[int, int]]:
        """The first section of plain data."""
        for section in self.image.sections:
            if (
                section.address
                and section.raw_size
                and section.characteristics & ~_ALIGN_32BYTES == _GO_DATA
            ):
                yield self.image.header.base + section.address, section.end - section.start
                return


def read_pe(data: Buffer) -> BinaryReport:
    """Read a PE file. Raises FormatError where it is another kind of program that begins with MZ."""
    header = read_header(data)
    cursor = Cursor(data)
    symbols = read_symbols(cursor, header)
    gaps = [symbols.gap] if symbols.gap else []
    image, config, unread = _image(cursor, header, symbols)
    linked = read_linkage(image, unread)
    gaps += linked.gaps
    go, gap = read_build_info(_Memory(image))
    gaps += [gap] if gap else []
    table = function_table(image, symbols)
    signs = read_signs(program_of(image, symbols, table, go, linked.needed))
    signature, unsigned = _signature(cursor, header)
    gaps += [*signs.gaps, *unsigned]
    report = Slice(
        machine=machine_name(header.machine, header.bits),
        bits=header.bits,
        big_endian=False,
        kind=linked.kind,
        linkage=linked.linkage,
        linkage_evidence=linked.evidence,
        needed=linked.needed,
        foreign=linked.foreign,
        stripped=is_stripped(header, image.sections) if image.sections else None,
        go=go,
        os=linked.os,
        abi=linked.abi,
        requires=_requires(header, go, linked.needed),
        sections=read_groups(image, symbols, table),
        signature=signature,
        link_mode=signs.link_mode,
        cgo=signs.cgo,
        libc=signs.libc,
        go_version=signs.go_version,
        functions=signs.functions,
        packages=signs.packages,
        protections=read_protections(Hardened(image, symbols, config, go, signs)),
    )
    # dict: one gap found on two ways is one gap.
    return BinaryReport(
        format=Format.PE, size=cursor.size, slices=(report,), gaps=tuple(dict.fromkeys(gaps))
    )


def _image(
    cursor: Cursor, header: Header, symbols: Symbols
) -> tuple[Image, LoadConfig | None, tuple[Gap, ...]]:
    """The image, its load configuration, and what of them could not be read."""
    unread: tuple[Gap, ...] = ()
    try:
        image = read_image(cursor, header, read_sections(cursor, header, symbols.names))
    except Unreadable as error:
        image = Image(cursor, header, (), ())
        unread = (error.gap,)
    try:
        config = read_load_config(image)
    except Unreadable as error:
        return image, None, (*unread, error.gap)
    return image, config, (*unread, *doubt(image, config))


def _signature(cursor: Cursor, header: Header) -> tuple[Clue, tuple[Gap, ...]]:
    """ "The Attribute Certificate Table": there or not; it is not checked against anything."""
    offset, size = header.directories[SECURITY]
    if not (offset and size):
        return Clue(value="none", evidence="no certificate table"), ()
    if size < _CERTIFICATE_SIZE or offset + size > cursor.size:
        return Clue(), (Gap(what="certificate table", why="it goes past the end of the file"),)
    return Clue(value="signed", evidence=f"a certificate table of {size} bytes, not verified"), ()


def _requires(
    header: Header, go: GoBuildInfo | None, needed: tuple[str, ...]
) -> tuple[Requirement, ...]:
    """Windows compares the subsystem's version with its own; what is inside may need more."""
    if header.subsystem in EFI:
        return ()
    wanted = [(header.subsystem_version, "MajorSubsystemVersion")]
    ucrt = next((name for name in needed if is_ucrt(name)), "")
    wanted += [(UCRT_WINDOWS, ucrt)] if ucrt else []
    release = _GO.match(go.version) if go else None
    wanted += [
        (oldest, f"Go 1.{minor} and later")
        for minor, oldest in GO_WINDOWS
        if release and int(release[1]) >= minor
    ]
    version = max(oldest for oldest, _asker in wanted)
    if not any(version):
        return ()
    asked_by = tuple(asker for oldest, asker in wanted if oldest == version)
    return (Requirement(what="windows", version=f"{version[0]}.{version[1]}", asked_by=asked_by),)
