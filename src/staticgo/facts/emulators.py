"""Which CPU runs which programs, and the qemu that stands in for another."""

from __future__ import annotations

HOST_CPUS = {
    "x86_64": "amd64",
    "i686": "386",
    "i586": "386",
    "amd64": "amd64",
    "aarch64": "arm64",
    "arm64": "arm64",
    "armv7l": "arm",
    "riscv64": "riscv64",
    "s390x": "s390x",
    "ppc64le": "ppc64le",
    "ppc64": "ppc64",
    "loongarch64": "loong64",
}
"""What systems call the CPU (`uname -m`) in Go's words."""

ALSO_RUNS = {"amd64": ("386",), "arm64": ("arm",)}
"""What a kernel for the CPU may also start; not every kernel is built to, and not every arm64 can."""

QEMU = {
    "386": "qemu-i386",
    "amd64": "qemu-x86_64",
    "arm": "qemu-arm",
    "arm64": "qemu-aarch64",
    "loong64": "qemu-loongarch64",
    "mips": "qemu-mips",
    "mips64": "qemu-mips64",
    "mips64le": "qemu-mips64el",
    "mipsle": "qemu-mipsel",
    "ppc64": "qemu-ppc64",
    "ppc64le": "qemu-ppc64le",
    "riscv64": "qemu-riscv64",
    "s390x": "qemu-s390x",
}
"""QEMU's user-mode emulators (https://www.qemu.org/docs/master/user/main.html); Debian adds `-static`."""
