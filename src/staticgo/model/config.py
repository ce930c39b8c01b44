"""What staticgo.toml says."""

from __future__ import annotations

from dataclasses import dataclass

from staticgo.model.libraries import CLibrary


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildConfig:
    """`[build]`: what an option of the command line says over it."""

    allocator: str = ""
    toolchain: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """All of the file; without one, all is as it is by default."""

    path: str = ""
    build: BuildConfig = BuildConfig()
    libraries: tuple[CLibrary, ...] = ()
