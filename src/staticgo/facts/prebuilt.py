"""What tells for which libc a static library was compiled: names that only one of them has.

Tried on the archives that modules bring (librdkafka, DuckDB, libsql, zstd), and on all that musl 1.2.5
defines as zig builds it: it has none of these.
"""

from __future__ import annotations

import re

from staticgo.facts.catalogue.symbols import LFS64_FUNCTIONS

_GLIBC_ONLY = frozenset(
    (
        *LFS64_FUNCTIONS,
        *("__fxstat64", "__lxstat64", "__xstat64", "fcntl64"),
        *("__libc_single_threaded", "gnu_get_libc_version"),
        *("__rawmemchr", "__strdup", "__strtok_r"),
        *("__res_init", "__res_ninit", "__res_nclose"),
        *("getcontext", "makecontext", "setcontext", "swapcontext"),
        *("mallinfo", "mallinfo2", "malloc_trim", "mallopt"),
        *("backtrace", "backtrace_symbols", "dlmopen", "dlvsym"),
    )
)
# _FORTIFY_SOURCE's functions, and those of C23 that headers of glibc 2.38 and later put in place.
_GLIBC_FAMILIES = re.compile(r"__\w+_chk|__isoc23_\w+")


def is_glibc_only(symbol: str) -> bool:
    """Whether glibc has it and musl has not."""
    return symbol in _GLIBC_ONLY or _GLIBC_FAMILIES.fullmatch(symbol) is not None
