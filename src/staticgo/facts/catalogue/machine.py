"""The machine that builds: disk, memory, caches, and the network."""

from __future__ import annotations

from staticgo.model.diagnosis import Entry, Severity

MACHINE: tuple[Entry, ...] = (
    Entry(
        id="disk-full",
        signs=("o space left on device", "isk quota exceeded"),
        pattern=r"[Nn]o space left on device|[Dd]isk quota exceeded",
        severity=Severity.FATAL,
        meaning="the disk is full",
        cause="the compiler, or Go, could not write a file",
        fix="free some space, or move the caches with STATICGO_CACHE and GOCACHE",
        outside=True,
    ),
    Entry(
        id="memory",
        signs=("signal: killed", "ut of memory", "annot allocate memory"),
        pattern=r"^(?!.*(?:runtime|panic)).*(?:signal: killed|\b[Oo]ut of memory"
        r"|[Cc]annot allocate memory)",
        severity=Severity.FATAL,
        meaning="the machine ran out of memory",
        cause="the kernel ended a compiler or linker, or gave it no more",
        fix="build fewer targets at once (--jobs 1)",
        outside=True,
    ),
    Entry(
        id="no-cache-folder",
        signs=("cache directory", "build cache is required", "module cache not found"),
        pattern=r"unable to resolve zig cache directory|build cache is required, but could not be located"
        r"|module cache not found: neither GOMODCACHE nor GOPATH",
        severity=Severity.FATAL,
        meaning="there is no folder for a cache",
        cause="HOME is not set, and neither is the cache's own variable",
        fix="set HOME, or GOCACHE, GOMODCACHE and ZIG_GLOBAL_CACHE_DIR",
        outside=True,
    ),
)

NETWORK: tuple[Entry, ...] = (
    Entry(
        id="module-server-certificate",
        signs=("x509:",),
        pattern=r"(?:^go: |/@v/|/@latest|\?go-get=1).{0,400}x509: ",
        severity=Severity.FATAL,
        meaning="the module server's certificate is not trusted here",
        cause="this machine has no CA certificates, or a proxy stands between",
        fix="install ca-certificates, or the proxy's certificate",
        outside=True,
    ),
    Entry(
        id="module-network",
        signs=(
            "dial tcp",
            "no such host",
            "onnection refused",
            "i/o timeout",
            "TLS handshake",
            "proxyconnect",
            "etwork is unreachable",
            "module lookup disabled",
            "not resolve host",
        ),
        pattern=r"(?:^go: |^go list|/@v/|/@latest|\?go-get=1|https fetch"
        r"|https://(?:proxy|sum)\.[\w.-]+/)"
        r".{0,400}(?:dial tcp|no such host|[Cc]onnection refused|i/o timeout|TLS handshake|proxyconnect"
        r"|[Nn]etwork is unreachable)|module lookup disabled|[Cc]ould not resolve host",
        severity=Severity.FATAL,
        meaning="the module could not be fetched",
        cause="the module server could not be reached",
        fix="check the network and `go env GOPROXY`; modules already in the module cache need none",
        link="https://go.dev/ref/mod#module-proxy",
        outside=True,
    ),
)

ANY_NETWORK: tuple[Entry, ...] = (
    Entry(
        id="network",
        signs=(
            "dial tcp",
            "no such host",
            "onnection refused",
            "i/o timeout",
            "TLS handshake",
            "proxyconnect",
            "etwork is unreachable",
        ),
        pattern=r"dial tcp|no such host|[Cc]onnection refused|i/o timeout|TLS handshake|proxyconnect"
        r"|[Nn]etwork is unreachable",
        severity=Severity.FATAL,
        meaning="something could not be fetched",
        cause="another machine could not be reached",
        fix="check the network and `go env GOPROXY`; modules already in the module cache need none",
        outside=True,
    ),
)
