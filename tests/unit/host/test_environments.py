"""The environments that tools are started in."""

from __future__ import annotations

import pytest

from staticgo.host.run import clean_environment, go_environment

GO_AND_C = {
    "GOFLAGS": "-race",
    "GOOS": "plan9",
    "GOEXPERIMENT": "x",
    "GO111MODULE": "off",
    "GODEBUG": "x=1",
    "CGO_ENABLED": "0",
    "CGO_LDFLAGS": "-lfoo",
    "CC": "false",
    "CXX": "false",
    "AR": "false",
    "PKG_CONFIG": "false",
}
OTHERS = {"HTTPS_PROXY": "http://proxy", "CARGO_HOME": "/c", "CCACHE_DIR": "/cc", "MY_GOAL": "1"}


@pytest.fixture(autouse=True)
def users_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (GO_AND_C | OTHERS | {"LC_ALL": "de_DE.UTF-8"}).items():
        monkeypatch.setenv(name, value)


def test_a_go_environment_holds_none_of_the_users_go_settings() -> None:
    assert not go_environment({}).keys() & GO_AND_C.keys()


def test_a_go_environment_keeps_everything_else() -> None:
    assert OTHERS.items() <= go_environment({}).items()


def test_a_go_environment_holds_the_settings_of_the_plan() -> None:
    found = go_environment({"GOOS": "linux", "CC": "zig-cc"})
    assert (found["GOOS"], found["CC"]) == ("linux", "zig-cc")


def test_a_clean_environment_keeps_all_but_the_language() -> None:
    assert GO_AND_C.items() <= clean_environment().items()
    assert clean_environment({"MY_GOAL": "2"})["MY_GOAL"] == "2"


def test_tools_speak_plain_english() -> None:
    assert clean_environment()["LC_ALL"] == "C"
    assert go_environment({})["LC_ALL"] == "C"
