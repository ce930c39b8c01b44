"""The tables of signs agree with each other, and each of them can be explained."""

from __future__ import annotations

import pytest

from staticgo.facts.needs import NEEDS
from staticgo.facts.signs import FAMILIES, FUNCTIONS, HAZARDS, PACKAGES, hazard_of


def test_every_function_means_something_with_glibc() -> None:
    names = [sign.function for sign in FUNCTIONS] + [name for _family, name, _text in FAMILIES]
    assert len(set(names)) == len(names)
    assert all(hazard_of("glibc", name) for name in names)


@pytest.mark.parametrize(
    ("libc", "function", "words"),
    [
        ("glibc", "getaddrinfo", "NSS"),
        ("glibc", "getpw*", "NSS"),
        ("glibc", "iconv_open", "gconv"),
        ("musl", "dlopen", "nothing that any machine has"),
        ("musl", "getaddrinfo", "/etc/resolv.conf"),
        ("musl", "iconv_open", ""),
        ("", "dlopen", ""),
        ("glibc", "printf", ""),
    ],
)
def test_what_a_function_wants_depends_on_the_libc(libc: str, function: str, words: str) -> None:
    hazard = hazard_of(libc, function)
    assert (hazard is None) == (words == "")
    assert hazard is None or words in hazard.wants


def test_what_packages_want_has_the_names_that_verify_uses() -> None:
    known = {need.what for need in NEEDS}
    standard = [sign for sign in PACKAGES if "." not in sign.package and sign.package != "plugin"]
    assert {sign.wants for sign in standard} <= known


def test_texts_are_parts_of_sentences() -> None:
    texts = [text for sign in PACKAGES for text in (sign.wants, sign.why, sign.fix)]
    texts += [text for hazard in HAZARDS for text in (hazard.wants, hazard.why, hazard.fix)]
    assert all(text and not text.endswith(".") for text in texts)
