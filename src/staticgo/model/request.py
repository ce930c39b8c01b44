"""What the user asked a verb for."""

from __future__ import annotations

from dataclasses import dataclass, field

from staticgo.model.plan import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildRequest:
    """One program, for some targets, under one policy. Paths are absolute."""

    package: str
    directory: str
    """Where the user stands; relative packages start here."""
    output: str
    """The folder for the binaries."""
    targets: tuple[str, ...] = ()
    """As the user spelled them; none means this machine's."""
    policy: Policy = field(default_factory=Policy)
    verify: bool = False
    seconds: float = 10.0
    """How long the program is watched when it is verified."""
    arguments: tuple[str, ...] = ()
    """What the program is given when it is verified."""
    jobs: int = 0
    """Targets built at once; 0 means one for each core."""
    rebuild: bool = False
    """Build even where nothing seems to have changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainRequest:
    """One program, for some targets and some sets of flags. `directory` is absolute."""

    package: str
    directory: str
    """Where the user stands; relative packages start here."""
    targets: tuple[str, ...] = ()
    """As the user spelled them; none means what GOOS and GOARCH name, by default this machine's."""
    flags: str = ""
    """What is given to `go build`, as typed; settings before it. "" means plain `go build`."""
