"""The PE reader against LIEF and `go version -m`, on launchers, and on programs made here.

zig takes more than a minute for each CPU's C library, once: STATICGO_ALL_FILES=1 takes all three.
STATICGO_PE=DIR adds every PE file below DIR: unpacked wheels for Windows, say.
"""

from __future__ import annotations

import mmap
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from staticgo.binary.pe import read_pe
from staticgo.model.binary import BinaryReport, Linkage, Slice, State
from tests.binaries import pe

lief = pytest.importorskip("lief")
lief.logging.disable()

GO = shutil.which("go", path=f"{os.environ.get('PATH', '')}:/usr/local/go/bin")
CPUS = {"AMD64": "amd64", "I386": "386", "ARM64": "arm64", "ARMNT": "arm"}
TARGETS = {"amd64": "x86_64-windows-gnu", "386": "x86-windows-gnu", "arm64": "aarch64-windows-gnu"}
ZIG_CPUS = tuple(TARGETS) if os.environ.get("STATICGO_ALL_FILES") else ("amd64",)
SUBSYSTEMS = {
    "WINDOWS_GUI": "windows",
    "WINDOWS_CUI": "console",
    "NATIVE": "native",
    "EFI_APPLICATION": "EFI application",
}
SUFFIXES = (".exe", ".dll", ".pyd", ".sys", ".efi", ".ocx")
DEBUG = (".debug_", ".zdebug_")


def report_of(path: Path) -> BinaryReport:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return read_pe(data)


def said_by_lief(binary: Any, size: int) -> dict[str, object]:
    optional, header = binary.optional_header, binary.header
    flags = optional.DLL_CHARACTERISTICS
    is_dll = header.has_characteristic(header.CHARACTERISTICS.DLL)
    config = binary.load_configuration
    wide = optional.magic == lief.PE.PE_TYPE.PE32_PLUS
    return {
        "machine": CPUS[header.machine.name],
        "bits": 64 if wide else 32,
        "library": is_dll,
        "movable": is_dll or binary.is_pie,
        "needed": tuple(dict.fromkeys(needed_by_lief(binary))),
        "subsystem": f"subsystem {SUBSYSTEMS[optional.subsystem.name]}",
        "stripped": not (header.numberof_symbols and header.pointerto_symbol_table)
        and not any(name.startswith(DEBUG) for name in section_names(binary)),
        "signed": binary.has_signatures,
        "size": size,
        "NX": wide or optional.has(flags.NX_COMPAT),
        "CFG": optional.has(flags.GUARD_CF),
        "high entropy": wide and optional.has(flags.HIGH_ENTROPY_VA) and binary.is_pie,
        "cookie": bool(config and config.security_cookie),
    }


def needed_by_lief(binary: Any) -> Iterator[str]:
    yield from (entry.name.lower() for entry in binary.imports)
    yield from (entry.name.lower() for entry in binary.delay_imports)
    export = binary.get_export()
    for entry in export.entries if export else ():
        if entry.is_forwarded:
            yield f"{entry.forward_information.library.lower()}.dll"
    yield from (name.lower() for name in asked_for_by_manifest(binary))
    clr = binary.data_directory(lief.PE.DataDirectory.TYPES.CLR_RUNTIME_HEADER)
    if clr and clr.rva:
        yield "mscoree.dll"


def asked_for_by_manifest(binary: Any) -> Iterator[str]:
    if not (binary.has_resources and binary.resources_manager.has_manifest):
        return
    text = binary.resources_manager.manifest.strip("\0\ufeff")
    tree = ElementTree.fromstring(text)  # noqa: S314 - files of this machine's own
    yield from (entry.attrib["name"] for entry in tree.iterfind(".//{*}file"))
    for entry in tree.iterfind(".//{*}dependentAssembly/{*}assemblyIdentity"):
        if not entry.attrib["name"].startswith("Microsoft.Windows."):
            yield entry.attrib["name"]


def section_names(binary: Any) -> Iterator[str]:
    for section in binary.sections:
        yield str(section.coff_string.string if section.coff_string else section.name)


def said_here(found: Slice) -> dict[str, object]:
    states = {entry.name: entry.state for entry in found.protections}
    canary = next((p.evidence for p in found.protections if p.name == "stack canary"), "")
    return {
        "machine": found.machine,
        "bits": found.bits,
        "library": found.kind == "shared-object",
        "movable": found.kind != "executable",
        "needed": tuple(name.lower() for name in found.needed),
        "subsystem": found.abi.partition(",")[0],
        "stripped": found.stripped,
        "signed": found.signature.value == "signed",
        "size": sum(group.size for group in found.sections),
        "NX": states.get("NX") is State.ON,
        "CFG": states.get("control flow guard") in (State.ON, State.PARTIAL),
        "high entropy": states.get("high-entropy ASLR") is State.ON,
        "cookie": canary.startswith("SecurityCookie"),
    }


def differences(paths: Iterable[Path]) -> list[str]:
    """What LIEF and this reader say differently, and what could not be read."""
    found = []
    for path in paths:
        report = report_of(path)
        found += [f"{path}: {gap.what}: {gap.why}" for gap in report.gaps]
        want = said_by_lief(lief.PE.parse(str(path)), report.size)
        have = said_here(report.slices[0])
        found += [
            f"{path} {key}: LIEF {want[key]!r}, here {have[key]!r}"
            for key in want
            if want[key] != have[key]
        ]
    return found


def pe_files(*roots: Path) -> list[Path]:
    return [
        path
        for root in roots
        for path in sorted(root.rglob("*"))
        if path.suffix.lower() in SUFFIXES and path.is_file() and path.read_bytes()[:2] == b"MZ"
    ]


def test_the_launchers_that_python_packages_bring_read_as_lief_reads_them() -> None:
    files = pe_files(*(Path(entry) for entry in sys.path if entry.endswith("site-packages")))
    if not files:
        pytest.skip("no installed package brings a PE file")
    assert differences(files) == []


@pytest.mark.parametrize(
    "name", ["GO", "SYSTEM_ONLY", "SYSTEM_ONLY_32", "MINGW", "VISUAL_C", "DELAYED", "EFI", "DRIVER"]
)
def test_tiny_images_read_as_lief_reads_them(name: str, tmp_path: Path) -> None:
    path = tmp_path / "tiny.exe"
    recipe = vars(pe)[name]
    path.write_bytes(recipe.but(sections=(pe.Scn(name=b".debug_info", contents=b"x"),)).build())
    want = said_by_lief(lief.PE.parse(str(path)), path.stat().st_size)
    have = said_here(report_of(path).slices[0])
    if name == "EFI":  # firmware moves what can be moved, and protects as it likes
        want |= {"movable": True, "NX": False}
    assert have == want


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of programs for Windows, by Go's linker and by zig's, each stripped and not."""
    folder = tmp_path_factory.mktemp("pe")
    (folder / "go.mod").write_text("module example.com/tiny\n\ngo 1.21\n")
    (folder / "main.go").write_text('package main\n\nfunc main() { println("hello") }\n')
    (folder / "main.c").write_text("int puts(const char *);\nint main(void) { return puts(0); }\n")
    (folder / "lib.c").write_text("__declspec(dllexport) int one(void) { return 1; }\n")
    (folder / "bin").mkdir()
    for cpu, triple in TARGETS.items():
        for name, flags in (
            ("go", ["-buildmode=exe"]),
            ("go-pie", ["-buildmode=pie"]),
            ("go-sw", ["-ldflags=-s -w"]),
            ("go-gui", ["-ldflags=-H windowsgui"]),
        ):
            go_build(folder, cpu, f"{name}-{cpu}.exe", flags)
        if cpu not in ZIG_CPUS:
            continue
        zig_cc(folder, triple, f"zig-{cpu}.exe", ["main.c"])
        zig_cc(folder, triple, f"zig-s-{cpu}.exe", ["main.c", "-O2", "-s"])
        zig_cc(folder, triple, f"zig-{cpu}.dll", ["-shared", "lib.c"])
    yield folder / "bin"
    shutil.rmtree(folder)


def go_build(folder: Path, cpu: str, name: str, flags: list[str]) -> None:
    if GO is None:
        return
    environment = os.environ | {"GOOS": "windows", "GOARCH": cpu, "CGO_ENABLED": "0"}
    command = [GO, "build", "-buildvcs=false", *flags, "-o", f"bin/{name}", "."]
    subprocess.run(command, cwd=folder, env=environment, check=True)


def zig_cc(folder: Path, triple: str, name: str, arguments: list[str]) -> None:
    if find_spec("ziglang") is None:
        return
    command = [sys.executable, "-m", "ziglang", "cc", "-target", triple, *arguments]
    subprocess.run([*command, "-o", f"bin/{name}"], cwd=folder, check=True)


@pytest.mark.slow
def test_programs_of_go_s_and_zig_s_linkers_read_as_lief_reads_them(made: Path) -> None:
    files = pe_files(made)
    if not files:
        pytest.skip("there is neither Go nor ziglang to make PE files with")
    assert differences(files) == []
    for path in files:
        (found,) = report_of(path).slices
        assert found.linkage is Linkage.SYSTEM_ONLY, path


@pytest.mark.slow
def test_what_go_build_makes_is_linked_internally_and_says_what_it_is(made: Path) -> None:
    files = sorted(made.glob("go*"))
    if GO is None:
        pytest.skip("there is no Go to make PE files with")
    for path in files:
        (found,) = report_of(path).slices
        assert found.go is not None
        assert (found.link_mode.value, found.cgo.value) == ("internal", "no"), path
        assert found.stripped is path.name.startswith("go-sw"), path
        assert (found.abi == "subsystem windows") is path.name.startswith("go-gui"), path
        said = subprocess.run(
            [GO, "version", "-m", path], check=True, capture_output=True, text=True
        ).stdout
        assert f": {found.go.version}\n" in said
        for key, value in found.go.settings:
            quoted = f'"{value}"' if " " in value else value
            assert f"\tbuild\t{key}={quoted}\n" in said
        names = {group.name for group in found.sections}
        assert ("Go tables" in names) is not found.stripped, path


def test_any_other_pe_file_reads_as_lief_reads_it() -> None:
    root = os.environ.get("STATICGO_PE")
    if not root:
        pytest.skip("STATICGO_PE names no folder of PE files")
    files = pe_files(Path(root))
    assert files
    assert differences(files) == []
