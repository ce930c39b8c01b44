"""`module/path@version`: what it is taken for, and which module a fake `go` is asked for."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from staticgo.app.steps import remote
from staticgo.app.steps.remote import is_remote, remote_source
from staticgo.errors import ProjectError, ToolFailed
from staticgo.host.run import Runner
from staticgo.model.plan import GoToolchain
from tests.unit.host.fakes import script

# Answers `go mod download -json MODULE@VERSION` and `go mod edit -json FILE` from files.
FAKE_GO = """
echo "$@" >> "{root}/calls"
case "$2" in
download)
    file="{root}/answers/$(echo "$4" | tr / _)"
    if [ -e "$file" ]; then cat "$file"; else echo '{{"Error": "{complaint}"}}'; exit 1; fi ;;
edit) {edit} ;;
esac
"""


@dataclass
class Fetched:
    """A fake `go` that knows some modules."""

    root: Path
    complaint: str = "unknown revision v1.0.0"
    edit: str = field(init=False)

    def __post_init__(self) -> None:
        self.edit = f'cat "{self.root}/go.mod.json"'
        self.mod({"Go": "1.24"})

    def mod(self, content: dict[str, object]) -> None:
        """What `go mod edit -json` says of every go.mod."""
        (self.root / "go.mod.json").write_text(json.dumps(content))

    def module(self, path: str, package: str = "", *, sums: str = "") -> None:
        """A module that can be downloaded, with a program in the folder `package`."""
        version = "v1.0.0"
        folder = self.root / "modules" / f"{path}@{version}"
        (folder / package).mkdir(parents=True)
        (folder / package / "main.go").touch()
        if sums:
            (folder / "go.sum").write_text(sums)
        answer = {
            "Path": path,
            "Version": version,
            "Dir": str(folder),
            "GoMod": str(folder / "go.mod"),
            "Sum": "h1:zip=",
            "GoModSum": "h1:mod=",
        }
        file = self.root / "answers" / f"{path}@{version}".replace("/", "_")
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(answer))

    def cached(self, path: str, version: str = "v1.0.0") -> None:
        """Marks a module as already in the module cache."""
        file = self.root / "modules/cache/download" / path / f"@v/{version}.zip"
        file.parent.mkdir(parents=True)
        file.touch()

    def go(self) -> GoToolchain:
        body = FAKE_GO.format(root=self.root, complaint=self.complaint, edit=self.edit)
        return GoToolchain(
            command=str(script(self.root / "go", body)),
            version="1.26.8",
            goroot="/goroot",
            cache="/cache",
            module_cache=str(self.root / "modules"),
            host_os="linux",
            host_arch="amd64",
        )

    @property
    def asked(self) -> list[str]:
        """The modules that were to be downloaded, in this order."""
        calls = [line.split() for line in (self.root / "calls").read_text().splitlines()]
        return [words[3].partition("@")[0] for words in calls if words[1] == "download"]


@pytest.fixture
def fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fetched:
    found = Fetched(tmp_path)
    monkeypatch.setenv("STATICGO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(remote, "find_go", lambda runner, dir: found.go())
    return found


@pytest.mark.parametrize(
    ("package", "remotely"),
    [
        ("example.com/app@v1.2.3", True),
        ("example.com/app/cmd/x@latest", True),
        ("example.com/app@v0.0.0-20240101000000-0123456789ab", True),
        ("example.com/app", False),
        ("./app@v1", False),
        ("../app@v1", False),
        ("/src/app@v1", False),
        ("~/app@v1", False),
        ("-x@v1", False),
        ("app@", False),
        ("@v1", False),
        ("a@b@c", False),
        ("a b@v1", False),
        ("", False),
    ],
)
def test_what_is_remote(package: str, remotely: bool) -> None:
    assert is_remote(package) is remotely


def test_the_longest_prefix_that_is_a_module_wins(fetched: Fetched) -> None:
    fetched.module("example.com/app", "cmd/x")
    fetched.module("example.com")
    source = remote_source("example.com/app/cmd/x@v1.0.0", Runner())
    assert fetched.asked == ["example.com/app/cmd/x", "example.com/app/cmd", "example.com/app"]
    assert dict(source.files)["go.mod"].endswith("\nrequire example.com/app v1.0.0\n")


def test_a_module_in_the_cache_is_asked_for_first(fetched: Fetched) -> None:
    fetched.module("example.com/app", "cmd/x")
    fetched.cached("example.com/app")
    remote_source("example.com/app/cmd/x@v1.0.0", Runner())
    assert fetched.asked == ["example.com/app"]


def test_a_cached_module_does_not_hide_the_nested_one_that_holds_the_program(
    fetched: Fetched,
) -> None:
    fetched.module("example.com/app")
    fetched.cached("example.com/app")
    fetched.module("example.com/app/cmd/x")
    source = remote_source("example.com/app/cmd/x@v1.0.0", Runner())
    assert "require example.com/app/cmd/x v1.0.0\n" in dict(source.files)["go.mod"]


def test_the_module_that_is_made_has_the_programs_own_sums(fetched: Fetched) -> None:
    fetched.module("example.com/app", sums="example.com/dep v1.1.1 h1:dep=\n")
    source = remote_source("example.com/app@v1.0.0", Runner())
    assert source.files == (
        (
            "go.mod",
            "module staticgo.invalid/remote\n\ngo 1.24\n\nrequire example.com/app v1.0.0\n",
        ),
        (
            "go.sum",
            "example.com/dep v1.1.1 h1:dep=\n"
            "example.com/app v1.0.0 h1:zip=\n"
            "example.com/app v1.0.0/go.mod h1:mod=\n",
        ),
    )
    assert (source.package, source.display) == ("example.com/app", "example.com/app@v1.0.0")
    for name, content in source.files:
        assert (Path(source.dir) / name).read_text() == content


def test_what_go_completed_in_that_module_is_kept(fetched: Fetched) -> None:
    fetched.module("example.com/app")
    first = remote_source("example.com/app@v1.0.0", Runner())
    (Path(first.dir) / "go.sum").write_text("completed by go\n")
    again = remote_source("example.com/app@v1.0.0", Runner())
    assert again == first
    assert (Path(again.dir) / "go.sum").read_text() == "completed by go\n"


def test_a_moving_version_is_pinned_in_the_module(fetched: Fetched) -> None:
    fetched.module("example.com/app")
    answers = fetched.root / "answers"
    (answers / "example.com_app@v1.0.0").rename(answers / "example.com_app@latest")
    source = remote_source("example.com/app@latest", Runner())
    assert "require example.com/app v1.0.0\n" in dict(source.files)["go.mod"]


def test_a_module_without_a_go_line_is_of_the_language_that_go_takes_it_for(
    fetched: Fetched,
) -> None:
    fetched.module("example.com/app")
    fetched.mod({})
    source = remote_source("example.com/app@v1.0.0", Runner())
    assert "\ngo 1.16\n" in dict(source.files)["go.mod"]


@pytest.mark.parametrize(
    ("directives", "named"),
    [
        ({"Replace": [{"Old": {}}]}, "replace directives"),
        ({"Exclude": [{"Path": "x"}]}, "exclude directives"),
        ({"Replace": [{}], "Exclude": [{}]}, "replace and exclude directives"),
    ],
)
def test_directives_that_only_count_in_a_checkout_are_refused(
    fetched: Fetched, directives: dict[str, object], named: str
) -> None:
    fetched.module("example.com/app")
    fetched.mod({"Go": "1.24", **directives})
    with pytest.raises(ProjectError) as raised:
        remote_source("example.com/app@v1.0.0", Runner())
    assert named in raised.value.message
    assert "clone the repository" in raised.value.hint


def test_empty_directives_are_none(fetched: Fetched) -> None:
    fetched.module("example.com/app")
    fetched.mod({"Go": "1.24", "Replace": None, "Exclude": []})
    assert remote_source("example.com/app@v1.0.0", Runner()).remote


@pytest.mark.parametrize(
    "complaint",
    [
        "Get https://proxy.example.org/x: dial tcp: lookup proxy.example.org: no such host",
        "example.com/app@v1.0.0: module lookup disabled by GOPROXY=off",
        "Get https://proxy.example.org/x: proxyconnect tcp: dial tcp 10.0.0.1:3128: i/o timeout",
    ],
)
def test_without_network_the_hint_is_to_look_at_the_network(
    fetched: Fetched, complaint: str
) -> None:
    fetched.complaint = complaint
    with pytest.raises(ToolFailed) as raised:
        remote_source("example.com/app@v1.0.0", Runner())
    assert "example.com/app@v1.0.0 cannot be fetched: the module could not" in raised.value.message
    assert "GOPROXY" in raised.value.hint
    assert complaint in raised.value.details


def test_a_version_that_is_not_there_is_said_in_gos_words(fetched: Fetched) -> None:
    with pytest.raises(ToolFailed) as raised:
        remote_source("example.com/app@v9.9.9", Runner())
    assert "go list -m -versions" in raised.value.hint
    assert "unknown revision" in raised.value.details


def test_a_path_without_a_host_is_a_slip_in_the_path(fetched: Fetched) -> None:
    fetched.complaint = (
        r"goatcounter@v2.7.0: malformed module path \"goatcounter\": "
        "missing dot in first path element"
    )
    with pytest.raises(ToolFailed) as raised:
        remote_source("goatcounter@v2.7.0", Runner())
    assert "go.mod" not in raised.value.message
    assert "path" in raised.value.hint


def test_a_go_mod_that_cannot_be_read_is_another_versions_chance(fetched: Fetched) -> None:
    fetched.module("example.com/app")
    fetched.edit = "echo 'go.mod:3: unknown directive' >&2; exit 1"
    with pytest.raises(ToolFailed) as raised:
        remote_source("example.com/app@v1.0.0", Runner())
    assert "another version" in raised.value.hint
    assert "unknown directive" in raised.value.details
