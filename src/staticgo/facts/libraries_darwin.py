"""The libraries that macOS promises: each installation has them, and no program need bring them.

Since macOS 11 most of them are no files but parts of dyld's shared cache: only their names count.
"""

from __future__ import annotations

import re

_USR_LIB = "/usr/lib/"
_SWIFT = "/usr/lib/swift/"
_FRAMEWORKS = ("/System/Library/Frameworks/", "/System/iOSSupport/System/Library/Frameworks/")

# The libraries of the macOS SDK's usr/lib that have public headers. The others there are Apple's
# own business and come and go: libcrypto and libssl end programs that load them (since 10.15),
# libstdc++ left the SDK with Xcode 10, Python, Ruby and Perl leave one by one.
_LIBRARIES = frozenset(
    f"{_USR_LIB}{name}.dylib"
    for name in (
        "libAppleArchive",
        "libEndpointSecurity",
        "libSystem.B",
        "libSystem",
        "libXplugin.1",
        "libapr-1.0",
        "libaprutil-1.0",
        "libarchive.2",
        "libbsm.0",
        "libbz2.1.0",
        "libc++.1",
        "libc++",
        "libc++abi",
        "libcharset.1",
        "libcompression",
        "libcups.2",
        "libcupsimage.2",
        "libcurl.4",
        "libedit.3",
        "libexpat.1",
        "libexslt.0",
        "libffi",
        "libform.5.4",
        "libiconv.2",
        "libicucore.A",
        "libiodbc.2",
        "libiodbcinst.2",
        "libipsec.A",
        "libmenu.5.4",
        "libncurses.5.4",
        "libnetsnmp.25",
        "libobjc.A",
        "libobjc",
        "libpam.2",
        "libpanel.5.4",
        "libpcap.A",
        "libresolv.9",
        "libsandbox.1",
        "libsasl2.2",
        "libsqlite3",
        "libsqlite3.0",
        "libtidy.A",
        "libxcselect",
        "libxml2.2",
        "libxslt.1",
        "libz.1",
    )
)

# Frameworks of the same folder that macOS no longer has, or has announced to remove: the Python of
# 12.3, QTKit and its generation of 10.15.
_GONE = frozenset(
    (
        "AppKitScripting",
        "AppleShareClientCore",
        "CoreMIDIServer",
        "DrawSprocket",
        "InterfaceBuilderKit",
        "JavaFrameEmbedding",
        "JavaVM",
        "Message",
        "Python",
        "QTKit",
        "QuickTime",
        "Ruby",
        "RubyCocoa",
        "Tcl",
        "Tk",
        "XgridFoundation",
    )
)
# NAME.framework/Versions/A/NAME, and umbrellas with more frameworks or libraries inside.
_FRAMEWORK = re.compile(r"(?P<name>\w+)\.framework(?:/[\w.+-]+)+")
_SWIFT_LIBRARY = re.compile(r"libswift\w+\.dylib")


def is_system(name: str) -> bool:
    """Whether macOS promises the library of this install name, spelled as dyld will look for it."""
    # A path that goes back up may end anywhere.
    if "/." in name or "//" in name:
        return False
    if name in _LIBRARIES:
        return True
    if name.startswith(_SWIFT):
        # ABI-stable parts of the system since macOS 10.14.4.
        return _SWIFT_LIBRARY.fullmatch(name, len(_SWIFT)) is not None
    for folder in _FRAMEWORKS:
        if name.startswith(folder):
            match = _FRAMEWORK.fullmatch(name, len(folder))
            return match is not None and match["name"] not in _GONE
    return False


def promises(name: str) -> bool:
    """Whether `-lNAME` is a library of macOS itself: `z` is, for there is libz.1.dylib."""
    file = f"{_USR_LIB}lib{name}"
    return any(library.startswith((f"{file}.", f"{file}-")) for library in _LIBRARIES)
