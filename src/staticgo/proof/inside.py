"""Starts one program in a root of its own; run as a script of its own, never imported.

    python -I -S inside.py < request.json > answer.json

It gives up everything first: its user, its capabilities, the file system, the network, the view of other
processes. Python 3.11 has no os.unshare, so the system calls go through ctypes. Everything is imported at
the top, for after pivot_root there is nothing left to import from. See user_namespaces(7),
pid_namespaces(7), pivot_root(2), mount_setattr(2), prctl(2). The request is a `Start` and the `Limits`.
"""

from __future__ import annotations

import codecs
import contextlib
import ctypes
import encodings.utf_8  # noqa: F401 - loaded by name when text is decoded
import errno
import json
import os
import resource
import selectors
import signal
import struct
import sys
import time
from typing import Any, NoReturn

_NAMESPACES = 0x10000000 | 0x00020000 | 0x20000000 | 0x40000000 | 0x08000000 | 0x04000000
"""CLONE_NEWUSER, NEWNS, NEWPID, NEWNET, NEWIPC, NEWUTS (linux/sched.h)."""
_MS_NOSUID, _MS_NODEV, _MS_BIND, _MS_REC, _MS_PRIVATE = 2, 4, 0x1000, 0x4000, 0x40000
_MNT_DETACH = 2
_MOUNT_SETATTR = 442
"""The call's number, the same for every CPU; glibc 2.36 and later have a function."""
_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_READ_ONLY_NO_SUID = struct.pack("=4Q", 1 | 2, 0, 0, 0)
"""struct mount_attr (linux/mount.h)."""
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38

_JOIN_SESSION_KEYRING = 1
# The call's number for each CPU and pointer size (arch/*/entry/syscalls, asm-generic/unistd.h).
_KEYCTL = {
    ("x86_64", 8): 250,
    ("x86_64", 4): 288,
    ("i686", 4): 288,
    ("aarch64", 8): 219,
    ("aarch64", 4): 311,
    ("armv7l", 4): 311,
    ("riscv64", 8): 219,
    ("loongarch64", 8): 219,
    ("ppc64le", 8): 271,
    ("s390x", 8): 280,
}

_OUTSIDE_USER = 65534
_INSIDE_USER = 65532
_PROCESSES = 4096
_PLACES = ("/tmp", "/var/tmp", "/mnt", "/usr")  # noqa: S108 - mounted over, in our own namespace only

_libc = ctypes.CDLL(None, use_errno=True)


class Refused(Exception):
    """The sandbox could not be made: the step, and the system's error number."""

    def __init__(self, step: str, number: int) -> None:
        super().__init__(step)
        self.step = step
        self.number = number


def main() -> None:
    """Reads the request, and answers with what was seen or why nothing could be."""
    request = json.loads(sys.stdin.read())
    try:
        answer = _observe(request)
    except Refused as refused:
        answer = {"refused": refused.step, "errno": refused.number}
    sys.stdout.write(json.dumps(answer))


def _observe(request: dict[str, Any]) -> dict[str, Any]:
    parent = os.getppid()
    # Opened before the right to open them is given up.
    contents = {name: os.open(file, os.O_RDONLY) for name, file in request["files"].items()}
    nothing = os.open(os.devnull, os.O_RDONLY)
    _leave(drop=request["drop"])
    # Only now: every change of user forgets it (prctl(2)).
    _call("prctl", _PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        raise Refused("staticgo is gone", 0)
    _own_root(contents, request)
    return _run(request["argv"], nothing, request)


def _leave(*, drop: bool) -> None:
    """New namespaces, in which this user is nobody in particular."""
    _leave_keyring()
    if drop and os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(_OUTSIDE_USER, _OUTSIDE_USER, _OUTSIDE_USER)
        os.setresuid(_OUTSIDE_USER, _OUTSIDE_USER, _OUTSIDE_USER)
        # Changing users makes /proc/self belong to root, and its maps unwritable (prctl(2)).
        _call("prctl", _PR_SET_DUMPABLE, 1)
    user, group = os.geteuid(), os.getegid()
    _call("unshare", _NAMESPACES)
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{_INSIDE_USER} {user} 1"),
        ("gid_map", f"{_INSIDE_USER} {group} 1"),
    ):
        try:
            with open(f"/proc/self/{name}", "w") as file:  # noqa: PTH123
                file.write(text)
        except OSError as error:
            raise Refused(f"/proc/self/{name}", error.errno or 0) from error


def _leave_keyring() -> None:
    """A session keyring of its own: the caller's may hold secrets, and no namespace hides it.

    keyctl(2) has no function in libc; where it is not compiled in, or forbidden, there are no keys.
    """
    number = _KEYCTL.get((os.uname().machine, ctypes.sizeof(ctypes.c_void_p)))
    if number is not None:
        _libc.syscall(ctypes.c_long(number), ctypes.c_ulong(_JOIN_SESSION_KEYRING), None)


def _own_root(contents: dict[str, int], request: dict[str, Any]) -> None:
    """A root that holds the files of `contents`, what the request adds, and nothing else."""
    place = _mount_point(request["shown"])
    size = request["disk"] + sum(os.fstat(file).st_size for file in contents.values())
    _call("mount", None, b"/", None, _MS_REC | _MS_PRIVATE, None)
    options = f"size={size},mode=755".encode()
    _call("mount", b"none", place.encode(), b"tmpfs", _MS_NOSUID | _MS_NODEV, options)
    try:
        os.chdir(place)
        for path in request["shown"]:
            try:
                _show(path)
            except OSError as error:
                raise Refused(f"showing {path}", error.errno or 0) from error
        _fill(request)
        for name, source in contents.items():
            target = os.open(_within(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o555)
            while os.sendfile(target, source, None, 1 << 24):
                pass
            os.close(target)
            os.close(source)
    except OSError as error:
        raise Refused("copying the program", error.errno or 0) from error
    # New root and old on one mount point; the old one is then taken away (pivot_root(2), NOTES).
    _call("pivot_root", b".", b".")
    _call("umount2", b".", _MNT_DETACH)
    os.chdir(request["directory"])


def _mount_point(shown: list[str]) -> str:
    """A folder that may be covered, for nothing that is to be shown stands in it."""
    for place in _PLACES:
        if os.path.isdir(place) and not any(f"{p}/".startswith(f"{place}/") for p in shown):  # noqa: PTH112
            return place
    return "/"


def _show(path: str) -> None:
    """The machine's `path` at the same place in the new root, read-only."""
    here = _within(path.lstrip("/"))
    if os.path.islink(path):  # noqa: PTH114
        os.symlink(os.readlink(path), here)  # noqa: PTH115, PTH211
        return
    if os.path.isdir(path):  # noqa: PTH112
        os.makedirs(here, exist_ok=True)  # noqa: PTH103
    else:
        os.close(os.open(here, os.O_WRONLY | os.O_CREAT, 0o444))
    _call("mount", path.encode(), here.encode(), None, _MS_BIND | _MS_REC, None)
    failed = _libc.syscall(
        ctypes.c_long(_MOUNT_SETATTR),
        ctypes.c_long(_AT_FDCWD),
        here.encode(),
        ctypes.c_ulong(_AT_RECURSIVE),
        _READ_ONLY_NO_SUID,
        ctypes.c_ulong(len(_READ_ONLY_NO_SUID)),
    )
    if failed:  # Linux before 5.12 has no such call
        raise Refused("mount_setattr", ctypes.get_errno())


def _fill(request: dict[str, Any]) -> None:
    for name in request["folders"]:
        os.makedirs(name, exist_ok=True)  # noqa: PTH103
    for name, text in request["texts"].items():
        with open(_within(name), "wb") as file:  # noqa: PTH123
            file.write(text.encode("latin-1"))
    for name, target in request["links"].items():
        os.symlink(target, _within(name))  # noqa: PTH211
    for folder, source in request["linked"].items():
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103
        for name in os.listdir(source):  # noqa: PTH208
            if not os.path.lexists(f"{folder}/{name}"):
                os.symlink(f"{source}/{name}", f"{folder}/{name}")  # noqa: PTH211


def _within(name: str) -> str:
    """`name`, once the folder that it stands in is there."""
    folder = os.path.dirname(name)  # noqa: PTH120
    if folder:
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103
    return name


def _run(argv: list[str], nothing: int, request: dict[str, Any]) -> dict[str, Any]:
    out, out_end = os.pipe()
    err, err_end = os.pipe()
    status, status_end = os.pipe()
    started = time.monotonic()
    # The first process of a pid namespace takes the others with it when it ends.
    init = os.fork()
    if init == 0:
        _init(argv, (nothing, out_end, err_end), status_end, request)
    for descriptor in (out_end, err_end, status_end, nothing):
        os.close(descriptor)
    streams = {out: bytearray(), err: bytearray(), status: bytearray()}
    deadline = started + request["seconds"]
    timed_out = _collect(streams, deadline, request["output"])
    with contextlib.suppress(ProcessLookupError):
        os.kill(init, signal.SIGKILL)
    os.waitpid(init, 0)
    seconds = time.monotonic() - started
    words = streams[status].decode("ascii", "replace").split()
    told = dict(zip(words[::2], map(int, words[1::2]), strict=False))
    if "refused" in told:
        raise Refused("giving up privileges", told["refused"])
    ended = told.get("status")
    return {
        "exit_status": os.WEXITSTATUS(ended) if ended is not None and os.WIFEXITED(ended) else None,
        "signal": os.WTERMSIG(ended) if ended is not None and os.WIFSIGNALED(ended) else None,
        "exec_errno": told.get("exec"),
        "started": "started" in told or ended is not None,
        "timed_out": timed_out and ended is None,
        "stdout": codecs.decode(bytes(streams[out]), "utf-8", "replace"),
        "stderr": codecs.decode(bytes(streams[err]), "utf-8", "replace"),
        "seconds": seconds,
    }


def _collect(streams: dict[int, bytearray], deadline: float, limit: int) -> bool:
    """Reads until every stream ends; True where the deadline came first. Over `limit`, it drops."""
    with selectors.DefaultSelector() as selector:
        for descriptor in streams:
            selector.register(descriptor, selectors.EVENT_READ)
        while selector.get_map():
            left = deadline - time.monotonic()
            if left <= 0:
                return True
            for key, _ in selector.select(left):
                piece = os.read(key.fd, 1 << 16)
                if not piece:
                    selector.unregister(key.fd)
                kept = streams[key.fd]
                kept += piece[: max(0, limit - len(kept))]
    return False


def _init(
    argv: list[str], streams: tuple[int, int, int], status: int, request: dict[str, Any]
) -> NoReturn:
    """Process 1: starts the program as process 2 and tells how it ended.

    The program must not be process 1 itself: signals that nobody handles do nothing there.
    """
    try:
        _call("prctl", _PR_SET_PDEATHSIG, signal.SIGKILL)
        refused, refused_end = os.pipe()  # closed by a successful exec
        program = os.fork()
        if program == 0:
            _become(argv, streams, refused_end, request)
        os.close(refused_end)
        for descriptor in streams:
            os.close(descriptor)
        told = os.read(refused, 64)
        if told:
            os.write(status, told)
            os._exit(0)
        os.write(status, b"started 1 ")
        while True:
            process, ended = os.wait()
            if process == program:
                os.write(status, f"status {ended} ".encode())
                os._exit(0)
    except BaseException:
        os._exit(1)


def _become(
    argv: list[str], streams: tuple[int, int, int], refused: int, request: dict[str, Any]
) -> NoReturn:
    """Process 2: gives up what is left, and becomes the program.

    Whatever goes wrong before the exec is told through `refused`: a pipe that closes without a word
    means that the program was started.
    """
    report = refused
    try:
        for number, descriptor in enumerate(streams):
            os.dup2(descriptor, number)
        report = os.dup2(refused, 3, inheritable=False)
        os.closerange(4, 1 << 16)
        _give_up(request)
        try:
            os.execve(argv[0], argv, request["environment"])  # noqa: S606
        except OSError as error:
            os.write(report, f"exec {error.errno or 0} ".encode())
    except Refused as refusal:
        os.write(report, f"refused {refusal.number} ".encode())
    except BaseException:
        os.write(report, f"refused {errno.EINVAL} ".encode())
    os._exit(127)


def _give_up(request: dict[str, Any]) -> None:
    os.setsid()
    for kind, limit in (
        (resource.RLIMIT_CORE, 0),
        # Not the address space: Go and qemu reserve far more of it than they use.
        (resource.RLIMIT_DATA, request["memory"]),
        (resource.RLIMIT_FSIZE, request["disk"]),
        (resource.RLIMIT_NPROC, _PROCESSES),
    ):
        _, hard = resource.getrlimit(kind)
        value = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (value, value))
    capability = 0
    while _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0) == 0:
        capability += 1
    # This user is not root in its namespace, so exec drops every capability (capabilities(7)).
    _call("prctl", _PR_SET_NO_NEW_PRIVS, 1)
    # Python ignores these, and what is ignored stays so after exec.
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)


def _call(name: str, *arguments: Any) -> None:
    """A system call of libc's. Raises Refused where it fails."""
    padded = [*arguments, *([0] * (5 - len(arguments)))] if name == "prctl" else arguments
    converted = [ctypes.c_ulong(a) if isinstance(a, int) else a for a in padded]
    if getattr(_libc, name)(*converted) != 0:
        raise Refused(name, ctypes.get_errno())


if __name__ == "__main__":
    main()
