"""The ELF reader against pyelftools and readelf, over the ELF files of this machine.

A sample by default; STATICGO_ALL_FILES=1 takes every file (thousands: some minutes).
"""

from __future__ import annotations

import mmap
import os
import re
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from staticgo.binary import read
from staticgo.model.binary import Kind, Slice

ROOTS = (Path("/usr/lib"), Path("/usr/bin"), Path(sysconfig.get_path("purelib")))
FOR_READELF, FOR_PYELFTOOLS = 1000, 250
"""Files in the default samples: pyelftools takes some twenty times as long."""
CHUNKS = 8
BATCH = 50


class Said(NamedTuple):
    """What a reader says of one file."""

    interpreter: str
    needed: tuple[str, ...]
    run_paths: str
    stripped: bool | None
    versions: tuple[tuple[str, str], ...]
    """The highest version of each numbered family."""


@cache
def elf_files(sample: int) -> tuple[Path, ...]:
    """Every ELF file, links left out, or a sample that is the same each time."""
    found = []
    for root in ROOTS:
        for folder, _folders, names in os.walk(root):
            found += [path for name in names if is_elf(path := Path(folder, name))]
    found.sort()
    if os.environ.get("STATICGO_ALL_FILES"):
        return tuple(found)
    return tuple(found[:: max(1, len(found) // sample)])


def is_elf(path: Path) -> bool:
    try:
        if path.is_symlink() or not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(4) == b"\x7fELF"
    except OSError:
        return False


def own(path: Path) -> Slice:
    with path.open("rb") as file:
        view = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    try:
        report = read(view)
    finally:
        view.close()
    (found,) = report.slices
    assert sum(group.size for group in found.sections) == report.size
    return found


def said_by_us(found: Slice) -> Said:
    versions = {
        need.what: need.version for need in found.requires if need.what in FAMILIES.values()
    }
    return Said(
        interpreter=found.interpreter,
        needed=found.needed,
        run_paths=":".join(found.run_paths),
        stripped=found.stripped,
        versions=tuple(sorted(versions.items())),
    )


FAMILIES = {
    "GLIBC": "glibc",
    "GLIBCXX": "libstdc++ (GLIBCXX)",
    "CXXABI": "libstdc++ (CXXABI)",
    "GCC": "libgcc (GCC)",
}


def highest(names: list[str]) -> tuple[tuple[str, str], ...]:
    """Written down a second time: the highest number behind each known prefix."""
    best: dict[str, list[int]] = {}
    for name in names:
        prefix, _, number = name.replace("GLIBC_ABI_DT_RELR", "GLIBC_2.36").rpartition("_")
        if prefix in FAMILIES and number.replace(".", "").isdigit():
            parts = [int(part) for part in number.split(".")]
            best[FAMILIES[prefix]] = max(best.get(FAMILIES[prefix], []), parts)
    return tuple(sorted((what, ".".join(map(str, parts))) for what, parts in best.items()))


def chunk_of(files: tuple[Path, ...], number: int) -> tuple[Path, ...]:
    return files[number::CHUNKS]


@pytest.mark.parametrize("number", range(CHUNKS))
def test_pyelftools_says_the_same(number: int) -> None:
    pytest.importorskip("elftools", reason="pyelftools is not installed")
    wrong = {
        str(path): (said_by_us(found), other)
        for path in chunk_of(elf_files(FOR_PYELFTOOLS), number)
        if (found := own(path)) and said_by_us(found) != (other := said_by_pyelftools(path))
    }
    assert wrong == {}


def said_by_pyelftools(path: Path) -> Said:
    from elftools.elf.dynamic import DynamicSegment
    from elftools.elf.elffile import ELFFile
    from elftools.elf.gnuversions import GNUVerNeedSection
    from elftools.elf.segments import InterpSegment

    with path.open("rb") as file:
        image = ELFFile(file)
        sections = list(image.iter_sections())
        segments = list(image.iter_segments())
        tags = [
            tag
            for segment in segments
            if isinstance(segment, DynamicSegment) and image.header.e_type in ("ET_EXEC", "ET_DYN")
            for tag in segment.iter_tags()
        ]
        versions = [
            (version.name, version.entry.vna_flags)
            for section in sections
            if isinstance(section, GNUVerNeedSection)
            for _file, parts in section.iter_versions()
            for version in parts
        ]
        names: dict[str, list[str]] = {}
        for tag in tags:
            kind = tag.entry.d_tag
            if kind in ("DT_NEEDED", "DT_RPATH", "DT_RUNPATH"):
                names.setdefault(kind, []).append(getattr(tag, kind[3:].lower()))
        return Said(
            # A file of debug information has PT_INTERP with no bytes: pyelftools reads what is there.
            interpreter=next(
                (
                    segment.get_interp_name()
                    for segment in segments
                    if isinstance(segment, InterpSegment) and segment.header.p_filesz
                ),
                "",
            ),
            needed=tuple(names.get("DT_NEEDED", [])),
            run_paths="".join(names.get("DT_RUNPATH", names.get("DT_RPATH", []))),
            stripped=not any(
                section.header.sh_type == "SHT_SYMTAB"
                or section.name.startswith((".debug_", ".zdebug_"))
                for section in sections
            ),
            versions=highest([name for name, flags in versions if not flags & 2]),
        )


@pytest.mark.parametrize("number", range(CHUNKS))
def test_readelf_says_the_same(number: int) -> None:
    if not shutil.which("readelf"):
        pytest.skip("readelf (binutils) is not installed")
    files = chunk_of(elf_files(FOR_READELF), number)
    wrong = {}
    for start in range(0, len(files), BATCH):
        for path, text in readelf(files[start : start + BATCH]):
            found = own(path)
            ours, theirs = facts_of(found), facts_in(text, found.kind)
            if ours != theirs:
                wrong[str(path)] = {k: (ours[k], theirs[k]) for k in ours if ours[k] != theirs[k]}
    assert wrong == {}


def readelf(files: tuple[Path, ...]) -> Iterator[tuple[Path, str]]:
    """One call for many files; `File:` begins each one's part."""
    done = subprocess.run(
        ["readelf", "-hdlnVW", "--dyn-syms", "/dev/null", *files],
        capture_output=True,
        check=False,
        env=os.environ | {"LC_ALL": "C"},
    )
    parts = re.split(r"^File: (.+)\n", done.stdout.decode("utf-8", "replace"), flags=re.MULTILINE)
    assert len(parts) == 2 * len(files) + 1, parts[1::2]
    for name, text in zip(parts[1::2], parts[2::2], strict=True):
        yield Path(name), text


def facts_of(found: Slice) -> dict[str, object]:
    glibc = next((need for need in found.requires if need.what == "glibc"), None)
    kernel = next((need for need in found.requires if need.what == "linux kernel"), None)
    said = said_by_us(found)
    told = {protection.name: protection.evidence for protection in found.protections}
    return {
        "interpreter": said.interpreter,
        "needed": said.needed,
        "run paths": said.run_paths,
        "versions": said.versions,
        "kernel": kernel.version if kernel else "",
        "glibc asked by": glibc.asked_by if glibc else (),
        "executable data": "executable" in told.get("NX", ""),
        "RELRO": told.get("RELRO", "").startswith("PT_GNU_RELRO"),
        "System V": found.abi.startswith("System V"),
    }


def facts_in(text: str, kind: Kind) -> dict[str, object]:
    """The same, in readelf's words."""
    program = kind in (Kind.EXECUTABLE, Kind.PIE, Kind.SHARED_OBJECT)
    interpreter = re.search(r"Requesting program interpreter: (.*)\]", text)
    needs = re.findall(r"^  0x\w+: +Name: (\S+) +Flags: (.+?) +Version: \d+$", text, re.M)
    versions = highest([name for name, flags in needs if "WEAK" not in flags])
    runpath = re.search(r"\(RUNPATH\) .*\[(.*)\]", text)
    rpath = runpath or re.search(r"\(RPATH\) .*\[(.*)\]", text)
    kernel = re.search(r"NT_GNU_ABI_TAG .*\n? *OS: Linux, ABI: (\S+)", text)
    return {
        "interpreter": interpreter[1] if interpreter else "",
        "needed": tuple(re.findall(r"\(NEEDED\) +Shared library: \[(.*)\]", text)),
        "run paths": rpath[1] if rpath else "",
        "versions": versions,
        # readelf goes by sections and finds the note in object files too; no kernel starts those.
        "kernel": kernel[1] if kernel and program else "",
        "glibc asked by": askers(text, dict(versions).get("glibc", "")),
        "executable data": program
        and re.search(r"^  GNU_STACK .* RWE |^  LOAD .* RWE ", text, re.M) is not None,
        "RELRO": program and re.search(r"^  GNU_RELRO ", text, re.M) is not None,
        "System V": "OS/ABI:                            UNIX - System V" in text,
    }


def askers(text: str, version: str) -> tuple[str, ...]:
    if not version:
        return ()
    wanted = rf"GLIBC_{re.escape(version)}"
    if version == "2.36":
        wanted = f"(?:{wanted}|GLIBC_ABI_DT_RELR)"
    names = set(re.findall(rf" (\S+)@{wanted} \(\d+\)$", text, re.M))
    shown = sorted(names)[:8]
    more = len(names) - len(shown)
    return (*shown, *([f"and {more} more"] if more else []))
