"""What a run under wine says of a Windows program, with words recorded from wine 8.0."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from staticgo.model.binary import Kind, Linkage, Slice
from staticgo.model.proof import Level, Observation, Proof
from staticgo.model.verdict import Outcome
from staticgo.proof.outcome_wine import judge_wine

APP = Slice(
    machine="amd64",
    bits=64,
    big_endian=False,
    kind=Kind.EXECUTABLE,
    linkage=Linkage.SYSTEM_ONLY,
    linkage_evidence="",
    os="windows",
)
LOADED = '0024:trace:loaddll:build_module Loaded L"C:\\\\app.exe" at 0000000140000000: native\n'
FONTS = "Fontconfig error: Cannot load default config file: No such file: (null)\n"
NO_LIBRARY = (
    '0024:err:module:import_dll Library foo.dll (which is needed by L"C:\\\\app.exe") not found\n'
    '0024:err:module:LdrInitializeThunk Importing dlls for L"C:\\\\app.exe" failed, status c0000135\n'
)


def judged(
    piece: Slice = APP, *, lent: bool = False, loaded: bool = True, stderr: str = "", **seen: Any
) -> Proof:
    words = (LOADED if loaded else "") + stderr
    observation = Observation(**{"started": True, "stderr": words, **seen})
    return judge_wine(piece, observation, "wine 8.0", 10.0, lent=lent)


def test_a_program_that_ends_well_has_answered() -> None:
    proof = judged(exit_status=0, stdout="hello\r\n", stderr=FONTS, lent=True)
    assert (proof.level, proof.outcome, proof.how) == (Level.ANSWERED, Outcome.PASS, "wine 8.0")
    assert '"hello"' in proof.summary
    assert "lent bcryptprimitives.dll" in proof.summary
    assert proof.observed is not None
    assert proof.observed.stderr == ""


def test_a_silent_good_end_is_an_answer_unless_wine_complained() -> None:
    assert judged(exit_status=0, stderr=FONTS).level is Level.ANSWERED
    # wine without its 32-bit half ends with status 0 and starts nothing.
    complained = judged(
        exit_status=0,
        stderr='0040:err:module:load_wow64_ntdll failed to load L"ntdll.dll" error c0000135\n',
    )
    assert complained.outcome is Outcome.UNKNOWN


def test_a_silent_status_of_a_program_that_was_loaded_is_a_start() -> None:
    proof = judged(exit_status=3)
    assert (proof.level, proof.outcome) == (Level.STARTED, Outcome.PASS)


def test_a_panic_and_a_status_with_words_are_starts() -> None:
    proof = judged(exit_status=2, stderr=FONTS + "panic: on purpose\n\ngoroutine 1 [running]:\n")
    assert (proof.level, proof.outcome) == (Level.STARTED, Outcome.PASS)
    assert "panic: on purpose" in proof.summary
    assert "status 2" in proof.summary


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        ({"timed_out": True}, "may hang"),
        ({"exit_status": 0, "stdout": "hello\n", "loaded": False}, "did not load the program"),
        (
            {
                "exit_status": 127,
                "stderr": "wine64: error while loading libc.so\n",
                "loaded": False,
            },
            "error while loading",
        ),
        ({"exit_status": 1, "stderr": "wine: could not load ntdll.so: (null)\n"}, "ntdll.so"),
        (
            {"exit_status": 5, "stderr": "wine: Unhandled page fault on write access to 0008\n"},
            "Unhandled page fault",
        ),
        (
            {"exit_status": 2, "stderr": "[signal 0xc0000005 code=0x1]\n\ngoroutine 1:\n"},
            "0xc0000005",
        ),
        ({"exit_status": 2, "stderr": "runtime: out of memory\n"}, "memory"),
        ({"started": False, "timed_out": True}, "not started"),
        ({"exec_errno": 8}, "not started"),
    ],
)
def test_what_may_be_wines_own_fault_is_inconclusive(seen: dict[str, Any], said: str) -> None:
    proof = judged(**seen)
    assert proof.outcome is Outcome.UNKNOWN
    assert said in proof.summary
    assert proof.hint


def test_a_missing_dll_is_the_programs_fault_where_windows_has_none() -> None:
    asks = dataclasses.replace(APP, foreign=("FOO.dll",), linkage=Linkage.DYNAMIC)
    proof = judged(asks, exit_status=53, stderr=FONTS + NO_LIBRARY)
    assert (proof.level, proof.outcome) == (Level.READ, Outcome.FAIL)
    assert "foo.dll" in proof.summary
    of_windows = judged(exit_status=53, stderr=NO_LIBRARY)
    assert of_windows.outcome is Outcome.UNKNOWN
    assert "wine 8.0 lacks foo.dll" in of_windows.summary


def test_what_wines_own_dlls_lack_matters_only_to_a_program_that_fails() -> None:
    words = NO_LIBRARY.replace("app.exe", "windows\\\\system32\\\\crypt32.dll")
    assert judged(exit_status=0, stdout="fine\n", stderr=words).level is Level.ANSWERED
    failed = judged(exit_status=2, stderr=words + "panic: Failed to load crypt32.dll\n")
    assert failed.outcome is Outcome.UNKNOWN
    assert "lacks foo.dll" in failed.summary


def test_a_program_that_talks_and_runs_on_has_started() -> None:
    proof = judged(timed_out=True, stdout="listening\n")
    assert (proof.level, proof.outcome) == (Level.STARTED, Outcome.PASS)
    assert "still running after 10 s" in proof.summary


def test_a_stub_is_no_use_under_wine_either() -> None:
    words = (
        "Binary was compiled with 'CGO_ENABLED=0', go-sqlite3 requires cgo to work. This is a stub"
    )
    assert judged(exit_status=1, stderr=words).outcome is Outcome.FAIL
