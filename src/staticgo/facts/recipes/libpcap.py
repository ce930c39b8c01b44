"""libpcap, for Linux: it captures from the kernel, and asks no daemon and no other library."""

from __future__ import annotations

from staticgo.model.libraries import BuildSystem, CLibrary, Recipe

RECIPE = Recipe(
    package="libpcap",
    archive="libpcap_1.10.3.orig.tar.gz",
    sha256="2a8885c403516cf7b0933ed4b14d6caa30e02052489ebd414dc75ac52e7559e6",
    library=CLibrary(
        name="libpcap",
        build=BuildSystem.AUTOTOOLS,
        options=(
            "--with-pcap=linux",
            "--without-libnl",
            "--disable-dbus",
            "--disable-rdma",
            "--disable-usb",
            "--disable-bluetooth",
            "--without-dag",
            "--without-septel",
            "--without-snf",
            "--without-turbocap",
        ),
        tools=("flex", "bison"),
        targets=("linux/*",),
    ),
)
