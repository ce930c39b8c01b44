"""Settings as each shell writes them."""

from __future__ import annotations

from staticgo.model.shell import Settings, Shell
from staticgo.view.shell import render

GIVEN = Settings(variables=(("GOFLAGS", r"-a 'b' \c"), ("GOOS", "linux")), path=("/a b", "/c"))


def test_sh() -> None:
    assert render(GIVEN, Shell.SH, "/bin") == (
        "export GOFLAGS='-a '\"'\"'b'\"'\"' \\c';\n"
        "export GOOS=linux;\n"
        "export PATH='/a b:/c'\"${PATH:+:$PATH}\";\n"
    )


def test_fish() -> None:
    assert render(GIVEN, Shell.FISH, "/bin") == (
        "set -gx GOFLAGS '-a \\'b\\' \\\\c';\n"
        "set -gx GOOS 'linux';\n"
        "set -gx PATH '/a b' '/c' $PATH;\n"
    )


def test_without_a_compiler_path_is_left_alone() -> None:
    pure = Settings(variables=(("CGO_ENABLED", "0"),))
    assert render(pure, Shell.SH, "/bin") == "export CGO_ENABLED=0;\n"
    assert "PATH" not in render(pure, Shell.JSON, "/bin")
