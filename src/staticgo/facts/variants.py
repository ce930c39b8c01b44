"""The variants of each CPU: how targets spell them, and the setting Go knows them by.

Source: `go help environment` and internal/buildcfg/cfg.go.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Variants:
    """One CPU's variants. `values` are Go's words; a target spells them with `prefix` before."""

    setting: str
    values: tuple[str, ...]
    default: str
    """What starts on every such CPU that Go supports; for arm, as containerd has it, v7."""
    prefix: str = ""


_FLOAT = ("hardfloat", "softfloat")
_POWER = ("power8", "power9", "power10")

VARIANTS: dict[str, Variants] = {
    "386": Variants(setting="GO386", values=("sse2", "softfloat"), default="sse2"),
    "amd64": Variants(setting="GOAMD64", values=("v1", "v2", "v3", "v4"), default="v1"),
    "arm": Variants(setting="GOARM", values=("5", "6", "7"), default="7", prefix="v"),
    "arm64": Variants(
        setting="GOARM64",
        values=(*(f"v8.{n}" for n in range(10)), *(f"v9.{n}" for n in range(6))),
        default="v8.0",
    ),
    "mips": Variants(setting="GOMIPS", values=_FLOAT, default="hardfloat"),
    "mipsle": Variants(setting="GOMIPS", values=_FLOAT, default="hardfloat"),
    "mips64": Variants(setting="GOMIPS64", values=_FLOAT, default="hardfloat"),
    "mips64le": Variants(setting="GOMIPS64", values=_FLOAT, default="hardfloat"),
    "ppc64": Variants(setting="GOPPC64", values=_POWER, default="power8"),
    "ppc64le": Variants(setting="GOPPC64", values=_POWER, default="power8"),
    "riscv64": Variants(
        setting="GORISCV64", values=("rva20u64", "rva22u64", "rva23u64"), default="rva20u64"
    ),
}

_SPELLED_OUT = frozenset({"arm"})
"""CPUs whose variant always stands in the target's name: there, "any" means too many things."""


def value_of(arch: str, variant: str) -> str | None:
    """Go's word for the variant a target spells ("" is the default); None where Go has none such."""
    known = VARIANTS.get(arch)
    if known is None:
        return None if variant else ""
    if not variant:
        return known.default
    if arch == "arm64" and variant in ("v8", "v9"):  # as OCI spells them
        variant += ".0"
    value = variant.removeprefix(known.prefix) if known.prefix else variant
    return value if value in known.values else None


def spelling_of(arch: str, value: str) -> str:
    """How a target names the variant that Go calls `value`; "" where it is left out."""
    known = VARIANTS.get(arch)
    if known is None or (value == known.default and arch not in _SPELLED_OUT):
        return ""
    return known.prefix + value


def spellings(arch: str) -> tuple[str, ...]:
    """The variants that can be named, the default left out."""
    known = VARIANTS.get(arch)
    if known is None:
        return ()
    named = (spelling_of(arch, value) for value in known.values)
    return tuple(name for name in named if name)
