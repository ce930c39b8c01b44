"""The Mach-O reader against LIEF, on files made here by Go's own linker and by zig's.

STATICGO_MACHO=DIR adds every Mach-O file below DIR: unpacked wheels for macOS, say.
"""

from __future__ import annotations

import mmap
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from staticgo.binary.macho import read_macho
from staticgo.binary.universal import universal
from staticgo.model.binary import BinaryReport, Linkage, Slice, State
from tests.binaries import macho
from tests.binaries.macho import AMD64, ARM64, fat

lief = pytest.importorskip("lief")
lief.logging.disable()

GO = shutil.which("go", path=f"{os.environ.get('PATH', '')}:/usr/local/go/bin")
CPUS = {"ARM64": "arm64", "X86_64": "amd64", "X86": "386"}
KINDS = {
    "EXECUTE": "executable",
    "DYLIB": "shared-object",
    "BUNDLE": "shared-object",
    "OBJECT": "relocatable",
}
MAGICS = {
    bytes.fromhex(text)
    for text in ("cffaedfe", "cefaedfe", "feedface", "feedfacf", "cafebabe", "cafebabf")
}
N_STAB, N_OPT = 0xE0, 0x3C


def report_of(path: Path) -> BinaryReport:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return read_macho(data)


def said_by_lief(binary: Any) -> dict[str, object]:
    kind = KINDS.get(binary.header.file_type.name, "unknown")
    minimum = binary.build_version.minos if binary.has_build_version else None
    if binary.has_version_min:
        minimum = binary.version_min.version
    return {
        "machine": CPUS[binary.header.cpu_type.name],
        "kind": "pie" if kind == "executable" and binary.is_pie else kind,
        "needed": tuple(
            dict.fromkeys(
                library.name for library in binary.libraries if library.command.name != "ID_DYLIB"
            )
        ),
        "interpreter": binary.dylinker.name if binary.has_dylinker else "",
        "run paths": tuple(entry.path for entry in binary.rpaths),
        "minimum": tuple(minimum) if minimum else None,
        "signed": binary.has_code_signature,
        "canary": any(s.name == "___stack_chk_fail" for s in binary.imported_symbols),
        "stripped": kind != "relocatable" and stripped(binary),
    }


def stripped(binary: Any) -> bool:
    """No DWARF, and no local symbol but what linkers and strip leave."""
    if any(
        section.segment_name == "__DWARF" or section.name.startswith(("__debug", "__zdebug"))
        for section in binary.sections
    ):
        return False
    return not any(
        symbol.raw_type & N_STAB
        or not (symbol.name == "dyld_private" or symbol.name.endswith("__thunk"))
        for symbol in binary.symbols
        if symbol.origin.name == "SYMTAB"
        and symbol.raw_type != N_OPT
        and (symbol.raw_type & N_STAB or not symbol.raw_type & 1)
    )


def said_here(found: Slice) -> dict[str, object]:
    numbers = None
    if found.requires:
        parts = [*map(int, found.requires[0].version.split(".")), 0][:3]
        numbers = tuple(parts)
    canary = [entry.state for entry in found.protections if entry.name == "stack canary"]
    return {
        "machine": found.machine,
        "kind": str(found.kind),
        "needed": found.needed,
        "interpreter": found.interpreter,
        "run paths": found.run_paths,
        "minimum": numbers,
        "signed": found.signature.value in ("ad-hoc", "signed"),
        "canary": canary == [State.ON],
        "stripped": found.kind != "relocatable" and found.stripped,
    }


def differences(path: Path) -> list[str]:
    """What LIEF and this reader say differently; empty where they agree on every slice."""
    report = report_of(path)
    oracle = lief.MachO.parse(str(path))
    if oracle.size != len(report.slices):
        return [f"{path}: {oracle.size} slices, {len(report.slices)} here"]
    found = [f"{path}: {gap.what}: {gap.why}" for gap in report.gaps]
    for index, entry in enumerate(report.slices):
        want, have = said_by_lief(oracle.at(index)), said_here(entry)
        # LIEF says nothing of the few protections that an object file has.
        ignored = {"canary", "signed"} if entry.kind in ("relocatable", "unknown") else set()
        found += [
            f"{path} ({entry.machine}) {key}: LIEF {want[key]!r}, here {have[key]!r}"
            for key in want
            if want[key] != have[key] and key not in ignored
        ]
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of programs for macOS, by Go's linker and by zig's, each stripped and not."""
    folder = tmp_path_factory.mktemp("macho")
    (folder / "go.mod").write_text("module example.com/tiny\n\ngo 1.21\n")
    (folder / "main.go").write_text('package main\n\nfunc main() { println("hello") }\n')
    (folder / "main.c").write_text("int puts(const char *);\nint main(void) { return puts(0); }\n")
    (folder / "lib.c").write_text("static int n;\nint next(void) { return ++n; }\n")
    (folder / "bin").mkdir()
    for cpu in ("amd64", "arm64"):
        for name, flags in (("plain", []), ("sw", ["-ldflags=-s -w"]), ("w", ["-ldflags=-w"])):
            go_build(folder, cpu, f"{name}-{cpu}", flags)
    go_build(folder, "amd64", "exe-amd64", ["-buildmode=exe"])
    for triple in ("x86_64-macos.12.0", "aarch64-macos.12.0"):
        for name, arguments in (
            ("program", ["main.c"]),
            ("stripped", ["main.c", "-O2", "-s"]),
            ("canary", ["main.c", "-O2", "-fstack-protector-all"]),
            ("object.o", ["-c", "main.c"]),
            ("lib.dylib", ["-shared", "lib.c", "-Wl,-rpath,@loader_path/../lib"]),
        ):
            zig_cc(folder, triple, f"{name}-{triple}", arguments)
    thin = [(folder / "bin" / f"plain-{cpu}") for cpu in ("amd64", "arm64")]
    if all(path.exists() for path in thin):
        both = [path.read_bytes() for path in thin]
        (folder / "bin" / "fat").write_bytes(fat((AMD64, both[0]), (ARM64, both[1])))
    yield folder / "bin"
    shutil.rmtree(folder)


def go_build(folder: Path, cpu: str, name: str, flags: list[str]) -> None:
    if GO is None:
        return
    environment = os.environ | {"GOOS": "darwin", "GOARCH": cpu, "CGO_ENABLED": "0"}
    command = [GO, "build", "-buildvcs=false", *flags, "-o", f"bin/{name}", "."]
    subprocess.run(command, cwd=folder, env=environment, check=True)


def zig_cc(folder: Path, triple: str, name: str, arguments: list[str]) -> None:
    if find_spec("ziglang") is None:
        return
    command = [sys.executable, "-m", "ziglang", "cc", "-target", triple, *arguments]
    subprocess.run([*command, "-o", f"bin/{name}"], cwd=folder, check=True)


def test_programs_of_go_s_and_zig_s_linkers_read_as_lief_reads_them(made: Path) -> None:
    files = sorted(made.iterdir())
    if not files:
        pytest.skip("there is neither Go nor ziglang to make Mach-O files with")
    assert [line for path in files for line in differences(path)] == []


def test_what_go_build_makes_is_system_only_and_linked_internally(made: Path) -> None:
    files = [path for path in made.iterdir() if path.name.startswith(("plain", "sw", "w", "exe"))]
    if not files:
        pytest.skip("there is no Go to make Mach-O files with")
    for path in files:
        (found,) = report_of(path).slices
        assert found.linkage is Linkage.SYSTEM_ONLY, path
        assert found.foreign == ()
        assert found.go is not None
        assert found.link_mode.value == "internal", path
        assert found.stripped is path.name.startswith("sw"), path
        assert found.signature.value == ("ad-hoc" if found.machine == "arm64" else "none")
        assert found.seal.value == ("match" if found.machine == "arm64" else "")


def test_a_universal_binary_reads_as_lief_reads_it(made: Path, tmp_path: Path) -> None:
    programs: dict[str, Path] = {}
    for path in sorted(made.iterdir()):
        programs.setdefault(report_of(path).slices[0].machine, path)
    if programs.keys() < {"amd64", "arm64"}:
        pytest.skip("there is no Go to make programs for both Macs with")
    both = tmp_path / "both"
    with both.open("wb") as file:
        file.writelines(universal([path.read_bytes() for path in programs.values()]))
    assert [found.machine for found in report_of(both).slices] == ["amd64", "arm64"]
    assert differences(both) == []


def test_tiny_images_read_as_lief_reads_them(tmp_path: Path) -> None:
    rich = macho.PROGRAM.but(
        run_paths=("@loader_path",),
        symbols=((macho.Sym(name="_local", type=0xE),), (), (macho.IMPORT,)),
    )
    path = tmp_path / "tiny"
    path.write_bytes(fat((ARM64, rich.build()), (AMD64, macho.INTEL.build())))
    assert differences(path) == []


def test_any_other_macho_file_reads_as_lief_reads_it() -> None:
    root = os.environ.get("STATICGO_MACHO")
    if not root:
        pytest.skip("STATICGO_MACHO names no folder of Mach-O files")
    files = [path for path in sorted(Path(root).rglob("*")) if path.is_file() and is_macho(path)]
    assert files
    assert [line for path in files for line in differences(path)] == []


def is_macho(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) in MAGICS and not path.name.endswith(".class")
