"""What programs say when an empty machine lacks something: needs to report, no sign of linkage."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Need:
    """One text that programs print, what they lack then, and what can be done."""

    id: str
    signs: tuple[str, ...]
    """Of these a line holds one where `pattern` matches."""
    pattern: str
    what: str
    remedy: str


NEEDS: tuple[Need, ...] = (
    Need(
        "no-certificates",
        ("x509: ",),
        r"x509: certificate signed by unknown authority|x509: failed to load system roots",
        "CA certificates",
        "import golang.org/x/crypto/x509roots/fallback, or bring /etc/ssl/certs/ca-certificates.crt",
    ),
    Need(
        "no-time-zones",
        ("unknown time zone ",),
        r"unknown time zone ",
        "the time zone database",
        "build with --tags timetzdata (some 450 kB), or bring /usr/share/zoneinfo",
    ),
    Need(
        "no-user-name",
        ("user: Current requires cgo",),
        r"user: Current requires cgo or \$USER",
        "the name of its user",
        "set USER and HOME, or bring /etc/passwd",
    ),
    Need(
        "no-users",
        (
            "user: ",
            "/etc/passwd",
        ),
        r"user: unknown user(id)? |user: lookup user(id)? |open /etc/passwd: no such file",
        "/etc/passwd",
        "bring /etc/passwd with the users that the program asks for",
    ),
    Need(
        "no-resolver",
        (
            "lookup ",
            "/etc/resolv.conf",
        ),
        r"lookup \S+ on \[::1\]:53|lookup \S+ on 127\.0\.0\.1:53|open /etc/resolv\.conf: no such file",
        "/etc/resolv.conf",
        "containers and hosts with a network bring it",
    ),
    Need(
        "no-temporary-folder",
        ("tmp",),
        r"/(var/)?tmp(/\S*)?: no such file",
        "a folder for temporary files",
        "make /tmp, or set TMPDIR",
    ),
    Need(
        "no-devices",
        ("/dev/",),
        r"/dev/(null|urandom|tty): no such file",
        "/dev",
        "containers and hosts bring it",
    ),
    Need(
        "no-proc", ("/proc/",), r"/proc/\S+: no such file", "/proc", "containers and hosts bring it"
    ),
    Need(
        "no-network",
        (
            "etwork is unreachable",
            "socket: ",
        ),
        r"dial \S+ \S+: connect: network is unreachable|socket: (operation not permitted|address family)",
        "a network",
        "the empty root has none on purpose",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stub:
    """A text of a program that was built static by leaving out what it needs."""

    id: str
    signs: tuple[str, ...]
    pattern: str
    meaning: str
    link: str


STUBS: tuple[Stub, ...] = (
    Stub(
        id="go-sqlite3-stub",
        signs=("This is a stub", "go-sqlite3: not available"),
        pattern=r"requires cgo to work\. This is a stub"
        r"|go-sqlite3: not available: compiled with CGO_ENABLED=0",
        meaning="go-sqlite3 was compiled without cgo: it is a stub that opens no database",
        link="https://github.com/mattn/go-sqlite3/issues/855",
    ),
)


def needs_in(output: str) -> tuple[str, ...]:
    """What the program missed, by its own words: `CA certificates (import ...)`."""
    return tuple(
        f"{need.what} ({need.remedy})" for need in NEEDS if re.search(need.pattern, output)
    )


def stub_in(output: str) -> str:
    """What is wrong with a program that calls itself a stub; "" where it does not."""
    return next((stub.meaning for stub in STUBS if re.search(stub.pattern, output)), "")
