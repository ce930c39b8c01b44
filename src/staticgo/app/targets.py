"""The verb `targets`: what can be built, how static it can be, and how it can be proven here."""

from __future__ import annotations

from collections.abc import Sequence

from staticgo.facts.platforms import parts_of, platform
from staticgo.facts.reach import Standing
from staticgo.facts.variants import spellings
from staticgo.facts.zigtargets import libc_words
from staticgo.host.run import Runner
from staticgo.model.offer import Offer
from staticgo.model.target import Target
from staticgo.planning.targets import all_targets, expand
from staticgo.proof import how


def targets(words: Sequence[str], runner: Runner, *, variants: bool = False) -> tuple[Offer, ...]:
    """What is known of each platform that `words` mean; without any, of every port of Go.

    Raises UnknownTarget.
    """
    wanted = [one.target for one in expand(words)] if words else all_targets(variants=variants)
    proven: dict[tuple[str, str], str] = {}
    return tuple(_offer(target, proven, runner) for target in wanted)


def _offer(target: Target, proven: dict[tuple[str, str], str], runner: Runner) -> Offer:
    # Both parts of a universal binary are reached alike.
    known = platform(parts_of(target)[-1])
    reached = known.cgo.standing is not Standing.NONE
    machine = (target.os, target.arch)
    if machine not in proven:
        proven[machine] = how(*machine, runner)
    return Offer(
        target=target,
        variants=spellings(target.arch),
        pure=known.pure.standing,
        pure_why=known.pure.why,
        cgo=known.cgo.standing,
        cgo_why=known.cgo.why,
        cgo_link=known.cgo.link,
        toolchain=f"zig ({libc_words(target)})" if reached else "",
        proof=proven[machine] if known.pure.standing is not Standing.NONE else "",
    )
