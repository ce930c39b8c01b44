"""Sees before a link for macOS that what the program asks of Apple's SDK is here."""

from __future__ import annotations

from staticgo.facts.platforms import Platform
from staticgo.model.plan import CToolchain, GoToolchain
from staticgo.model.project import Graph
from staticgo.planning.frameworks import Offer, check_frameworks
from staticgo.toolchain.macos import MacSupport


def check_mac(
    graph: Graph, toolchain: CToolchain, mac: MacSupport, platform: Platform, go: GoToolchain
) -> None:
    """Raises MissingTool where a framework, its headers or a library of macOS is wanted in vain."""
    from staticgo.app.steps.package_files import text_of

    offer = Offer(
        frameworks=mac.frameworks,
        libraries=mac.libraries,
        headers=bool(mac.sdk),
        more_folders=bool(toolchain.sysroot or go.setting("CGO_LDFLAGS")),
    )
    check_frameworks(graph, offer, str(platform.target), text_of)
