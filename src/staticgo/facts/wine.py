"""Where wine keeps its parts, what it lacks for Go programs, and the words that are its own.

Seen with Debian's wine 8.0. The layouts of WineHQ's own packages (/opt/wine-stable) and of the new WoW64
mode, with one loader for both, are as https://gitlab.winehq.org/wine/wine/-/wikis/Building-Wine has them.
"""

from __future__ import annotations

import re

LOADERS = ("lib/wine/wine64", "lib/wine/wine", "bin/wine64", "bin/wine")
"""Programs that may be the loader itself, from the folder above `bin`; Debian's `wine` is a script."""

DLL_FOLDERS = ("lib/wine", "lib64/wine", "lib32/wine", "lib/*/wine")
"""Where the folders of `DLLS` may stand, from the same folder."""

DLLS = {"386": "i386-windows", "amd64": "x86_64-windows", "arm64": "aarch64-windows"}
"""Wine's own DLLs for a CPU; kernel32.dll and the rest are in there."""

HOSTS = {"386": ("amd64", "386"), "amd64": ("amd64",), "arm64": ("arm64",)}
"""The CPUs on which wine starts programs for one: it is no emulator."""

INSTALL = {
    "amd64": "Debian: apt-get install --no-install-recommends wine wine64",
    "386": "Debian: dpkg --add-architecture i386 && apt-get update && "
    "apt-get install --no-install-recommends wine wine32:i386",
    "arm64": "Debian on arm64: apt-get install --no-install-recommends wine wine64",
}

SYSTEM = (
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/etc/alternatives",
    "/etc/ld.so.cache",
    "/dev/null",
    "/dev/zero",
    "/dev/random",
    "/dev/urandom",
)
"""What wine sees of the machine, as far as it is there; nobody's own files are in it."""

# Go's runtime loads it at its start (runtime/os_windows.go); Windows has it since 7, wine since 8.x only.
RANDOM_DLL = "bcryptprimitives.dll"
RANDOM_FUNCTION = "ProcessPrng"
RANDOM_SOURCE = "advapi32.SystemFunction036"
"""RtlGenRandom: like ProcessPrng it takes a buffer and its length, and says whether it filled it."""

DEBUG = "fixme-all,+loaddll"
"""What wine is to say (WINEDEBUG): its errors, and each program and DLL that it loads."""

PROGRAM = "app.exe"
"""What the program is called in the prefix."""

LOADED = re.compile(r'(?m)^[0-9a-f]{4}:trace:loaddll:\S+ Loaded L".*\\app\.exe" at \w+: native')
"""The program itself was loaded: without this line, whatever was said, wine did not start it."""

NOISE = re.compile(r"Fontconfig (error|warning): |[0-9a-f]{4}:(fixme|warn|trace):")
"""Starts lines that say nothing of a run."""

SAYS = re.compile(
    r"[0-9a-f]{4}:err:|wine: |wine client error:|wineserver: |it looks like wine32 is missing"
    r"|Application could not be started"
)
"""Starts lines that are wine's, not the program's (dlls/ntdll/unix, server, tools/wineapploader)."""

MISSING_DLL = re.compile(
    r'err:module:import_dll Library (\S+) \(which is needed by L".*\\(.+)"\) not found'
)
"""A library, and who asks for it (dlls/ntdll/loader.c). Where that is the program, it ends with
STATUS_DLL_NOT_FOUND, 0xc0000135."""

CRASH = re.compile(r"(?m)^(Exception 0x.*|\[signal 0x.*|fatal error: .*|wine: Unhandled .*)$")
"""Go's runtime (runtime/signal_windows.go) or wine, where a program dies."""
