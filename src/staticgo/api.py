"""The verbs as functions: what `import staticgo` offers. Each returns what the CLI prints."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Sequence
from pathlib import Path

from staticgo.host.files import working_directory
from staticgo.host.run import Runner
from staticgo.model.binary import BinaryReport
from staticgo.model.explanation import Explanation
from staticgo.model.plan import Plan, Policy
from staticgo.model.proof import Proof
from staticgo.model.request import BuildRequest, ExplainRequest
from staticgo.model.result import BuildResult


def plan(
    package: str = ".",
    *,
    targets: Sequence[str] = (),
    output: str | os.PathLike[str] = "dist",
    policy: Policy | None = None,
) -> tuple[Plan, ...]:
    """How `build` would build the package for each target; nothing is built.

    Raises StaticgoError: ProjectError, UnknownTarget, Refused, MissingTool, ToolFailed.
    """
    from staticgo.app.build import plan as run

    return run(_request(package, targets, output, policy), Runner()).plans


def build(
    package: str = ".",
    *,
    targets: Sequence[str] = (),
    output: str | os.PathLike[str] = "dist",
    policy: Policy | None = None,
    verify: bool = False,
    arguments: Sequence[str] = (),
    seconds: float = 10.0,
    jobs: int = 0,
) -> tuple[BuildResult, ...]:
    """Builds the package for each target into the folder `output`, judged against its plan.

    With `verify`, each binary is started in an empty root with `arguments`, and watched for at most
    `seconds`; look at `BuildResult.proof`. Raises StaticgoError; WrongBinary where a result is not
    what was promised.
    """
    from staticgo.app.build import build as run

    request = _request(package, targets, output, policy)
    request = dataclasses.replace(
        request, verify=verify, arguments=tuple(arguments), seconds=seconds, jobs=jobs
    )
    return run(request, Runner(), lambda target, step: None)


def inspect(path: str | os.PathLike[str]) -> BinaryReport:
    """What a binary needs from the machine it will run on. It is never executed.

    Raises FormatError for what is no binary, UsageError for what is no readable file.
    """
    from staticgo.app.inspect import inspect as run

    return run(Path(path))


def explain(
    package: str = ".", *, targets: Sequence[str] = (), flags: str = ""
) -> tuple[Explanation, ...]:
    """Why the package will or will not be static, for each target; nothing is built.

    `flags` are what would be given to `go build`, settings before it: `CC=musl-gcc -tags netgo`. That
    the build would fail is in the prediction. Raises StaticgoError: ProjectError, UnknownTarget,
    UsageError, MissingTool, ToolFailed.
    """
    from staticgo.app.explain import explain as run

    request = ExplainRequest(
        package=package,
        directory=str(working_directory()),
        targets=tuple(targets),
        flags=flags,
    )
    return run(request, Runner())


def verify(
    path: str | os.PathLike[str], arguments: Sequence[str] = (), *, seconds: float = 10.0
) -> Proof:
    """Starts a binary in an empty root and watches it for at most `seconds`.

    Raises FormatError and UsageError as `inspect` does; what went wrong later is in the proof.
    """
    from staticgo.app.verify import verify as run

    return run(Path(path), arguments, Runner(), seconds=seconds)


def _request(
    package: str,
    targets: Sequence[str],
    output: str | os.PathLike[str],
    policy: Policy | None,
) -> BuildRequest:
    return BuildRequest(
        package=package,
        directory=str(working_directory()),
        output=str(Path(output).absolute()),
        targets=tuple(targets),
        policy=policy or Policy(),
    )
