"""What can be built for a platform, and how it could be proven: a row of `staticgo targets`."""

from __future__ import annotations

from dataclasses import dataclass

from staticgo.model.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One platform. `pure` and `cgo` are `static`, `system-only`, `base-system`, `glibc` or `no`."""

    target: Target
    variants: tuple[str, ...]
    """How the CPU's other variants are spelled."""
    pure: str
    pure_why: str
    """Why it is no more than that; "" where it is static."""
    cgo: str
    cgo_why: str
    cgo_link: str
    """Where upstream speaks of what stands in the way; "" where nothing does."""
    toolchain: str
    """What compiles its C: `zig (musl)`; "" where nothing does."""
    proof: str
    """How a result is proven here: `native`, `qemu-arm`, `wine`, `read only`."""
