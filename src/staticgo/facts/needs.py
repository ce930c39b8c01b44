"""What programs say when an empty machine lacks something: needs to report, no sign of linkage."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Need:
    """One text that programs print, what they lack then, and what can be done."""

    pattern: str
    what: str
    remedy: str


NEEDS: tuple[Need, ...] = (
    Need(
        r"x509: certificate signed by unknown authority|x509: failed to load system roots",
        "CA certificates",
        "import golang.org/x/crypto/x509roots/fallback, or bring /etc/ssl/certs/ca-certificates.crt",
    ),
    Need(
        r"unknown time zone ",
        "the time zone database",
        "build with --tags timetzdata (some 450 kB), or bring /usr/share/zoneinfo",
    ),
    Need(
        r"user: Current requires cgo or \$USER",
        "the name of its user",
        "set USER and HOME, or bring /etc/passwd",
    ),
    Need(
        r"user: unknown user(id)? |user: lookup user(id)? |open /etc/passwd: no such file",
        "/etc/passwd",
        "bring /etc/passwd with the users that the program asks for",
    ),
    Need(
        r"lookup \S+ on \[::1\]:53|lookup \S+ on 127\.0\.0\.1:53|open /etc/resolv\.conf: no such file",
        "/etc/resolv.conf",
        "containers and hosts with a network bring it",
    ),
    Need(
        r"/(var/)?tmp(/\S*)?: no such file",
        "a folder for temporary files",
        "make /tmp, or set TMPDIR",
    ),
    Need(r"/dev/(null|urandom|tty): no such file", "/dev", "containers and hosts bring it"),
    Need(r"/proc/\S+: no such file", "/proc", "containers and hosts bring it"),
    Need(
        r"dial \S+ \S+: connect: network is unreachable|socket: (operation not permitted|address family)",
        "a network",
        "the empty root has none on purpose",
    ),
)


STUBS: tuple[tuple[str, str], ...] = (
    (
        r"requires cgo to work\. This is a stub|go-sqlite3: not available: compiled with CGO_ENABLED=0",
        "go-sqlite3 was compiled without cgo: it is a stub that opens no database",
    ),
)
"""Texts of programs that were built static by leaving out what they need."""


def needs_in(output: str) -> tuple[str, ...]:
    """What the program missed, by its own words: `CA certificates (import ...)`."""
    return tuple(
        f"{need.what} ({need.remedy})" for need in NEEDS if re.search(need.pattern, output)
    )


def stub_in(output: str) -> str:
    """What is wrong with a program that calls itself a stub; "" where it does not."""
    return next((meaning for pattern, meaning in STUBS if re.search(pattern, output)), "")
