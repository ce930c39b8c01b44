"""Asks the C compiler, the preprocessor and pkg-config what only they can know. Answers are kept."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from staticgo.app.inspect import inspect
from staticgo.errors import MissingTool, StaticgoError
from staticgo.host.files import cache_dir, write_atomically
from staticgo.host.run import Runner
from staticgo.host.stamps import stamp
from staticgo.model.codec import decode, encode
from staticgo.model.linking import LinkAnswer, LinkQuestion

_T = TypeVar("_T")
_SECONDS = 20
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
    except (OSError, ValueError, LookupError, TypeError):
        return None


def keep(key: str, answer: object) -> None:
    """Keeps an answer for `kept`."""
    if key:
        write_atomically(cache_dir("answers") / f"{key}.json", json.dumps(encode(answer)))


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
                    timeout=_SECONDS,
                    stdin=source.encode(),
                )
                if done.returncode == 0 or "unresolved-symbols" not in done.stderr:
                    break
        except MissingTool as error:
            return LinkAnswer(error=error.message)
        if done.returncode != 0 or done.timed_out:
            late = f"it took longer than {_SECONDS} s" if done.timed_out else "it failed"
            return LinkAnswer(error=done.stderr.strip() or late)
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
        system=piece.os,
        missing=tuple(sorted(undefined.intersection(question.names))),
        wanting=tuple(sorted(undefined.difference(question.names))),
    )


def preprocess(
    compiler: Sequence[str],
    words: Sequence[str],
    source: str | None,
    files: Sequence[str],
    env: Mapping[str, str],
    dir: str,
    runner: Runner,
) -> tuple[str, str]:
    """The preprocessed text, and the compiler's complaint ("" where it had none)."""
    given = ["-x", "c", "-"] if source is not None else list(files)
    done = runner.run(
        [*compiler, "-w", "-E", *words, *given],
        env=env,
        cwd=dir,
        timeout=_SECONDS,
        stdin=(source or "").encode(),
    )
    return done.stdout, "" if done.returncode == 0 else done.stderr.strip() or "it failed"


def syntax_complaints(
    compiler: Sequence[str],
    words: Sequence[str],
    source: str,
    files: Sequence[str],
    env: Mapping[str, str],
    dir: str,
    runner: Runner,
) -> str:
    """What the compiler says of the source and the files when it only reads them."""
    said = []
    asked = [(source, ["-x", "c", "-"])] if source.strip() else []
    asked += [("", list(files))] if files else []
    for text, given in asked:
        done = runner.run(
            [*compiler, "-fsyntax-only", "-Wimplicit-function-declaration", *words, *given],
            env=env,
            cwd=dir,
            timeout=_SECONDS,
            stdin=text.encode(),
        )
        said.append(done.stderr)
    return "\n".join(said)


def pkg_config(
    command: str,
    asked: str,
    packages: Sequence[str],
    env: Mapping[str, str],
    dir: str,
    runner: Runner,
) -> tuple[tuple[str, ...], str]:
    """What `pkg-config --libs` or `--cflags` says of the packages, and its complaint."""
    try:
        done = runner.run([command, asked, "--", *packages], env=env, cwd=dir, timeout=_SECONDS)
    except MissingTool:
        return (), f'exec: "{command}": executable file not found in $PATH'
    if done.returncode != 0:
        return (), done.stderr.strip() or f"{command} failed"
    return tuple(done.stdout.split()), ""
