"""Which platforms take --pie and --race. Pure."""

from __future__ import annotations

from staticgo.errors import Unreachable
from staticgo.facts.linker import pie_is_supported, pie_links_internally, race_is_supported
from staticgo.facts.platforms import Platform
from staticgo.model.plan import Policy


def check_mode(platform: Platform, policy: Policy, *, c_linker: bool = True) -> None:
    """Raises Unreachable where the platform has no such program as the policy asks for.

    `c_linker`: a C compiler links the program.
    """
    target = platform.target
    if policy.race and not race_is_supported(target.os, target.arch):
        raise Unreachable(
            f"{target}: Go has no race detector for it", hint="leave --race away for this target"
        )
    if not policy.pie:
        return
    why = ""
    if not pie_is_supported(target.os, target.arch):
        why = "Go makes no position-independent programs for it"
    elif policy.race and target.os == "windows":  # https://go.dev/cl/416174
        why = "Go makes no position-independent program with the race detector for it"
    elif not c_linker and not pie_links_internally(target.os, target.arch):
        why = "Go's own linker makes no position-independent programs for it"
    elif (target.os, target.arch) == ("linux", "386") and not platform.glibc:
        why = "a static PIE links there, and dies with SIGSEGV as it starts"
    if why:
        raise Unreachable(f"{target}: {why}", hint="leave --pie away for this target")
