"""Asks the C compiler, the preprocessor and pkg-config what only they can know. Answers are kept."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from staticgo.app.inspect import inspect
from staticgo.errors import MissingTool, StaticgoError
from staticgo.host.files import cache_dir, forget_old_files, write_atomically
from staticgo.host.run import Runner
from staticgo.host.stamps import stamp
from staticgo.model.codec import decode, encode
from staticgo.model.linking import LinkAnswer, LinkQuestion

_T = TypeVar("_T")
_SECONDS = 20
_LINK_SECONDS = 120
"""zig builds a target's libc at its first link, half a minute long."""
_KEPT_SECONDS = 30 * 24 * 3600
_UNDEFINED = re.compile(r"undefined (?:reference to [`']|symbol: )([\w.]+)")
_LIBC_WORDS = frozenset(
    (
        *("-lpthread", "-lresolv", "-ldl", "-lm", "-lrt", "-lc", "-pthread"),
        *("-O2", "-g", "-m64", "-m32", "-static", "-static-pie", "-no-pie", "-pie", "-Wl,-z,relro"),
    )
)
"""Words whose answer changes with the compiler only: no library that somebody may install meanwhile."""


def ask(question: LinkQuestion, env: Mapping[str, str], runner: Runner) -> LinkAnswer:
    """What the C compiler makes of the link."""
    key = _key(question, env)
    known = kept(key, LinkAnswer)
    if known is not None:
        return known
    answer = _link(question, env, runner)
    if not answer.error:
        keep(key, answer)
    return answer


def kept(key: str, kind: type[_T]) -> _T | None:
    """An earlier answer; None where there is none, or `key` is ""."""
    if not key:
        return None
    try:
        text = (cache_dir("answers") / f"{key}.json").read_text(encoding="utf-8")
        return decode(kind, json.loads(text))
    except (OSError, ValueError, LookupError, TypeError, StaticgoError):
        return None


def keep(key: str, answer: object) -> None:
    """Keeps an answer for `kept`, where the cache can be written; removes what is long unused."""
    if key:
        with contextlib.suppress(OSError, StaticgoError):
            folder = cache_dir("answers")
            forget_old_files(folder, _KEPT_SECONDS)
            write_atomically(folder / f"{key}.json", json.dumps(encode(answer)))


def compiler_stamp(compiler: Sequence[str], env: Mapping[str, str]) -> list[object]:
    """What changes when the compiler does; [] where it is not here."""
    command = shutil.which(compiler[0], path=env.get("PATH")) if compiler else None
    return [command, *stamp(command), *compiler[1:]] if command is not None else []


def _key(question: LinkQuestion, env: Mapping[str, str]) -> str:
    """A name for the answer; "" where it may change without the compiler."""
    identity = compiler_stamp(question.compiler, env)
    others = [word for word in question.arguments if word not in _LIBC_WORDS]
    if not identity or others or env.get("LIBRARY_PATH"):
        return ""
    return hashlib.sha256(f"{identity}\0{question!r}".encode()).hexdigest()[:24]


def _link(question: LinkQuestion, env: Mapping[str, str], runner: Runner) -> LinkAnswer:
    # By their names in the object file: some are words of C.
    declared = "".join(
        f'extern char s{i}[] __asm__("{name}");\n' for i, name in enumerate(question.names)
    )
    taken = ", ".join(f"s{i}" for i in range(len(question.names)))
    source = (
        f"{declared}void *volatile taken[] = {{{taken or '0'}}};\n"
        "int main(void) { return taken[0] == 0; }\n"
    )
    with tempfile.TemporaryDirectory() as scratch:
        output = Path(scratch, "linked")
        argv = [*question.compiler, "-w", "-fPIC", "-x", "c", "-", "-x", "none", "-o", str(output)]
        # Names that no library has shall be told, and not end the link. zig's linker cannot tell.
        tolerant = ["-Wl,--warn-unresolved-symbols"] if question.names else []
        try:
            for more in dict.fromkeys((tuple(tolerant), ())):
                done = runner.run(
                    [*argv, *question.arguments, *more],
                    env=env,
                    cwd=scratch,
                    timeout=_LINK_SECONDS,
                    stdin=source.encode(),
                )
                if done.returncode == 0 or "unresolved-symbols" not in done.stderr:
                    break
        except MissingTool as error:
            return LinkAnswer(error=error.message)
        if done.timed_out:
            late = f"{question.compiler[0]} took longer than {_LINK_SECONDS} s for a trial link"
            return LinkAnswer(error=late, late=True)
        if done.returncode != 0:
            return LinkAnswer(error=done.stderr.strip() or "it failed")
        try:
            piece = inspect(output).slices[0]
        except (StaticgoError, IndexError) as error:
            return LinkAnswer(error=f"what it made cannot be read: {error}")
    undefined = set(_UNDEFINED.findall(done.stderr))
    return LinkAnswer(
        linkage=piece.linkage,
        interpreter=piece.interpreter,
        needed=tuple(sorted(piece.needed)),
        machine=piece.machine,
        missing=tuple(sorted(undefined.intersection(question.names))),
        wanting=tuple(sorted(undefined.difference(question.names))),
    )


class Place(NamedTuple):
    """Where a compiler is asked, and how."""

    compiler: Sequence[str]
    words: Sequence[str]
    env: Mapping[str, str]
    dir: str
    runner: Runner


class Said(NamedTuple):
    """What a compiler printed; `late` where it was too slow to print anything of use."""

    text: str
    complaint: str = ""
    failed: bool = False
    late: bool = False


def preprocess(place: Place, source: str | None, files: Sequence[str]) -> Said:
    """The source, or the files, preprocessed."""
    given = ["-x", "c", "-"] if source is not None else list(files)
    return _compile(place, ["-w", "-E"], given, source or "")


def syntax_complaints(place: Place, source: str, files: Sequence[str]) -> str:
    """What the compiler says of the source and the files when it only reads them."""
    words = ["-fsyntax-only", "-Wimplicit-function-declaration"]
    asked = [(source, ["-x", "c", "-"])] if source.strip() else []
    asked += [("", list(files))] if files else []
    return "\n".join(_compile(place, words, given, text).complaint for text, given in asked)


def _compile(place: Place, how: list[str], given: list[str], source: str) -> Said:
    try:
        done = place.runner.run(
            [*place.compiler, *how, *place.words, *given],
            env=place.env,
            cwd=place.dir,
            timeout=_SECONDS,
            stdin=source.encode(),
        )
    except MissingTool as error:
        return Said("", error.message, failed=True)
    if done.timed_out:
        return Said("", late=True)
    failed = done.returncode != 0
    return Said(done.stdout, done.stderr.strip() or "it failed" * failed, failed=failed)


def pkg_config(
    command: Sequence[str],
    asked: Sequence[str],
    packages: Sequence[str],
    env: Mapping[str, str],
    dir: str,
    runner: Runner,
) -> tuple[tuple[str, ...], str]:
    """What `pkg-config --libs` or `--cflags` says of the packages, and its complaint."""
    try:
        done = runner.run([*command, *asked, "--", *packages], env=env, cwd=dir, timeout=_SECONDS)
    except MissingTool:
        return (), f'exec: "{command[0]}": executable file not found in $PATH'
    if done.returncode != 0:
        return (), done.stderr.strip() or f"{command[0]} failed"
    return tuple(done.stdout.split()), ""
