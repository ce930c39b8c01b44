"""What the tests of sources share: short ways to say what was found."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from staticgo.model.source import Trouble
from staticgo.sources import collect, opened
from staticgo.sources.member import Member


def found(*paths: Path | str, standard_input: int = -1) -> tuple[dict[str, bytes], list[Trouble]]:
    """The candidates' bytes by name, less the first path's folder; and the troubles."""
    return sorted_out(collect(map(str, paths), standard_input=standard_input), _place(paths))


def sorted_out(
    items: Iterable[Member | Trouble], place: str
) -> tuple[dict[str, bytes], list[Trouble]]:
    """Candidates and troubles apart."""
    members: dict[str, bytes] = {}
    troubles: list[Trouble] = []
    for item in items:
        if isinstance(item, Trouble):
            assert item.message
            assert item.hint
            troubles.append(item)
            continue
        with opened(item) as data:
            assert len(data) == item.size
            members[item.name.removeprefix(place)] = bytes(data)
    return members, troubles


def in_file(folder: Path, data: bytes, name: str = "given") -> tuple[dict[str, bytes], list[str]]:
    """The candidates of a file with these bytes, less its own name; what the troubles say."""
    file = folder / name
    file.write_bytes(data)
    members, troubles = found(file)
    names = {key.removeprefix(name).removeprefix("!"): value for key, value in members.items()}
    return names, [trouble.message for trouble in troubles]


def _place(paths: tuple[Path | str, ...]) -> str:
    first = paths[0]
    if not isinstance(first, Path):
        return ""
    return f"{first if first.is_dir() else first.parent}/"
