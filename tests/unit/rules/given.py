"""Reports to try rules on."""

from __future__ import annotations

import dataclasses

from staticgo.model.binary import (
    BinaryReport,
    Clue,
    Format,
    GoBuildInfo,
    GoModule,
    Group,
    Kind,
    Linkage,
    Protection,
    Requirement,
    Slice,
    State,
)

STATIC = Slice(
    machine="amd64",
    bits=64,
    big_endian=False,
    kind=Kind.EXECUTABLE,
    linkage=Linkage.STATIC,
    linkage_evidence="no PT_INTERP, no PT_DYNAMIC",
    os="linux",
    abi="System V",
    stripped=True,
)

FULL = dataclasses.replace(
    STATIC,
    go=GoBuildInfo(
        version="go1.26.8",
        path="example.com/app",
        main=GoModule(path="example.com/app", version="v1.0.0"),
        dependencies=(GoModule(path="example.com/dep", version="v0.1.0"),),
        settings=(("-buildmode", "exe"), ("CGO_ENABLED", "1"), ("GOOS", "linux")),
    ),
    link_mode=Clue(value="external", evidence="section .comment"),
    cgo=Clue(value="yes", evidence="_cgo_topofstack among its functions"),
    libc=Clue(value="glibc", evidence="NT_GNU_ABI_TAG"),
    functions=(Clue(value="getaddrinfo", evidence="getaddrinfo among its symbols"),),
    packages=(Clue(value="crypto/x509", evidence="crypto/x509.loadSystemRoots"),),
    requires=(Requirement(what="linux kernel", version="3.2.0", asked_by=("NT_GNU_ABI_TAG",)),),
    sections=(Group(name="code", size=700), Group(name="other", size=300)),
    protections=(
        Protection(name="NX", state=State.ON, evidence="PT_GNU_STACK"),
        Protection(name="stack canary", state=State.NOT_APPLICABLE, evidence="pure Go"),
    ),
)


def piece(**changes: object) -> Slice:
    """A static Linux program with something changed."""
    return dataclasses.replace(STATIC, **changes)  # type: ignore[arg-type]


def report(*pieces: Slice, form: Format = Format.ELF, size: int = 1000) -> BinaryReport:
    """A file of these programs."""
    return BinaryReport(format=form, size=size, slices=pieces or (STATIC,))
