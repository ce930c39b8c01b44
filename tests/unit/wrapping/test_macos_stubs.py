"""Stub files say what Go's own directives say, and nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from staticgo.linking.gosource import imported_symbols
from staticgo.wrapping.macos_stubs import offered, stubs

CF = "/System/Library/Frameworks/CoreFoundation.framework/Versions/A/CoreFoundation"
SOURCE = f"""\
package macos

//go:cgo_import_dynamic x509_CFRelease CFRelease "{CF}"
//go:cgo_import_dynamic x509_CFEqual CFEqual "{CF}"
//go:cgo_import_dynamic libresolv_res_9_ninit res_9_ninit "/usr/lib/libresolv.9.dylib"
//go:cgo_import_dynamic libc_open open "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic _ _ "/usr/lib/libobjc.A.dylib"
//go:cgo_import_dynamic SecEqual "/System/Library/Frameworks/Security.framework/Versions/A/Security"
"""


def test_a_stub_for_each_library_with_its_symbols() -> None:
    made = stubs(imported_symbols(SOURCE))
    assert [stub.path for stub in made] == [
        "frameworks/CoreFoundation.framework/CoreFoundation.tbd",
        "frameworks/Security.framework/Security.tbd",
        "lib/libresolv.tbd",
    ]
    assert made[0].content == (
        "--- !tapi-tbd\n"
        "tbd-version: 4\n"
        "targets: [ x86_64-macos, arm64-macos ]\n"
        f"install-name: '{CF}'\n"
        "exports:\n"
        "  - targets: [ x86_64-macos, arm64-macos ]\n"
        "    symbols: [ _CFEqual, _CFRelease ]\n"
        "...\n"
    )


def test_what_can_be_linked_is_named_as_the_linker_names_it() -> None:
    frameworks, libraries = offered(stubs(imported_symbols(SOURCE)))
    assert frameworks == {"CoreFoundation", "Security"}
    assert libraries == {"resolv"}


def test_the_order_of_the_sources_does_not_matter() -> None:
    pairs = imported_symbols(SOURCE)
    assert stubs(pairs) == stubs(reversed(pairs)) == stubs(pairs + pairs)


@given(st.lists(st.tuples(st.text(max_size=9), st.text(max_size=40))))
def test_no_word_gets_into_a_stub_that_is_no_name(pairs: list[tuple[str, str]]) -> None:
    assert stubs(pairs) == ()


@given(st.text(max_size=12))
def test_no_symbol_leaves_its_place(symbol: str) -> None:
    for stub in stubs([(symbol, CF)]):
        assert stub.content.count("\n") == 8
        assert f"[ _{symbol} ]" in stub.content
