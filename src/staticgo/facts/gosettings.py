"""Go's settings: which decide the bytes of a binary, and which only how modules are fetched.

Source: internal/cfg/cfg.go (KnownEnv) and `go help environment`.
"""

from __future__ import annotations

BUILD_SETTINGS = frozenset(
    {
        "CGO_CFLAGS",
        "CGO_CFLAGS_ALLOW",
        "CGO_CFLAGS_DISALLOW",
        "CGO_CPPFLAGS",
        "CGO_CPPFLAGS_ALLOW",
        "CGO_CPPFLAGS_DISALLOW",
        "CGO_CXXFLAGS",
        "CGO_CXXFLAGS_ALLOW",
        "CGO_CXXFLAGS_DISALLOW",
        "CGO_LDFLAGS",
        "CGO_LDFLAGS_ALLOW",
        "CGO_LDFLAGS_DISALLOW",
        "GO111MODULE",
        "GOEXPERIMENT",
        "GOFIPS140",
        "GOFLAGS",
        "GOWORK",
        "PKG_CONFIG",
    }
)
"""Heeded where the user changed them. GOOS, GOARCH, the variants, CC, CXX and CGO_ENABLED are the
plan's to set; gccgo's settings and GOBIN have no part in a build."""

FETCH_SETTINGS = frozenset(
    {
        "GOAUTH",
        "GOCACHEPROG",
        "GOINSECURE",
        "GONOPROXY",
        "GONOSUMDB",
        "GOPRIVATE",
        "GOPROXY",
        "GOSUMDB",
        "GOTMPDIR",
        "GOVCS",
    }
)

COMPILER_SETTINGS = frozenset({"AR", "CC", "CXX", "FC", "GCCGO", "PKG_CONFIG"})


def is_go_setting(name: str) -> bool:
    """Whether the `go` command or cgo reads this variable; a build starts without any of them."""
    if name.startswith("GOOGLE"):  # a cloud's settings, which a helper of GOAUTH may want
        return False
    return name.startswith(("GO", "CGO_")) or name in COMPILER_SETTINGS


DEFAULT_C_FLAGS = "-O2 -g"
"""What CGO_CFLAGS and its like are where nobody set them (cmd/go: internal/work, init.go)."""
