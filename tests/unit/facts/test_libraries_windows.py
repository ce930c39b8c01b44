"""Which DLLs a program may rely on, and where the others come from."""

from __future__ import annotations

import pytest

from staticgo.facts.libraries import foreign
from staticgo.facts.libraries_windows import (
    is_extension_set,
    is_kernel_module,
    is_system,
    is_system_assembly,
    is_ucrt,
    origin,
)

LEAKS = {
    "libgcc_s_seh-1.dll": "GCC",
    "libgcc_s_dw2-1.dll": "GCC",
    "libgcc_s_sjlj-1.dll": "GCC",
    "libstdc++-6.dll": "C++",
    "libwinpthread-1.dll": "threads",
    "libgomp-1.dll": "GCC",
    "libssp-0.dll": "GCC",
    "libc++.dll": "LLVM",
    "libunwind.dll": "LLVM",
    "cygwin1.dll": "Cygwin",
    "cyggcc_s-1.dll": "Cygwin",
    "msys-2.0.dll": "MSYS2",
    "VCRUNTIME140.dll": "Visual C++",
    "vcruntime140_1.dll": "Visual C++",
    "MSVCP140.dll": "Visual C++",
    "MSVCP140_ATOMIC_WAIT.dll": "Visual C++",
    "mfc140u.dll": "MFC",
    "MSVCR100.dll": "old",
    "Microsoft.VC90.CRT": "old",
    "VCRUNTIME140D.dll": "debug",
    "ucrtbased.dll": "debug",
    "mscoree.dll": ".NET",
    "python312.dll": "Python",
    "libcrypto-3-x64.dll": "OpenSSL",
    "zlib1.dll": "MSYS2",
    "libiconv-2.dll": "MSYS2",
    "Qt6Core.dll": "Qt",
    "wpcap.dll": "Npcap",
    "nvcuda.dll": "driver",
    "vulkan-1.dll": "driver",
    "d3dx9_43.dll": "DirectX",
    "XINPUT1_3.dll": "DirectX",
    "D3DCOMPILER_43.dll": "DirectX",
}


@pytest.mark.parametrize(
    "name",
    [
        "kernel32.dll",
        "KERNEL32.dll",
        "KERNEL32",
        "ntdll.dll",
        "ADVAPI32.dll",
        "WS2_32.dll",
        "USER32.DLL",
        "ucrtbase.dll",
        "msvcrt.dll",
        "bcryptprimitives.dll",
        "api-ms-win-crt-runtime-l1-1-0.dll",
        "API-MS-Win-Core-Synch-L1-2-0.dll",
        "api-ms-win-shcore-scaling-l1-1-1.dll",
        "api-ms-win-core-path-l1-1-0",
        "winspool.drv",
        "opengl32.dll",
        "d3dcompiler_47.dll",
        "XINPUT1_4.dll",
        "kernel.appcore.dll",
    ],
)
def test_what_windows_promises(name: str) -> None:
    assert is_system(name)
    assert origin(name) == ""


@pytest.mark.parametrize("name", LEAKS)
def test_well_known_leaks_are_not_promised_and_say_what_they_come_from(name: str) -> None:
    assert not is_system(name)
    assert LEAKS[name] in origin(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".dll",
        "mine.dll",
        "kernel32.dll.dll",
        "kernel32.exe",
        "C:\\other\\kernel32.dll",
        "..\\kernel32.dll",
        "kernel33.dll",
        "api-ms-.dll",
        "api-ms-win-evil-thing-l1-1-0.dll",
        "api-ms-win-core-evil.dll",
        "api-ms-win-core-synch-l1-2-0-l.dll",
        "api-ms-evil-core-synch-l1-2-0.dll",
        "ext-ms-win-ntuser-window-l1-1-0.dll",
        "ntoskrnl.exe",
        "HAL.dll",
        "NDIS.SYS",
        "bootvid.dll",
        "api-ms-win-crt-runtime-l1-1-0.exe",
        "KERNEL\u017f32.dll",
        "\u212aernel32.dll",
    ],
)
def test_other_names_are_not_promised(name: str) -> None:
    assert not is_system(name)


def test_the_universal_c_runtime_is_told_apart() -> None:
    assert is_ucrt("api-ms-win-crt-heap-l1-1-0.dll")
    assert is_ucrt("UCRTBASE.dll")
    assert not is_ucrt("api-ms-win-core-synch-l1-2-0.dll")
    assert not is_ucrt("msvcrt.dll")


@pytest.mark.parametrize("name", ["ntoskrnl.exe", "HAL.dll", "HAL", "NDIS.SYS", "StorPort.sys"])
def test_parts_of_the_kernel_are_told_apart(name: str) -> None:
    assert is_kernel_module(name)


def test_api_sets_that_may_be_missing_are_told_apart() -> None:
    assert is_extension_set("ext-ms-win-ntuser-window-l1-1-0.dll")
    assert not is_extension_set("ext-ms-win-evil.dll")
    assert not is_extension_set("api-ms-win-core-synch-l1-2-0.dll")


def test_windows_own_assemblies_are_told_by_their_names() -> None:
    assert is_system_assembly("Microsoft.Windows.Common-Controls")
    assert not is_system_assembly("Microsoft.VC90.CRT")
    assert not is_system_assembly("Microsoft.W\u0130ndows.x")


def test_foreign_libraries_keep_their_order() -> None:
    assert foreign("windows", ("z.dll", "KERNEL32.dll", "a.dll")) == ("z.dll", "a.dll")
