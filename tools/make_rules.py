"""Writes docs/rules.md from the catalogue: `python tools/make_rules.py > docs/rules.md`."""

from __future__ import annotations

from staticgo.facts.rules import RULES

_HEAD = """\
# Rules of `staticgo inspect`

`staticgo inspect --explain RULE` prints one of these. This page is made from the same catalogue by
`tools/make_rules.py`.
"""


def text() -> str:
    """The page's content."""
    parts = [_HEAD]
    for rule in RULES:
        parts.append(
            f"## {rule.id}\n\n*{rule.title}*\n\n**Looks at.** {rule.looks_at}\n\n"
            f"**Why it matters.** {rule.why}\n\n**What to do.** {rule.fix}\n"
        )
    return "\n".join(parts)


if __name__ == "__main__":
    print(text(), end="")
