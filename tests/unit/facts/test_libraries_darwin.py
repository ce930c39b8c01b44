"""What macOS promises: names of its own, spelled as dyld looks for them."""

from __future__ import annotations

import pytest

from staticgo.facts.libraries_darwin import is_system

FRAMEWORKS = "/System/Library/Frameworks"


@pytest.mark.parametrize(
    "name",
    [
        "/usr/lib/libSystem.B.dylib",
        "/usr/lib/libresolv.9.dylib",
        "/usr/lib/libobjc.A.dylib",
        "/usr/lib/libc++.1.dylib",
        "/usr/lib/libiconv.2.dylib",
        "/usr/lib/swift/libswiftCore.dylib",
        f"{FRAMEWORKS}/Security.framework/Versions/A/Security",
        f"{FRAMEWORKS}/UIKit.framework/UIKit",
        f"{FRAMEWORKS}/CoreServices.framework/Versions/A/Frameworks/AE.framework/Versions/A/AE",
    ],
)
def test_the_system_s_own_are_promised(name: str) -> None:
    assert is_system(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "libSystem.B.dylib",
        "/usr/lib/",
        "/usr/lib/libcrypto.dylib",
        "/usr/lib/libstdc++.6.dylib",
        "/usr/lib/libfoo.dylib",
        "/usr/lib/swift/../../local/lib/libswiftCore.dylib",
        "/usr/local/lib/libSystem.B.dylib",
        "/opt/homebrew/lib/libz.1.dylib",
        "@rpath/libc++.1.dylib",
        "@executable_path/libz.1.dylib",
        "/System/Library/PrivateFrameworks/SkyLight.framework/Versions/A/SkyLight",
        f"{FRAMEWORKS}/Python.framework/Versions/2.7/Python",
        f"{FRAMEWORKS}/Security.framework/../../../../opt/evil",
        f"{FRAMEWORKS}/Security.framework",
        f"{FRAMEWORKS}//Security.framework/Security",
        f"{FRAMEWORKS}/Security.framework/Versions/A/Security\n",
        "/usr/lib/libz.1.dylib\n",
    ],
)
def test_everything_else_is_foreign(name: str) -> None:
    assert not is_system(name)
