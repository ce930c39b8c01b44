"""Programs of a few lines, each to provoke one rule of Go's linker or of the C compiler behind it."""

from __future__ import annotations

from bench.cases import Program

Files = tuple[tuple[str, str], ...]

ONE = "static int f(void) { return 1; }"
DECLARED = "int f(void);"
THROWS = 'std::string s("x"); try { throw 1; } catch (int) {} return s.size();'
OBJECT = ("x.c", "int bench_x(void) { return 1; }\n")


def main_go(imported: str = "", body: str = "", top: str = "") -> Files:
    """A main.go that imports one package."""
    imports = f"import {imported}\n" if imported else ""
    return (("main.go", f"package main\n\n{imports}\n{top}\n\nfunc main() {{ {body} }}\n"),)


def _cgo(*preamble: str, body: str = "println(C.f())", top: str = "") -> Files:
    """A main.go with these lines of C, which have a function `f`."""
    lines = "\n".join(preamble)
    text = f'package main\n\n/*\n{lines}\n*/\nimport "C"\n\n{top}\n\nfunc main() {{ {body} }}\n'
    return (("main.go", text),)


def _rule(name: str, files: Files, objects: Files = ()) -> Program:
    return Program(name=f"rule-{name}", kind="rule", files=files, objects=objects)


GO = (
    _rule("net", main_go('_ "net"')),
    _rule("user", main_go('_ "os/user"')),
    _rule("http", main_go('"net/http"', "http.ListenAndServe(``, nil)")),
    _rule("x509", main_go('"crypto/x509"', "x509.SystemCertPool()")),
    _rule("plugin", main_go('"plugin"', "plugin.Open(`x`)")),
    _rule("cgo", main_go('_ "runtime/cgo"')),
    _rule(
        "asm",
        (
            *main_go("", "println(f())", "func f() int"),
            ("f_amd64.s", "TEXT ·f(SB), 4, $0-8\n\tMOVQ $1, ret+0(FP)\n\tRET\n"),
        ),
    ),
    _rule("syso", (*main_go(), OBJECT), (("x.c", "x.syso"),)),
    _rule("syso-net", (*main_go('_ "net"'), OBJECT), (("x.c", "x.syso"),)),
)

C = (
    _rule("no-c", _cgo("", body="var n C.int; println(n)")),
    _rule("c", _cgo(ONE)),
    _rule("c-net", (*_cgo(ONE), ("net.go", 'package main\n\nimport _ "net"\n'))),
    _rule("c-file", (*_cgo(DECLARED), ("f.c", "int f(void) { return 1; }\n"))),
    _rule("stdio", _cgo("#include <stdio.h>", 'static int f(void) { return fputs("x", stderr); }')),
    _rule("flto", _cgo("#cgo CFLAGS: -flto", ONE)),
    _rule("tls", _cgo("static __thread int n;", "static int f(void) { return ++n; }")),
    _rule("errno", _cgo("#include <errno.h>", "static int f(void) { return errno; }")),
    _rule("constructor", _cgo("__attribute__((constructor)) static void g(void) {}", ONE)),
    _rule(
        "dlopen",
        _cgo("#include <dlfcn.h>", "static int f(void) { return dlopen(0, RTLD_LAZY) != 0; }"),
    ),
    _rule(
        "getaddrinfo",
        _cgo(
            "#include <sys/types.h>",
            "#include <netdb.h>",
            'static int f(void) { struct addrinfo *r; return getaddrinfo("a", 0, 0, &r); }',
        ),
    ),
    _rule(
        "callback",
        _cgo(
            "void back(void);",
            "static inline int f(void) { back(); return 1; }",
            top="//export back\nfunc back() {}",
        ),
    ),
    _rule(
        "function-table",
        _cgo(
            "#include <unistd.h>",
            "static struct { const char *name; int (*call)(void); } table[] = {",
            '{"getpid", getpid}, {"getppid", getppid} };',
            "static int f(void) { volatile int i = 1; return table[i].call(); }",
        ),
    ),
    _rule(
        "cxx",
        (
            *_cgo(DECLARED),
            ("f.cc", f'#include <string>\nextern "C" int f(void) {{ {THROWS} }}\n'),
        ),
    ),
    _rule("cxx-bare", (*_cgo(DECLARED), ("f.cc", 'extern "C" int f(void) { return 1; }\n'))),
)

LIBRARIES = (
    _rule(
        "lm",
        _cgo(
            "#cgo LDFLAGS: -lm",
            "#include <math.h>",
            "static double f(void) { volatile double x = 2; return sin(x); }",
        ),
    ),
    _rule("lm-unused", _cgo("#cgo LDFLAGS: -lm", ONE)),
    _rule("lm-no-as-needed", _cgo("#cgo LDFLAGS: -Wl,--no-as-needed -lm", ONE)),
    _rule("lpthread", _cgo("#cgo LDFLAGS: -lpthread -ldl -lrt -lutil", ONE)),
    _rule("lresolv", _cgo("#cgo LDFLAGS: -lresolv", ONE)),
    _rule(
        "lresolv-used",
        _cgo(
            "#cgo LDFLAGS: -lresolv",
            "#include <sys/types.h>",
            "#include <arpa/inet.h>",
            "static int f(void) { char to[32]; return !inet_net_ntop(AF_INET, to, 32, to, 32); }",
        ),
    ),
    _rule(
        "lz",
        _cgo(
            "#cgo LDFLAGS: -lz",
            "#include <zlib.h>",
            "static unsigned long f(void) { return zlibCompileFlags(); }",
        ),
    ),
    _rule("lstdcxx", _cgo("#cgo LDFLAGS: -lstdc++", ONE)),
    _rule("static-flag", _cgo("#cgo LDFLAGS: -static", ONE)),
)

BROKEN = (
    _rule("no-library", _cgo("#cgo LDFLAGS: -lnosuchlibrary", ONE)),
    _rule("no-header", _cgo("#include <nosuchheader.h>", ONE)),
    _rule("no-pkg-config", _cgo("#cgo pkg-config: nosuchpackage", ONE)),
    _rule("no-symbol", _cgo(DECLARED)),
    _rule("refused-flag", _cgo("#cgo LDFLAGS: -Wl,--no-such-flag", ONE)),
)

RULES = (*GO, *C, *LIBRARIES, *BROKEN)
