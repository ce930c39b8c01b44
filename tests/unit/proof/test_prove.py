"""Which binaries are started at all."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import pytest

from staticgo.host.run import Runner
from staticgo.model.binary import BinaryReport, Format, Kind
from staticgo.model.verdict import Outcome
from staticgo.proof.prove import prove
from tests.unit.rules.given import piece, report


class Never(Runner):
    """A runner that must not be used."""

    def run(self, *arguments: object, **options: object) -> NoReturn:
        raise AssertionError("it was started")


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (report(piece(os="freebsd")), "a program for freebsd"),
        (report(piece(os="windows", machine="arm"), form=Format.PE), "a program for windows/arm"),
        (
            report(piece(os="darwin"), piece(os="darwin", machine="arm64"), form=Format.MACHO),
            "for darwin, and this is Linux",
        ),
        (report(piece(kind=Kind.SHARED_OBJECT)), "shared-object"),
        (report(piece(machine="pdp11")), "nothing here to start a program for pdp11"),
    ],
)
def test_what_cannot_be_started_here_is_skipped_and_no_pass(found: BinaryReport, said: str) -> None:
    proof = prove(Path("app"), found, runner=Never())
    assert proof.outcome is Outcome.UNKNOWN
    assert said in proof.summary


def test_nothing_is_started_where_no_empty_root_can_be_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    proof = prove(Path("app"), report(piece()), runner=Never())
    assert (proof.outcome, proof.how) == (Outcome.UNKNOWN, "SKIPPED")
    assert "Linux" in proof.hint
