"""What Go source says beside its imports: names declared and used, cgo preambles, linker directives.

No parser: Go's own formatting is relied on, and what is not formatted so is passed over. These
readings decide predictions only; a built binary is always read itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# What is not closed ends with its line, or with the text: so no sign is looked at twice.
_LITERAL = r"`[^`]*`?|\"(?:[^\"\\\n]|\\.)*\"?|'(?:[^'\\\n]|\\.)*'?"
_BLANKED = re.compile(rf"//[^\n]*|/\*.*?(?:\*/|\Z)|{_LITERAL}", re.DOTALL)
_DECLARED = re.compile(r"(?m)^(?:func|type|var|const)[ \t]+([A-Za-z_]\w*)")
_GROUP = re.compile(r"(?ms)^(?:type|var|const) \(\n(.*?)(?:^\)|\Z)")
_IN_GROUP = re.compile(r"(?m)^\t([A-Za-z_]\w*(?:, *[A-Za-z_]\w*)*)")
_IMPORT = re.compile(r'(?m)^(?:import[ \t]+|\t)(?:([\w.]+)[ \t]+)?"([^"\n]+)"')
DIRECTIVE = "//go:cgo_import_dynamic"
"""By it a package names a shared library itself."""
_DIRECTIVE = re.compile(
    r'(?m)^//go:cgo_import_dynamic[ \t]+(\S+)(?:[ \t]+([^\s"]+))?[ \t]+"([^"\s]+)"'
)
LINKNAME = "//go:linkname"
_LINKNAME = re.compile(r"(?m)^//go:linkname[ \t]+(\w+)[ \t]+([A-Za-z_]\w*)[ \t]*$")
_COMMENTS = re.compile(
    rf"(/\*[\s\S]*?(?:\*/|\Z)|(?:^//[^\n]*\n)+)|//[^\n]*|{_LITERAL}", re.MULTILINE
)
_IMPORT_C = re.compile(r'\s*^import "C"', re.MULTILINE)
_NAMED = re.compile(r"(?<![\w.])(\w+(?:, *\w+)*)( *:=)?")
_EXPORT = re.compile(r"(?m)^//export[ \t]+(\w+)")


def code_only(text: str) -> str:
    """The text with comments and literals replaced by a space: what is left are names and signs."""
    return _BLANKED.sub(" ", text)


def declared(texts: Iterable[str]) -> frozenset[str]:
    """The names that files declare for their whole package, methods left out."""
    names: set[str] = set()
    for text in texts:
        code = code_only(text)
        names.update(_DECLARED.findall(code))
        for group in _GROUP.findall(code):
            for line in _IN_GROUP.findall(group):
                names.update(part.strip() for part in line.split(","))
    return frozenset(names - {"_", "init", "main"})


def uses(text: str, names: frozenset[str]) -> str:
    """One of `names` that the code of the same package calls, converts to, or builds a value of."""
    code = code_only(text)
    own = {
        name.strip()
        for names_, declares in _NAMED.findall(code)
        if declares
        for name in names_.split(",")
    }
    for name in re.findall(r"(?<![\w.])([A-Za-z_]\w*)(?=[({])", code):
        if name in names and name not in own:
            return str(name)
    return ""


def selects(text: str, path: str, package_name: str, names: frozenset[str]) -> str:
    """One of `names` that a file of another package takes from the package imported as `path`."""
    local = next((name or package_name for name, p in _IMPORT.findall(text) if p == path), "")
    if local in ("", "_", "."):
        return ""
    found = re.findall(rf"(?<![\w.]){re.escape(local)}\.([A-Z]\w*)", code_only(text))
    return next((name for name in found if name in names), "")


def has_main(texts: Iterable[str]) -> bool:
    """Whether one of a main package's files holds `func main`."""
    return any(re.search(r"(?m)^func main\(\)", text) for text in texts)


def imported_libraries(text: str) -> tuple[str, ...]:
    """Libraries named by `//go:cgo_import_dynamic` lines."""
    return tuple(dict.fromkeys(library for _, _, library in _DIRECTIVE.findall(text)))


def imported_symbols(text: str) -> tuple[tuple[str, str], ...]:
    """What these lines take from each library, as (symbol, library), C's underscore left out."""
    return tuple(
        (remote or local, library)
        for local, remote, library in _DIRECTIVE.findall(text)
        if (remote or local) != "_"  # it asks for the library alone
    )


def preambles(text: str) -> tuple[str, ...]:
    """The C in the comments before `import "C"`, `#cgo` lines left out."""
    found = []
    for match in _COMMENTS.finditer(text):
        comment = match[1]
        if not comment or not _IMPORT_C.match(text, match.end()):
            continue
        if comment.startswith("/*"):
            lines = comment[2:-2].splitlines()
        else:
            lines = [line.removeprefix("//") for line in comment.splitlines()]
        found.append("\n".join(line for line in lines if not line.lstrip().startswith("#cgo")))
    return tuple(found)


def c_addresses(text: str) -> tuple[str, ...]:
    """C symbols that a file names by `//go:linkname` and takes the address of."""
    taken = set(re.findall(r"&([A-Za-z_]\w*)", code_only(text)))
    return tuple(symbol for local, symbol in _LINKNAME.findall(text) if local in taken)


def exported(text: str) -> tuple[str, ...]:
    """Go functions that the file gives to C: `//export name`."""
    return tuple(_EXPORT.findall(text))
