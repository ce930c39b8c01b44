"""Ways to start a program for some CPU on this machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from staticgo import binary
from staticgo.errors import StaticgoError
from staticgo.facts.emulators import ALSO_RUNS, HOST_CPUS, QEMU
from staticgo.host.files import mapped
from staticgo.model.binary import Linkage


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """By the kernel itself (`emulator` is None), or under an emulator."""

    name: str
    emulator: Path | None = None


def ways(machine: str) -> Iterator[Way]:
    """How a program for `machine` (in Go's words) may be started here, the surest first."""
    host = HOST_CPUS.get(os.uname().machine, "")
    if machine == host or machine in ALSO_RUNS.get(host, ()):
        yield Way(name="native")
    if machine == host or machine not in QEMU:
        return
    for name in (f"{QEMU[machine]}-static", QEMU[machine]):
        found = shutil.which(name)
        if found and _is_static(Path(found).resolve()):
            yield Way(name=QEMU[machine], emulator=Path(found).resolve())
            return


def missing(machine: str) -> str:
    """What to install to start programs for `machine`."""
    if machine in QEMU:
        return f"install {QEMU[machine]}-static (Debian: apt-get install qemu-user-static)"
    return "start it on a machine with that CPU"


def _is_static(path: Path) -> bool:
    """Only a static emulator can be the other file in an empty root."""
    try:
        with mapped(path) as data:
            slices = binary.read(data).slices
    except StaticgoError:
        return False
    return all(s.linkage in (Linkage.STATIC, Linkage.STATIC_PIE) for s in slices) and bool(slices)
