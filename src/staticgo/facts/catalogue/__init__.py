"""What compilers, linkers, the go command and programs say, and what it means.

One tuple: the particular stands before the general, and the cause before its consequences. The first
entry that fits a line explains it; of all in a log, the first of the gravest leads.
"""

from __future__ import annotations

from staticgo.facts.catalogue.compilers import COMPILERS
from staticgo.facts.catalogue.glibc import STATIC_GLIBC, WARNINGS
from staticgo.facts.catalogue.gocommand import CGO, LAST, MISTAKES, PACKAGES
from staticgo.facts.catalogue.linker import LIBRARIES
from staticgo.facts.catalogue.machine import ANY_NETWORK, MACHINE, NETWORK
from staticgo.facts.catalogue.runtime import RUNNING, STARTING
from staticgo.facts.catalogue.symbols import LARGE_FILES, SYMBOLS
from staticgo.model.diagnosis import Entry

ENTRIES: tuple[Entry, ...] = (
    *MACHINE,
    *STARTING,
    *LARGE_FILES,
    *COMPILERS,
    *SYMBOLS,
    *LIBRARIES,
    *CGO,
    *PACKAGES,
    *NETWORK,
    *MISTAKES,
    *STATIC_GLIBC,
    *WARNINGS,
    *RUNNING,
    *ANY_NETWORK,
    *LAST,
)

CONTEXT_STARTS = (
    r"#|go: (?:downloading|finding|extracting|found|added|upgraded) "
    r"|\s*\d* *\||\s*\^|In file included from"
    r"| +from |>>> |(?:collect2|clang[\w.+-]*|zig|gcc|g\+\+): error: (?:ld returned|linker command failed)"
    r"|\S*link: running \S+ failed: |compilation terminated"
    r"|\d+ (?:errors?|warnings?)(?: and \d+ \w+)? generated|\S*(?:gcc|clang|cc|c\+\+|g\+\+) .*-o \S"
)
"""Beginnings of lines that belong to a message before or after them, and say nothing by themselves."""

CONTEXT_SIGNS = (
    "n function `",
    "n function '",
    "n function \u2018",
    "n static function ",
    "n member function ",
    ": note: ",
    ": Assembler messages:",
    "failed to set dynamic section sizes",
)
"""Texts within such lines."""

COMPLAINTS = ("warning", "error", "fatal", "undefined", "cannot", "failed")
"""Words of lines that look like a complaint, whatever they mean."""
