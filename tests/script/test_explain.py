"""`explain`: why a program will or will not be static, before anything is built."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.script.conftest import Ran, Staticgo, module

MAIN = "package main\n\nfunc main() {}\n"
NET = 'package main\n\nimport _ "net"\n\nfunc main() {}\n'
C = 'package main\n\n// int one(void) { return 1; }\nimport "C"\n\nfunc main() { println(C.one()) }\n'

pytestmark = pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not installed")


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch, go: str) -> None:
    """The `go` that the tests found, on PATH, and no settings of the machine's own."""
    monkeypatch.setenv("PATH", f"{Path(go).parent}{os.pathsep}{os.environ['PATH']}")
    for name in ("CC", "CXX", "CGO_ENABLED", "GOFLAGS", "GOOS", "GOARCH", "GO_EXTLINK_ENABLED"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GOENV", "off")


def explained(staticgo: Staticgo, *words: object, **more: Any) -> dict[str, Any]:
    """The one explanation, as JSON."""
    ran = staticgo("explain", *words, "--json", **more)
    assert ran.status == 0, ran.stderr
    (found,) = ran.json
    assert isinstance(found, dict)
    return found


def assert_says(ran: Ran, status: int, *words: str) -> None:
    assert ran.status == status, ran.stderr
    assert ran.stdout == ""
    assert "\nnext: " in ran.stderr
    for word in words:
        assert word in ran.stderr


def stop_of(found: Mapping[str, Any]) -> str:
    stop = found["prediction"]["stop"]
    assert stop is not None
    assert stop["fix"]
    return f"{stop['what']}\n{stop['why']}\n{stop['fix']}"


# What plain `go build` does, and with flags.


def test_plain_go_build_is_dynamic(staticgo: Staticgo, examples: Path) -> None:
    ran = staticgo("explain", examples / "whoami", "-t", "linux/amd64")
    assert ran.status == 0, ran.stderr
    for text in ("go build: ", "net", "os/user", "CGO_ENABLED=0", "Go's own linker"):
        assert text in ran.stdout
    assert ran.stderr == ""


def test_the_trap_of_extldflags(staticgo: Staticgo, examples: Path) -> None:
    """Internal linking ignores -extldflags=-static without a word; explain says it."""
    found = explained(staticgo, examples / "whoami", "--flags", "-ldflags -extldflags=-static")
    said = found["prediction"]
    assert (said["mode"], said["linkage"]) == ("internal", "dynamic")
    assert said["interpreter"]
    assert [item["flag"] for item in said["ignored"]] == ["-extldflags=-static"]


def test_external_linking_makes_the_flag_count(staticgo: Staticgo, examples: Path) -> None:
    flags = "-ldflags '-linkmode=external -extldflags=-static'"
    said = explained(staticgo, examples / "whoami", "--flags", flags)["prediction"]
    assert (said["mode"], said["linkage"], said["needed"]) == ("external", "static", [])


def test_tags_keep_libc_out(staticgo: Staticgo, examples: Path) -> None:
    found = explained(staticgo, examples / "whoami", "--flags", "-tags netgo,osusergo,nonsense")
    assert found["prediction"]["linkage"] == "static"
    assert [item["flag"] for item in found["prediction"]["ignored"]] == ["-tags nonsense"]


def test_settings_of_the_environment_count(staticgo: Staticgo, examples: Path) -> None:
    whoami = examples / "whoami"
    off = explained(staticgo, whoami, env={"CGO_ENABLED": "0"})
    assert off["prediction"]["linkage"] == "static"
    assert "environment" in off["cgo_why"]
    flags = explained(staticgo, whoami, env={"GOFLAGS": "-tags=netgo,osusergo"})
    assert flags["prediction"]["linkage"] == "static"


def test_a_pie_has_an_interpreter_even_without_cgo(staticgo: Staticgo, examples: Path) -> None:
    flags = "CGO_ENABLED=0 go build -buildmode=pie"
    said = explained(staticgo, examples / "hello", "-t", "linux/amd64", "--flags", flags)
    assert said["prediction"]["linkage"] == "dynamic"
    assert said["prediction"]["interpreter"] == "/lib64/ld-linux-x86-64.so.2"


def test_several_targets_any_port_of_go(staticgo: Staticgo, examples: Path) -> None:
    targets = ("linux/arm64", "darwin/arm64", "windows/amd64", "openbsd/amd64", "plan9/386")
    ran = staticgo("explain", examples / "whoami", "--json", *(f"-t{t}" for t in targets))
    assert ran.status == 0, ran.stderr
    found = {one["target"]: one["prediction"]["linkage"] for one in ran.json}
    assert found == {
        "linux/arm64": "static",
        "darwin/arm64": "system-only",
        "windows/amd64": "system-only",
        "openbsd/amd64": "system-only",
        "plan9/386": "static",
    }


# Who brings cgo in.


def _with_folders(directory: Path, files: Mapping[str, str], name: str = "app") -> Path:
    program = module(directory, name)
    for path, text in files.items():
        (program / path).parent.mkdir(parents=True, exist_ok=True)
        (program / path).write_text(text)
    return program


def test_who_brings_cgo_in(staticgo: Staticgo, tmp_path: Path) -> None:
    program = _with_folders(
        tmp_path,
        {
            "main.go": 'package main\n\nimport (\n\t_ "example.com/app/b"\n\t_ "example.com/app/c"\n)\n\n'
            "func main() {}\n",
            "b/b.go": 'package b\n\nimport _ "example.com/app/c"\n',
            "c/c.go": 'package c\n\nimport _ "example.com/app/d"\n',
            "d/d.go": 'package d\n\n// #cgo LDFLAGS: -lm\nimport "C"\n',
        },
    )
    found = explained(staticgo, program)
    (package,) = found["cgo_packages"]
    assert package["chain"] == ["example.com/app", "example.com/app/c", "example.com/app/d"]
    assert (package["origin"], package["libraries"]) == ("own", ["-lm"])
    assert package["without"] == "nothing"
    assert found["strategy"] == "external"
    assert [way["title"] for way in found["ways"] if way["chosen"]]
    text = staticgo("explain", program).stdout
    assert "└─ example.com/app/c\n" in text
    assert "   └─ example.com/app/d  [" in text


def test_an_import_that_depends_on_the_target(staticgo: Staticgo, tmp_path: Path) -> None:
    program = _with_folders(
        tmp_path, {"main.go": MAIN, "own_linux.go": 'package main\n\nimport "C"\n'}
    )
    linux = explained(staticgo, program, "-t", "linux/amd64")
    assert [p["path"] for p in linux["cgo_packages"]] == ["example.com/app"]
    assert explained(staticgo, program, "-t", "freebsd/amd64")["cgo_packages"] == []


def test_a_vendor_directory(staticgo: Staticgo, tmp_path: Path) -> None:
    program = _with_folders(
        tmp_path,
        {
            "main.go": 'package main\n\nimport _ "example.org/c"\n\nfunc main() {}\n',
            "go.mod": "module example.com/app\n\ngo 1.24\n\nrequire example.org/c v1.0.0\n",
            "vendor/modules.txt": "# example.org/c v1.0.0\n## explicit; go 1.24\nexample.org/c\n",
            "vendor/example.org/c/c.go": 'package c\n\nimport "C"\n',
        },
    )
    (package,) = explained(staticgo, program)["cgo_packages"]
    assert (package["path"], package["version"]) == ("example.org/c", "v1.0.0")
    assert package["origin"] == "module"


def test_a_replace_directive_and_a_workspace(staticgo: Staticgo, tmp_path: Path) -> None:
    library = module(tmp_path, "lib", lib_go='package lib\n\nimport "C"\n')
    main = 'package main\n\nimport _ "example.com/lib"\n\nfunc main() {}\n'
    program = module(tmp_path, "app", main_go=main)
    plain = (program / "go.mod").read_text()
    (program / "go.mod").write_text(
        f"{plain}\nrequire example.com/lib v0.0.0\n\nreplace example.com/lib => {library}\n"
    )
    replaced = explained(staticgo, program)["cgo_packages"]
    assert [p["path"] for p in replaced] == ["example.com/lib"]
    (program / "go.mod").write_text(plain)
    (tmp_path / "go.work").write_text("go 1.24\n\nuse (\n\t./app\n\t./lib\n)\n")
    in_workspace = explained(staticgo, program)["cgo_packages"]
    assert [p["path"] for p in in_workspace] == ["example.com/lib"]
    assert_says(staticgo("explain", program, env={"GOWORK": "off"}), 2, "example.com/lib")


def test_an_overlay(staticgo: Staticgo, tmp_path: Path) -> None:
    program = module(tmp_path, "app", main_go=MAIN)
    (tmp_path / "over.go").write_text(NET)
    overlay = tmp_path / "overlay.json"
    overlay.write_text(f'{{"Replace": {{"{program}/main.go": "{tmp_path}/over.go"}}}}')
    assert explained(staticgo, program)["prediction"]["linkage"] == "static"
    found = explained(staticgo, program, "--flags", f"-overlay={overlay}")
    assert found["prediction"]["linkage"] == "dynamic"
    assert [p["path"] for p in found["cgo_packages"]] == ["net"]
    gone = staticgo("explain", program, "--flags", "-overlay=nowhere.json")
    assert_says(gone, 2, "nowhere.json")


# Bad input.


def test_what_is_no_program(staticgo: Staticgo, tmp_path: Path) -> None:
    library = module(tmp_path, "lib", lib_go="package lib\n")
    assert_says(staticgo("explain", library), 2, "is a library (package lib)")
    assert_says(staticgo("explain", "./cmd/nothing", cwd=library), 2, "no such folder")
    assert_says(staticgo("explain", "example.com/lib/no", cwd=library), 2, "example.com/lib/no")
    assert_says(staticgo("explain", "./..."), 2, "names many packages")
    assert_says(staticgo("explain", cwd=tmp_path), 2, "go.mod")


def test_a_module_that_does_not_resolve(staticgo: Staticgo, tmp_path: Path) -> None:
    text = 'package main\n\nimport _ "example.org/nowhere"\n\nfunc main() {}\n'
    assert_says(staticgo("explain", module(tmp_path, "app", main_go=text)), 2, "go mod tidy")


def test_a_go_mod_that_needs_a_newer_go(staticgo: Staticgo, tmp_path: Path) -> None:
    program = module(tmp_path, "app", main_go=MAIN)
    (program / "go.mod").write_text("module example.com/app\n\ngo 9.99\n")
    assert_says(staticgo("explain", program, env={"GOTOOLCHAIN": "local"}), 2, "9.99")


def test_a_broken_go_mod(staticgo: Staticgo, tmp_path: Path) -> None:
    program = module(tmp_path, "app", main_go=MAIN)
    (program / "go.mod").write_text("modul example.com/app\n")
    assert_says(staticgo("explain", program), 2, "go.mod")


def test_a_syntax_error(staticgo: Staticgo, tmp_path: Path) -> None:
    program = module(tmp_path, "app", main_go="package main\n\nimport (\n\nfunc main( {}\n")
    assert_says(staticgo("explain", program), 2, "main.go:")


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("--flags", "./cmd/app"), "./cmd/app"),
        (("--flags", "-ldflags '-s"), "quot"),
        (("--flags", "NOT_GO=1 -race"), "NOT_GO"),
        (("-t", "linux/amd46"), "perhaps you meant linux/amd64"),
        (("-t", "linux"), "linux"),
        (("--compare", "-race"), "--compare"),
        (("--compare", "linux/amd64,linux/amd64"), "--compare"),
        (("--compare", "linux/amd64,linux/amd46"), "linux/amd46"),
        (("--compare", "a", "--compare", "b", "--compare", "c"), "--compare"),
        (("--compare", "-race,-msan", "--since", "HEAD"), "do not go together"),
        (("--log", "x", "--dot"), "do not go together"),
        (("--dot", "--json"), "do not go together"),
        (("--since", "HEAD", "-t", "linux/amd64", "-t", "linux/arm64"), "--target"),
        (("--since", "--upload-pack=x"), "--upload-pack=x"),
        (("--since", "HEAD", "example.com/x@v1"), "no folder"),
    ],
)
def test_options_that_cannot_be_followed(
    staticgo: Staticgo, examples: Path, words: tuple[str, ...], named: str
) -> None:
    assert_says(staticgo("explain", *words, cwd=examples / "hello"), 2, named)


def test_flags_that_go_does_not_know(staticgo: Staticgo, examples: Path) -> None:
    assert_says(staticgo("explain", examples / "hello", "--flags", "-nonsense"), 2, "-nonsense")


def test_a_word_for_the_wrong_linker(staticgo: Staticgo, examples: Path) -> None:
    found = explained(staticgo, examples / "hello", "--flags", "-ldflags=-static")
    assert "-extldflags" in stop_of(found)


# The C compiler.


def path_without_compilers(tmp_path: Path, go: str) -> str:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "go").symlink_to(go)
    return str(tmp_path / "bin")


def test_no_c_compiler(staticgo: Staticgo, tmp_path: Path, examples: Path, go: str) -> None:
    env = {"PATH": path_without_compilers(tmp_path, go)}
    found = explained(staticgo, examples / "whoami", env=env)
    assert (found["cgo"], found["prediction"]["linkage"]) == (False, "static")
    assert "no C compiler" in found["cgo_why"]
    forced = explained(staticgo, examples / "whoami", env={**env, "CGO_ENABLED": "1"})
    assert "not found" in stop_of(forced)


@pytest.mark.parametrize("compiler", ["no-such-gcc", "/bin/true", "/bin/false", "/etc/passwd", "'"])
def test_a_compiler_that_is_none(
    staticgo: Staticgo, examples: Path, tmp_path: Path, compiler: str
) -> None:
    """Whatever CC is, the answer is a failed build and no failed explanation."""
    program = module(tmp_path, "app", main_go=C)
    ran = staticgo("explain", program, "--json", env={"CGO_ENABLED": "1", "CC": compiler})
    if ran.status:
        assert_says(ran, 2)
    else:
        stop_of(ran.json[0])


def test_a_compiler_for_another_cpu(staticgo: Staticgo, tmp_path: Path) -> None:
    """The machine's own gcc, told to make arm64's code: `-marm` and such are not its flags."""
    program = module(tmp_path, "app", main_go=C)
    env = {"CGO_ENABLED": "1", "CC": "gcc"}
    found = explained(staticgo, program, "-t", "linux/arm64", env=env)
    stop_of(found)


def test_a_missing_header(staticgo: Staticgo, tmp_path: Path) -> None:
    text = 'package main\n\n// #include <no/such.h>\nimport "C"\n\nfunc main() {}\n'
    assert "no/such.h" in stop_of(explained(staticgo, module(tmp_path, "app", main_go=text)))


def test_a_missing_library(staticgo: Staticgo, tmp_path: Path) -> None:
    text = 'package main\n\n// #cgo LDFLAGS: -lnosuchlibrary\nimport "C"\n\nfunc main() {}\n'
    found = explained(staticgo, module(tmp_path, "app", main_go=text))
    assert "nosuchlibrary" in stop_of(found)


def test_a_missing_pkg_config(staticgo: Staticgo, tmp_path: Path) -> None:
    text = 'package main\n\n// #cgo pkg-config: nosuchpackage\nimport "C"\n\nfunc main() {}\n'
    program = module(tmp_path, "app", main_go=text)
    without = explained(staticgo, program, env={"PKG_CONFIG": "no-such-pkg-config"})
    assert "no-such-pkg-config" in stop_of(without)
    if shutil.which("pkg-config"):
        assert "nosuchpackage" in stop_of(explained(staticgo, program))


def test_a_function_that_no_library_has(staticgo: Staticgo, tmp_path: Path) -> None:
    text = (
        "package main\n\n// int nowhere_to_be_found(void);\n"
        'import "C"\n\nfunc main() { C.nowhere_to_be_found() }\n'
    )
    found = explained(staticgo, module(tmp_path, "app", main_go=text))
    assert "nowhere_to_be_found" in stop_of(found)


# Two sides.


def test_two_targets_side_by_side(staticgo: Staticgo, examples: Path) -> None:
    words = ("--compare", "linux/amd64,linux/arm64", "--json")
    ran = staticgo("explain", examples / "whoami", *words)
    assert ran.status == 0, ran.stderr
    rows = {row["topic"]: (row["left"], row["right"]) for row in ran.json["differences"]}
    assert rows["linkage"][0].startswith("dynamic")
    assert rows["linkage"][1].startswith("static")
    assert "target" not in rows
    assert "cgo" in rows


def test_two_sets_of_flags_side_by_side(staticgo: Staticgo, examples: Path) -> None:
    words = ("--compare", "-tags netgo,osusergo,", "--flags", "-ldflags=-s")
    ran = staticgo("explain", examples / "whoami", *words, "--json")
    assert ran.status == 0, ran.stderr
    assert (ran.json["left_name"], ran.json["right_name"]) == ("-tags netgo,osusergo", "go build")
    sides = ran.json["left"], ran.json["right"]
    assert [side["prediction"]["linkage"] for side in sides] == ["static", "dynamic"]
    assert all("-ldflags=-s" in side["flags"]["words"] for side in sides)
    text = staticgo("explain", examples / "whoami", *words).stdout
    assert text.startswith("-tags netgo,osusergo: static")


def test_nothing_is_different(staticgo: Staticgo, examples: Path) -> None:
    ran = staticgo("explain", examples / "hello", "--compare", "-v", "--compare", "-x")
    assert ran.status == 0, ran.stderr
    assert "there is no difference" in ran.stdout


# Since a revision.


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a program in cmd/app, static at the tag v1."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    folder = tmp_path / "repository"
    (folder / "cmd" / "app").mkdir(parents=True)
    (folder / "go.mod").write_text("module example.com/r\n\ngo 1.24\n")
    (folder / "cmd" / "app" / "main.go").write_text(MAIN)
    git(folder, "init", "-q")
    commit(folder, "v1")
    return folder


def git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(
        ["git", "-C", str(folder), *identity, *words],
        check=True,
        capture_output=True,
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull},
    )


def commit(folder: Path, tag: str) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", tag)
    git(folder, "tag", tag)


def test_an_import_that_brings_cgo_in_and_drops_it(staticgo: Staticgo, repository: Path) -> None:
    main = repository / "cmd" / "app" / "main.go"
    (repository / "dns").mkdir()
    (repository / "dns" / "dns.go").write_text('package dns\n\nimport _ "net"\n')
    main.write_text(MAIN.replace("func", 'import _ "example.com/r/dns"\n\nfunc', 1))
    # Not committed yet: the program as it stands counts.
    ran = staticgo("explain", "cmd/app", "--since", "v1", cwd=repository)
    assert ran.status == 0, ran.stderr
    said = " ".join(ran.stdout.split())
    assert "v1: static" in said
    assert "now: dynamic" in said
    assert "example.com/r/cmd/app now imports example.com/r/dns" in said
    assert "(example.com/r/dns -> net)" in said
    commit(repository, "v2")
    main.write_text(MAIN)
    back = staticgo("explain", "--since", "v2", "--json", cwd=repository / "cmd" / "app")
    assert back.status == 0, back.stderr
    (news,) = back.json["imports"]
    assert "no longer imports example.com/r/dns" in news
    assert back.json["right"]["prediction"]["linkage"] == "static"


def test_a_package_that_begins_to_use_cgo(staticgo: Staticgo, repository: Path) -> None:
    (repository / "cmd" / "app" / "main.go").write_text(C)
    ran = staticgo("explain", "./cmd/app", "--since", "HEAD", cwd=repository)
    assert "example.com/r/cmd/app now uses cgo" in ran.stdout


def test_the_go_version_line(staticgo: Staticgo, repository: Path) -> None:
    (repository / "go.mod").write_text("module example.com/r\n\ngo 1.25\n")
    ran = staticgo("explain", "./cmd/app", "--since", "v1", cwd=repository)
    assert ran.status == 0, ran.stderr
    assert "1.24" in ran.stdout
    assert "1.25" in ran.stdout


def test_the_repository_is_only_read(staticgo: Staticgo, repository: Path) -> None:
    def state() -> dict[str, tuple[int, bytes]]:
        files = (path for path in sorted(repository.rglob("*")) if path.is_file())
        return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}

    before = state()
    assert staticgo("explain", "./cmd/app", "--since", "v1", cwd=repository).status == 0
    assert state() == before


def test_revisions_that_are_none(staticgo: Staticgo, repository: Path, tmp_path: Path) -> None:
    (repository / "cmd" / "new").mkdir()
    (repository / "cmd" / "new" / "main.go").write_text(MAIN)

    def since(revision: str, program: str = "./cmd/app") -> Ran:
        return staticgo("explain", program, "--since", revision, cwd=repository)

    assert_says(since("v99"), 2, "v99")
    assert_says(since(""), 2)
    assert_says(since("v1", "./cmd/new"), 2, "./cmd/new", "v1")
    assert_says(since("v1:go.mod"), 2, "v1:go.mod")
    outside = module(tmp_path, "outside", main_go=MAIN)
    assert_says(staticgo("explain", outside, "--since", "v1"), 2, "no git repository")


def test_an_old_state_that_cannot_be_listed(staticgo: Staticgo, repository: Path) -> None:
    main = repository / "cmd" / "app" / "main.go"
    main.write_text("package lib\n")
    commit(repository, "broken")
    main.write_text(MAIN)
    ran = staticgo("explain", "./cmd/app", "--since", "broken", cwd=repository)
    assert_says(ran, 2, "at broken: ")


def test_no_git(staticgo: Staticgo, repository: Path, tmp_path: Path, go: str) -> None:
    env = {"PATH": path_without_compilers(tmp_path, go)}
    ran = staticgo("explain", "./cmd/app", "--since", "v1", cwd=repository, env=env)
    assert_says(ran, 4, "git")


# Forms of the answer.


def test_a_graph(staticgo: Staticgo, examples: Path) -> None:
    ran = staticgo("explain", examples / "whoami", "--dot", "-tlinux/amd64", "-tlinux/arm64")
    assert ran.status == 0, ran.stderr
    assert ran.stdout.startswith("digraph ")
    assert ran.stdout.count("subgraph") == 2
    assert ran.stdout.count("{") == ran.stdout.count("}")
    if dot := shutil.which("dot"):
        subprocess.run([dot, "-Tsvg"], input=ran.stdout, text=True, check=True, capture_output=True)


def test_a_pipe_that_is_closed(staticgo: Staticgo, examples: Path) -> None:
    command = staticgo.command("explain", examples / "whoami")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as started:
        assert started.stdout is not None
        assert started.stderr is not None
        started.stdout.close()
        assert b"Traceback" not in started.stderr.read()


def test_commands_can_be_typed_as_they_stand(staticgo: Staticgo, tmp_path: Path, go: str) -> None:
    """From where the user stands: in the module, or above it."""
    program = _with_folders(tmp_path, {"cmd/app/main.go": MAIN})
    for folder, name in ((program, "cmd/app"), (program, "./cmd/app"), (tmp_path, "app/cmd/app")):
        found = explained(staticgo, name, cwd=folder)
        commands = [way["command"] for way in found["ways"] if "go build" in way["title"]]
        assert commands
        for command in commands:
            listed = command.replace(" build ", " list ")
            done = subprocess.run(
                ["sh", "-c", listed], cwd=folder, capture_output=True, text=True, check=False
            )
            assert (done.returncode, done.stdout) == (0, "example.com/app/cmd/app\n"), done.stderr
