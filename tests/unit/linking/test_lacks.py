"""What a program may miss on an empty machine, told from its imports."""

from __future__ import annotations

import pytest

from staticgo.linking.lacks import lacks
from staticgo.model.linking import Sources
from staticgo.model.project import Graph
from tests.unit.linking.given import CGO, NET, app, foreign, std

NET_GO, USER_GO, X509, TIME = std("net"), std("os/user"), std("crypto/x509"), std("time")
FALLBACK = foreign("golang.org/x/crypto/x509roots/fallback")


def whats(graph: Graph, os: str = "linux", tags: tuple[str, ...] = ()) -> list[str]:
    found = list(lacks(graph, Sources(), os, tags))
    assert all(lack.then and lack.remedy for lack in found)
    return [lack.what for lack in found]


@pytest.mark.parametrize(
    ("graph", "os", "tags", "missed"),
    [
        (app(), "linux", (), []),
        (app(NET_GO), "linux", (), ["/etc/resolv.conf"]),
        (app(NET_GO), "freebsd", (), ["/etc/resolv.conf"]),
        (app(NET_GO), "windows", (), []),
        (app(USER_GO), "linux", (), ["users"]),
        (app(USER_GO), "darwin", (), []),
        (app(X509), "linux", (), ["CA certificates"]),
        (app(X509), "windows", (), []),
        (app(TIME), "linux", (), ["time zones"]),
        (app(TIME), "linux", ("timetzdata",), []),
        (app(TIME, std("time/tzdata")), "linux", (), []),
    ],
)
def test_what_is_asked_of_the_machine(
    graph: Graph, os: str, tags: tuple[str, ...], missed: list[str]
) -> None:
    assert whats(graph, os, tags) == missed


def test_the_resolver_s_own_needs_depend_on_whose_it_is() -> None:
    (by_go,) = lacks(app(NET_GO), Sources(), "linux", ())
    (by_libc,) = lacks(app(CGO, NET), Sources(), "linux", ())
    assert "modules" in by_libc.then
    assert "modules" not in by_go.then


def test_embedded_certificates_are_nothing_to_do_for() -> None:
    (embedded,) = lacks(app(X509, FALLBACK), Sources(), "linux", ())
    (plain,) = lacks(app(X509), Sources(), "linux", ())
    assert embedded.remedy == "nothing to do"
    assert 'import _ "golang.org/x/crypto/x509roots/fallback"' in plain.remedy


def test_who_loads_a_time_zone_is_named() -> None:
    sources = Sources(zones=("example.com/app/clock.go",))
    (found,) = lacks(app(TIME), sources, "linux", ())
    assert found.then.startswith("example.com/app/clock.go ")
