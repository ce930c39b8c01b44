"""`staticgo inspect --json DIR` against `file`, `readelf -dlV` and `go version -m` of the same files.

The files: programs and libraries of this machine, spread over what it has, the largest ones, and Go
programs built here for several systems, with and without -s -w. Each peer is called once a file, as
people do, and once for all files. Prints ratios and figures, each beside what it must not exceed.

    python -m bench.inspect [--files 600] [--keep DIR] [PATH...]
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDERS = ("/usr/bin", "/usr/sbin", "/usr/lib", "/usr/local", sysconfig.get_path("purelib"))
PORTS = (
    *("linux/amd64", "linux/arm64", "linux/386", "linux/s390x", "linux/mips"),
    *("darwin/arm64", "darwin/amd64", "windows/amd64", "windows/arm64", "freebsd/amd64"),
)
MAGICS = (b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe\0\0\0")
SMALLEST, LARGEST = 10_000, 220_000_000
LARGE = 5
PEERS = (["file"], ["readelf", "-dlV"], ["go", "version", "-m"])
ROUNDS = 20
ALL_AT_ONCE = 200  # paths in one call

MEASURE = """
import sys, time
from pathlib import Path
from staticgo import binary
from staticgo.binary import elf, macho, pe  # what `read` imports when it meets them
from staticgo.host.files import mapped
times = []
for _ in range(3):
    with mapped(Path(sys.argv[1])) as data:
        start = time.perf_counter()
        binary.read(data)
        times.append((time.perf_counter() - start) * 1000)
print(*times)
"""


def binaries(folders: Iterable[str]) -> Iterator[Path]:
    """Every ELF, PE and Mach-O file below, links left out."""
    for top in folders:
        for folder, _folders, names in os.walk(top):
            for name in names:
                path = Path(folder, name)
                if not path.is_symlink() and path.is_file() and is_binary(path):
                    yield path


def is_binary(path: Path) -> bool:
    """Whether it begins like one, and is neither tiny nor huge."""
    try:
        with path.open("rb") as file:
            return SMALLEST <= path.stat().st_size <= LARGEST and file.read(8).startswith(MAGICS)
    except OSError:
        return False


def spread(found: list[Path], number: int) -> list[Path]:
    """So many of them, of all sizes, the largest among them."""
    found = sorted(set(found), key=lambda path: (path.stat().st_size, str(path)))
    rest = found[:-LARGE]
    return [rest[i * len(rest) // number] for i in range(min(number, len(rest)))] + found[-LARGE:]


def built(folder: Path) -> Iterator[Path]:
    """Go programs for other systems."""
    for port in PORTS:
        goos, goarch = port.split("/")
        for name, flags in (("full", []), ("stripped", ["-ldflags=-s -w"])):
            output = folder / f"hello-{goos}-{goarch}-{name}"
            if not output.exists():
                settings = {"GOOS": goos, "GOARCH": goarch, "CGO_ENABLED": "0", "GOFLAGS": ""}
                command = ["go", "build", *flags, "-o", str(output), "."]
                where = ROOT / "examples" / "hello"
                subprocess.run(command, cwd=where, env={**os.environ, **settings}, check=True)
            yield output


def gather(work: Path, number: int, given: list[str]) -> list[Path]:
    """A folder of links to the files, or of copies where links are not possible."""
    tree = work / "tree"
    if not tree.exists():
        made = work / "made"
        made.mkdir(exist_ok=True)
        files = [Path(path) for path in given]
        if not given:
            go = subprocess.run(
                ["go", "env", "GOROOT"], check=True, capture_output=True, text=True
            ).stdout.strip()
            files = [*spread(list(binaries([*FOLDERS, go])), number), *built(made)]
        tree.mkdir()
        for index, path in enumerate(files):
            place = tree / f"{index:04}-{path.name}"
            try:
                place.hardlink_to(path)
            except OSError:
                shutil.copyfile(path, place)
    return sorted(tree.iterdir())


def timed(command: list[str], paths: Iterable[Path] = ()) -> float:
    """Wall-clock seconds of one run; what is no Go program makes `go version` exit with 1."""
    start = time.perf_counter()
    subprocess.run(
        [*command, *map(str, paths)],
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - start


def memory(command: list[str]) -> tuple[float, float]:
    """Of the largest process: all that was resident at its peak, and that less the files' pages.

    The second is a sample every few milliseconds, because the kernel keeps no peak of it.
    """
    whole = own = 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            for status in statuses(process.pid):
                whole = max(whole, status.get("VmHWM", 0))
                own = max(own, status.get("RssAnon", 0) + status.get("RssShmem", 0))
            time.sleep(0.002)
    return whole / 1024, own / 1024


def statuses(pid: int) -> Iterator[dict[str, int]]:
    """The memory of a process and its children, in KiB (proc(5), /proc/PID/status)."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    except OSError:
        return
    for one in (str(pid), *children):
        try:
            lines = Path(f"/proc/{one}/status").read_text("ascii").splitlines()
        except OSError:
            continue
        fields = (line.split() for line in lines if line.endswith("kB"))
        yield {name.rstrip(":"): int(value) for name, value, _unit in fields}


def compare(files: list[Path], staticgo: str) -> None:
    """Prints a line for each figure."""
    folder = str(files[0].parent)
    sizes = {path: path.stat().st_size for path in files}
    print(f"{len(files)} files, {sum(sizes.values()) / 1e6:.0f} MB", flush=True)
    command = [staticgo, "inspect", "--json", folder]
    for path in files:
        path.read_bytes()  # into the system's cache, for all alike
    ours = statistics.median(timed(command) for _ in range(3))
    each = at_once = 0.0
    parts = [files[at : at + ALL_AT_ONCE] for at in range(0, len(files), ALL_AT_ONCE)]
    for peer in PEERS:
        alone = sum(timed(peer, [path]) for path in files)
        together = sum(timed(peer, part) for part in parts)
        print(f"{' '.join(peer)}: {alone:.2f} s a file at a time, {together:.2f} s all at once")
        each, at_once = each + alone, at_once + together
    print(f"staticgo {ours:.2f} s, ratio to one call a file {ours / each:.2f} (bar 1.00)")
    print(f"staticgo {ours:.2f} s, ratio to one call for all {ours / at_once:.2f} (bar 1.00)")
    whole, own = memory(command)
    print(f"memory of a process: {own:.0f} MB beside the files' pages (bar 100), {whole:.0f} with")
    report_times(
        max(files, key=lambda path: sizes[path]), staticgo, min(files, key=sizes.__getitem__)
    )


def report_times(largest: Path, staticgo: str, smallest: Path) -> None:
    """The largest file from within a process, the smallest from the shell."""
    runs = []
    for _ in range(5):
        done = subprocess.run(
            [sys.executable, "-c", MEASURE, str(largest)],
            check=True,
            capture_output=True,
            text=True,
        )
        runs.append([float(figure) for figure in done.stdout.split()])
    first, second, _third = (statistics.median(run[i] for run in runs) for i in range(3))
    size = largest.stat().st_size / 1e6
    print(f"{size:.0f} MB: {first:.1f} ms in a new process, {second:.1f} ms again in it (bar 20)")
    command = [staticgo, "inspect", str(smallest)]
    shell = statistics.median(timed(command) for _ in range(ROUNDS)) * 1000
    bare = statistics.median(timed([sys.executable, "-c", "pass"]) for _ in range(ROUNDS))
    print(f"one small file: {shell:.0f} ms (bar 120); python -c pass: {bare * 1000:.0f} ms")


def main() -> None:
    """Gathers the files, and measures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("paths", nargs="*", help="files to take in place of this machine's")
    parser.add_argument("--files", type=int, default=600)
    parser.add_argument("--keep", type=Path, help="use this folder, and leave it behind")
    given = parser.parse_args()
    beside = Path(sys.executable).with_name("staticgo")
    staticgo = str(beside) if beside.exists() else shutil.which("staticgo") or "staticgo"
    with tempfile.TemporaryDirectory() as scratch:
        work = given.keep or Path(scratch)
        work.mkdir(parents=True, exist_ok=True)
        compare(gather(work, given.files, given.paths), staticgo)


if __name__ == "__main__":
    main()
