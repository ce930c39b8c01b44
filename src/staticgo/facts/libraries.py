"""Which libraries each operating system promises to programs, and what that makes of linkage."""

from __future__ import annotations

import re

# Systems whose programs reach the kernel through libraries only, so that "no library at all" cannot
# be asked for: Go's cmd/link, Target.UsesLibc. OpenBSD's kernel kills a program that makes a system
# call from anywhere but libc (pinsyscalls(2)); Solaris and illumos promise libc's functions, never
# their system calls. For Android Go makes PIEs with the system's loader only
# (Go's internal/platform, DefaultPIE).
#
# Linux, FreeBSD, NetBSD and DragonFly are not among them: their system calls stay as they are, a
# program can be static there, and so one that needs libc is dynamic.
THROUGH_LIBRARIES = frozenset(("android", "illumos", "openbsd", "solaris"))

# The base system's libraries (OpenBSD src/lib, share/mk/bsd.lib.mk).
_OPENBSD = frozenset(
    (
        "libc",
        "libc++",
        "libc++abi",
        "libcompiler_rt",
        "libkvm",
        "libm",
        "libpthread",
        "librthread",
        "libutil",
    )
)
# Go's syscall and runtime packages name the first three; the others are part of libc there, or
# documented beside it (illumos lib(7), Solaris Intro(3)).
_SOLARIS = frozenset(
    (
        "libc",
        "libsendfile",
        "libsocket",
        "libdl",
        "libkstat",
        "libm",
        "libnsl",
        "libpthread",
        "libresolv",
        "librt",
        "libthread",
        "libumem",
    )
)
# Android's compatibility definition, 3.3.1, C-0-7: what every device must have.
_ANDROID = frozenset(
    (
        "libEGL",
        "libGLESv1_CM",
        "libGLESv2",
        "libGLESv3",
        "libOpenMAXAL",
        "libOpenSLES",
        "libRS",
        "libaaudio",
        "libamidi",
        "libandroid",
        "libbinder_ndk",
        "libc",
        "libcamera2ndk",
        "libdl",
        "libicui18n",
        "libicuuc",
        "libjnigraphics",
        "liblog",
        "libm",
        "libmediandk",
        "libnativewindow",
        "libneuralnetworks",
        "libstdc++",
        "libsync",
        "libvulkan",
        "libz",
    )
)
_PROMISED = {
    "android": _ANDROID,
    "illumos": _SOLARIS,
    "openbsd": _OPENBSD,
    "solaris": _SOLARIS,
}

BASE: dict[str, tuple[str, ...]] = {
    # With symbol versions, so that a program of an old release goes on working in a new one
    # (FreeBSD symbol versioning; NetBSD keeps libc.so.12 since 6.0).
    "freebsd": (
        "libc.so.7",
        "libdl.so.1",
        "libm.so.5",
        "libstdthreads.so.0",
        "libthr.so.3",
        "libutil.so.9",
        "librt.so.1",
        "libexecinfo.so.1",
        "libc++.so.1",
        "libcxxrt.so.1",
        "libgcc_s.so.1",
    ),
    "netbsd": (
        "libc.so.12",
        "libexecinfo.so.0",
        "libm.so.0",
        "libpthread.so.1",
        "librt.so.1",
        "libutil.so.7",
    ),
}
"""The base system's libraries on systems where a program with C is dynamic, for want of a static libc."""

# Names without a folder, as a loader searches for them. Android's have no version, those of Solaris
# and illumos one number (Go's own linker names libc.so there, a link to it). OpenBSD raises two with
# each change, and its ld.so takes a newer minor one.
_NAMES = {
    "android": re.compile(r"([^/]+)\.so", re.ASCII),
    "illumos": re.compile(r"([^/]+?)\.so(?:\.[12])?", re.ASCII),
    "openbsd": re.compile(r"([^/]+?)\.so(?:\.[0-9]+\.[0-9]+)?", re.ASCII),
    "solaris": re.compile(r"([^/]+?)\.so(?:\.[12])?", re.ASCII),
}


def foreign(os: str, needed: tuple[str, ...]) -> tuple[str, ...]:
    """Those of `needed` that the operating system does not promise; where it is unknown, all."""
    if os in ("darwin", "ios"):
        from staticgo.facts import libraries_darwin

        return tuple(name for name in needed if not libraries_darwin.is_system(name))
    if os == "windows":
        from staticgo.facts import libraries_windows

        return tuple(name for name in needed if not libraries_windows.is_system(name))
    return tuple(name for name in needed if not _is_promised(os, name))


def _is_promised(os: str, name: str) -> bool:
    parts = _NAMES[os].fullmatch(name) if os in _NAMES else None
    return parts is not None and parts[1] in _PROMISED[os]
