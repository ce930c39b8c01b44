"""What a program may miss on an empty machine, told from what it imports. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from staticgo.model.explanation import Lack
from staticgo.model.linking import Sources
from staticgo.model.project import Graph

_FALLBACK_ROOTS = "golang.org/x/crypto/x509roots/fallback"


def lacks(graph: Graph, sources: Sources, os: str, tags: tuple[str, ...]) -> Iterator[Lack]:
    """Name servers, users, certificates, time zones: what the program asks the machine for."""
    packages = graph.by_path()
    unix = os not in ("windows", "darwin", "ios", "plan9", "js", "wasip1")
    if "net" in packages and unix:
        libc = packages["net"].uses_cgo
        yield Lack(
            what="/etc/resolv.conf",
            then="without it the program asks a name server at 127.0.0.1:53 and [::1]:53: `lookup ... "
            "connection refused`"
            + (
                "; what /etc/nsswitch.conf names (mDNS, LDAP, split DNS) needs its modules too"
                if libc
                else "; /etc/nsswitch.conf is heeded for `files` and `dns` only: no mDNS, no split DNS"
            ),
            remedy="hosts and containers with a network bring it",
        )
    if "os/user" in packages and unix:
        yield Lack(
            what="users",
            then="without /etc/passwd, user.Current needs USER and HOME, and every lookup fails",
            remedy="bring /etc/passwd, or set USER and HOME",
        )
    if "crypto/x509" in packages and os not in ("windows", "darwin", "ios"):
        embedded = _FALLBACK_ROOTS in packages
        yield Lack(
            what="CA certificates",
            then="the embedded ones are used where the machine has none"
            if embedded
            else "TLS to other hosts fails: `x509: certificate signed by unknown authority`",
            remedy="nothing to do"
            if embedded
            else f"import _ {_FALLBACK_ROOTS!r}, or bring /etc/ssl/certs/ca-certificates.crt".replace(
                "'", '"'
            ),
        )
    yield from _zones(packages, sources, tags)


def _zones(packages: object, sources: Sources, tags: tuple[str, ...]) -> Iterator[Lack]:
    assert isinstance(packages, dict)
    if "time" not in packages or "time/tzdata" in packages or "timetzdata" in tags:
        return
    who = f"{sources.zones[0]} loads one" if sources.zones else "if a package loads one by name"
    yield Lack(
        what="time zones",
        then=f"{who}: `unknown time zone`; UTC and Local (which is UTC there) always work",
        remedy='import _ "time/tzdata", or -tags timetzdata (some 450 kB)',
    )
