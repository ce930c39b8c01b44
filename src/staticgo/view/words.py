"""The words and units of every text: sizes, durations, and names that cannot be obeyed."""

from __future__ import annotations


def printable(text: str) -> str:
    """The text without anything that a terminal would obey: names and output may be hostile."""
    plain = text.expandtabs(4)
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in plain)


def size(count: int) -> str:
    """Bytes in the unit that suits them, powers of ten: `28.7 MB`."""
    for unit, scale in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= scale:
            return f"{count / scale:.1f} {unit}"
    return f"{count} B"


def duration(seconds: float) -> str:
    """Seconds as a person says them: `0.4 s`, `1 min 52 s`."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds) // 60} min {int(seconds) % 60:02d} s"
