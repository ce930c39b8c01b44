"""libusb, for Linux: without udev, which would have to be there on the machine that runs the program."""

from __future__ import annotations

from staticgo.model.libraries import BuildSystem, CLibrary, Recipe

RECIPE = Recipe(
    package="libusb-1.0",
    archive="libusb-1.0_1.0.26.orig.tar.bz2",
    sha256="12ce7a61fc9854d1d2a1ffe095f7b5fac19ddba095c259e6067a46500381b5a5",
    library=CLibrary(
        name="libusb",
        build=BuildSystem.AUTOTOOLS,
        # Devices that come and go are then told of by the kernel itself, over netlink.
        options=("--disable-udev", "--disable-log"),
        targets=("linux/*",),
    ),
)
