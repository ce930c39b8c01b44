"""Starts a Windows program under wine, in a prefix that was made for this run alone.

wine makes a prefix in seconds, with a copy of each of its DLLs: 700 MB. Links to them and a registry of
some lines do as well for a console program, and take milliseconds.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from staticgo.errors import MissingTool
from staticgo.facts import wine as facts
from staticgo.facts.emulators import HOST_CPUS
from staticgo.host.run import Runner, clean_environment
from staticgo.proof.standin import forwarder
from staticgo.proof.start import Start

_ELF_64 = b"\x7fELF\x02"
_ELF_32 = b"\x7fELF\x01"
_VERSION_SECONDS = 30
_DRIVE = "wine/drive_c"
_REGISTRY = r"""WINE REGISTRY Version 2
;; All keys relative to \\User\\S-1-5-21-0-0-0-1000

#arch={arch}

[Environment] 1
"PATH"="C:\\windows\\system32;C:\\windows"
"TEMP"="C:\\windows\\temp"
"TMP"="C:\\windows\\temp"

[Software\\Wine] 1
"Version"="win10"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wine:
    """An installed wine that starts programs for one CPU."""

    name: str
    """`wine 8.0`."""
    loader: Path
    base: Path
    """The folder above its `bin`."""
    dlls: tuple[tuple[str, Path], ...]
    """CPU, and the folder of wine's own DLLs for it: the first is the prefix's own CPU."""
    lent: bool
    """Whether it lacks the DLL that each Go program loads at its start, and is lent one."""


def find(machine: str, runner: Runner) -> Wine | None:
    """The wine of this machine that starts programs for `machine`, a CPU in Go's words."""
    if HOST_CPUS.get(os.uname().machine) not in facts.HOSTS.get(machine, ()):
        return None
    for command in ("wine", "wine64", "wine-stable"):
        found = shutil.which(command)
        if found is None:
            continue
        base = Path(found).resolve().parent.parent
        dlls = _dlls(base, machine)
        loader = _loader(base, machine)
        if loader is not None and machine in dict(dlls):
            return Wine(
                name=_name(loader, runner),
                loader=loader,
                base=base,
                dlls=dlls,
                lent=not (dict(dlls)[machine] / facts.RANDOM_DLL).exists(),
            )
    return None


def missing(machine: str) -> str:
    """What to install to start programs for windows/`machine`."""
    how = facts.INSTALL.get(machine)
    if how is None or HOST_CPUS.get(os.uname().machine) not in facts.HOSTS[machine]:
        return f"start it on Windows on {machine}"
    return f"install wine ({how})"


def start(wine: Wine, path: Path, arguments: Sequence[str]) -> Start:
    """The program as C:\\app.exe in a fresh prefix, with no drive but C:."""
    (native, _), *others = wine.dlls
    windows = f"{_DRIVE}/windows"
    system = [(f"{windows}/system32", *wine.dlls[0])]
    system += [(f"{windows}/syswow64", *other) for other in others]
    home = f"{_DRIVE}/users/app"
    registry = _REGISTRY.format(arch="win32" if native == "386" else "win64")
    lent = [
        (
            f"{folder}/{facts.RANDOM_DLL}",
            forwarder(cpu, facts.RANDOM_DLL, facts.RANDOM_FUNCTION, facts.RANDOM_SOURCE),
        )
        for folder, cpu, _ in system
        if wine.lent
    ]
    return Start(
        argv=(str(wine.loader), f"C:\\{facts.PROGRAM}", *arguments),
        files=((f"{_DRIVE}/{facts.PROGRAM}", path),),
        environment=_environment(wine),
        directory=f"/{_DRIVE}",
        shown=_shown(wine.base),
        folders=("tmp", f"{windows}/temp", f"{home}/AppData/Local", f"{home}/AppData/Roaming"),
        texts=(
            *lent,
            ("wine/user.reg", registry.encode()),
            ("wine/.update-timestamp", b"disable\n"),
        ),
        links=(("wine/dosdevices/c:", "../drive_c"),),
        linked=tuple((folder, str(source)) for folder, _, source in system),
    )


def lasting_prefix(wine: Wine, folder: Path) -> dict[str, str]:
    """Makes a prefix in `folder` that sees the whole file system as drive Z:, unless it is there.

    Returns what to set so that it is used: for programs that need their files, such as tests.
    """
    made = start(wine, Path(), ())
    ready = folder / "wine" / ".update-timestamp"
    if not ready.exists():
        for name in made.folders:
            (folder / name).mkdir(parents=True, exist_ok=True)
        for place, source in made.linked:
            (folder / place).mkdir(parents=True, exist_ok=True)
            for file in Path(source).iterdir():
                _link(folder / place / file.name, str(file))
        for place, target in (*made.links, ("wine/dosdevices/z:", "/")):
            _link(folder / place, target)
        # The last of them is `ready`.
        for name, content in made.texts:
            (folder / name).unlink(missing_ok=True)
            (folder / name).write_bytes(content)
    values = {name: value for name, value in made.environment if name.startswith("WINE")}
    return {**values, "WINEPREFIX": str(folder / "wine"), "WINEDEBUG": "fixme-all"}


def _link(place: Path, target: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    place.symlink_to(target)


def _environment(wine: Wine) -> tuple[tuple[str, str], ...]:
    return (
        ("PATH", f"{wine.base}/bin:/usr/bin:/bin"),
        ("HOME", "/wine"),
        ("USER", "app"),
        ("WINEPREFIX", "/wine"),
        # The loader looks for the rest of wine beside /proc/self/exe, and there is no /proc.
        ("WINEDLLPATH", ":".join(dict.fromkeys(str(folder.parent) for _, folder in wine.dlls))),
        ("WINEDLLOVERRIDES", "mscoree,mshtml="),
        ("WINEDEBUG", facts.DEBUG),
    )


def _shown(base: Path) -> tuple[str, ...]:
    places = [place for place in facts.SYSTEM if os.path.lexists(place)]
    if not any(base.is_relative_to(place) for place in places):
        places.append(str(base))
    return tuple(places)


def _loader(base: Path, machine: str) -> Path | None:
    """The program that starts programs: one of 32 bits for those, where wine has two."""
    found: dict[bytes, Path] = {}
    for name in facts.LOADERS:
        try:
            with (base / name).open("rb") as file:
                found.setdefault(file.read(len(_ELF_64)), base / name)
        except OSError:
            continue
    wanted = (_ELF_32, _ELF_64) if machine == "386" else (_ELF_64,)
    return next((found[kind] for kind in wanted if kind in found), None)


def _dlls(base: Path, machine: str) -> tuple[tuple[str, Path], ...]:
    """The CPU of the prefix first: of 64 bits where wine has that, for it starts both."""
    wide = "amd64" if machine == "386" else machine
    found = []
    for cpu in (wide, "386"):
        for pattern in facts.DLL_FOLDERS:
            kernels = sorted(base.glob(f"{pattern}/{facts.DLLS[cpu]}/kernel32.dll"))
            if kernels:
                found.append((cpu, kernels[0].parent))
                break
    return tuple(found)


def _name(loader: Path, runner: Runner) -> str:
    """`wine 8.0`, as it says; where it says nothing, the run will show what is wrong with it."""
    try:
        done = runner.run(
            [str(loader), "--version"],
            env=clean_environment({"WINEDEBUG": "-all"}),
            timeout=_VERSION_SECONDS,
        )
    except MissingTool:
        return "wine"
    version = re.match(r"wine-(\S+)", done.stdout)
    return f"wine {version[1]}" if version else "wine"
