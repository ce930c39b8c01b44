"""The platforms as a table, and why some of them cannot be reached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from staticgo.model.offer import Offer
from staticgo.view.text import table

_HEADINGS = ("target", "without C", "with C", "toolchain", "proven here")


def render(offers: Sequence[Offer]) -> str:
    """The table, then the reasons of what is no more than it is, each once."""
    cells = [(str(o.target), o.pure, o.cgo, o.toolchain or "-", o.proof or "-") for o in offers]
    return "\n".join([table(cells, _HEADINGS), *_reasons(offers), *_variants(offers)]) + "\n"


def _reasons(offers: Sequence[Offer]) -> Iterator[str]:
    why: dict[str, list[str]] = {}
    for offer in offers:
        if offer.pure_why:
            why.setdefault(f"{offer.pure}: {offer.pure_why}", []).append(str(offer.target))
        if offer.cgo_why and offer.cgo_why != offer.pure_why:
            link = f" ({offer.cgo_link})" if offer.cgo_link else ""
            text = f"with C {offer.cgo}: {offer.cgo_why}{link}"
            why.setdefault(text, []).append(str(offer.target))
    if why:
        yield ""
    for text, names in why.items():
        yield f"{text}"
        yield f"    {', '.join(names)}"


def _variants(offers: Sequence[Offer]) -> Iterator[str]:
    named = {o.target.arch: o.variants for o in offers if o.variants}
    if named:
        yield ""
        yield "variants, such as linux/amd64/v3:"
    for arch, names in named.items():
        yield f"    {arch}: {', '.join(names)}"
