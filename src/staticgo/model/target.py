"""A platform to build for, in OCI's spelling: `linux/arm/v7`, `linux/amd64+musl`."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SYNTAX = re.compile(
    r"(?P<os>[a-z0-9]+)/(?P<arch>[a-z0-9]+)(?:/(?P<variant>[a-z0-9.]+))?"
    r"(?:\+(?P<libc>[a-z]+(?:\.[0-9]+)*))?"
)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Target:
    """One platform. Which ones exist, and what a variant means, is `staticgo.facts.platforms`' to say."""

    os: str
    arch: str
    variant: str = ""
    libc: str = ""

    @classmethod
    def parse(cls, text: str) -> Target:
        """The target spelled by `text`. Raises ValueError where the syntax is wrong."""
        match = _SYNTAX.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not of the form os/arch[/variant][+libc]")
        return cls(**{name: value or "" for name, value in match.groupdict().items()})

    def __str__(self) -> str:
        variant = f"/{self.variant}" if self.variant else ""
        libc = f"+{self.libc}" if self.libc else ""
        return f"{self.os}/{self.arch}{variant}{libc}"

    @property
    def slug(self) -> str:
        """The target as a part of a file name: `linux-arm-v7`."""
        return str(self).replace("/", "-").replace("+", "-")
