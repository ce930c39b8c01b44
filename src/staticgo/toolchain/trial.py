"""A small program, really compiled and linked: what a C compiler makes is read, not asked of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from staticgo.binary import read
from staticgo.errors import FormatError, MissingTool, ToolFailed, UsageError
from staticgo.facts.diagnosis import diagnose
from staticgo.facts.platforms import Platform
from staticgo.facts.toolchains import arch_flags
from staticgo.host.run import Completed, Runner, clean_environment
from staticgo.model.binary import BinaryReport, Format, Slice

# A compiler that builds its C library first, as zig does, takes half a minute.
_SECONDS = 300

# Threads and messages pull in enough of the C library to tell which it is and whether it is whole.
_C = """\
#include <stdio.h>
#include <string.h>
#ifdef _WIN32
int main(void) {
#else
#include <pthread.h>
static void *run(void *given) { return given; }
int main(void) {
  pthread_t thread;
  if (pthread_create(&thread, 0, run, 0) || pthread_join(thread, 0)) return 1;
#endif
  return printf("C works: %s\\n", strerror(0)) < 0;
}
"""
_CXX = """\
#include <cstdio>
#include <stdexcept>
#include <string>
int main(int count, char **) {
  try {
    throw std::runtime_error("C++ works: " + std::to_string(count));
  } catch (const std::exception &caught) {
    return std::puts(caught.what()) < 0;
  }
}
"""
# GOARM is a promise that older CPUs start the program; a compiler may be set to newer ones.
_ARM = """\
#if defined __ARM_ARCH && __ARM_ARCH > {level}
#error made for a newer ARM
#endif
"""
_NEWER_ARM = "made for a newer ARM"
_NO_LIBRARY = re.compile(
    r"cannot find -l(?:c|m|pthread|stdc\+\+|gcc_eh)\b|unable to find library -l|cannot find \S*crt\w*\.o"
    r"|library not found for -l"
)
_NO_HEADER = re.compile(
    r"(?:stdio|string|pthread|features|cstdio|stdexcept|libc-header-start|stubs-\w+|c\+\+config)(?:\.h)?'?"
    r"[:']? (?:No such file|file not found|not found)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of a trial link."""

    program: Slice
    digest: str
    """Of the program: it changes with the compiler, its C library and its flags."""


def try_link(
    words: Sequence[str],
    flags: Sequence[str],
    platform: Platform,
    output: Path,
    runner: Runner,
    *,
    cxx: bool = False,
    install: str = "",
) -> Trial:
    """Links a small static program with the command `words`, writes it to `output`, and reads it.

    `install` says how what is missing is added. Raises MissingTool for a C library that cannot be
    linked statically, UsageError for a compiler that makes no program, ToolFailed.
    """
    arch, settings = platform.target.arch, dict(platform.settings)
    source = _CXX if cxx else _C
    if arch == "arm":
        source = _ARM.format(level=settings["GOARM"].partition(",")[0]) + source
    done = runner.run(
        [
            *words,
            *arch_flags(platform.target, settings),
            *("-O2", "-s", "-pthread" if platform.target.os != "windows" else "-O2"),
            *flags,
            *("-x", "c++" if cxx else "c", "-", "-o", str(output)),
        ],
        env=clean_environment(),
        timeout=_SECONDS,
        stdin=source.encode(),
    )
    what = f"{' '.join(words)} ({'C++' if cxx else 'C'}, for {platform.target})"
    if done.returncode != 0 or done.timed_out:
        _fail(what, done, install, platform)
    try:
        data = output.read_bytes()
        report = read(data)
    except (OSError, FormatError) as error:
        raise UsageError(
            f"{what} ends well, and makes no program: it is no C compiler",
            hint="name a compiler of the GCC kind: gcc, clang, or `zig cc`",
            details=done.stderr,
        ) from error
    return Trial(program=report.slices[0], digest=_digest(data, report))


def _fail(what: str, done: Completed, install: str, platform: Platform) -> None:
    said = done.stderr
    add = install or f"install its static C library for {platform.target}"
    if done.timed_out:
        raise ToolFailed(
            f"{what} did not end a trial link in {_SECONDS} s",
            hint="start it by hand: it may wait for something",
            details=said,
        )
    if _NEWER_ARM in said:
        raise UsageError(
            f"{what} makes code for newer CPUs than ARM{platform.target.variant}",
            hint="name a compiler for that CPU, or add -march to CC's words",
            details=said,
        )
    if _NO_LIBRARY.search(said):
        raise MissingTool(f"{what} has no C library to link statically", hint=add, details=said)
    if _NO_HEADER.search(said):
        raise MissingTool(f"{what} has no headers of its C library", hint=add, details=said)
    known = diagnose(said)
    raise ToolFailed(
        f"{what} cannot link a small program" + (f": {known.meaning}" if known else ""),
        hint=known.fix if known else "mend it, or leave --toolchain away: zig is the default",
        details=said or f"it ended with status {done.returncode}, and said nothing",
    )


def _digest(data: bytes, report: BinaryReport) -> str:
    if report.format is Format.PE:
        # The time of the link and the checksum over it (PE format, "COFF File Header").
        header = int.from_bytes(data[60:64], "little")
        data = b"".join((data[: header + 8], data[header + 12 : header + 88], data[header + 92 :]))
    return hashlib.sha256(data).hexdigest()
