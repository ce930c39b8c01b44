#!/bin/sh
# staticgo 1.2.3 builds ./goatcounter like this.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p '/my out'

# Your own settings for fetching modules are kept.
GOPROXY=$(/goroot/bin/go env GOPROXY)
export GOPROXY
GOSUMDB=$(/goroot/bin/go env GOSUMDB)
export GOSUMDB
# All other settings of Go and cgo are set below, or not at all.
for name in $(env | sed -n 's/^\(C\{0,1\}GO[A-Z0-9_]*\)=.*/\1/p'); do
  case $name in GOPROXY|GOSUMDB|GOOGLE*) ;; *) unset "$name" ;; esac
done
unset AR CC CXX FC GCCGO PKG_CONFIG
export LC_ALL=C

# A module made to build ./goatcounter, with that module's own go.sum.
mkdir "$work/module"
cd "$work/module"
cat > go.mod <<'STATICGO_END'
module staticgo.invalid/remote
STATICGO_END
cat > go.sum <<'STATICGO_END'

STATICGO_END

# linux/amd64: external, zig 0.17.0 (musl)
#   CGO_ENABLED=1: github.com/mattn/go-sqlite3 needs C (zgo.at/goatcounter/v2/cmd/goatcounter -> zgo.at/goatcounter/v2 -> github.com/mattn/go-sqlite3)
#   tag netgo: Go's own resolver reads /etc/resolv.conf and /etc/hosts and needs no libc; nsswitch and mDNS are not consulted (--use-libc net keeps libc's)
#   tag osusergo: users and groups are read from /etc/passwd and /etc/group without libc; LDAP and other NSS sources are not asked (--use-libc user keeps libc's)
#   tag sqlite_omit_load_extension: SQLite's extension loader calls dlopen, which never works in a static binary
#   link externally, -static, with zig 0.17.0 (musl): left alone, Go may link internally and ignore -static without a word (golang/go#48081)
#   GOAMD64=v1: it starts on every such CPU that Go supports
#   -trimpath: no folder of this machine enters the binary: the bytes are the same
#   -s -w: symbols and DWARF are left out (--keep-symbols keeps them)
mkdir -p "$work/bin"
cat > "$work/bin/zig-cc-x86_64-linux-musl-0123" <<'STATICGO_END'
#!/bin/sh
exec zig cc "$@"
STATICGO_END
chmod +x "$work/bin/zig-cc-x86_64-linux-musl-0123"
cat > "$work/bin/zig-cxx-x86_64-linux-musl-4567" <<'STATICGO_END'
#!/bin/sh
exec zig c++ "$@"
STATICGO_END
chmod +x "$work/bin/zig-cxx-x86_64-linux-musl-4567"
PATH="$work/bin:$PATH" \
CC=zig-cc-x86_64-linux-musl-0123 \
CGO_CFLAGS='-O2 -g0' \
CGO_CXXFLAGS='-O2 -g0' \
CGO_ENABLED=1 \
CGO_LDFLAGS=-O2 \
CXX=zig-cxx-x86_64-linux-musl-4567 \
GOAMD64=v1 \
GOARCH=amd64 \
GOCACHE=/cache/go-build \
GOENV=off \
GOMODCACHE=/modules \
GOOS=linux \
GOTOOLCHAIN=local \
GOWORK=off \
/goroot/bin/go build -trimpath -buildmode=exe -mod=mod -tags netgo,osusergo,sqlite_omit_load_extension -ldflags '-s -w -linkmode=external -extldflags=-static' -o '/my out/goatcounter-linux-amd64' .
