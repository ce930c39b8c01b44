"""The empty root: what a program inside can see and do, and that nothing is left of it."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from staticgo.app.inspect import inspect
from staticgo.host.run import Runner
from staticgo.model.proof import Level, Proof
from staticgo.model.verdict import Outcome
from staticgo.proof import Limits, prove
from tests.script.conftest import Staticgo

PROBE = r"""package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

func main() {
	switch os.Args[1] {
	case "look":
		names, err := os.ReadDir("/")
		fmt.Println(names, err)
		for _, path := range []string{"/proc", "/dev", "/etc/passwd", "/tmp", "/sys"} {
			_, err := os.Stat(path)
			fmt.Println(path, os.IsNotExist(err))
		}
		fmt.Println("env", os.Environ())
		fmt.Println("args", os.Args)
	case "power":
		fmt.Println("user", os.Getuid(), os.Geteuid(), os.Getgid())
		fmt.Println("chroot", syscall.Chroot("/"))
		fmt.Println("mount", syscall.Mount("none", "/", "tmpfs", 0, ""))
		fmt.Println("host", syscall.Sethostname([]byte("x")))
		fmt.Println("write", os.WriteFile("/note", []byte("x"), 0o644))
		fmt.Println("device", syscall.Mknod("/null", syscall.S_IFCHR|0o666, 1<<8|3))
		fmt.Println("kill", syscall.Kill(1, syscall.SIGKILL), os.Getpid(), os.Getppid())
	case "call":
		interfaces, err := net.Interfaces()
		fmt.Println("interfaces", len(interfaces), err)
		for _, i := range interfaces {
			fmt.Println(i.Name, i.Flags&net.FlagUp != 0)
		}
		_, err = net.DialTimeout("tcp", os.Args[2], time.Second)
		fmt.Println("dial", err != nil)
	case "sleep":
		fmt.Println("sleeping")
		time.Sleep(time.Hour)
	case "hang":
		time.Sleep(time.Hour)
	case "spawn":
		for i := 0; i < 20; i++ {
			_ = exec.Command("/app", "hang").Start()
		}
		fmt.Println("spawned")
	case "eat":
		var kept [][]byte
		for {
			piece := make([]byte, 1<<24)
			for i := range piece {
				piece[i] = 1
			}
			kept = append(kept, piece)
		}
	case "fill":
		file, err := os.Create("/full")
		if err != nil {
			panic(err)
		}
		for err == nil {
			_, err = file.Write(make([]byte, 1<<20))
		}
		fmt.Println("full", err)
	case "shout":
		fmt.Print(strings.Repeat("x", 10<<20))
	case "keys": // keyctl(KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING, "user", name)
		kind, name := []byte("user\x00"), append([]byte(os.Args[2]), 0)
		session := -3
		_, _, err := syscall.Syscall6(syscall.SYS_KEYCTL, 10, uintptr(session),
			uintptr(unsafe.Pointer(&kind[0])), uintptr(unsafe.Pointer(&name[0])), 0, 0)
		fmt.Println("key", err == 0)
	case "status":
		os.Exit(3)
	case "panic":
		panic("on purpose")
	}
}
"""

Probe = Callable[..., Proof]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, go: str) -> Callable[[str], Path]:
    """The probe, built for a CPU."""
    folder = tmp_path_factory.mktemp("probe")
    (folder / "go.mod").write_text("module example.com/probe\n\ngo 1.24\n")
    (folder / "main.go").write_text(PROBE)

    def build(arch: str) -> Path:
        output = folder / arch
        if not output.exists():
            environment = {**os.environ, "CGO_ENABLED": "0", "GOOS": "linux", "GOARCH": arch}
            subprocess.run(
                [go, "build", "-o", output, "."], cwd=folder, env=environment, check=True
            )
        return output

    return build


@pytest.fixture
def probe(built: Callable[[str], Path]) -> Probe:
    """Runs the probe in an empty root; skips where none can be made."""

    def run(*arguments: str, arch: str = "amd64", seconds: float = 10, **limits: int) -> Proof:
        path = built(arch)
        proof = prove(
            path,
            inspect(path),
            arguments,
            runner=Runner(),
            limits=Limits(seconds=seconds, **limits),
        )
        if proof.how == "SKIPPED":
            pytest.skip(f"no empty root here: {proof.summary}")
        return proof

    return run


def test_the_callers_keys_stay_outside(probe: Probe) -> None:
    libc, name = ctypes.CDLL(None, use_errno=True), b"staticgo-test"
    number = {"x86_64": 248, "aarch64": 217}.get(os.uname().machine)  # add_key(2)
    if number is None:
        pytest.skip(f"the number of add_key is not known here for {os.uname().machine}")
    added = libc.syscall(ctypes.c_long(number), b"user", name, b"secret", ctypes.c_size_t(6), -3)
    if added < 0:
        pytest.skip(f"no key can be made here: {os.strerror(ctypes.get_errno())}")
    assert "key false" in stdout(probe("keys", name.decode()))


def stdout(proof: Proof) -> str:
    assert proof.observed is not None
    return proof.observed.stdout


def test_there_is_nothing_but_the_program(probe: Probe) -> None:
    proof = probe("look", "--flag", "two words")
    assert proof.level is Level.ANSWERED
    assert stdout(proof).splitlines() == [
        "[- app] <nil>",
        "/proc true",
        "/dev true",
        "/etc/passwd true",
        "/tmp true",
        "/sys true",
        "env [PATH=/ HOME=/]",
        "args [/app look --flag two words]",
    ]


def test_there_is_no_power(probe: Probe) -> None:
    text = stdout(probe("power"))
    assert "user 65532 65532 65532\n" in text
    for what in ("chroot", "mount", "host", "device"):
        assert f"{what} operation not permitted" in text
    assert "kill " in text
    assert text.rstrip().endswith(" 2 1")


def test_there_is_no_network(probe: Probe) -> None:
    text = stdout(probe("call", "127.0.0.1:22"))
    assert "interfaces 1 <nil>\nlo false\n" in text
    assert "dial true" in text


def test_a_program_that_runs_on_is_stopped(probe: Probe) -> None:
    begun = time.monotonic()
    proof = probe("sleep", seconds=1)
    assert (proof.level, proof.outcome) == (Level.STARTED, Outcome.PASS)
    assert time.monotonic() - begun < 8
    assert stdout(proof) == "sleeping\n"


def test_children_end_with_the_program(probe: Probe, built: Callable[[str], Path]) -> None:
    assert probe("spawn").level is Level.ANSWERED
    assert not _running(b"/app\0hang")


def test_memory_is_limited(probe: Probe) -> None:
    proof = probe("eat", seconds=60, memory=256 << 20)
    assert proof.outcome is Outcome.UNKNOWN
    assert "memory" in proof.summary


def test_the_disk_is_limited(probe: Probe) -> None:
    proof = probe("fill", disk=8 << 20)
    assert proof.outcome is not Outcome.FAIL
    if proof.level is Level.ANSWERED:
        assert "full" in stdout(proof)


def test_output_is_limited(probe: Probe) -> None:
    proof = probe("shout")
    assert proof.level is Level.ANSWERED
    assert len(stdout(proof)) == Limits().output


def test_a_status_and_a_panic_are_starts(probe: Probe) -> None:
    for argument, words in (("status", "status 3"), ("panic", "panic: on purpose")):
        proof = probe(argument)
        assert (proof.level, proof.outcome) == (Level.STARTED, Outcome.PASS)
        assert words in proof.summary


@pytest.mark.parametrize("arch", ["386", "arm", "arm64", "riscv64", "s390x", "ppc64le"])
def test_programs_for_other_cpus(probe: Probe, qemu: None, arch: str) -> None:
    proof = probe("look", arch=arch, seconds=30)
    assert proof.level is Level.ANSWERED, proof.summary
    assert "/etc/passwd true" in stdout(proof)


def test_without_an_emulator_nothing_is_claimed(
    staticgo: Staticgo, built: Callable[[str], Path], tmp_path: Path
) -> None:
    ran = staticgo("verify", built("arm64"), "--", "look", env={"PATH": str(tmp_path)})
    assert ran.status == 3
    assert "inconclusive: " in ran.stderr
    assert "not started" in ran.stderr
    assert "qemu-user-static" in ran.stderr


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 130), (signal.SIGKILL, -9)])
def test_nothing_is_left_when_we_are_killed(
    staticgo: Staticgo, built: Callable[[str], Path], number: signal.Signals, status: int
) -> None:
    marker = f"{os.getpid()}{status}"
    running = subprocess.Popen(
        staticgo.command("verify", built("amd64"), "--timeout", "60", "--", "sleep", marker),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    inside = b"/app\0sleep\0" + marker.encode()
    deadline = time.monotonic() + 20
    while not _running(inside) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert _running(inside)
    running.send_signal(number)
    assert running.wait(20) == status
    while _running(inside) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _running(inside)


def _running(words: bytes) -> list[int]:
    """Processes whose command line holds `words`."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid():
            try:
                if words in (process / "cmdline").read_bytes():
                    found.append(int(process.name))
            except OSError:
                continue
    return found
