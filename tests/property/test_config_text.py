"""staticgo.toml: any text gives values or a complaint that names the file."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from staticgo.config.load import load
from staticgo.config.schema import SCHEMA
from staticgo.errors import UsageError

PATH = "/app/staticgo.toml"
KEYS = [*SCHEMA.keys["c-library"].keys]  # type: ignore[union-attr]
VALUES = [
    '"a"',
    '["a"]',
    '[["a"]]',
    "1",
    "true",
    "{}",
    "[{}]",
    '"files"',
    '"zlib"',
    '"../a"',
    '["{x}"]',
]
LINES = st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(VALUES)), max_size=8)


def attempt(text: str) -> None:
    try:
        load(text, PATH)
    except UsageError as error:
        assert error.message.startswith(PATH)
        assert error.hint


@given(st.text())
def test_any_text(text: str) -> None:
    attempt(text)


@given(LINES)
def test_any_library(lines: list[tuple[str, str]]) -> None:
    attempt("[[c-library]]\n" + "".join(f"{key} = {value}\n" for key, value in dict(lines).items()))
