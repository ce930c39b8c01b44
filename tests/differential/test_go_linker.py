"""What is known of Go's linker, against the installed Go: its platform tables, flags and source."""

from __future__ import annotations

import functools
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from staticgo.facts.linker import (
    C_ARCH_FLAGS,
    INTERNAL_PACKAGES,
    INTERPRETERS,
    LIBC_SYSTEMS,
    SWITCHES,
    VALUED,
    must_link_externally,
    pie_by_default,
    pie_is_supported,
    pie_links_internally,
    race_is_supported,
)
from staticgo.toolchain.packaged import packaged

GO = shutil.which("go") or packaged("go", "bin", "go")

pytestmark = pytest.mark.skipif(GO is None, reason="there is no Go: pip install '.[toolchain]'")

PROGRAM = """package main

import (
	"encoding/json"
	"os"

	"tables/platform"
)

func main() {
	type row struct {
		OS, Arch                                                string
		PIEInternal, DefaultPIE, RacePIE, External, ExternalCgo, PIE, Race bool
	}
	rows := []row{}
	for _, port := range platform.List {
		os, arch := port.GOOS, port.GOARCH
		rows = append(rows, row{os, arch, platform.InternalLinkPIESupported(os, arch),
			platform.DefaultPIE(os, arch, false), platform.DefaultPIE(os, arch, true),
			platform.MustLinkExternal(os, arch, false), platform.MustLinkExternal(os, arch, true),
			platform.BuildModeSupported("gc", "pie", os, arch), platform.RaceDetectorSupported(os, arch)})
	}
	json.NewEncoder(os.Stdout).Encode(rows)
}
"""
# How Go names a CPU's family in hostlinkArchArgs, and the folder of its linker.
FAMILIES = {
    "386": ("I386", "x86"),
    "amd64": ("AMD64", "amd64"),
    "arm": ("ARM", "arm"),
    "arm64": ("ARM64", "arm64"),
    "loong64": ("Loong64", "loong64"),
    "mips": ("MIPS", "mips"),
    "mipsle": ("MIPS", "mips"),
    "mips64": ("MIPS64", "mips64"),
    "mips64le": ("MIPS64", "mips64"),
    "ppc64": ("PPC64", "ppc64"),
    "ppc64le": ("PPC64", "ppc64"),
    "riscv64": ("RISCV64", "riscv64"),
    "s390x": ("S390X", "s390x"),
}
LOADERS = {
    "linux": "Linuxdynld",
    "android": "Androiddynld",
    "freebsd": "Freebsddynld",
    "netbsd": "Netbsddynld",
    "openbsd": "Openbsddynld",
    "dragonfly": "Dragonflydynld",
    "solaris": "Solarisdynld",
    "illumos": "Solarisdynld",
}


@functools.cache
def goroot() -> Path:
    done = subprocess.run(
        [str(GO), "env", "GOROOT"], capture_output=True, text=True, check=True, cwd="/"
    )
    return Path(done.stdout.strip())


def source(name: str) -> str:
    file = goroot() / "src" / name
    if not file.is_file():
        pytest.skip(f"this Go comes without its source: {name}")
    return file.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What Go's own functions say of each port: internal/platform, copied out of reach of `internal`."""
    folder = tmp_path_factory.mktemp("tables")
    (folder / "platform").mkdir()
    for name in ("supported.go", "zosarch.go"):
        (folder / "platform" / name).write_text(source(f"internal/platform/{name}"))
    (folder / "go.mod").write_text("module tables\n\ngo 1.21\n")
    (folder / "main.go").write_text(PROGRAM)
    done = subprocess.run(
        [str(GO), "run", "."], cwd=folder, capture_output=True, text=True, check=True
    )
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    assert len(rows) > 40
    return rows


def test_the_tables_of_platforms_are_go_s(ports: list[dict[str, Any]]) -> None:
    wrong = [
        (os, arch)
        for port in ports
        for os, arch in [(port["OS"], port["Arch"])]
        if (
            pie_links_internally(os, arch),
            pie_by_default(os, race=False),
            pie_by_default(os, race=True),
            must_link_externally(os, arch, cgo=False),
            must_link_externally(os, arch, cgo=True),
            pie_is_supported(os, arch),
            race_is_supported(os, arch),
        )
        != tuple(
            port[name]
            for name in (
                *("PIEInternal", "DefaultPIE", "RacePIE", "External", "ExternalCgo"),
                *("PIE", "Race"),
            )
        )
    ]
    assert wrong == []


def test_the_linker_s_flags_are_known() -> None:
    done = subprocess.run(
        [str(GO), "tool", "link", "-h"], capture_output=True, text=True, check=False, cwd="/"
    )
    found = re.findall(r"(?m)^  -(\w+)(?: (\S+))?", done.stdout + done.stderr)
    assert len(found) > 50
    # -8 is there on Plan 9 only.
    assert {name for name, value in found if not value} | {"8"} == SWITCHES
    assert {name for name, value in found if value} == VALUED


def test_the_packages_that_go_links_itself() -> None:
    text = source("cmd/link/internal/ld/lib.go")
    table = re.search(r"var internalpkg = \[\]string\{(.*?)\n\}", text, re.DOTALL)
    assert table is not None
    assert set(re.findall(r'"([^"]+)"', table[1])) == INTERNAL_PACKAGES


def loader(os: str, arch: str) -> tuple[str, str]:
    """The interpreters in the linker's source: the usual one, and musl's."""
    text = source(f"cmd/link/internal/{FAMILIES[arch][1]}/obj.go")
    found = dict(re.findall(r"(?m)^\t+(\w+dynld(?:Musl)?):\s*([^\n]+?),(?:\s*//.*)?$", text))
    variants = dict(re.findall(r'buildcfg\.GOARCH == "(\w+)" \{(.*?)\n\t\}', text, re.DOTALL))

    def value(word: str) -> str:
        if word.startswith('"'):
            return word.strip('"')
        # A variable: the last one set counts, within `if GOARCH == ...` only for that one.
        plain = re.findall(rf'(?m)^\t{word} :?= "([^"]+)"', text)
        own = re.findall(rf'\t\t{word} = "([^"]+)"', variants.get(arch, ""))
        return str([*plain, *own][-1])

    usual = value(found[LOADERS[os]]) if LOADERS[os] in found else "XXX"
    musl = found.get("LinuxdynldMusl", "") if os == "linux" else ""
    return usual, value(musl) if musl else ""


def test_the_interpreters_are_go_s(ports: list[dict[str, Any]]) -> None:
    expected = {
        f"{port['OS']}/{port['Arch']}": found
        for port in ports
        if port["OS"] in LOADERS and port["Arch"] in FAMILIES
        for found in [loader(port["OS"], port["Arch"])]
        if found[0] != "XXX"
    }
    assert expected == INTERPRETERS


def test_what_the_c_linker_is_told_of_the_cpu() -> None:
    text = source("cmd/link/internal/ld/lib.go")
    body = text.partition("func hostlinkArchArgs(")[2].partition("\n}\n")[0]
    cases = dict(re.findall(r"case sys\.(\w+):\n(.*?)(?=\n\tcase|\Z)", body, re.DOTALL))
    for arch, (family, _) in FAMILIES.items():
        # The last one is that of every system but macOS and AIX, which are told apart before it.
        returned = re.findall(r"return \[\]string\{([^}]*)\}", cases.get(family, ""))
        words = tuple(re.findall(r'"([^"]+)"', returned[-1])) if returned else ()
        assert C_ARCH_FLAGS.get(arch, ()) == (() if "-arch" in words else words), arch


def test_the_systems_that_are_called_through_libc() -> None:
    text = source("cmd/link/internal/ld/target.go")
    body = text.partition("UsesLibc() bool {")[2].partition("return true")[0]
    names = {name.lower() for name in re.findall(r"objabi\.H(\w+)", body)}
    # illumos is linked as Solaris is, and iOS as macOS.
    assert names | {"illumos", "ios"} == LIBC_SYSTEMS
