"""What macOS refuses to start though it is linked well: wrong signatures, libraries named twice."""

from __future__ import annotations

from collections.abc import Iterator

from staticgo.model.binary import Slice
from staticgo.model.verdict import Finding, Outcome


def mac_findings(piece: Slice) -> Iterator[Finding]:
    """Findings on one slice of a Mach-O file; none where all is well."""
    if piece.os != "darwin":
        return
    yield from _signature(piece)
    if piece.repeated:
        yield Finding(
            rule="repeated-library",
            # Releases before only warn, so it may well have run for years.
            outcome=Outcome.WARN,
            message=f"it names {', '.join(piece.repeated)} twice, and macOS 26 does not start it",
            hint="name each -framework and -l once at the link: zig's linker does not merge them",
        )


def _signature(piece: Slice) -> Iterator[Finding]:
    apple_silicon = piece.machine.startswith("arm64")
    if piece.seal.value == "mismatch":
        kills = "macOS ends it on Apple silicon" if apple_silicon else "codesign refuses it"
        yield Finding(
            rule="signature",
            outcome=Outcome.FAIL,
            message=f"its signature does not fit it: it was changed later, and {kills}",
            evidence=piece.seal.evidence,
            hint="sign it anew: codesign -f -s - FILE",
        )
    elif apple_silicon and piece.signature.value == "none":
        yield Finding(
            rule="signature",
            outcome=Outcome.FAIL,
            message="it is not signed, and macOS does not start it on Apple silicon",
            evidence=piece.signature.evidence,
            hint="sign it: codesign -s - FILE",
        )
