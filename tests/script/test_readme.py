"""The README cannot lie: what it shows is run, and its output compared."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from staticgo.cli import VERBS
from tests.script.conftest import EXAMPLES, ROOT, Staticgo

README = (ROOT / "README.md").read_text(encoding="utf-8")
_MEASURED = re.compile(r" *(\d+ min \d\d s|\d+\.\d s|unchanged|\d+\.\d [kM]B) *")


def _shape(text: str) -> str:
    """The text with times, sizes and the width of their columns taken out."""
    lines = [
        re.sub(r"  +", "  ", _MEASURED.sub(" # ", line)).rstrip() for line in text.splitlines()
    ]
    return "\n".join(lines).strip()


@pytest.mark.slow
def test_the_tour_is_what_happens(staticgo: Staticgo, qemu: None, go: str, tmp_path: Path) -> None:
    if not shutil.which("gcc"):
        pytest.skip("the tour shows what plain `go build` does with gcc, and there is none")
    (tmp_path / "examples").symlink_to(EXAMPLES)
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin" / "staticgo"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m staticgo "$@"\n')
    command.chmod(0o755)
    (tmp_path / "bin" / "go").symlink_to(go)
    path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
    blocks = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    assert len(blocks) >= 5
    for block in blocks:
        for step in re.split(r"(?m)^\$ ", block)[1:]:
            line, _, expected = step.partition("\n")
            done = subprocess.run(
                ["sh", "-c", line],
                cwd=tmp_path,
                env=staticgo.environment({"PATH": path, "CI": None}),
                capture_output=True,
                text=True,
                check=False,
            )
            progress = re.compile(r"(?m)^linux/\S+: .*\n")
            said = done.stdout + progress.sub("", done.stderr)
            assert _shape(said) == _shape(expected), line


def test_the_library_example_runs(tmp_path: Path, staticgo: Staticgo) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    (tmp_path / "examples").symlink_to(EXAMPLES)
    subprocess.run(
        [sys.executable, "-c", example], cwd=tmp_path, env=staticgo.environment(), check=True
    )


def test_every_link_into_the_repository_leads_somewhere() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page}: {target}"


def test_commands_in_pages_and_help_name_only_options_that_exist(staticgo: Staticgo) -> None:
    helps = {verb: staticgo(verb, "--help").stdout for verb in VERBS}
    texts = [README, *helps.values(), staticgo("--help").stdout]
    texts += [page.read_text(encoding="utf-8") for page in (ROOT / "docs" / "guide").glob("*.md")]
    commands = [
        c for text in texts for c in re.findall(r"(?m)^(?: {2,}|\$ )staticgo (\w+)([^\n]*)", text)
    ]
    assert len(commands) > 10
    for verb, rest in commands:
        unquoted = re.sub(r"\"[^\"]*\"|'[^']*'", "", rest)  # what is quoted is for another command
        ours = re.split(r" -- | {3,}|\|", unquoted)[0]
        for option in re.findall(r"(?<![\w-])--?[a-z][\w-]*", ours):
            assert re.search(rf"(?m)(^|[\s,]){option}\b", helps[verb]), f"staticgo {verb}{rest}"
