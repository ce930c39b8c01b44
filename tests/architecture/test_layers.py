"""The shape of the project: imports point down, files stay small, one door to processes."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import staticgo

SOURCE = Path(staticgo.__file__).parent
FILES = sorted(SOURCE.rglob("*.py"))

# What each package may import of staticgo, itself aside.
PURE = {"model", "errors", "facts", "_version"}
ALLOWED = {
    "errors": set(),
    "_version": set(),
    "model": {"errors"},
    "facts": {"model", "errors"},
    "host": {"facts", "model", "errors"},
    "binary": PURE,
    "config": PURE,
    "planning": PURE,
    "linking": PURE | {"planning", "binary"},
    "rules": PURE,
    "view": PURE,
    "wrapping": PURE,
    "toolchain": PURE | {"host", "binary", "planning", "wrapping", "linking"},
    "proof": PURE | {"host", "binary"},
    "sources": PURE | {"host"},
    "app": PURE
    | {
        "host",
        "toolchain",
        "proof",
        "sources",
        "planning",
        "linking",
        "wrapping",
        "rules",
        "binary",
        "config",
    },
    "api": PURE | {"app", "host"},
    "cli": PURE | {"app", "host", "view"},
    "__init__": PURE | {"api"},
    "__main__": {"cli"},
}


def package_of(module: str) -> str:
    return module.split(".")[1] if "." in module else "__init__"


def imports(file: Path) -> set[str]:
    """The packages of staticgo that `file` imports, lazily or not."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports are absolute"
            if node.module == "staticgo":
                found |= {f"staticgo.{alias.name}" for alias in node.names}
            elif node.module:
                found.add(node.module)
    return {package_of(m) for m in found if m == "staticgo" or m.startswith("staticgo.")}


def home(file: Path) -> str:
    first = file.relative_to(SOURCE).parts[0]
    return first.removesuffix(".py")


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_imports_point_down(file: Path) -> None:
    allowed = ALLOWED[home(file)] | {home(file), "__init__"}
    assert imports(file) <= allowed


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_files_stay_below_400_lines(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) < 400


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_functions_fit_a_screen(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.end_lineno:
            assert node.end_lineno - node.lineno <= 60, node.name


def test_one_file_starts_processes() -> None:
    doors = {
        str(file.relative_to(SOURCE))
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Import) and any(a.name == "subprocess" for a in node.names))
        or (isinstance(node, ast.ImportFrom) and node.module == "subprocess")
    }
    assert doors == {"host/run.py"}


def test_these_files_alone_know_that_this_may_be_linux() -> None:
    """A Mac does all but start programs in an empty root; new entries say there what it cannot do."""
    words = ("/proc", "os.uname", "sys.platform", "unshare", "os.sched_")
    knowing = {
        str(file.relative_to(SOURCE))
        for file in FILES
        if home(file) != "facts"  # what programs say of /proc
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Attribute) and ast.unparse(node).startswith(words))
        or (isinstance(node, ast.Constant) and str(node.value).startswith(words))
    }
    assert knowing == {
        "proof/emulator.py",
        "proof/inside.py",
        "proof/launch.py",
        "proof/prove.py",
        "proof/sandbox.py",
        "proof/wine.py",
        "sources/worker.py",  # reads its own memory there, as far as it can
    }


def test_values_are_frozen_and_slotted() -> None:
    for file in (SOURCE / "model").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ClassDef) or not node.decorator_list:
                continue
            text = ast.unparse(node.decorator_list[0])
            assert "frozen=True" in text, node.name
            assert "slots=True" in text, node.name
            assert "kw_only=True" in text, node.name


def test_the_public_names_are_these() -> None:
    assert staticgo.__all__ == [
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
    for name in staticgo.__all__:
        assert getattr(staticgo, name) is not None


def test_no_package_takes_the_place_of_a_public_function() -> None:
    """Importing staticgo.NAME sets that attribute, whatever stood there before."""
    packages = {home(file) for file in FILES}
    assert not packages & set(staticgo.__all__)


def test_no_two_test_files_have_one_name() -> None:
    """Without packages in tests/, pytest knows a file by its name alone."""
    names = [file.name for file in Path(__file__).parents[1].rglob("test_*.py")]
    assert len(names) == len({*names})
