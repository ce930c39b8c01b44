"""Subprocesses: argument lists only, each in a process group that ends when we do."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from staticgo.errors import Interrupted, MissingTool
from staticgo.facts.gosettings import is_go_setting

_GRACE_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """A process that ended. `returncode` is negative for a signal, as subprocess has it."""

    argv: tuple[str, ...]
    returncode: int
    stdout: str
    stderr: str
    timed_out: bool = False


class Runner:
    """Starts processes and can end all of them at once; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._cancelled = False

    @property
    def cancelled(self) -> bool:
        """Whether `cancel` was called."""
        return self._cancelled

    def check_cancelled(self) -> None:
        """Raises Interrupted once `cancel` was called."""
        if self._cancelled:
            raise Interrupted(
                "interrupted", hint="run the same command again; finished work is kept"
            )

    def cancel(self) -> None:
        """Ends every running process group, and lets no other start."""
        with self._lock:
            self._cancelled = True
            running = list(self._running)
        for process in running:
            _end(process)

    def run(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: str | None = None,
        timeout: float | None = None,
        stdin: bytes = b"",
    ) -> Completed:
        """Runs `argv` to its end; output is decoded as UTF-8, bad bytes replaced.

        Raises MissingTool where the command does not exist, Interrupted after `cancel`.
        """
        process = self._start(argv, env=env, cwd=cwd)
        timed_out = threading.Event()

        def expire() -> None:
            timed_out.set()
            _end(process)

        timer = threading.Timer(timeout, expire) if timeout is not None else None
        if timer is not None:
            timer.daemon = True
            timer.start()
        try:
            stdout, stderr = process.communicate(stdin)
        except BaseException:
            _end(process)
            raise
        finally:
            if timer is not None:
                timer.cancel()
            with self._lock:
                self._running.discard(process)
        self.check_cancelled()
        return Completed(
            argv=tuple(argv),
            returncode=process.returncode,
            stdout=stdout.decode("utf-8", "replace"),
            stderr=stderr.decode("utf-8", "replace"),
            timed_out=timed_out.is_set(),
        )

    def _start(
        self, argv: Sequence[str], *, env: Mapping[str, str] | None, cwd: str | None
    ) -> subprocess.Popen[bytes]:
        with self._lock:
            self.check_cancelled()
            try:
                process = subprocess.Popen(
                    [_resolved(argv[0], env), *argv[1:]],
                    env=None if env is None else dict(env),
                    cwd=cwd,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    start_new_session=True,
                )
            except FileNotFoundError as error:
                raise MissingTool(
                    f"{argv[0]} cannot be started: {error.strerror} ({error.filename})",
                    hint="pip install 'staticgo[toolchain]' brings Go and zig",
                ) from error
            except OSError as error:  # not executable, for another CPU, being written to
                raise MissingTool(
                    f"{argv[0]} cannot be started: {error.strerror}",
                    hint="make it an executable file for this machine, or name another",
                ) from error
            self._running.add(process)
            return process


def become(argv: Sequence[str], *, env: Mapping[str, str]) -> NoReturn:
    """Replaces this process by `argv`: its input, output, signals and exit status are then that one's.

    Raises MissingTool where the command cannot be started.
    """
    try:
        command = _resolved(argv[0], env)
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        # Python ignores these, and what is ignored stays so in the new program.
        for number in (signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_DFL)
        os.execve(command, list(argv), dict(env))  # noqa: S606
    except OSError as error:
        raise MissingTool(
            f"{argv[0]} cannot be started: {error.strerror}",
            hint="make it an executable file for this machine, or name another",
        ) from error


def _resolved(command: str, env: Mapping[str, str] | None) -> str:
    """The command's path, from the absolute folders of PATH only.

    The system would take an empty or relative entry as seen from the folder that the process runs in,
    which may be anybody's repository (as https://go.dev/blog/path-security has it).
    """
    if os.sep in command:
        return command
    found = find_command(command, env)
    if found is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), command)
    return found


def find_command(name: str, env: Mapping[str, str] | None = None) -> str | None:
    """The path of the command `name` in the absolute folders of PATH; None where none has it."""
    path = (os.environ if env is None else env).get("PATH", os.defpath)
    folders = [folder for folder in path.split(os.pathsep) if os.path.isabs(folder)]  # noqa: PTH117
    return shutil.which(name, path=os.pathsep.join(folders))


def clean_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment with messages in plain English, so that they can be recognised.

    A translated linker hides its warnings from every reader (golang/go#34429).
    """
    return {**os.environ, "LC_ALL": "C", **(extra or {})}


def go_environment(settings: Mapping[str, str]) -> dict[str, str]:
    """This process's environment with all of the user's Go settings replaced by `settings`."""
    kept = {name: value for name, value in os.environ.items() if not is_go_setting(name)}
    return {**kept, "LC_ALL": "C", **settings}


def _end(process: subprocess.Popen[bytes]) -> None:
    """Asks the process group to end, then makes it."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except (ProcessLookupError, PermissionError):
            return
        deadline = time.monotonic() + _GRACE_SECONDS
        while number == signal.SIGTERM and time.monotonic() < deadline:
            if process.poll() is not None:
                break
            time.sleep(0.02)
