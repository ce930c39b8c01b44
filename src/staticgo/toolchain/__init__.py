"""Finds and prepares the compilers: Go, and zig as the C compiler of every target."""
