"""staticgo.toml: its text read into values. Pure."""
