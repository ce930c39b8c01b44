"""The first link into zig's cache: made once, by one, and its failure explained."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from staticgo.errors import Interrupted, StaticgoError, ToolFailed
from staticgo.facts.platforms import resolve
from staticgo.host.run import Runner
from staticgo.model.plan import CToolchain
from staticgo.toolchain import zig
from staticgo.toolchain.zig import Zig, c_toolchain, prepare
from tests.unit.host.fakes import script, soon

# Writes down how it was called and what source it was given.
LINKS = """
case " $* " in *" -c "*) for file; do :; done; echo made > "$file"; exit ;; esac
echo "$@" >> {root}/links
cat >> {root}/sources
{more}
"""


class FakeZig:
    """A zig that links nothing, and a cache of staticgo's own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.behave("")

    def behave(self, more: str) -> None:
        script(self.root / "zig", LINKS.format(root=self.root, more=more))

    def toolchain(
        self, target: str = "linux/amd64", *, cxx: bool = False, cache: str = "cache/zig"
    ) -> CToolchain:
        return c_toolchain(
            Zig(command=str(self.root / "zig"), version="0.17.0", cache=str(self.root / cache)),
            resolve(target),
            bin_dir=str(self.root / "bin"),
            cxx=cxx,
        )

    @property
    def links(self) -> list[str]:
        file = self.root / "links"
        return file.read_text().splitlines() if file.exists() else []


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeZig:
    monkeypatch.setenv("STATICGO_CACHE", str(tmp_path / "cache"))
    return FakeZig(tmp_path)


def test_the_first_link_is_made_once(fake: FakeZig) -> None:
    prepare(fake.toolchain(), Runner())
    (link,) = fake.links
    assert link.startswith("cc -target x86_64-linux-musl -fno-sanitize=undefined ")
    assert " -static " in link
    assert "int main(void)" in (fake.root / "sources").read_text()
    prepare(fake.toolchain(), Runner())
    assert len(fake.links) == 1


def test_the_first_link_leaves_no_files_outside_of_the_cache(
    fake: FakeZig, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = fake.root / "tmp"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    prepare(fake.toolchain(), Runner())
    assert str(scratch) in fake.links[0]
    assert list(scratch.iterdir()) == []


def test_cxx_is_linked_only_where_it_is_wanted(fake: FakeZig) -> None:
    prepare(fake.toolchain(cxx=True), Runner())
    assert [link.split()[0] for link in fake.links] == ["cc", "c++"]
    assert "#include <string>" in (fake.root / "sources").read_text()


@pytest.mark.parametrize("change", [{"target": "linux/arm64"}, {"cache": "cache/other"}])
def test_another_target_or_cache_has_its_own_first_link(
    fake: FakeZig, change: dict[str, str]
) -> None:
    prepare(fake.toolchain(), Runner())
    prepare(fake.toolchain(**change), Runner())  # type: ignore[arg-type]
    assert len(fake.links) == 2


def test_a_failure_shows_zigs_last_words_and_is_tried_again(fake: FakeZig) -> None:
    fake.behave("echo 'error: something new' >&2; exit 1")
    with pytest.raises(ToolFailed) as raised:
        prepare(fake.toolchain(), Runner())
    assert "zig 0.17.0 (musl) cannot make a first link" in raised.value.message
    assert "error: something new" in raised.value.details
    assert "ziglang" in raised.value.hint
    fake.behave("")
    prepare(fake.toolchain(), Runner())
    assert len(fake.links) == 2


def test_a_known_failure_has_its_own_hint(fake: FakeZig) -> None:
    fake.behave("echo 'error: unable to write: No space left on device' >&2; exit 1")
    with pytest.raises(ToolFailed) as raised:
        prepare(fake.toolchain(), Runner())
    assert "free some space" in raised.value.hint


def test_a_first_link_that_hangs_is_ended(fake: FakeZig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zig, "_FIRST_LINK_SECONDS", 0.5)
    fake.behave("exec sleep 60")
    with pytest.raises(ToolFailed, match=r"in 0\.5 s"):
        prepare(fake.toolchain(), Runner())


def test_several_at_once_make_one_link(fake: FakeZig) -> None:
    fake.behave("sleep 0.3")
    begin = threading.Barrier(4)
    failures: list[BaseException] = []

    def work() -> None:
        begin.wait(10)
        try:
            prepare(toolchain, Runner())
        except BaseException as error:
            failures.append(error)

    toolchain = fake.toolchain()
    zig.write_wrappers(toolchain)  # apart from test_several_at_once_write_the_same_commands
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    assert len(fake.links) == 1


def test_several_at_once_write_the_same_commands(
    fake: FakeZig, monkeypatch: pytest.MonkeyPatch
) -> None:
    toolchain = fake.toolchain()
    write = Path.write_text
    second = threading.Thread(target=zig.write_wrappers, args=(toolchain,))

    def overtaken(self: Path, *arguments: str, **options: str) -> int:
        """The other thread does all of its writing in the middle of ours."""
        monkeypatch.setattr(Path, "write_text", write)
        count = write(self, *arguments, **options)
        second.start()
        second.join(10)
        return count

    monkeypatch.setattr(Path, "write_text", overtaken)
    zig.write_wrappers(toolchain)


def test_ctrl_c_ends_the_first_link_and_it_is_made_again(fake: FakeZig) -> None:
    fake.behave("exec sleep 60")
    runner = Runner()
    caught: list[StaticgoError] = []

    def work() -> None:
        try:
            prepare(fake.toolchain(), runner)
        except StaticgoError as error:
            caught.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    assert soon(lambda: len(fake.links) == 1)
    runner.cancel()
    thread.join(10)
    assert [type(error) for error in caught] == [Interrupted]
    fake.behave("")
    prepare(fake.toolchain(), Runner())
    assert len(fake.links) == 2
