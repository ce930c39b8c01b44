"""What a run says of a binary: only a program that ran by itself is a pass."""

from __future__ import annotations

import dataclasses
import errno
import signal

import pytest

from staticgo.model.binary import Kind, Linkage, Slice
from staticgo.model.proof import Level, Observation, Proof
from staticgo.model.verdict import Outcome
from staticgo.proof import outcome

STATIC = Slice(
    machine="amd64",
    bits=64,
    big_endian=False,
    kind=Kind.EXECUTABLE,
    linkage=Linkage.STATIC,
    linkage_evidence="",
)
DYNAMIC = dataclasses.replace(
    STATIC, linkage=Linkage.DYNAMIC, interpreter="/lib64/ld.so", needed=("libc.so.6",)
)


def judged(how: str = "native", piece: Slice = STATIC, **seen: object) -> Proof:
    return outcome.judge_run(piece, Observation(**seen), how, 10.0)  # type: ignore[arg-type]


def test_a_program_that_ends_well_has_answered() -> None:
    proof = judged(exit_status=0, stdout="one\nversion 2\n")
    assert (proof.level, proof.outcome) == (Level.ANSWERED, Outcome.PASS)
    assert 'version 2"' in proof.summary


def test_a_program_that_ends_badly_has_started() -> None:
    proof = judged(exit_status=2, stderr="panic: no config\n\ngoroutine 1 [running]:\n")
    assert (proof.level, proof.outcome) == (Level.STARTED, Outcome.PASS)
    assert "status 2" in proof.summary
    assert "panic: no config" in proof.summary


def test_a_missing_interpreter_is_explained() -> None:
    proof = judged(piece=DYNAMIC, exec_errno=errno.ENOENT)
    assert (proof.level, proof.outcome) == (Level.READ, Outcome.FAIL)
    assert "/lib64/ld.so" in proof.summary
    assert "libc.so.6" in proof.summary
    assert "No such file or directory" in proof.summary


@pytest.mark.parametrize("number", [errno.EACCES, errno.ENOEXEC, errno.EINVAL])
def test_a_refusal_of_the_kernel_is_inconclusive(number: int) -> None:
    proof = judged(exec_errno=number)
    assert proof.outcome is Outcome.UNKNOWN
    assert outcome.try_another(proof) is (number == errno.ENOEXEC)


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGILL, signal.SIGABRT, signal.SIGBUS])
def test_a_native_crash_is_the_programs_fault(number: signal.Signals) -> None:
    proof = judged(signal=int(number))
    assert proof.outcome is Outcome.FAIL
    assert number.name in proof.summary


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGILL, signal.SIGABRT])
def test_a_crash_under_an_emulator_is_inconclusive(number: signal.Signals) -> None:
    assert judged("qemu-aarch64", signal=int(number)).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGXFSZ])
def test_our_own_limits_are_not_the_programs_fault(number: signal.Signals) -> None:
    assert judged(signal=int(number)).outcome is Outcome.UNKNOWN


def test_running_out_of_the_memory_allowed_is_inconclusive() -> None:
    proof = judged(exit_status=2, stderr="fatal error: runtime: out of memory\n")
    assert proof.outcome is Outcome.UNKNOWN


def test_a_server_is_still_running() -> None:
    proof = judged(timed_out=True, started=True)
    assert (proof.level, proof.outcome) == (Level.STARTED, Outcome.PASS)
    assert "still running after 10 s" in proof.summary


def test_silence_under_an_emulator_may_be_a_hang() -> None:
    assert judged("qemu-arm", timed_out=True, started=True).outcome is Outcome.UNKNOWN
    assert (
        judged("qemu-arm", timed_out=True, started=True, stdout="listening").outcome is Outcome.PASS
    )


@pytest.mark.parametrize(
    "text",
    [
        "qemu: uncaught target signal 11 (Segmentation fault) - core dumped\n",
        "qemu-aarch64: Could not open '/lib/ld-linux-aarch64.so.1'\n",
    ],
)
def test_qemus_own_words_are_not_the_programs(text: str) -> None:
    assert judged("qemu-aarch64", exit_status=1, stderr=text).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("linkage", [Linkage.UNKNOWN, Linkage.DYNAMIC])
def test_what_is_not_known_to_be_static_must_end_well(linkage: Linkage) -> None:
    piece = dataclasses.replace(STATIC, linkage=linkage)
    assert judged(piece=piece, exit_status=127).outcome is Outcome.UNKNOWN
    assert judged(piece=piece, exit_status=0).outcome is Outcome.PASS


CRASH = """SIGABRT: abort
PC=0x40 m=0 sigcode=0

goroutine 0 gp=0x1 m=0 mp=0x2 [idle]:
gs     0x0
"""
NIL = """panic: runtime error: invalid memory address or nil pointer dereference
[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x48]

goroutine 1 [running]:
"""
DEADLOCK = "fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [select]:\n"


@pytest.mark.parametrize(
    ("stderr", "said"),
    [(CRASH, "SIGABRT: abort"), (NIL, "[signal SIGSEGV"), (DEADLOCK, "asleep - deadlock")],
)
def test_a_crash_that_gos_runtime_caught_is_a_crash(stderr: str, said: str) -> None:
    proof = judged(exit_status=2, stderr=stderr)
    assert proof.outcome is Outcome.FAIL
    assert said in proof.summary
    assert judged("qemu-arm", exit_status=2, stderr=stderr).outcome is Outcome.UNKNOWN


def test_words_alone_are_no_crash() -> None:
    proof = judged(exit_status=2, stderr="fatal error: no configuration\n")
    assert proof.outcome is Outcome.PASS


def test_a_crash_of_a_file_cut_short_is_the_files_fault() -> None:
    cut = dataclasses.replace(STATIC, linkage=Linkage.UNKNOWN, linkage_evidence="it is cut short")
    proof = judged(piece=cut, signal=int(signal.SIGSEGV))
    assert proof.outcome is Outcome.UNKNOWN
    assert "cut short" in proof.summary


def test_a_program_that_was_never_seen_to_start_is_no_pass() -> None:
    proof = judged(timed_out=True)
    assert proof.outcome is Outcome.UNKNOWN
    assert "not started within 10 s" in proof.summary


def test_a_stub_that_stays_up_fails_too() -> None:
    text = "go-sqlite3 requires cgo to work. This is a stub"
    assert judged(timed_out=True, started=True, stderr=text).outcome is Outcome.FAIL


@pytest.mark.parametrize("seen", [{"exit_status": 0}, {"timed_out": True, "started": True}])
def test_a_dynamic_program_that_ran_all_the_same_is_no_pass(seen: dict[str, object]) -> None:
    """It may name itself as its interpreter."""
    proof = judged(piece=DYNAMIC, **seen)  # type: ignore[arg-type]
    assert proof.outcome is Outcome.UNKNOWN
    assert "/lib64/ld.so" in proof.summary


def test_a_stub_fails_though_it_starts() -> None:
    text = (
        "Binary was compiled with 'CGO_ENABLED=0', go-sqlite3 requires cgo to work. This is a stub"
    )
    for status in (0, 1):
        proof = judged(exit_status=status, stderr=text)
        assert proof.outcome is Outcome.FAIL
        assert "stub" in proof.summary


def test_an_end_that_was_not_seen_is_no_pass() -> None:
    assert judged().outcome is Outcome.UNKNOWN


def test_a_skipped_proof_is_never_a_pass() -> None:
    proof = outcome.skipped("no emulator", "install one")
    assert proof.outcome is Outcome.UNKNOWN
    assert proof.how == "SKIPPED"
    assert "no emulator" in proof.summary


def test_a_script_names_its_interpreter() -> None:
    proof = outcome.refused_script("/bin/bash")
    assert proof.outcome is Outcome.FAIL
    assert "/bin/bash" in proof.summary


def test_a_library_is_nothing_to_start() -> None:
    shared = dataclasses.replace(DYNAMIC, kind=Kind.SHARED_OBJECT)
    assert outcome.no_program(shared).outcome is Outcome.FAIL
    core = dataclasses.replace(STATIC, kind=Kind.CORE, linkage=Linkage.UNKNOWN)
    assert outcome.no_program(core).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("x509: certificate signed by unknown authority", "CA certificates"),
        ("unknown time zone Europe/Berlin", "time zone"),
        ("user: Current requires cgo or $USER set in environment", "its user"),
        ("dial tcp: lookup example.org on [::1]:53: read: connection refused", "resolv.conf"),
        ("open /tmp/x1: no such file or directory", "temporary"),
    ],
)
def test_what_an_empty_machine_lacks_is_a_need_and_no_failure(text: str, need: str) -> None:
    proof = judged(exit_status=1, stderr=text)
    assert proof.outcome is Outcome.PASS
    assert any(need in said for said in proof.needs)
