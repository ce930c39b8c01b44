"""Rules: (report, promise) -> findings -> Verdict. Pure."""
