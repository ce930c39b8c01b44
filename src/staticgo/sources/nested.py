"""Archives in archives: they are not read, and that must be said."""

from __future__ import annotations

from itertools import chain
from typing import Protocol

from staticgo.model.source import Trouble
from staticgo.sources.limits import CHUNK, UNPACK, Budget, Refused, TooMuch
from staticgo.sources.magic import COMPRESSED, TAR_BLOCK, Nature, is_tar, nature
from staticgo.sources.names import inside
from staticgo.sources.streams import Unpacked, unpacked

_MESSAGE = "is an archive in an archive, and was not read"
_HINT = "unpack it, and name the folder"

_NO_ENTRY, _LOCAL_SIZE, _JAVA = b"PK\x05\x06", 30, b"META-INF/"


class Readable(Protocol):
    """What can be read from front to back."""

    def read(self, size: int) -> bytes:
        """The next bytes."""


def nested(archive: str, name: str) -> Trouble:
    """What is said of an archive in `archive`."""
    return Trouble(name=inside(archive, name), message=_MESSAGE, hint=_HINT)


def is_nested(trouble: Trouble) -> bool:
    """Whether it was said of one."""
    return trouble.message == _MESSAGE


def more(archive: str, count: int) -> Trouble:
    """What is said of those beyond the number that are named one by one."""
    return Trouble(
        name=archive,
        message=f"holds {count:,} more archive{'s' * (count > 1)}, not read either",
        hint=_HINT,
    )


def is_archive(head: bytes, rest: Readable, budget: Budget) -> bool:
    """Whether an archive that may hold programs begins with `head`, and goes on with `rest`."""
    kind = nature(head)
    if kind in COMPRESSED:
        try:
            # One compressed file, such as a manual page or a kernel module, is no archive.
            whole = Unpacked(chain((head,), iter(lambda: rest.read(CHUNK), b"")))
            return is_tar(unpacked(whole, kind, budget).peek(TAR_BLOCK))
        except TooMuch:
            raise
        except Refused as refused:
            return refused.hint == UNPACK  # otherwise it is damaged: nobody can unpack it
    if kind is Nature.ZIP:
        # Java's own archives begin with this folder: they run nowhere but on a Java machine.
        return not head.startswith(_NO_ENTRY) and not head.startswith(_JAVA, _LOCAL_SIZE)
    return kind in (Nature.TAR, Nature.DEB)
