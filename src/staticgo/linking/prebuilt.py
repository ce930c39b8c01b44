"""Whether the static libraries that a package brings fit what they will be linked with. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from staticgo.binary.archive import Member, wanted
from staticgo.facts.prebuilt import is_glibc_only
from staticgo.linking import csource, gosource
from staticgo.model.linking import Prebuilt
from staticgo.model.plan import Libc
from staticgo.model.target import Target

_WORD = re.compile(r"[A-Za-z_]\w*")
_FORMATS = {"darwin": "macho", "ios": "macho", "windows": "coff"}


def words(texts: Iterable[str]) -> frozenset[str]:
    """All names in some C: more than what it calls, which does no harm to who asks what it may call."""
    return frozenset(word for text in texts for word in _WORD.findall(text))


def roots(go_files: Iterable[str], c_files: Iterable[str]) -> frozenset[str]:
    """What a package may call of a library."""
    texts = tuple(go_files)
    from_go = frozenset(name for text in texts for name in csource.called_from_go(text))
    preambles = (part for text in texts for part in gosource.preambles(text))
    return from_go | words((*preambles, *c_files))


def wrong_machine(archive: Prebuilt, target: Target) -> str:
    """For what the archive was made, where that is not `target`; "" where it fits, or cannot be told."""
    wanted = f"{_FORMATS.get(target.os, 'elf')} {target.arch}"
    if not archive.machines or wanted in archive.machines:
        return ""
    return ", ".join(archive.machines)


def only_glibcs(archives: Iterable[Iterable[Member]], called: Iterable[str]) -> frozenset[str]:
    """Of what the calls lead to and no archive has, that which only glibc has."""
    members = [member for archive in archives for member in archive]
    return frozenset(name for name in wanted(members, called) if is_glibc_only(name))


def wanted_by(archive: Iterable[Member], names: Iterable[str]) -> tuple[str, ...]:
    """Which of `names` the archive's own members want."""
    wants = {want for member in archive for want in member.wants}
    return tuple(sorted(name for name in names if name.encode() in wants))


def wrong_libc(archive: Prebuilt, libc: Libc, elsewhere: frozenset[str]) -> tuple[str, ...]:
    """Functions of glibc that the program will miss; none where they are not, or perhaps not, missed.

    `elsewhere` are all names in the C of the program: who defines such a function knows why.
    """
    if libc is not Libc.MUSL:
        return ()
    return tuple(name for name in archive.glibc if name not in elsewhere)
