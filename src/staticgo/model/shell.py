"""What a shell is told, so that other tools build for a target as staticgo does."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from staticgo.model.plan import Reason


class Shell(StrEnum):
    """The languages in which settings are printed."""

    SH = "sh"
    FISH = "fish"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Environment variables, and folders to put first on PATH."""

    variables: tuple[tuple[str, str], ...]
    path: tuple[str, ...] = ()
    remarks: tuple[Reason, ...] = ()
