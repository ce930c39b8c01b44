"""The compiler wrapper: a driver's arguments, rewritten by a table of quirks. Pure.

`rewrite` is the reference; `render` writes the same as a shell script, which is what Go calls.
`macos_stubs` writes what zig links with for macOS.
"""
