"""The verb `build`, with planning and compiling made up: what the second call does."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from staticgo.app import build as verb
from staticgo.app.build import Planned, build
from staticgo.errors import ToolFailed
from staticgo.host.run import Runner
from staticgo.model.plan import GoToolchain, Plan
from staticgo.model.proof import Level, Proof
from staticgo.model.request import BuildRequest
from staticgo.model.result import BuildResult
from staticgo.model.target import Target
from staticgo.model.verdict import Outcome
from tests.unit.app.built import Built, isolate

Steps = list[tuple[str, str]]


class Builds:
    """Counts what is planned and built; the binary is put into the output folder that was asked for."""

    def __init__(self, built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
        self.built = built
        self.count = 0
        self.content = built.output.read_bytes()
        monkeypatch.setattr(verb, "plan", self.plan)
        monkeypatch.setattr(verb, "execute", self.execute)

    def plan(self, request: BuildRequest, runner: Runner) -> Planned:
        return Planned(plans=(self.built.plan,), facts=(self.built.facts,), go=self.built.go)

    def execute(
        self, plan: Plan, output: Path, go: GoToolchain, runner: Runner, progress: object
    ) -> BuildResult:
        self.count += 1
        self.built.output = output / plan.name
        self.built.output.write_bytes(self.content)
        return self.built.results[0]


@pytest.fixture
def builds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Builds:
    isolate(tmp_path, monkeypatch)
    found = Builds(Built(tmp_path), monkeypatch)
    time.sleep(0.06)
    return found


def request_for(builds: Builds, output: Path, *, verify: bool = False) -> BuildRequest:
    asked = builds.built.request
    return BuildRequest(
        package=asked.package,
        directory=asked.directory,
        output=str(output),
        targets=asked.targets,
        verify=verify,
    )


def again(builds: Builds, output: Path) -> list[bool]:
    """Whether each of two builds was answered from memory."""
    request = request_for(builds, output)
    results = [build(request, Runner(), lambda target, step: None) for _ in range(2)]
    return [result.reused for (result,) in results]


def test_the_second_build_is_answered_from_memory(builds: Builds) -> None:
    assert again(builds, builds.built.root / "elsewhere") == [False, True]
    assert builds.count == 1


def test_the_second_build_is_answered_from_memory_with_dist_beside_the_source(
    builds: Builds,
) -> None:
    assert again(builds, builds.built.folder / "dist") == [False, True]


def test_steps_are_reported_with_their_target(
    builds: Builds, monkeypatch: pytest.MonkeyPatch
) -> None:
    proof = Proof(level=Level.STARTED, outcome=Outcome.PASS, how="native", summary="it started")
    monkeypatch.setattr(verb, "verify", lambda path, arguments, runner, seconds: proof)
    steps: Steps = []

    def report(target: Target, step: str) -> None:
        steps.append((str(target), step))

    request = request_for(builds, builds.built.root / "new", verify=True)
    (result,) = build(request, Runner(), report)
    assert result.proof == proof
    assert steps == [("linux/amd64", step) for step in ("done", "verifying", "verified")]


def test_a_failed_build_is_reported_and_not_remembered(
    builds: Builds, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> BuildResult:
        raise ToolFailed("go build failed", hint="mend it")

    steps: list[str] = []
    request = request_for(builds, builds.built.root / "new")
    with monkeypatch.context() as patched:
        patched.setattr(verb, "execute", fail)
        with pytest.raises(ToolFailed):
            build(request, Runner(), lambda target, step: steps.append(step))
    assert steps == ["failed"]
    (result,) = build(request, Runner(), lambda target, step: None)
    assert not result.reused
