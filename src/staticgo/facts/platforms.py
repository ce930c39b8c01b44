"""What staticgo knows of each platform it builds for, and how a target's spelling is understood."""

from __future__ import annotations

import dataclasses
import difflib
from dataclasses import dataclass
from functools import cache

from staticgo.errors import UnknownTarget
from staticgo.facts.glibc import NEWEST, floor
from staticgo.facts.ports import PORTS
from staticgo.facts.reach import Reach, cgo_reach, pure_reach
from staticgo.facts.variants import VARIANTS, spelling_of, spellings, value_of
from staticgo.facts.zigtargets import zig_target
from staticgo.model.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """One target: Go's settings for it, zig's words for the same machine, and what can be made."""

    target: Target
    settings: tuple[tuple[str, str], ...] = ()
    """The GO<arch> variable that fixes the variant; Go's own default, or a user's, must not decide."""
    zig_triple: str = ""
    """"" where zig links no C for it."""
    zig_cpu: str = ""
    pure: Reach
    cgo: Reach

    @property
    def variant_setting(self) -> tuple[tuple[str, str], ...]:
        """GOOS, GOARCH and the variant, as Go records them in the binary."""
        return (("GOOS", self.target.os), ("GOARCH", self.target.arch), *self.settings)

    @property
    def glibc(self) -> str:
        """The newest glibc that the program may ask for; "" where it is not to use glibc."""
        return self.target.libc.removeprefix("gnu.")


UNIVERSAL = Target(os="darwin", arch="universal")
"""Both Macs in one file; it is made of the targets in `UNIVERSAL_PARTS`."""
UNIVERSAL_PARTS = (Target(os="darwin", arch="amd64"), Target(os="darwin", arch="arm64"))

# Other spellings of the same CPU: containerd's normalisation (platforms/database.go), uname's words.
_CPUS = {
    "aarch64": "arm64",
    "armhf": "arm",
    "armel": "arm/v6",
    "i386": "386",
    "x86_64": "amd64",
    "x64": "amd64",
    "loongarch64": "loong64",
    "mips64el": "mips64le",
    "mipsel": "mipsle",
}
_SYSTEMS = {"win": "windows", "macos": "darwin", "osx": "darwin", "mac": "darwin"}
_OTHER_NAMES = (*_SYSTEMS.items(), *_CPUS.items())
_PORTS = {(port.os, port.arch) for port in PORTS}


def names_of(part: str) -> tuple[str, ...]:
    """A system or a CPU in Go's word, and what else it is called."""
    return (part, *(name for name, meant in _OTHER_NAMES if meant == part))


def parts_of(target: Target) -> tuple[Target, ...]:
    """The targets that are built for `target`: itself, or the parts of a universal binary."""
    return UNIVERSAL_PARTS if target == UNIVERSAL else (target,)


def resolve(text: str) -> Platform:
    """The platform that `text` (`linux/arm64`, `linux/arm/v6`, `linux/amd64+gnu.2.28`) names.

    Raises UnknownTarget for what Go does not know, with what the user perhaps meant.
    """
    target = resolve_port(text, libc=True)
    if target == UNIVERSAL:
        raise UnknownTarget(
            f"{text} is made of two platforms", hint="name darwin/amd64 or darwin/arm64"
        )
    return platform(target)


@cache
def platform(target: Target) -> Platform:
    """What is known of a target that `resolve` or `resolve_port` gave."""
    value = value_of(target.arch, target.variant) or ""
    zig = zig_target(target)
    usable = zig is not None and not zig.blocked
    return Platform(
        target=target,
        settings=((VARIANTS[target.arch].setting, value),) if value else (),
        zig_triple=zig.triple if zig and usable else "",
        zig_cpu=zig.cpu if zig and usable else "",
        pure=pure_reach(target),
        cgo=cgo_reach(target),
    )


def resolve_port(text: str, *, libc: bool = False) -> Target:
    """The target that `text` names, in its one canonical spelling: any port of Go, any variant.

    Raises UnknownTarget for what Go does not know, with what the user perhaps meant, and for a libc
    where none is to be named: plain `go build` is not told of any.
    """
    spelled = _spelled(text)
    try:
        target = Target.parse(spelled)
    except ValueError as error:
        raise UnknownTarget(f"unknown target: {error}", hint=_suggest(spelled)) from error
    if target == UNIVERSAL:
        return target
    if (target.os, target.arch) not in _PORTS:
        raise UnknownTarget(f"unknown target {text!r}: Go has no such port", hint=_suggest(spelled))
    if target.libc and not libc:
        raise UnknownTarget(
            f"{text}: `go build` is told of no libc",
            hint="say which C compiler it has: CC=musl-gcc",
        )
    value = value_of(target.arch, target.variant)
    if value is None:
        raise UnknownTarget(
            f"{text}: {target.arch} has no variant {target.variant}", hint=_variants(target.arch)
        )
    return Target(
        os=target.os,
        arch=target.arch,
        variant=spelling_of(target.arch, value),
        libc=_libc(text, target, spelling_of(target.arch, value)),
    )


def _spelled(text: str) -> str:
    """`text` with other names for the same system and CPU replaced by Go's."""
    spelled = text.strip().lower()
    system, slash, rest = spelled.partition("/")
    rest, plus, libc = rest.partition("+")
    cpu, _, variant = rest.partition("/")
    cpu = _CPUS.get(cpu, cpu)
    rest = f"{cpu}/{variant}" if variant else cpu
    return f"{_SYSTEMS.get(system, system)}{slash}{rest}{plus}{libc}"


def _libc(text: str, target: Target, spelled: str) -> str:
    """The libc of the canonical spelling: musl, which is linked in any case, is left out.

    `spelled` is the canonical spelling of the target's variant.
    """
    if not target.libc or (target.os == "linux" and target.libc == "musl"):
        return ""
    if target.os != "linux":
        raise UnknownTarget(f"{text}: {target.os} has one libc", hint=f"leave +{target.libc} out")
    row = zig_target(dataclasses.replace(target, libc="", variant=spelled))
    oldest = row.oldest_glibc if row and not row.blocked else ""
    version = floor(target.libc, oldest)
    if version is None:
        first = floor("gnu", oldest)
        hint = "leave it out, for musl"
        if first:
            hint = f"write +musl, or +gnu.{first} or newer, up to +gnu.{NEWEST}"
        raise UnknownTarget(f"{text}: there is no such libc for {target.arch}", hint=hint)
    return f"gnu.{version}"


def go_settings(target: Target) -> tuple[tuple[str, str], ...]:
    """GOOS and GOARCH, and the variant where the target names one."""
    known = platform(target)
    return known.variant_setting if target.variant else known.variant_setting[:2]


def _variants(arch: str) -> str:
    names = spellings(arch)
    return f"it has {', '.join(names)}" if names else "leave it away"


def _suggest(text: str) -> str:
    ports = sorted("/".join(port) for port in _PORTS)
    if text in {port.os for port in PORTS}:
        return f"{text}/* names all of {text}'s; `staticgo targets` lists every one"
    # `arm64` alone, `linux-arm64` and `arm64/linux` are mistakes of form, not of spelling.
    loose = _spelled(text.replace("_", "/").replace("-", "/") if "/" not in text else text)
    for candidate in (
        f"linux/{_CPUS.get(text, text)}",
        loose,
        "/".join(reversed(loose.split("/"))),
    ):
        if candidate in ports:
            return f"perhaps you meant {candidate}?"
    close = difflib.get_close_matches(loose, ports, n=2, cutoff=0.6)
    if close:
        return f"perhaps you meant {' or '.join(close)}?"
    return "targets are spelled like linux/arm64; `staticgo targets` lists every one"
