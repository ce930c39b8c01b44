"""How `go build` itself links: its flags read, its rules applied, its result foretold. Pure."""
