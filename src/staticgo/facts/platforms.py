"""What staticgo knows of each platform it builds for, and how a target's spelling is understood."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from staticgo.errors import UnknownTarget
from staticgo.facts.ports import PORTS
from staticgo.model.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """One buildable target: Go's settings for it, and zig's words for the same machine."""

    target: Target
    settings: tuple[tuple[str, str], ...] = ()
    """The GO<arch> variable that fixes the variant; Go's own default, or a user's, must not decide."""
    zig_triple: str
    zig_cpu: str = ""

    @property
    def variant_setting(self) -> tuple[tuple[str, str], ...]:
        """GOOS, GOARCH and the variant, as Go records them in the binary."""
        return (("GOOS", self.target.os), ("GOARCH", self.target.arch), *self.settings)


PLATFORMS: tuple[Platform, ...] = (
    Platform(
        target=Target(os="linux", arch="amd64"),
        settings=(("GOAMD64", "v1"),),
        zig_triple="x86_64-linux-musl",
    ),
    Platform(
        target=Target(os="linux", arch="arm64"),
        settings=(("GOARM64", "v8.0"),),
        zig_triple="aarch64-linux-musl",
    ),
    Platform(
        target=Target(os="linux", arch="arm", variant="v7"),
        settings=(("GOARM", "7"),),
        zig_triple="arm-linux-musleabihf",
        # GOARM=7 promises VFPv3-D16 and no more; zig's own v7 takes NEON for granted, which
        # Tegra 2 and Armada 370 lack (https://go.dev/wiki/GoArm).
        zig_cpu="generic+v7a-neon-d32+vfp3d16",
    ),
    Platform(
        target=Target(os="linux", arch="386"),
        settings=(("GO386", "sse2"),),
        zig_triple="x86-linux-musl",
    ),
    Platform(
        target=Target(os="linux", arch="riscv64"),
        settings=(("GORISCV64", "rva20u64"),),
        zig_triple="riscv64-linux-musl",
    ),
)

_BY_TARGET = {platform.target: platform for platform in PLATFORMS}

# Other spellings of the same platform: containerd's normalisation (platforms/database.go), and
# this project's musl, which is what it links in any case.
_SAME = {
    "linux/arm": "linux/arm/v7",
    "linux/arm64/v8": "linux/arm64",
    "linux/amd64/v1": "linux/amd64",
    "linux/aarch64": "linux/arm64",
    "linux/x86_64": "linux/amd64",
    "linux/i386": "linux/386",
    "linux/armhf": "linux/arm/v7",
}

_VARIANTS = {
    "386": "GO386",
    "amd64": "GOAMD64",
    "arm": "GOARM",
    "arm64": "GOARM64",
    "mips": "GOMIPS",
    "mipsle": "GOMIPS",
    "mips64": "GOMIPS64",
    "mips64le": "GOMIPS64",
    "ppc64": "GOPPC64",
    "ppc64le": "GOPPC64",
    "riscv64": "GORISCV64",
}
"""The setting that holds a CPU's variant (`go help environment`)."""
_SYSTEMS = {"win": "windows", "macos": "darwin", "osx": "darwin", "mac": "darwin"}
_PORTS = {(port.os, port.arch) for port in PORTS}
_BY_SPELLING = {spelling: Target.parse(name) for spelling, name in _SAME.items()}


def resolve(text: str) -> Platform:
    """The platform that `text` (`linux/arm64`) names.

    Raises UnknownTarget: for what Go does not know, with what the user perhaps meant; for a
    platform that Go knows and this version does not build for, with those it does.
    """
    spelled = text.strip().lower()
    libc_free = spelled.removesuffix("+musl") if spelled.startswith("linux/") else spelled
    canonical = _SAME.get(libc_free, libc_free)
    try:
        target = Target.parse(canonical)
    except ValueError as error:
        raise UnknownTarget(f"unknown target: {error}", hint=_suggest(spelled)) from error
    platform = _BY_TARGET.get(target)
    if platform is not None:
        return platform
    if any((port.os, port.arch) == (target.os, target.arch) for port in PORTS):
        raise UnknownTarget(
            f"{text}: staticgo does not build for this platform yet",
            hint=f"it builds for {_known()}",
        )
    raise UnknownTarget(f"unknown target {text!r}: Go has no such port", hint=_suggest(spelled))


def resolve_port(text: str) -> Target:
    """The target that `text` names, be it built for or not: any port of Go, with any variant.

    Whether Go knows the variant is Go's to say. Raises UnknownTarget for a port that it does not
    know, with what the user perhaps meant, and for a libc: plain `go build` is not told of any.
    """
    spelled = text.strip().lower()
    spelled = _SAME.get(spelled, spelled)
    system, slash, rest = spelled.partition("/")
    spelled = f"{_SYSTEMS.get(system, system)}{slash}{rest}"
    try:
        target = Target.parse(spelled)
    except ValueError as error:
        raise UnknownTarget(f"unknown target: {error}", hint=_suggest_port(spelled)) from error
    if (target.os, target.arch) not in _PORTS:
        raise UnknownTarget(
            f"unknown target {text!r}: Go has no such port", hint=_suggest_port(spelled)
        )
    if target.libc:
        raise UnknownTarget(
            f"{text}: `go build` is told of no libc",
            hint="say which C compiler it has: CC=musl-gcc",
        )
    if target.variant and target.arch not in _VARIANTS:
        raise UnknownTarget(f"{text}: {target.arch} has no variants", hint="leave it away")
    return target


def _suggest_port(text: str) -> str:
    ports = sorted("/".join(port) for port in _PORTS)
    if f"linux/{text}" in ports:
        return f"perhaps you meant linux/{text}?"
    close = difflib.get_close_matches(text, ports, n=2, cutoff=0.6)
    if close:
        return f"perhaps you meant {' or '.join(close)}?"
    return "targets are spelled like linux/arm64; `go tool dist list` names them all"


def platform_of(target: Target) -> Platform | None:
    """The platform to build for `target`; None where staticgo builds for none."""
    return _BY_TARGET.get(_BY_SPELLING.get(str(target), target))


def go_settings(target: Target) -> tuple[tuple[str, str], ...]:
    """GOOS and GOARCH, and the variant where the target names one."""
    plain = (("GOOS", target.os), ("GOARCH", target.arch))
    if not target.variant:
        return plain
    value = target.variant
    if target.arch == "arm":
        value = value.removeprefix("v")
    elif target.arch == "arm64" and "." not in value:
        value += ".0"
    return (*plain, (_VARIANTS[target.arch], value))


def _known() -> str:
    return ", ".join(str(platform.target) for platform in PLATFORMS)


def _suggest(text: str) -> str:
    known = f"targets are spelled like linux/arm64; staticgo builds for {_known()}"
    if text in {port.os for port in PORTS}:
        return known
    spellings = {str(platform.target): str(platform.target) for platform in PLATFORMS}
    spellings |= {f"{port.os}/{port.arch}": f"{port.os}/{port.arch}" for port in PORTS}
    spellings |= _SAME
    # `arm64` alone, `linux-arm64` and `arm64/linux` are mistakes of form, not of spelling.
    loose = text.replace("_", "/").replace("-", "/") if "/" not in text else text
    for candidate in (f"linux/{text}", loose, "/".join(reversed(text.split("/")))):
        if candidate in spellings:
            return _perhaps([spellings[candidate]])
    close = difflib.get_close_matches(loose, spellings, n=2, cutoff=0.6)
    return _perhaps([spellings[name] for name in close]) if close else known


def _perhaps(names: list[str]) -> str:
    """The suggestion, best first."""
    targets = {str(platform.target) for platform in PLATFORMS}
    if names[0] not in targets:
        return f"perhaps you meant {names[0]}? staticgo does not build for it yet"
    return f"perhaps you meant {' or '.join(n for n in dict.fromkeys(names) if n in targets)}?"
