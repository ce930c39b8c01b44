#!/bin/sh
# staticgo 1.2.3 builds ./hello like this.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p /out

# All other settings of Go and cgo are set below, or not at all.
for name in $(env | sed -n 's/^\(C\{0,1\}GO[A-Z0-9_]*\)=.*/\1/p'); do
  case $name in GOOGLE*) ;; *) unset "$name" ;; esac
done
unset AR CC CXX FC GCCGO PKG_CONFIG
export LC_ALL=C

cd /program

# linux/amd64: pure
#   CGO_ENABLED=0: no package of the program uses cgo
#   GOAMD64=v1: it starts on every such CPU that Go supports
#   -trimpath: no folder of this machine enters the binary: the bytes are the same
#   -s -w: symbols and DWARF are left out (--keep-symbols keeps them)
CGO_ENABLED=0 \
GOAMD64=v1 \
GOARCH=amd64 \
GOCACHE=/cache/go-build \
GOENV=off \
GOMODCACHE=/modules \
GOOS=linux \
GOTOOLCHAIN=local \
/goroot/bin/go build -trimpath -buildmode=exe -ldflags '-s -w' -o /out/hello-linux-amd64 .
