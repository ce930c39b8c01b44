"""What is done about a cause that is known: a new plan where that is safe, else an offer. Pure."""

from __future__ import annotations

import dataclasses
import shlex

from staticgo.model.diagnosis import Advice, Reading, Remedy, RemedyKind
from staticgo.model.plan import Plan, Reason
from staticgo.planning.flags import split_quoted

_C_SETTINGS = ("CGO_CFLAGS", "CGO_CXXFLAGS")


def mended(plan: Plan, reading: Reading) -> Plan | None:
    """The plan with the first safe remedy for why it failed; None where there is none left to try.

    A remedy that the plan holds already is never applied again, so that trying comes to an end.
    """
    return next(
        (
            _with_define(plan, advice, advice.remedy)
            for advice in reading.advices
            if advice.remedy is not None and _applies(plan, advice.remedy)
        ),
        None,
    )


def offer(plan: Plan, remedy: Remedy) -> str:
    """The command that tries a remedy which changes what the program does, or the machine."""
    build = shlex.join(["staticgo", "build", plan.source.display, "-t", str(plan.target)])
    if remedy.kind is RemedyKind.PACKAGE:
        return remedy.setting
    if remedy.kind is RemedyKind.TAG:
        return f"{build} {remedy.setting}"
    return f"{remedy.setting} {build}"


def _applies(plan: Plan, remedy: Remedy) -> bool:
    if not remedy.safe or remedy.kind is not RemedyKind.DEFINE or plan.toolchain is None:
        return False
    flags = split_quoted(dict(plan.environment).get("CGO_CFLAGS", ""))
    # Whoever defines or undefines the name by hand has decided already.
    name = remedy.value.removeprefix("-D")
    return not any(
        flag.removeprefix("-D").removeprefix("-U").split("=")[0] == name for flag in flags
    )


def _with_define(plan: Plan, advice: Advice, remedy: Remedy) -> Plan:
    values = dict(plan.environment)
    for name in _C_SETTINGS:
        values[name] = f"{values.get(name, '')} {remedy.value}".strip()
    reason = Reason(
        decision=f"CGO_CFLAGS gets {remedy.value}",
        why=f"built again with it, for the first build failed: {advice.meaning}; {remedy.why}. "
        f"For good: {advice.fix}",
        warning=True,
    )
    return dataclasses.replace(
        plan, environment=tuple(sorted(values.items())), reasons=(*plan.reasons, reason)
    )
