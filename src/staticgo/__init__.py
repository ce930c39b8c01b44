"""staticgo: build Go programs as static binaries, and prove that they are.

The functions return the typed values that the command line prints:

    >>> import staticgo
    >>> report = staticgo.inspect("dist/app-linux-amd64")       # doctest: +SKIP
    >>> report.slices[0].linkage                                # doctest: +SKIP
    <Linkage.STATIC: 'static'>

Importing the package is quick: each name is loaded when it is first used.
"""

from __future__ import annotations

from staticgo._version import __version__

TYPE_CHECKING = False  # typing itself takes longer to import than all of this
if TYPE_CHECKING:
    from staticgo.api import build, explain, inspect, plan, verify
    from staticgo.errors import StaticgoError
    from staticgo.model.binary import BinaryReport, Linkage
    from staticgo.model.explanation import Explanation
    from staticgo.model.plan import CgoMode, Plan, Policy
    from staticgo.model.proof import Proof
    from staticgo.model.result import BuildResult
    from staticgo.model.target import Target
    from staticgo.model.verdict import Outcome, Verdict

__all__ = [
    "build",
    "explain",
    "inspect",
    "plan",
    "verify",
    "BinaryReport",
    "BuildResult",
    "CgoMode",
    "Explanation",
    "Linkage",
    "Outcome",
    "Plan",
    "Policy",
    "Proof",
    "StaticgoError",
    "Target",
    "Verdict",
    "__version__",
]

_HOMES = {
    "build": "staticgo.api",
    "explain": "staticgo.api",
    "inspect": "staticgo.api",
    "plan": "staticgo.api",
    "verify": "staticgo.api",
    "BinaryReport": "staticgo.model.binary",
    "BuildResult": "staticgo.model.result",
    "CgoMode": "staticgo.model.plan",
    "Explanation": "staticgo.model.explanation",
    "Linkage": "staticgo.model.binary",
    "Outcome": "staticgo.model.verdict",
    "Plan": "staticgo.model.plan",
    "Policy": "staticgo.model.plan",
    "Proof": "staticgo.model.proof",
    "StaticgoError": "staticgo.errors",
    "Target": "staticgo.model.target",
    "Verdict": "staticgo.model.verdict",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'staticgo' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
