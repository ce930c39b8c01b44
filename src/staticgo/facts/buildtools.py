"""Commands that builds of C libraries call, and what brings each."""

from __future__ import annotations

TOOLS = {
    "bison": "apt-get install bison",
    "cmake": "pip install cmake",
    "flex": "apt-get install flex",
    "make": "apt-get install make",
    "meson": "pip install meson",
    "ninja": "pip install ninja",
    "pkg-config": "pip install pkgconf",
    "tclsh": "apt-get install tcl",
}
