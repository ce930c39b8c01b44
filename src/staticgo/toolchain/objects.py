"""C objects, compiled once: a layer over a compiler command that keeps what it made.

Go's build cache forgets a package's C with the Go version, after five days without a build, and in
every fresh CI job; zig's own cache never hits, for cgo names a new `$WORK` folder in each call. This
layer is keyed as ccache's preprocessor mode is (https://ccache.dev/manual/latest.html): by the text
after preprocessing, the options that are left to matter then, and the compiler.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

from staticgo.host.files import cache_dir, forget_old_files, write_program
from staticgo.model.plan import CToolchain

_SMALLEST_BYTES = 16_384
_PENDING = "STATICGO_PENDING"
"""Names a file that holds a process's number; while both exist, links wait."""
_KEPT_SECONDS = 30 * 24 * 3600

# A call with an option that is not listed goes to the compiler as it is: it may read or write other
# files. Without debug information (-g0) the lines' numbers do not matter, so -P leaves them out.
# -dD keeps the macros: in a #pragma they are only expanded after preprocessing.
# clang ignores -frandom-seed (https://clang.llvm.org/docs/ClangCommandLineReference.html), which Go sets.
_TEMPLATE = """\
#!/bin/sh
# Written by staticgo: {name}, keeping the objects of large C files.
cc={cc} kept={kept} compile= bare= object= source= flags= operand=
# A link needs libc, which staticgo may still be preparing beside this build.
case " $* " in
  *" -c "* | *" -E "* | *" -S "*) ;;
  *)
    while [ -e "${{{pending}:-}}" ] && kill -0 "$(cat "${pending}")" 2> /dev/null; do
      sleep 0.1
    done ;;
esac
for word; do
  case $operand in
    -o) object=$word operand=; continue ;;
    ?*) operand=; continue ;;
  esac
  case $word in
    -c) compile=yes ;;
    -g0) bare=yes ;;
    -o | -I | -D | -U | -isystem | -iquote) operand=$word ;;
    -I?* | -D?* | -U?* | -ffile-prefix-map=* | -fdebug-prefix-map=* | -fmessage-length=*) ;;
    -Wl,* | -Qunused-arguments | -frandom-seed=*) ;;
    -Wa,* | -Wp,* | -m*=native) exec "$cc" "$@" ;;
    -W* | -w | -O | -O[0123sz] | -std=* | -pthread | -gno-record-gcc-switches | \\
    -fPIC | -fpic | -fPIE | -fpie | -fno-* | -fvisibility=* | -fvisibility-inlines-hidden | \\
    -fwrapv | -fstrict-aliasing | -fexceptions | -frtti | -ffast-math | -fcommon | \\
    -ffunction-sections | -fdata-sections | -fsigned-char | -funsigned-char | \\
    -fomit-frame-pointer | -fstack-protector* | -march=* | -mcpu=* | -mtune=* | -mfpu=* | \\
    -mabi=* | -m32 | -m64 | -marm | -mthumb | -msse* | -mavx* | -maes | -mpclmul)
      flags="$flags $word" ;;
    -*) exec "$cc" "$@" ;;
    *.c | *.cc | *.cpp | *.cxx)
      [ -z "$source" ] || exec "$cc" "$@"
      source=$word ;;
    *) exec "$cc" "$@" ;;
  esac
done
[ "$compile" ] && [ "$bare" ] && [ "$object" ] && [ -f "$source" ] &&
  [ "$(wc -c < "$source")" -ge {smallest} ] || exec "$cc" "$@"
# Linux has the first, macOS the second.
if command -v sha256sum > /dev/null; then
  digest() {{ sha256sum | cut -c 1-64; }}
else
  digest() {{ shasum -a 256 | cut -c 1-64; }}
  command -v shasum > /dev/null || exec "$cc" "$@"
fi
text=$(mktemp "$kept/tmp.XXXXXX") || exec "$cc" "$@"
trap 'rm -f "$text"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
"$cc" "$@" -E -P -dD -o "$text" 2> /dev/null || {{ "$cc" "$@"; exit; }}
# Files that assembly includes, and lines that only the compiler counts, are not in the text.
grep -q -E '\\.inc(bin|lude)|__builtin_(FILE|LINE|COLUMN|source_location)' "$text"
[ "$?" = 1 ] || {{ "$cc" "$@"; exit; }}
key=$({{ printf '%s\\n' "$flags" "$source"; cat "$text"; }} | digest)
[ "${{#key}}" = 64 ] || {{ "$cc" "$@"; exit; }}
if [ -s "$kept/$key.o" ] && [ "$(digest < "$kept/$key.o")" = "$(cat "$kept/$key.sum")" ] &&
  cp "$kept/$key.o" "$object"; then
  touch -c "$kept/$key.o" "$kept/$key.sum"
  exit 0
fi
"$cc" "$@" 2> "$text"
status=$?
cat "$text" >&2
# What the compiler warned of is to be said again the next time.
if [ "$status" = 0 ] && ! [ -s "$text" ] && cp "$object" "$text"; then
  digest < "$text" > "$kept/$key.sum"
  mv "$text" "$kept/$key.o"
fi
exit "$status"
"""


def remembering(toolchain: CToolchain) -> str:
    """Writes the layer over `toolchain`'s commands; returns the folder to put before them on PATH.

    The commands keep their names there, for those enter Go's build id.
    """
    folder = cache_dir("objects", "bin")
    for wrapper in (toolchain.cc, toolchain.cxx):
        kept = cache_dir("objects", wrapper.name)
        content = _TEMPLATE.format(
            name=wrapper.name,
            cc=shlex.quote(str(Path(toolchain.bin_dir, wrapper.name))),
            kept=shlex.quote(str(kept)),
            smallest=_SMALLEST_BYTES,
            pending=_PENDING,
        )
        write_program(folder / wrapper.name, content)
    return str(folder)


@contextlib.contextmanager
def pending(toolchain: CToolchain) -> Iterator[tuple[dict[str, str], Callable[[], None]]]:
    """Lets links by the commands of `remembering` wait: the variables to set, and what ends it.

    Should this process be killed, they wait no longer either.
    """
    file = cache_dir("objects", toolchain.cc.name) / f"pending-{os.getpid()}-{uuid.uuid4().hex}"
    file.write_text(str(os.getpid()), encoding="ascii")

    def end() -> None:
        file.unlink(missing_ok=True)

    try:
        yield {_PENDING: str(file)}, end
    finally:
        end()


def forget_unused_objects() -> None:
    """Removes what no build used for a month, of compilers that are gone too."""
    for kept in cache_dir("objects").iterdir():
        if kept.name != "bin":
            forget_old_files(kept, _KEPT_SECONDS)
