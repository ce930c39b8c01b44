"""Which libraries a system promises."""

from __future__ import annotations

import pytest

from staticgo.facts.libraries import BASE, foreign


@pytest.mark.parametrize("os", ["linux", "freebsd", "netbsd", "dragonfly", "plan9", ""])
def test_where_programs_can_do_without_every_library_is_foreign(os: str) -> None:
    assert foreign(os, ("libc.so.6", "libm.so.6")) == ("libc.so.6", "libm.so.6")


@pytest.mark.parametrize(
    ("os", "promised", "others"),
    [
        ("openbsd", ("libc.so", "libc.so.97.0", "libpthread.so.27.1"), ("libz.so.7.0",)),
        ("solaris", ("libc.so", "libsocket.so.1", "libsendfile.so"), ("libssl.so.3",)),
        ("illumos", ("libc.so.1",), ("libgcc_s.so.1",)),
        ("android", ("libc.so", "libdl.so", "liblog.so"), ("libc++_shared.so",)),
    ],
)
def test_systems_without_stable_system_calls_promise_some(
    os: str, promised: tuple[str, ...], others: tuple[str, ...]
) -> None:
    assert foreign(os, promised + others) == others


@pytest.mark.parametrize(
    "name", ["/opt/libc.so", "libc", "libc.so.x", "libc.so.", "libc.sox", "mylibc.so", ""]
)
def test_what_only_looks_like_a_promised_name_is_foreign(name: str) -> None:
    assert foreign("openbsd", (name,)) == (name,)


def test_what_zig_links_from_a_bsd_is_of_its_base_system() -> None:
    """zig names these of a program that takes backtrace, cnd_init or dlopen (`readelf -d`)."""
    assert {"libstdthreads.so.0", "libexecinfo.so.1", "libdl.so.1"} <= {*BASE["freebsd"]}
    assert "libexecinfo.so.0" in BASE["netbsd"]
