"""The verb `inspect`: read binaries, and judge them by the catalogue. None is ever executed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from staticgo import binary
from staticgo.binary.cursor import Buffer
from staticgo.errors import FormatError
from staticgo.host.files import mapped
from staticgo.model.binary import BinaryReport, Group
from staticgo.model.inspection import Inspection, Require
from staticgo.model.source import Trouble


class Read(NamedTuple):
    """What a reading process sends back."""

    report: BinaryReport
    sizes: tuple[Group, ...]


def inspect(path: Path) -> BinaryReport:
    """What the binary at `path` needs from a machine.

    Raises FormatError for what is no binary, UsageError for what is no readable file.
    """
    return _read(path, _plain).report


def read_sized(path: Path) -> Read:
    """The report, and the file's bytes by Go package and C library. Raises as `inspect` does."""
    return _read(path, _sized)


def _read(path: Path, read: Callable[[Buffer], Read]) -> Read:
    with mapped(path) as data:
        try:
            return read(data)
        except FormatError as error:
            raise FormatError(
                f"{path}: {error.message}", hint=error.hint, details=error.details
            ) from error


def inspect_all(
    paths: Sequence[str],
    *,
    require: Require | None = None,
    sizes: bool = False,
    only_go: bool = False,
    jobs: int = 0,
) -> Iterator[Inspection | Trouble]:
    """Every binary in files, folders, archives and images, in order, each judged.

    What could not be opened or read is a Trouble. `-` is standard input.
    """
    from staticgo.rules.inspection import examine
    from staticgo.sources import read_all

    for answer in read_all(paths, _sized if sizes else _plain, jobs):
        if isinstance(answer, Trouble):
            yield answer
            continue
        report = answer.result.report
        if only_go and not _may_be_go(report):
            continue
        yield Inspection(
            name=answer.name,
            report=report,
            verdict=examine(report, require),
            sizes=answer.result.sizes,
        )


def _may_be_go(report: BinaryReport) -> bool:
    """What was not read as a whole may be anything."""
    return bool(report.gaps) or any(piece.go or piece.go_version.value for piece in report.slices)


def _plain(data: Buffer) -> Read:
    return Read(binary.read(data), ())


def _sized(data: Buffer) -> Read:
    from staticgo.binary.sizes import read_sizes

    report = binary.read(data)
    return Read(report, read_sizes(data, report))
