"""Rules: (report, policy) -> findings -> Verdict. Pure."""
