"""Starts a binary where nothing else exists, natively or under an emulator, and says what was seen."""

from __future__ import annotations

from staticgo.proof.outcome import refused_script, skipped
from staticgo.proof.prove import how, prove
from staticgo.proof.sandbox import Limits

__all__ = ["Limits", "how", "prove", "refused_script", "skipped"]
