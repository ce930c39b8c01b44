"""What a Mac would not start is said, for anybody's binary and for one of our own."""

from __future__ import annotations

import pytest

from staticgo.model.binary import Clue, Format, Slice
from staticgo.model.verdict import Outcome
from staticgo.rules.inspection import examine
from staticgo.rules.mac import mac_findings
from tests.unit.rules.given import piece, report

ADHOC = Clue(value="ad-hoc")
MATCH, MISMATCH = Clue(value="match"), Clue(value="mismatch", evidence="1 of 3 page hashes")
TWICE = "/System/Library/Frameworks/CoreFoundation.framework/Versions/A/CoreFoundation"


def mac(**fields: object) -> Slice:
    return piece(**{"os": "darwin", "machine": "arm64", "signature": ADHOC, "seal": MATCH} | fields)


@pytest.mark.parametrize(
    ("program", "rules"),
    [
        (mac(), []),
        (mac(seal=MISMATCH), ["signature"]),
        (mac(signature=Clue(value="none"), seal=Clue()), ["signature"]),
        (mac(machine="amd64", seal=MISMATCH), ["signature"]),
        (mac(machine="amd64", signature=Clue(value="none"), seal=Clue()), []),
        (mac(repeated=(TWICE,)), ["repeated-library"]),
        (mac(os="linux", signature=Clue(value="none"), seal=Clue()), []),
    ],
)
def test_what_macos_refuses(program: Slice, rules: list[str]) -> None:
    assert [finding.rule for finding in mac_findings(program)] == rules


def test_a_broken_signature_fails_a_binary() -> None:
    found = examine(report(mac(seal=MISMATCH), form=Format.MACHO))
    assert found.outcome is Outcome.FAIL


def test_a_library_named_twice_is_a_warning_for_others() -> None:
    found = [f for f in mac_findings(mac(repeated=(TWICE,))) if f.outcome is Outcome.WARN]
    assert TWICE in found[0].message
