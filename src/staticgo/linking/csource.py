"""What C says that matters to a link: calls, definitions, thread-local data, addresses in tables.

No parser: the text is preprocessed by the real compiler, and names are told by the signs around them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from staticgo.linking.gosource import code_only

_MARKER = re.compile(r'^# \d+ "([^"]*)"((?: \d)*)')
_NOWHERE = ("<built-in>", "<command-line>")
# A literal without an end goes to the end of its line: so no sign is looked at twice.
_LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*"?|\'(?:[^\'\\\n]|\\.)*\'?')
_CALL = re.compile(r"(?<![\w.>])([A-Za-z_]\w*)\s*\((?!\s*\*)")
_ARGUMENTS = r"\([^;{}()]*(?:\([^;{}()]*\)[^;{}()]*)*\)"
_DEFINITION = re.compile(
    rf"\b([A-Za-z_]\w*)\s*{_ARGUMENTS}\s*(?:__attribute__\s*\({_ARGUMENTS}\)\s*)?\{{"
)
_TLS = re.compile(r"\b(?:__thread|_Thread_local|thread_local)\b")
_ENTRY = re.compile(r"[{,]\s*(?:\([\w\s*]+\)\s*)?&?([A-Za-z_]\w*)\s*(?=[,}])")
_FIELD = re.compile(r"\.\w+\s*=\s*(?:\([\w\s*]+\)\s*)?&?([A-Za-z_]\w*)\s*(?=[,}])")
_KEYWORDS = frozenset(
    (
        "if",
        "while",
        "for",
        "switch",
        "return",
        "sizeof",
        "do",
        "else",
        "case",
        "goto",
        "asm",
        "typeof",
    )
)
_CXX_RUNTIME = re.compile(r"#\s*include\s*<\w+>|\b(?:throw|try|new|delete|dynamic_cast|typeid)\b")
_TYPEDEF = re.compile(r"\btypedef\b")
_LAST_NAME = re.compile(r"\b([A-Za-z_]\w*)\s*\Z")
_BODY_NAME = re.compile(r"\}\s*([A-Za-z_]\w*)\s*;")
_UNDECLARED = re.compile(
    r"(?:implicit declaration of function|call to undeclared (?:library )?function) ['`]([A-Za-z_]\w*)"
)
_INCLUDED = re.compile(r'(?m)^[ \t]*#[ \t]*include[ \t]+"([^"\n]+)"')
_GO_CALL = re.compile(r"\bC\.([A-Za-z_]\w*)\s*\(")


def own_text(preprocessed: str) -> str:
    """The lines that come from no system header, literals blanked."""
    kept: list[str] = []
    system = False
    for line in preprocessed.splitlines():
        marker = _MARKER.match(line)
        if marker:
            name, flags = marker.groups()
            system = "3" in flags.split() or name in _NOWHERE
        elif not system:
            kept.append(line)
    return without_literals("\n".join(kept))


def without_literals(text: str) -> str:
    """The text with strings and characters blanked: what is in them is no code."""
    return _LITERAL.sub('""', text)


def called(text: str) -> frozenset[str]:
    """Names that stand before an opening parenthesis: calls, declarations and definitions."""
    return frozenset(_CALL.findall(text)) - _KEYWORDS


def defined(text: str) -> frozenset[str]:
    """Functions with a body."""
    return frozenset(_DEFINITION.findall(text)) - _KEYWORDS


def type_names(text: str) -> frozenset[str]:
    """Names that `typedef` gives, as far as they end a declaration."""
    pieces = re.split(r"([;{}])", text)  # texts and the signs behind them, in turn
    ended = (p for p, sign in zip(pieces[::2], pieces[1::2], strict=False) if sign == ";")
    last = (_LAST_NAME.search(piece) for piece in ended if _TYPEDEF.search(piece))
    return frozenset((*(name[1] for name in last if name), *_BODY_NAME.findall(text)))


def undeclared(complaints: str) -> frozenset[str]:
    """Functions that a compiler says nobody declares: C takes them to be in some library."""
    return frozenset(_UNDECLARED.findall(complaints))


def called_from_go(go_text: str) -> frozenset[str]:
    """C functions, and types converted to, that a Go file with cgo names: `C.f(...)`."""
    return frozenset(_GO_CALL.findall(code_only(go_text)))


def thread_local(text: str) -> bool:
    """Whether data of its own is thread-local."""
    return bool(_TLS.search(text))


def in_tables(text: str, names: frozenset[str]) -> frozenset[str]:
    """Those of `names` whose address stands in data that is filled before the program runs."""
    found: set[str] = set()
    for table in _initialisers(text):
        found.update(_ENTRY.findall(table))
        found.update(_FIELD.findall(table))
    return frozenset(found) & names


def _initialisers(text: str) -> Iterator[str]:
    """The text of each `= {...}` outside functions."""
    depth, start, is_table = 0, 0, False
    for match in re.finditer(r"[{}]", text):
        if match[0] == "{":
            if depth == 0:
                start = match.start()
                is_table = text[max(0, start - 40) : start].rstrip().endswith("=")
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0 and is_table:
                yield text[start : match.end()]


def included(text: str) -> tuple[str, ...]:
    """Files that the text includes by `"name"`, as they are written."""
    return tuple(dict.fromkeys(_INCLUDED.findall(text)))


def uses_cxx_runtime(text: str) -> bool:
    """Whether C++ source takes anything from its run-time library, as far as can be told."""
    return bool(_CXX_RUNTIME.search(text))
