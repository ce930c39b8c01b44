"""The only door to the world: subprocesses, files, the `go` command."""
