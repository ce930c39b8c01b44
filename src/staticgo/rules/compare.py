"""What changed between two binaries: linkage, libraries, modules, settings, sizes. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from staticgo.model.binary import BinaryReport, GoModule, Group, Slice
from staticgo.model.change import Change


def compare(
    before: BinaryReport,
    after: BinaryReport,
    sizes_before: Sequence[Group] = (),
    sizes_after: Sequence[Group] = (),
) -> tuple[Change, ...]:
    """Every difference, in a fixed order; slices are matched by their CPU."""
    changes: list[Change] = []
    changes += _one("format", before.format, after.format)
    old, new = (_by_platform(r) for r in (before, after))
    if len(old) == len(new) == 1:  # two programs for different CPUs are compared all the same
        changes += _one("platform", *old, *new)
        pairs = [("", before.slices[0], after.slices[0])]
    else:
        changes += _listed("platforms", dict.fromkeys(old, "yes"), dict.fromkeys(new, "yes"))
        pairs = [(f"{name}: ", old[name], new[name]) for name in old if name in new]
    for where, was, now in pairs:
        changes += (_placed(change, where) for change in _slice(was, now))
    changes += _sets("not read", *([f"{g.what}: {g.why}" for g in r.gaps] for r in (before, after)))
    changes += _sizes(before, after, sizes_before, sizes_after)
    return tuple(changes)


def _by_platform(report: BinaryReport) -> dict[str, Slice]:
    """The slices by system and CPU; a second one for the same has a number."""
    found: dict[str, Slice] = {}
    for piece in report.slices:
        count = sum(name.split(" ")[0] == piece.platform for name in found)
        found[f"{piece.platform} #{count + 1}" if count else piece.platform] = piece
    return found


def _slice(was: Slice, now: Slice) -> Iterator[Change]:
    for topic in ("kind", "linkage", "interpreter", "abi"):
        yield from _one(topic, getattr(was, topic), getattr(now, topic))
    yield from _one("stripped", _said(was.stripped), _said(now.stripped))
    for topic in ("link_mode", "cgo", "libc", "signature"):
        told = (getattr(piece, topic).value or "not told" for piece in (was, now))
        yield from _one(topic.replace("_", " "), *told)
    yield from _sets("libraries", was.needed, now.needed)
    yield from _sets("run paths", was.run_paths, now.run_paths)
    yield from _listed("at least", _requires(was), _requires(now))
    yield from _sets(
        "functions that look for something", *([c.value for c in p.functions] for p in (was, now))
    )
    yield from _sets(
        "packages that look for something", *([c.value for c in p.packages] for p in (was, now))
    )
    yield from _listed(
        "hardening", *({x.name: str(x.state) for x in p.protections} for p in (was, now))
    )
    yield from _go(was, now)


def _go(was: Slice, now: Slice) -> Iterator[Change]:
    old, new = was.go, now.go
    yield from _one("Go", old.version if old else "", new.version if new else "")
    yield from _one("program", old.path if old else "", new.path if new else "")
    yield from _listed("modules", _modules(was), _modules(now))
    yield from _listed(
        "settings", *({k: v or "(empty)" for k, v in (i.settings if i else ())} for i in (old, new))
    )


def _modules(piece: Slice) -> dict[str, str]:
    if piece.go is None:
        return {}
    main = (piece.go.main,) if piece.go.main else ()
    return {module.path: _version(module) for module in (*main, *piece.go.dependencies)}


def _version(module: GoModule) -> str:
    if module.replaced_by is None:
        return module.version
    other = module.replaced_by
    return f"{module.version} => {other.path} {other.version}".rstrip()


def _sizes(
    before: BinaryReport, after: BinaryReport, old: Sequence[Group], new: Sequence[Group]
) -> Iterator[Change]:
    if before.size != after.size:
        yield _grown("size", "", before.size, after.size)
    was, now = ({group.name: group.size for group in groups} for groups in (old, new))
    grown = {name: now.get(name, 0) - was.get(name, 0) for name in {**was, **now}}
    for name in sorted(grown, key=lambda name: (-abs(grown[name]), name)):
        if grown[name]:
            yield _grown("size", name, was.get(name, 0), now.get(name, 0))


def _grown(topic: str, what: str, was: int, now: int) -> Change:
    return Change(topic=topic, what=what, before=str(was), after=str(now), bytes=now - was)


def _one(topic: str, was: str, now: str) -> Iterator[Change]:
    if was != now:
        yield Change(topic=topic, what="", before=str(was), after=str(now))


def _sets(topic: str, was: Sequence[str], now: Sequence[str]) -> Iterator[Change]:
    return _listed(topic, {name: name for name in was}, {name: name for name in now})


def _listed(topic: str, was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Change]:
    for name in sorted({**was, **now}):
        old, new = was.get(name, ""), now.get(name, "")
        if old != new or (name in was) != (name in now):
            yield Change(topic=topic, what=name, before=old, after=new)


def _requires(piece: Slice) -> dict[str, str]:
    return {required.what: required.version for required in piece.requires}


def _said(stripped: bool | None) -> str:
    return {True: "yes", False: "no", None: "unknown"}[stripped]


def _placed(change: Change, where: str) -> Change:
    return Change(
        topic=f"{where}{change.topic}", what=change.what, before=change.before, after=change.after
    )
