"""What the user types, and the request it becomes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from staticgo.app.build import Planned
from staticgo.cli.arguments import split_commas
from staticgo.errors import ExitCode
from staticgo.host.run import Runner
from staticgo.model.plan import CgoMode, Policy
from staticgo.model.proof import Level, Proof
from staticgo.model.request import BuildRequest
from staticgo.model.result import BuildResult
from staticgo.model.verdict import Outcome
from tests.unit.cli.called import Staticgo
from tests.unit.planning.given import GO, plan_for


@pytest.fixture
def staticgo(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Staticgo:
    return Staticgo(capsys, monkeypatch)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[BuildRequest]:
    """The requests that `staticgo build` makes; nothing is built."""
    requests: list[BuildRequest] = []

    def build(request: BuildRequest, *_: object) -> tuple[BuildResult, ...]:
        requests.append(request)
        return ()

    monkeypatch.setattr("staticgo.app.build.build", build)
    return requests


@pytest.mark.parametrize(
    ("values", "pieces"),
    [
        ((), ()),
        (("a",), ("a",)),
        (("a,b",), ("a", "b")),
        (("a", "b,c"), ("a", "b", "c")),
        ((" a , b ",), ("a", "b")),
        ((",a,,b,", "", " "), ("a", "b")),
    ],
)
def test_commas_and_repetition_are_alike(values: tuple[str, ...], pieces: tuple[str, ...]) -> None:
    assert split_commas(values) == pieces


def test_defaults_are_this_folder_and_dist(
    staticgo: Staticgo, asked: list[BuildRequest], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert staticgo("build").status == ExitCode.PASS
    assert asked == [
        BuildRequest(package=".", directory=str(tmp_path), output=str(tmp_path / "dist"))
    ]


def test_every_option_reaches_the_request(staticgo: Staticgo, asked: list[BuildRequest]) -> None:
    staticgo(
        *("build", "./cmd/app", "-o", "/out", "-t", "linux/amd64,linux/arm64"),
        *("--target", "linux/386", "--tags", "a,b c", "--ldflags", "-X main.v=1"),
        *("--cgo", "off", "--use-libc", "net, user", "--keep-symbols", "-j", "3", "--verify"),
        *("--", "serve", "--port", "80"),
    )
    assert asked == [
        BuildRequest(
            package="./cmd/app",
            directory=str(Path.cwd()),
            output="/out",
            targets=("linux/amd64", "linux/arm64", "linux/386"),
            policy=Policy(
                cgo=CgoMode.OFF,
                use_libc=("net", "os/user"),
                tags=("a", "b", "c"),
                ldflags="-X main.v=1",
                strip=False,
            ),
            verify=True,
            arguments=("serve", "--port", "80"),
            jobs=3,
        )
    ]


@pytest.mark.parametrize(
    ("typed", "arguments"),
    [
        (("--",), ()),
        (("--", "--help"), ("--help",)),
        (("--", "-t", "x"), ("-t", "x")),
        (("--", "a", "--", "b"), ("a", "--", "b")),
        (("--", ""), ("",)),
    ],
)
def test_words_after_two_dashes_are_the_programs_own(
    staticgo: Staticgo,
    asked: list[BuildRequest],
    typed: tuple[str, ...],
    arguments: tuple[str, ...],
) -> None:
    assert staticgo("build", "--verify", *typed).status == ExitCode.PASS
    assert asked[0].arguments == arguments
    assert asked[0].package == "."


def test_words_for_a_program_that_is_not_started_are_a_mistake(
    staticgo: Staticgo, asked: list[BuildRequest]
) -> None:
    ran = staticgo("build", "--", "version")
    assert ran.status == ExitCode.USAGE
    assert "next: add --verify" in ran.stderr
    assert asked == []


def test_a_name_that_use_libc_does_not_take_is_a_mistake(
    staticgo: Staticgo, asked: list[BuildRequest]
) -> None:
    ran = staticgo("build", "--use-libc", "net,resolver")
    assert ran.status == ExitCode.USAGE
    assert "--use-libc resolver" in ran.stderr
    assert asked == []


def test_a_package_named_twice_is_kept_once(staticgo: Staticgo, asked: list[BuildRequest]) -> None:
    staticgo("build", "--use-libc", "user,os/user")
    assert asked[0].policy.use_libc == ("os/user",)


@pytest.fixture
def verified(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, tuple[str, ...], float]]:
    """What `staticgo verify` was asked to start; nothing is started."""
    calls: list[tuple[Path, tuple[str, ...], float]] = []

    def run(path: Path, words: tuple[str, ...], runner: Runner, *, seconds: float) -> Proof:
        calls.append((path, words, seconds))
        return Proof(level=Level.ANSWERED, outcome=Outcome.PASS, how="native", summary="s")

    monkeypatch.setattr("staticgo.app.verify.verify", run)
    return calls


def test_verify_hands_the_programs_words_on(
    staticgo: Staticgo, verified: list[tuple[Path, tuple[str, ...], float]]
) -> None:
    staticgo("verify", "--timeout", "2.5", "./app", "--", "--json", "-q")
    staticgo("verify", "app")
    assert verified == [(Path("./app"), ("--json", "-q"), 2.5), (Path("app"), (), 10.0)]


def test_quiet_prints_nothing_of_what_passes(
    staticgo: Staticgo, verified: list[tuple[Path, tuple[str, ...], float]]
) -> None:
    assert staticgo("verify", "-q", "app") == (0, "", "")


def test_a_dry_run_prints_a_script_and_builds_nothing(
    staticgo: Staticgo, asked: list[BuildRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Planned(plans=(plan_for("hello"),), facts=(), go=GO)
    plan: Callable[[BuildRequest, Runner], Planned] = lambda request, runner: made  # noqa: E731
    monkeypatch.setattr("staticgo.app.build.plan", plan)
    ran = staticgo("build", "--dry-run", "-o", "/out")
    assert (ran.status, ran.stderr) == (ExitCode.PASS, "")
    assert ran.stdout.startswith("#!/bin/sh\n")
    assert "/out/hello-linux-amd64" in ran.stdout
    assert asked == []
